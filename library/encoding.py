"""Which characters the bytes of a record mean. Leaders lie about it, so the bytes are asked first."""

import re

from library import marc8, vietnamese_encodings
from library.reading import Repair

# In MARC-8 a mark stands before its letter: a byte of E0–FE, perhaps more of them, and then ASCII.
MARC8_MARK = re.compile(rb"[\xe0-\xfe]+[A-Za-z]")
UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf](?![\x80-\xbf])|[\xe1-\xef][\x80-\xbf]{2}")
ESCAPE = b"\x1b"  # begins a change of character set in MARC-8
DELIMITER = re.compile(rb"([\x1e\x1f][\x00-\x7f]?)")


def decode(data: bytes, *, says_utf8: bool, older: str = "") -> tuple[str, bool, tuple[Repair, ...]]:
    """The text of a record's bytes, whether it holds UTF-8 or ASCII (else one byte a sign), what was repaired.

    older names a Vietnamese encoding that somebody said the file has; see library.vietnamese_encodings.
    """
    if older and not data.isascii():
        return _decode_older(data, older)
    if says_utf8 or ESCAPE not in data:
        try:
            return data.decode(), True, () if says_utf8 or data.isascii() else (Repair.ENCODING,)
        except UnicodeDecodeError:
            pass
    utf8 = not _looks_like_marc8(data) if says_utf8 else _looks_like_utf8(data)
    pieces = DELIMITER.split(data)  # each subfield begins in MARC-8's first sets
    found = [_decode_piece(piece, utf8=utf8) for piece in pieces]
    lost = any(not whole for _text, _as_utf8, whole in found)
    other = utf8 != says_utf8 or any(as_utf8 != utf8 for _text, as_utf8, _whole in found)
    repairs = ((Repair.BYTES,) if lost else ()) + ((Repair.ENCODING,) if other else ())
    return "".join([text for text, _as_utf8, _whole in found]), utf8, repairs


def _decode_piece(data: bytes, *, utf8: bool) -> tuple[str, bool, bool]:
    """A subfield of a record that is mostly in UTF-8, or in MARC-8; one may be in the other.

    Its text, whether it was UTF-8, and whether nothing was lost.
    """
    if data.isascii() and (utf8 or ESCAPE not in data):
        return data.decode("ascii"), utf8, True
    if utf8 or ESCAPE not in data:
        try:
            return data.decode(), True, True
        except UnicodeDecodeError:
            pass
    text, whole = marc8.decode(data)
    if utf8 and not (whole and _looks_like_marc8(data)):
        return data.decode("utf-8", "replace"), True, False
    return text, False, whole


def _decode_older(data: bytes, older: str) -> tuple[str, bool, tuple[Repair, ...]]:
    """Field by field, since files were often put together."""
    fields = [vietnamese_encodings.decode(piece, older) for piece in data.split(b"\x1e")]
    lost = any(vietnamese_encodings.UNREADABLE in text for text in fields)
    return "\x1e".join(fields), False, (Repair.CONVERTED, *((Repair.BYTES,) if lost else ()))


def _looks_like_marc8(data: bytes) -> bool:
    """More letters with MARC-8 marks than characters of UTF-8."""
    return len(MARC8_MARK.findall(data)) > len(UTF8_SEQUENCE.findall(data))


def _looks_like_utf8(data: bytes) -> bool:
    """No escapes of MARC-8, and more characters of UTF-8 than letters with MARC-8 marks."""
    return ESCAPE not in data and len(UTF8_SEQUENCE.findall(data)) > len(MARC8_MARK.findall(data))
