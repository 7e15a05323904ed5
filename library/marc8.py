"""MARC-8: one byte a sign in two sets that escapes change, and East Asian signs of three bytes; marks before letters.

The tables are pymarc's. What is in none of them becomes U+FFFD and is told, since a blank in its place would hide it.
"""

import re
import unicodedata

from pymarc import marc8_mapping

ASCII, ANSEL, EAST_ASIAN = 0x42, 0x45, 0x31
LOST = "\ufffd"
TO_SET = re.compile(rb"\x1b(?:(?P<set>[(,]|\$,?(?![)-])|\$?[)-])!?(?P<final>[1-4BENQS])|(?P<small>[gbp])|s)")
# Where titles are sorted from: no signs. The joiners stand for themselves.
CONTROLS = {0x88: "", 0x89: "", 0x8D: "\u200d", 0x8E: "\u200c"}


def decode(data: bytes) -> tuple[str, bool]:
    """The text of one subfield, composed, and whether nothing in it was lost."""
    g0, g1 = ASCII, ANSEL
    out: list[str] = []
    marks = ""
    whole = True
    at, end = 0, len(data)
    while at < end:
        byte = data[at]
        if byte == 0x1B and (found := TO_SET.match(data, at)):
            g0, g1 = _sets(found, g0, g1)
            at = found.end()
            continue
        current = g0 if byte < 0x80 else g1
        if current == EAST_ASIAN and byte & 0x7F > 0x20:
            sign, is_mark = _sign(current, int.from_bytes(each & 0x7F for each in data[at : at + 3]))
            at += 3
            if sign == LOST:  # a sign of one byte, where the escape that should stand before it is not there
                whole, at = False, at - 2
                sign, is_mark = _sign(ASCII, byte)
        else:
            sign, is_mark = _sign(current, byte)
            at += 1
        if is_mark:
            marks += sign
            continue
        whole = whole and sign != LOST
        out.append(sign + marks)
        marks = ""
    if marks:  # no letter follows: kept, but it is not as it should be
        out.append(marks)
        whole = False
    return unicodedata.normalize("NFC", "".join(out)), whole


def _sets(found: re.Match[bytes], g0: int, g1: int) -> tuple[int, int]:
    """The two sets after an escape."""
    if found["set"]:
        chosen = found["final"][0]
        return (g0, chosen) if found["set"][-1:] in b")-" else (chosen, g1)
    return (found["small"][0] if found["small"] else ASCII), g1


def _sign(current: int, code: int) -> tuple[str, bool]:
    """The sign of a code in a set, and whether it is a mark over the letter that follows."""
    if code <= 0x20:
        return (chr(code), False) if code != 0x1B else (LOST, False)
    if code in CONTROLS:
        return CONTROLS[code], False
    table = marc8_mapping.CODESETS[current]
    found = table.get(code) or (table.get(code ^ 0x80) if code < 0x100 else None)
    if found:
        return chr(found[0]), bool(found[1])
    odd = marc8_mapping.ODD_MAP.get(code)
    return (chr(odd) if odd else LOST), False
