"""MODS 3.8, after the Library of Congress's mapping from MARC."""

from collections.abc import Iterator

from library import columns, subjects
from library.columns import joined, plain, without_end
from library.marc import DataField, MarcRecord
from library.marcxml import escape, without_forbidden

NAMESPACE = "http://www.loc.gov/mods/v3"
OPENING = f'<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="{NAMESPACE}">\n'.encode()
CLOSING = b"</modsCollection>\n"
TYPES = {
    "a": "text", "t": "text", "c": "notated music", "d": "notated music", "e": "cartographic", "f": "cartographic",
    "g": "moving image", "i": "sound recording-nonmusical", "j": "sound recording-musical", "k": "still image",
    "m": "software, multimedia", "o": "mixed material", "p": "mixed material", "r": "three dimensional object",
}  # fmt: skip
ISSUANCE = {"a": "monographic", "b": "continuing", "c": "monographic", "d": "monographic", "i": "integrating resource"}
ISSUANCE |= {"m": "monographic", "s": "serial"}
NAMES = {"00": ("personal", "abcq"), "10": ("corporate", "abn"), "11": ("conference", "acdn")}
SUBJECTS = {"600": "name", "610": "name", "611": "name", "630": "titleInfo", "648": "temporal", "651": "geographic"}
PARTS = {"v": "genre", "x": "topic", "y": "temporal", "z": "geographic"}
CLASSES = {"050": "lcc", "060": "nlm", "080": "udc", "082": "ddc"}
NUMBERS = {"020": "isbn", "022": "issn", "010": "lccn"}
TITLES = {"245": "", "246": ' type="alternative"', "240": ' type="uniform"', "130": ' type="uniform"'}


def to_mods(marc: MarcRecord, *, url: str, namespace: bool = True) -> bytes:
    """One <mods>; without the namespace for use inside a collection that declares it."""
    out = [f'<mods xmlns="{NAMESPACE}" version="3.8">' if namespace else '<mods version="3.8">']
    for parts in (_titles, _names, _kind, _origin, _languages, _physical, _texts, _subjects, _related, _numbers):
        out += parts(marc)
    out += [f'<location><url usage="primary display">{escape(url)}</url></location>', *_record(marc), "</mods>"]
    xml = "".join(out)
    return (xml if xml.isprintable() else without_forbidden(xml)).encode()


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text)}</{name}>" if text else ""


def _titles(marc: MarcRecord) -> Iterator[str]:
    for each in marc.data(*TITLES):
        skipped = int(each.indicator2) if each.tag == "245" and each.indicator2 in "123456789" else 0
        title = each.first("a")
        inner = _element("nonSort", title[:skipped]) if skipped else ""
        inner += _element("title", without_end(plain(title[skipped:])))
        inner += _element("subTitle", without_end(joined(each, "b")))
        inner += _element("partNumber", without_end(joined(each, "n")))
        inner += _element("partName", without_end(joined(each, "p")))
        yield f"<titleInfo{TITLES[each.tag]}>{inner}</titleInfo>" if inner else ""


def _names(marc: MarcRecord) -> Iterator[str]:
    for each in marc.data("100", "110", "111", "700", "710", "711"):
        if not each.first("t"):
            yield _name(each)


def _name(each: DataField) -> str:
    kind, codes = NAMES[each.tag[1:]]
    name = _element("namePart", without_end(joined(each, codes)))
    dates = _element("namePart", without_end(joined(each, "d")), ' type="date"') if kind == "personal" else ""
    roles = "".join(_element("roleTerm", without_end(plain(role)), ' type="text"') for role in each.values("e"))
    roles += "".join(
        _element("roleTerm", plain(role)[-3:], ' type="code" authority="marcrelator"') for role in each.values("4")
    )
    role = f"<role>{roles}</role>" if roles else ""
    usage = ' usage="primary"' if each.tag[0] == "1" else ""
    return f'<name type="{kind}"{usage}>{name}{dates}{role}</name>' if name else ""


def _kind(marc: MarcRecord) -> Iterator[str]:
    collection = ' collection="yes"' if marc.leader[7:8] in {"c", "d"} else ""
    yield _element("typeOfResource", TYPES.get(marc.leader[6:7], ""), collection)
    for each in marc.data("655"):
        yield _element("genre", " -- ".join(subjects.headings(each)))


