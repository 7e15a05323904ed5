"""Which characters the bytes mean."""

import pytest

from library import encoding, iso2709
from library.reading import Repair
from tests.library.books import book

ANSEL_VIET = b"\xe3Vi\xe3\xf2et"  # marks before their letters


def test_utf8_as_the_leader_says() -> None:
    assert encoding.decode("Việt".encode(), says_utf8=True) == ("Việt", True, ())


def test_plain_ascii_needs_no_leader() -> None:
    assert encoding.decode(b"Vietnam", says_utf8=False) == ("Vietnam", True, ())


def test_marc8_as_the_leader_says() -> None:
    assert encoding.decode(b"Vi\xf2\xe3et Nam", says_utf8=False) == ("Việt Nam", False, ())


def test_marc8_that_is_called_utf8() -> None:
    assert encoding.decode(b"Vi\xf2\xe3et Nam", says_utf8=True) == ("Việt Nam", False, (Repair.ENCODING,))


def test_utf8_that_is_called_marc8() -> None:
    assert encoding.decode("Việt".encode(), says_utf8=False) == ("Việt", True, (Repair.ENCODING,))


def test_bad_bytes_in_utf8_are_replaced_and_reported() -> None:
    data = "Việt Nam, Đường".encode() + b"\xff" + "lối".encode()
    assert encoding.decode(data, says_utf8=True) == ("Việt Nam, Đường\ufffdlối", True, (Repair.BYTES,))


def test_escape_sequences_are_marc8_even_without_high_bytes() -> None:
    text, utf8, _repairs = encoding.decode(b"\x1fa\x1b(N\x4d\x4f\x53\x4b\x57\x41\x1b(B", says_utf8=False)
    assert (text, utf8) == ("\x1faмосква", False)


@pytest.mark.parametrize("position", ["first", "last"])
def test_marc8_in_every_field_keeps_the_fields(position: str) -> None:
    marc = book("ns1", "Bai ca")
    raw = iso2709.write(marc).replace("Hoàng Quyết".encode(), b"Ho\xe1ang Quy\xe3\xe2et")
    start = raw.index(b"\x1e")
    parsed, repairs = iso2709.parse(raw[:9] + b" " + raw[10:start] + raw[start:].replace("ă".encode(), b"\xe6a"))
    assert parsed.first("100").first("a") == "Hoàng Quyết,"  # type: ignore[union-attr]
    assert parsed.leader[9] == "a"
    assert [each.tag for each in parsed.fields] == [each.tag for each in marc.fields], repairs
