"""Cutting a stream into records with bounded memory."""

import io
from collections.abc import Iterator

import pytest

from library import iso2709
from library.framing import frames
from tests.library.books import book

BOOKS = [iso2709.write(book(f"n{number}", "Sách " * number)) for number in range(1, 40)]


@pytest.mark.parametrize("chunk", [1, 7, 100, 1000, 1 << 20])
def test_the_size_of_the_chunks_changes_nothing(chunk: int) -> None:
    data = b"".join(BOOKS[:12]) + b"00100" + BOOKS[0][5:] + b"\n" + BOOKS[1][:-1] + b"".join(BOOKS[:3]) + BOOKS[5][:-9]
    whole = list(frames(io.BytesIO(data)))
    assert list(frames(io.BytesIO(data), chunk=chunk)) == whole
    assert len(whole) == 12 + 1 + 1 + 3 + 1


def test_what_never_ends_is_refused_without_being_held_in_memory() -> None:
    class Endless(io.RawIOBase):
        """Ten million bytes without an end mark, then one record."""

        def __init__(self) -> None:
            self.parts: Iterator[bytes] = iter([b"x" * 10_000] * 1_000 + [b"\x1d" + BOOKS[0]])

        def read(self, _size: int = -1) -> bytes:
            return next(self.parts, b"")

    first, second = frames(Endless(), limit=50_000)  # type: ignore[arg-type]
    assert (len(first.raw), first.problem) == (50_000, "no end of the record within 50000 bytes")
    assert second.raw == BOOKS[0]
