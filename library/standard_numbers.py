"""Check digits of the numbers that books and serials carry."""

import re

ISBN = re.compile(r"[\dXx][\d‐‑–\- ]*[\dXx]")
ISSN = re.compile(r"(\d{4})-?(\d{3}[\dXx])")


def isbn_in(value: str) -> str:
    """The characters of the ISBN at the start of 020 $a, without hyphens; "" where there is none."""
    found = ISBN.match(value.strip())
    return re.sub(r"[^\dXx]", "", found[0]).upper() if found else ""


def is_isbn(number: str) -> bool:
    """Whether ten or thirteen characters have the right check digit."""
    if re.fullmatch(r"\d{9}[\dX]", number):
        return sum((10 - at) * (10 if each == "X" else int(each)) for at, each in enumerate(number)) % 11 == 0
    if re.fullmatch(r"97[89]\d{10}", number):
        return sum((3 if at % 2 else 1) * int(each) for at, each in enumerate(number)) % 10 == 0
    return False


def thirteen(isbn: str) -> str:
    """The ISBN of thirteen characters that one of ten became."""
    if len(isbn) == 13:
        return isbn
    digits = f"978{isbn[:9]}"
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def both(isbn: str) -> list[str]:
    """An ISBN and its other form: ten and thirteen characters; those that begin with 979 have only one."""
    if not is_isbn(isbn):
        return []
    if len(isbn) == 10:
        return [isbn, thirteen(isbn)]
    if not isbn.startswith("978"):
        return [isbn]
    check = -sum(int(digit) * (10 - place) for place, digit in enumerate(isbn[3:12])) % 11
    return [isbn, f"{isbn[3:12]}{'X' if check == 10 else check}"]


def is_issn(value: str) -> bool:
    """Whether the text is an ISSN with the right check digit."""
    found = ISSN.fullmatch(value.strip())
    if not found:
        return False
    digits = (found[1] + found[2]).upper()
    return sum((8 - at) * (10 if each == "X" else int(each)) for at, each in enumerate(digits)) % 11 == 0
