"""The columns of a record that are derived from its MARC."""

import re
from typing import TypedDict

from library import material
from library.marc import DataField, MarcRecord
from search.folding import compose

PUNCTUATION = " /:;=,"
SIGNS = "/:;=,.?!"  # after one of these a title needs no other before its remainder
TITLE = "abfgknps"  # the subfields of 245 that name the document
LAST_DOT = re.compile(r"(?<!\.)(?<!\b\w)\s*\.$")  # not that of an initial, nor of three dots
YEAR = re.compile(r"(?<!\d)(1[0-9]\d\d|20\d\d)(?!\d)")
LANGUAGE = re.compile(r"[a-z]{3}")
NO_LANGUAGE = {"und", "zxx", "xxx"}
AUTHOR = ("100", "110", "111", "700", "710", "711")
AUTHORITY_HEADING = ("100", "110", "111", "130", "150", "151", "155", "148", "162", "180", "181", "182", "185")
NUMBER_LIMIT = 255  # characters; a longer "number" is damage and matches nothing


class Columns(TypedDict):
    """The derived columns of Record."""

    kind: str
    control_number: str
    control_agency: str
    title: str
    author: str
    year: int | None
    language: str
    material: str


def derive(marc: MarcRecord) -> Columns:
    """The columns for this record; what it does not say is "" or None."""
    authority = marc.leader[6:7] == "z"
    fixed = marc.control("008")
    number, agency = numbers(marc)
    return {
        "kind": "authority" if authority else "bib",
        "control_number": number,
        "control_agency": agency,
        "title": heading(marc) if authority else title(marc),
        "author": "" if authority else author(marc),
        "year": None if authority else year(marc, fixed),
        "language": "" if authority else language(marc, fixed),
        "material": material.of(marc.leader),
    }


def numbers(marc: MarcRecord) -> tuple[str, str]:
    """The control number and whose it is, by which records match."""
    return _number(marc.control("001")), _number(marc.control("003"))


def _number(value: str) -> str:
    value = value.replace("\x00", "").strip()
    return value if len(value) <= NUMBER_LIMIT else ""


def plain(text: str) -> str:
    """Text for people: marks composed, control characters and doubled spaces gone."""
    if not text.isprintable():
        text = "".join([c if c.isprintable() else " " for c in text])
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return text if text.isascii() else compose(text)


def without_end(text: str) -> str:
    """A text for people without the punctuation that ISBD puts before the next element."""
    if text[-1:] != ".":
        return text.rstrip(PUNCTUATION)
    found = LAST_DOT.search(text, len(text[:-1].rstrip()))
    return text[: found.start()] if found else text


def joined(each: DataField, codes: str) -> str:
    """These subfields as one text for people."""
    return plain(" ".join(each.values(codes)))


def title(marc: MarcRecord) -> str:
    """The title proper with its remainder and part: 245 $a $b $n $p; else a uniform or other title."""
    for each in marc.data("245", "240", "130", "246", "740"):
        if text := without_end(_title(each)):
            return text
    return ""


def _title(each: DataField) -> str:
    """A remainder stands behind a colon, also where the record has no signs."""
    if not each.first("b"):
        return joined(each, TITLE)
    parts: list[str] = []
    for code, value in each.subfields:
        if code in TITLE:
            signed = not parts or parts[-1].rstrip()[-1:] in SIGNS
            parts.append(value if code != "b" or signed or not value.strip() else f": {value}")
    return plain(" ".join(parts))


def author(marc: MarcRecord) -> str:
    """The first of the names that the record is entered under, without dates and roles."""
    for tag in AUTHOR:
        if (each := marc.first(tag)) and (text := joined(each, "abcq" if tag[1:] == "00" else "abn")):
            return without_end(text)
    return ""


def heading(marc: MarcRecord) -> str:
    """The heading of an authority record with its subdivisions."""
    for each in marc.data(*AUTHORITY_HEADING):
        main = joined(each, "abcdfgklmnopqrst")
        return " – ".join([main, *(plain(part) for part in each.values("vxyz"))])
    return ""


def year(marc: MarcRecord, fixed: str) -> int | None:
    """The year of publication: 008/07-10, or the first year in 264 or 260 $c."""
    if YEAR.fullmatch(fixed[7:11]):
        return int(fixed[7:11])
    for each in marc.data("264", "260"):
        for value in each.values("c"):
            if found := YEAR.search(value):
                return int(found[0])
    return None


def language(marc: MarcRecord, fixed: str) -> str:
    """The MARC code: 008/35-37, or the first of 041 $a."""
    codes = [fixed[35:38].lower()]
    codes += [value.strip()[:3].lower() for each in marc.data("041") for value in each.values("a")]
    for code in codes:
        if LANGUAGE.fullmatch(code) and code not in NO_LANGUAGE:
            return code
    return ""
