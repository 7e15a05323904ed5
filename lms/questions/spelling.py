"""When two spellings of Vietnamese are the same answer.

What is forgiven is chosen for each question: capitals, where the tone mark stands (hòa, hoà), i for y (kĩ, kỹ), all
marks (hoa), and punctuation. Spaces and the order of combining marks never matter.
"""

import re
import unicodedata
from collections.abc import Collection

CASE, TONE_PLACE, I_OR_Y, MARKS, PUNCTUATION = "case", "tone_place", "i_or_y", "marks", "punctuation"
TONES = set("\u0300\u0301\u0303\u0309\u0323")  # huyền, sắc, ngã, hỏi, nặng; the others make another letter
APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")


def same(one: str, other: str, forgiven: Collection[str]) -> bool:
    """Whether the answers are one, forgiving what may be forgiven."""
    return form(one, forgiven) == form(other, forgiven)


def form(text: str, forgiven: Collection[str]) -> str:
    """The text with all that is forgiven taken out, for comparing only."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(APOSTROPHES).split())
    if CASE in forgiven:
        text = text.casefold()
    if PUNCTUATION in forgiven:
        text = " ".join(re.sub(r"[^\w\s]", " ", text).split())
    if MARKS in forgiven:
        text = _without_marks(text)
    elif TONE_PLACE in forgiven:
        text = re.sub(r"\w+", lambda word: _tone_last(word[0]), unicodedata.normalize("NFC", text))
    if I_OR_Y in forgiven:
        text = _i_for_y(text)
    return unicodedata.normalize("NFD", text)


def _without_marks(text: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return plain.replace("đ", "d").replace("Đ", "D")


def _tone_last(word: str) -> str:
    """The syllable's letters, then its tone: "hòa" and "hoà" are both "hoa" with a grave after it."""
    signs = unicodedata.normalize("NFD", word)
    letters = "".join(sign for sign in signs if sign not in TONES)
    return letters + "".join(sign for sign in signs if sign in TONES)


def _i_for_y(text: str) -> str:
    """A y that is the syllable's only vowel, or stands after qu, may be written i."""
    signs = unicodedata.normalize("NFD", text)
    return re.sub(
        r"(?i)(?<![^\W_])((?:ngh|ch|gh|kh|nh|ph|th|tr|[bcdđghklmnprstvx]|qu)?)(y)(?=[\u0300-\u0323]*(?![^\W_]))",
        lambda found: found[1] + ("i" if found[2] == "y" else "I"),
        signs,
    )