def _origin(marc: MarcRecord) -> Iterator[str]:
    inner = []
    for each in marc.data("260", "264"):
        if each.tag == "264" and each.indicator2 not in "1 ":
            continue
        for place in each.values("a"):
            term = _element("placeTerm", without_end(plain(place)), ' type="text"')
            inner.append(f"<place>{term}</place>" if term else "")
        inner += [_element("publisher", without_end(plain(value))) for value in each.values("b")]
        inner += [_element("dateIssued", without_end(plain(value))) for value in each.values("c")]
    year = columns.year(marc, marc.control("008"))
    inner.append(_element("dateIssued", str(year or ""), ' encoding="marc"'))
    inner += [_element("edition", joined(each, "ab")) for each in marc.data("250")]
    inner.append(_element("issuance", ISSUANCE.get(marc.leader[7:8], "")))
    text = "".join(inner)
    yield f"<originInfo>{text}</originInfo>" if text else ""


def _languages(marc: MarcRecord) -> Iterator[str]:
    codes = [columns.language(marc, marc.control("008"))]
    codes += [plain(value) for each in marc.data("041") if each.indicator2 != "7" for value in each.values("a")]
    for code in filter(None, dict.fromkeys(codes)):
        term = _element("languageTerm", code, ' type="code" authority="iso639-2b"')
        yield f"<language>{term}</language>"
    for each in marc.data("041"):
        if each.indicator2 == "7" and each.first("2") == "iso639-3":
            for value in each.values("a"):
                term = _element("languageTerm", plain(value), ' type="code" authority="iso639-3"')
                yield f"<language>{term}</language>"


def _physical(marc: MarcRecord) -> Iterator[str]:
    extents = "".join(_element("extent", joined(each, "abce")) for each in marc.data("300"))
    yield f"<physicalDescription>{extents}</physicalDescription>" if extents else ""


def _texts(marc: MarcRecord) -> Iterator[str]:
    for each in marc.data("520"):
        yield _element("abstract", joined(each, "ab"))
    for each in marc.data("505"):
        yield _element("tableOfContents", joined(each, "agrt"))
    for each in marc.data("245"):
        yield _element("note", joined(each, "c"), ' type="statement of responsibility"')
    for each in marc.data("500", "502", "504", "511", "518", "546"):
        yield _element("note", joined(each, "abcdg"))
    for tag, kind in (("506", "restriction on access"), ("540", "use and reproduction")):
        for each in marc.data(tag):
            yield _element("accessCondition", joined(each, "abcdu"), f' type="{kind}"')


def _subjects(marc: MarcRecord) -> Iterator[str]:
    for each in marc.data("600", "610", "611", "630", "648", "650", "651"):
        main = without_end(plain(" ".join(each.values("abcdfgklmnopqrst"))))
        kind = SUBJECTS.get(each.tag, "topic")
        inner = _subject(kind, each.tag, main)
        inner += "".join(
            _element(PARTS[code], without_end(plain(value))) for code, value in each.subfields if code in PARTS
        )
        yield f"<subject>{inner}</subject>" if inner else ""
    for each in marc.data("653"):
        for text in subjects.headings(each):
            yield f"<subject>{_element('topic', text)}</subject>"
    for each in marc.data(*CLASSES):
        for value in each.values("a"):
            yield _element("classification", plain(value), f' authority="{CLASSES[each.tag]}"')


def _subject(kind: str, tag: str, main: str) -> str:
    if not main:
        return ""
    if kind == "name":
        return f'<name type="{NAMES[tag[1:]][0]}">{_element("namePart", main)}</name>'
    if kind == "titleInfo":
        return f"<titleInfo>{_element('title', main)}</titleInfo>"
    return _element(kind, main)


def _related(marc: MarcRecord) -> Iterator[str]:
    for tag, kind, codes in (("490", "series", "anpv"), ("773", "host", "t"), ("776", "otherFormat", "t")):
        for each in marc.data(tag):
            title = _element("title", without_end(joined(each, codes)))
            part = _element("text", joined(each, "g")) if tag == "773" else ""
            part = f"<part>{part}</part>" if part else ""
            if title:
                yield f'<relatedItem type="{kind}"><titleInfo>{title}</titleInfo>{part}</relatedItem>'


def _numbers(marc: MarcRecord) -> Iterator[str]:
    for each in marc.data(*NUMBERS):
        for value in each.values("a"):
            yield _element("identifier", plain(value.split("(")[0]), f' type="{NUMBERS[each.tag]}"')
    for each in marc.data("856"):
        for value in each.values("u"):
            yield f"<location>{_element('url', plain(value))}</location>" if plain(value) else ""


def _record(marc: MarcRecord) -> Iterator[str]:
    source = f' source="{escape(agency)}"' if (agency := plain(marc.control("003"))) else ""
    number = _element("recordIdentifier", plain(marc.control("001")), source)
    yield f"<recordInfo>{number}</recordInfo>" if number else ""
