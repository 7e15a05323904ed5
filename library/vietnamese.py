"""Vietnamese text whose marks stand in an order that NFC does not compose, as in many catalogues. Bytes stay untouched.

A Vietnamese vowel may carry a mark of shape (â ă ơ …) and one of tone. Old records write them decomposed, some with the
tone first ("Ché̂"), some with a mark behind the space that follows its letter ("Nha ̀xuất").
"""

import re
import unicodedata

MARK = re.compile("[\u0300-\u036f]")
TONE_BEFORE_SHAPE = re.compile("(?<=[AEOaeo])([\u0300\u0301\u0303\u0309])([\u0302\u0306])")
MARK_AFTER_SPACE = re.compile(
    "(?<=[^\\W\\d_]|[\u0300-\u036f])( +)([\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]+)"
)


def compose(text: str) -> str:
    """The text in NFC with such marks put where they belong: for display, index and matching."""
    if text.isascii():
        return text
    if not MARK.search(text):
        return unicodedata.normalize("NFC", text)
    text = unicodedata.normalize("NFD", text)
    text = MARK_AFTER_SPACE.sub(r"\2\1", text)
    # Moving a mark may have put it beside others: sort them again before the tone is looked for.
    text = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", TONE_BEFORE_SHAPE.sub(r"\2\1", text))
