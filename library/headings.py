"""Headings of records and names of authorities, as they are compared and linked."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from library.columns import joined, plain, without_end
from library.marc import DataField, MarcRecord
from search import folding

TEXT_LIMIT, KEY_LIMIT, LINK_LIMIT = 500, 200, 255
TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
NUMBER = re.compile(r"\s*\(([^()]{1,120})\)\s*(\S.{0,120}?)\s*")
OUR_RECORD = re.compile(r"https?://[^/]+(?:/en)?/library/records/(\d{1,18})/?")

PERSON, BODY, MEETING, TITLE = "person", "body", "meeting", "title"
SUBJECT, ETHNIC_GROUP, PLACE, GENRE, LANGUAGE = "subject", "ethnic_group", "place", "genre", "language"
BY_ENDING = {"00": PERSON, "10": BODY, "11": MEETING, "30": TITLE, "50": SUBJECT, "51": PLACE, "55": GENRE}
CODES = {PERSON: "abcdq", BODY: "abcdn", MEETING: "acden", TITLE: "adfgklmnoprst"}
CODES |= dict.fromkeys((SUBJECT, ETHNIC_GROUP, LANGUAGE), "abcdg") | {PLACE: "ag", GENRE: "a"}
# MARC has one tag for all topics; field 075 of the authority record says which are groups and languages.
TYPES = {"dân tộc": ETHNIC_GROUP, "ngôn ngữ": LANGUAGE}
ALIKE = {SUBJECT: (SUBJECT, ETHNIC_GROUP, LANGUAGE)}  # authorities that a heading of a kind may be linked to
BIB_TAGS = {
    **dict.fromkeys(("100", "700"), PERSON),
    **dict.fromkeys(("110", "710"), BODY),
    **dict.fromkeys(("111", "711"), MEETING),
    **dict.fromkeys(("130", "730", "490", "830"), TITLE),
    **{f"6{ending}": kind for ending, kind in BY_ENDING.items()},
    "653": SUBJECT,
}
UNCONTROLLED = {"653", "490"}  # no single heading in a field, or none that is traced
CONTROLLED = {tag: CODES[kind] for tag, kind in BIB_TAGS.items() if tag not in UNCONTROLLED}


class Used(NamedTuple):
    """A heading in a bibliographic record; link is $0 as it is looked up, "" for none."""

    kind: str
    key: str
    text: str
    is_subject: bool
    link: str = ""


class Name(NamedTuple):
    """A name of an authority."""

    kind: str
    key: str
    text: str
    is_heading: bool


@lru_cache(maxsize=10_000)  # the same subjects come again and again
def key(text: str) -> str:
    """Two spellings of one heading have one key: case, signs and the place of the tone mark do not count; marks do."""
    words = folding.marked(text)
    return " ".join(words if text.isascii() else map(_tone_last, words))[:KEY_LIMIT]


def _tone_last(word: str) -> str:
    """The tone behind the word: hoà and hòa are the same."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", TONE.sub("", parts) + "".join(TONE.findall(parts)))


def kind_of_tag(tag: str) -> str:
    """What a heading under this tag of a bibliographic record names; "" for other fields."""
    return BIB_TAGS.get(tag, "")


def text_of(each: DataField, kind: str) -> str:
    """The heading for people, without subdivisions and roles."""
    return without_end(joined(each, CODES[kind]))[:TEXT_LIMIT]


def used(marc: MarcRecord) -> list[Used]:
    """The distinct headings of a bibliographic record; languages by their codes."""
    found: list[Used] = []
    for each in marc.fields:
        if each.tag in BIB_TAGS and isinstance(each, DataField):
            found += _used(each, BIB_TAGS[each.tag])
    codes = [marc.control("008")[35:38]]
    codes += [plain(value) for each in marc.data("041") for value in each.values("adh")]
    found += [Used(LANGUAGE, code, code, False) for code in codes if re.fullmatch("[a-z]{3}", code)]
    return list(dict.fromkeys(found))


def _used(each: DataField, kind: str) -> list[Used]:
    texts = [text_of(each, kind)] if each.tag != "653" else [without_end(plain(value)) for value in each.values("a")]
    is_subject = each.tag[0] == "6" and each.tag != "655"
    link = link_of(each)
    return [Used(kind, compared, text[:TEXT_LIMIT], is_subject, link) for text in texts if (compared := key(text))]


def link_of(each: DataField) -> str:
    """The first $0 that names an authority record: "(agency)number", or "record:17" for an address of ours."""
    for value in each.values("0"):
        if ours := OUR_RECORD.fullmatch(value.strip()):
            return f"record:{int(ours[1])}"
        if number := NUMBER.fullmatch(value):
            return f"({number[1].strip()}){number[2]}"[:LINK_LIMIT]
    return ""


def names(marc: MarcRecord) -> list[Name]:
    """The names of an authority record: its heading, then its variants; none where it has no heading of ours."""
    heading = heading_field(marc)
    if heading is None:
        return []
    kind = kind_of_authority(marc)
    found = [(heading, True)] + [(each, False) for each in marc.data(*(f"4{ending}" for ending in BY_ENDING))]
    return list(
        dict.fromkeys(
            Name(kind, compared, text, is_heading)
            for each, is_heading in found
            if (text := text_of(each, kind)) and (compared := key(text))
        )
    )


def heading_field(marc: MarcRecord) -> DataField | None:
    """Field 1XX of an authority record."""
    return marc.first(*(f"1{ending}" for ending in BY_ENDING))


def kind_of_authority(marc: MarcRecord) -> str:
    """What an authority record is about; "" where it has no heading of ours."""
    heading = heading_field(marc)
    kind = BY_ENDING[heading.tag[1:]] if heading else ""
    if kind != SUBJECT:
        return kind
    types = [plain(value).lower() for each in marc.data("075") for value in each.values("a")]
    return next((TYPES[text] for text in types if text in TYPES), SUBJECT)


def prefix(text: str) -> str:
    """What a librarian types into the chooser, as AuthorityName.plain begins: no marks, signs, spaces."""
    return "".join(word.folded for word in folding.words(folding.findable(text)))[:KEY_LIMIT]
