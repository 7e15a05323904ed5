"""Two spellings of a name: the same person's or not, and which of them says more."""

import unicodedata

from core.folding import fold


def is_same(one: str, other: str) -> bool:
    """Whether two names that are alike without marks may be one person's: "Sú" and "Sử" are two people's names.

    Where all marks are left out, as on old machines, nothing speaks against it; a tone may stand on either vowel.
    """
    marks = _marks(one), _marks(other)
    return fold(one) == fold(other) and (marks[0] == marks[1] or not all(any(each) for each in marks))


def says_less(said: str, known: str) -> bool:
    """Whether a list writes a known name only in capitals, without its marks, or without some of its words."""
    if said.casefold() == known.casefold():
        return said.isupper()
    if fold(said) == fold(known):
        return not any(_marks(said))
    return set(fold(said).split()) < set(fold(known).split())


def _marks(name: str) -> list[list[str]]:
    """The marks of each word, wherever in the word they stand."""
    words = unicodedata.normalize("NFD", name.casefold()).split()
    return [sorted(sign for sign in word if unicodedata.combining(sign) or sign == "đ") for word in words]
