"""Files of records, whatever their format: detected by content."""

from collections.abc import Iterator
from typing import BinaryIO

from library import iso2709, marcxml
from library.exceptions import NotMarc
from library.framing import LEADER
from library.reading import Read, Refused

HEAD = 4096
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(stream: BinaryIO) -> Iterator[Read | Refused]:
    """Every record of a stream that can seek; raises NotMarc for what is neither ISO 2709 nor MARCXML."""
    head = stream.read(HEAD)
    stream.seek(0)
    return marcxml.read(stream) if _is_xml(head) else iso2709.read(_checked(stream, head))


def _is_xml(head: bytes) -> bool:
    return head.startswith(UTF16) or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _checked(stream: BinaryIO, head: bytes) -> BinaryIO:
    """The stream, if its beginning can be ISO 2709: empty, a leader, or the marks that only MARC has."""
    if head.strip() and not LEADER.search(head) and b"\x1e" not in head and b"\x1d" not in head:
        raise NotMarc("neither ISO 2709 nor MARCXML")
    return stream
