"""Simple Dublin Core of a record, after the Library of Congress's crosswalk from MARC."""

from collections.abc import Callable

from library import columns, subjects
from library.columns import plain, without_end
from library.marc import DataField, MarcRecord

ORDER = (
    "title",
    "creator",
    "subject",
    "description",
    "publisher",
    "contributor",
    "date",
    "type",
    "format",
    "identifier",
    "source",
    "language",
    "relation",
    "coverage",
    "rights",
)
TYPES = {"a": "Text", "c": "Text", "d": "Text", "t": "Text", "e": "Image", "f": "Image", "k": "StillImage"}
TYPES |= {"g": "MovingImage", "i": "Sound", "j": "Sound", "m": "Software", "p": "Collection", "r": "PhysicalObject"}
PRIVATE = {"541", "561", "583"}  # notes whose first indicator 0 says that the public does not see them
ELSEWHERE = {"506", "530", "540", "546"}  # notes with an element of their own
LINKS = tuple(str(tag) for tag in (760, 762, 765, 767, 770, 772, 773, 774, 775, 776, 777, 780, 785, 787))

Values = list[tuple[str, str]]


def elements(marc: MarcRecord) -> Values:
    """(element, value) pairs in the order of the element set; values are plain text, none is empty."""
    if marc.leader[6:7] == "z":
        return _of_authority(marc)
    found: Values = []
    for each in marc.fields:
        if isinstance(each, DataField) and (read := READERS.get(each.tag)):
            found += read(each)
    found += [("type", TYPES[marc.leader[6:7]])] if marc.leader[6:7] in TYPES else []
    fixed = marc.control("008")
    if not any(name == "date" for name, _value in found) and (year := columns.year(marc, fixed)):
        found.append(("date", str(year)))
    if language := columns.language(marc, fixed):
        found.append(("language", language))
    distinct = dict.fromkeys((name, value) for name, value in found if value)
    return sorted(distinct, key=lambda pair: ORDER.index(pair[0]))


def _of_authority(marc: MarcRecord) -> Values:
    """An authority is told as what it names: heading, other names, see also, notes."""
    found: Values = [("title", columns.heading(marc)), ("type", "Authority")]
    for each in marc.fields:
        if not isinstance(each, DataField):
            continue
        if each.tag[0] == "4":
            found.append(("title", without_end(plain(" ".join(each.values("abcdgqt"))))))
        elif each.tag[0] == "5":
            found.append(("relation", without_end(plain(" ".join(each.values("abcdgqt"))))))
        elif each.tag in {"678", "680"}:
            found.append(("description", plain(" ".join(each.values("abi")))))
        elif each.tag == "377":
            found += [("language", plain(value)) for value in each.values("a")]
    distinct = dict.fromkeys((name, value) for name, value in found if value)
    return sorted(distinct, key=lambda pair: ORDER.index(pair[0]))


def _text(name: str, codes: str) -> Callable[[DataField], Values]:
    """These subfields joined."""
    return lambda each: [(name, without_end(plain(" ".join(each.values(codes)))))]


def _each(name: str, codes: str) -> Callable[[DataField], Values]:
    """Each of these subfields by itself."""
    return lambda each: [(name, without_end(plain(value))) for value in each.values(codes)]


def _subject(each: DataField) -> Values:
    return [("subject", text) for text in subjects.headings(each)]


def _place(each: DataField) -> Values:
    return [("coverage", text) for text in subjects.headings(each)]


def _note(each: DataField) -> Values:
    if each.tag in PRIVATE and each.indicator1 == "0":
        return []
    return [("description", plain(" ".join(each.values("abcgt" if each.tag != "505" else "agrt"))))]


def _publication(each: DataField) -> Values:
    if each.tag == "264" and each.indicator2 not in "1 ":
        return []
    publisher = without_end(plain(" ".join(each.values("ab"))))
    return [("publisher", publisher), *_each("date", "c")(each)]


def _isbn(each: DataField) -> Values:
    return [("identifier", f"urn:isbn:{value.split()[0]}") for value in each.values("a") if value.split()]


def _issn(each: DataField) -> Values:
    return [("identifier", f"urn:issn:{value.strip()}") for value in each.values("a") if value.strip()]


READERS: dict[str, Callable[[DataField], Values]] = {
    "245": _text("title", "abfgknps"),
    **dict.fromkeys(("100", "110", "111"), _text("creator", "abcdnq")),
    **dict.fromkeys(("700", "710", "711", "720"), _text("contributor", "abcdnq")),
    **dict.fromkeys(("600", "610", "611", "630", "647", "648", "650", "653"), _subject),
    **dict.fromkeys(("651", "662", "752"), _place),
    **{str(tag): _note for tag in range(500, 590) if str(tag) not in ELSEWHERE},
    **dict.fromkeys(("506", "540"), _text("rights", "abcdfu")),
    **dict.fromkeys(("260", "264"), _publication),
    "655": _text("type", "abvxyz"),
    "300": _text("format", "abce"),
    "020": _isbn,
    "022": _issn,
    "024": _each("identifier", "a"),
    "856": lambda each: [*_each("identifier", "u")(each), *_each("format", "q")(each)],
    "786": _text("source", "ot"),
    "534": _text("source", "atpc"),
    "041": _each("language", "a"),
    "546": _each("language", "a"),
    "530": _each("relation", "a"),
    **dict.fromkeys(LINKS, _text("relation", "aot")),
}
