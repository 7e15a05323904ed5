"""Files of records, whatever their format: detected by content."""

from collections.abc import Iterator
from typing import BinaryIO

from library import iso2709, marc_json, marcxml
from library.exceptions import NotMarc
from library.framing import LEADER
from library.reading import Read, Refused

HEAD = 4096
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(stream: BinaryIO, *, older: str = "") -> Iterator[Read | Refused]:
    """Every record of a stream that can seek; raises NotMarc for what is none of our formats.

    older names a Vietnamese encoding that somebody said the file has; see library.vietnamese_encodings.
    """
    form = form_of(stream)
    if form == "marcxml":
        return marcxml.read(stream, older=older)
    return (marc_json if form == "json" else iso2709).read(stream, older=older)


def form_of(stream: BinaryIO) -> str:
    """Which of Record.RawFormat a stream holds, by its beginning; the stream stands there again. Raises NotMarc."""
    head = stream.read(HEAD)
    stream.seek(0)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(UTF16) or text.startswith(b"<"):
        return "marcxml"
    if text.startswith((b"{", b"[")):
        return "json"
    if head.strip() and not LEADER.search(head) and b"\x1e" not in head and b"\x1d" not in head:
        raise NotMarc("neither ISO 2709, nor MARCXML, nor MARC-in-JSON")
    return "iso2709"
