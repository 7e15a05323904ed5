"""Which characters the bytes of a record mean. Leaders lie about it, so the bytes are asked first."""

import re

from pymarc import marc8

from library import vietnamese_encodings
from library.reading import Repair

# In MARC-8 a mark stands before its letter: a byte of E0–FE, perhaps more of them, and then ASCII.
MARC8_MARK = re.compile(rb"[\xe0-\xfe]+[A-Za-z]")
UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf](?![\x80-\xbf])|[\xe1-\xef][\x80-\xbf]{2}")
ESCAPE = b"\x1b"  # begins a change of character set in MARC-8
DELIMITER = re.compile("([\x1e\x1f].?)", re.DOTALL)


def decode(data: bytes, *, says_utf8: bool, older: str = "") -> tuple[str, bool, tuple[Repair, ...]]:
    """The text of a record's bytes, whether it holds UTF-8 or ASCII (else one byte a sign), what was repaired.

    older names a Vietnamese encoding that somebody said the file has; see library.vietnamese_encodings.
    """
    if older and not data.isascii():
        return _decode_older(data, older)
    escapes = ESCAPE in data and not says_utf8
    if not escapes:
        try:
            return data.decode(), True, () if says_utf8 or data.isascii() else (Repair.ENCODING,)
        except UnicodeDecodeError:
            pass
    if says_utf8 and not _looks_like_marc8(data):
        return data.decode("utf-8", "replace"), True, (Repair.BYTES,)
    text, whole = _decode_marc8(data)
    repairs = (() if whole else (Repair.BYTES,)) + ((Repair.ENCODING,) if says_utf8 else ())
    return text, False, repairs


def _decode_older(data: bytes, older: str) -> tuple[str, bool, tuple[Repair, ...]]:
    """Field by field, since files were often put together."""
    fields = [vietnamese_encodings.decode(piece, older) for piece in data.split(b"\x1e")]
    lost = any(vietnamese_encodings.UNREADABLE in text for text in fields)
    return "\x1e".join(fields), False, (Repair.CONVERTED, *((Repair.BYTES,) if lost else ()))


def _looks_like_marc8(data: bytes) -> bool:
    """More letters with MARC-8 marks than characters of UTF-8."""
    return len(MARC8_MARK.findall(data)) > len(UTF8_SEQUENCE.findall(data))


def _decode_marc8(data: bytes) -> tuple[str, bool]:
    """Decode subfield by subfield, since each begins in the default character sets. True if nothing was lost."""
    pieces = DELIMITER.split(data.decode("latin-1"))
    whole = True
    for at in range(0, len(pieces), 2):
        piece = pieces[at]
        if not piece.isascii() or "\x1b" in piece:
            pieces[at], good = _decode_marc8_piece(piece.encode("latin-1"))
            whole = whole and good
    return "".join(pieces), whole


def _decode_marc8_piece(piece: bytes) -> tuple[str, bool]:
    try:
        return marc8.marc8_to_unicode(piece, hide_utf8_warnings=True), True
    except (UnicodeDecodeError, ValueError, KeyError):
        return piece.decode("ascii", "replace"), False
