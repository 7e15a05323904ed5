"""References as text, for readers who write them by hand, and BibTeX."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library import columns, material
from library.columns import joined, plain, without_end
from library.marc import DataField, MarcRecord
from search.folding import compose

BRACES = re.compile(r"[{}\\]")
SPECIAL = re.compile(r"[&%$#_~^]")  # what TeX takes for commands
WRITTEN = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
MASTER = re.compile(r"thạc sĩ|master", re.IGNORECASE)
KINDS = {"article": "article", "book": "book", "manuscript": "unpublished"}
INITIAL = re.compile(r"[^\W\d_]")
PAGES = re.compile(r"(?:[Tt]r\.?|[Pp]p?\.?|[Tt]rang)\s*(\d+(?:\s*[-–]\s*\d+)?)")
SEVERAL = 3  # authors that are all named; of more, the first and "and others"


class Reference(NamedTuple):
    """A way of citing: its name, the text, and the ending of its file where it has one."""

    name: str | Promise
    text: str
    form: str = ""


@dataclass(frozen=True)
class Parts:
    """What a reference is written from; "" where the record does not say."""

    authors: tuple[str, ...]
    year: str
    title: str
    publisher: str = ""
    place: str = ""
    edition: str = ""
    thesis: str = ""
    school: str = ""
    bodies: frozenset[str] = frozenset()  # those of the authors that are no persons
    inside: str = ""  # the journal or book that an article stands in
    where: str = ""  # in it: volume, number
    pages: str = ""

    @classmethod
    def of(cls, marc: MarcRecord) -> "Parts":
        """The parts of a record."""
        year = columns.year(marc, marc.control("008"))
        published, edition, thesis = _published(marc), marc.first("250"), marc.first("502")
        host = marc.first("773")
        where = plain(host.first("g")) if host else ""
        found = PAGES.search(where)
        return cls(
            authors=_authors(marc),
            year=str(year) if year else "",
            title=columns.title(marc),
            publisher=without_end(joined(published, "b")) if published else "",
            place=without_end(joined(published, "a")) if published else "",
            edition=without_end(joined(edition, "a")) if edition else "",
            thesis=without_end(joined(thesis, "abc")) if thesis else "",
            school=without_end(joined(thesis, "c")) if thesis else "",
            bodies=frozenset(map(name, marc.data("110", "111", "710", "711"))),
            inside=without_end(joined(host, "t")) if host else "",
            where=without_end(PAGES.sub("", where)).strip(" ,.;-–") if where else "",
            pages=found[1].replace(" ", "") if found else "",
        )


def _published(marc: MarcRecord) -> DataField | None:
    """Who published it and where, not who printed it or since when it is protected."""
    fields = list(marc.data("264", "260"))
    return next((each for each in fields if each.tag == "260" or each.indicator2 == "1"), next(iter(fields), None))


def _authors(marc: MarcRecord) -> tuple[str, ...]:
    """Whom the record is entered under, then those added as authors; editors and others only where nobody else is."""
    main = [name(each) for each in marc.data("100", "110", "111")]
    added = [name(each) for each in marc.data("700", "710", "711") if not each.first("t") and _is_author(each)]
    named = list(dict.fromkeys(filter(None, main + added)))
    return tuple(named) or tuple(filter(None, (columns.author(marc),)))


def name(each: DataField) -> str:
    """Whom a field names, without titles, fuller forms and years: they would be taken for given names."""
    return without_end(joined(each, "ab" if each.tag[1:] == "00" else "abn"))


def _is_author(each: DataField) -> bool:
    roles = each.values("e")
    return not roles or any("tác giả" in plain(role).lower() or "author" in role.lower() for role in roles)


def references(marc: MarcRecord, *, url: str) -> list[Reference]:
    """All ways, in the order of the page."""
    key = f"nhasan{url.rstrip('/').rpartition('/')[2]}"
    return [
        Reference(_("Kiểu Việt Nam"), vietnamese(marc)),
        Reference("APA", apa(marc)),
        Reference("BibTeX", bibtex(marc, key=key, url=url), "bib"),
    ]


def vietnamese(marc: MarcRecord) -> str:
    """As theses in Viet Nam write them: author (year), title, publisher, place; articles with journal and pages."""
    parts = Parts.of(marc)
    authors = ", ".join(parts.authors) if len(parts.authors) <= SEVERAL else f"{parts.authors[0]} và các tác giả khác"
    dated = " ".join(filter(None, (authors, f"({parts.year})" if parts.year else "")))
    if parts.inside:
        pages = f"tr. {parts.pages}" if parts.pages else ""
        rest = [f"“{parts.title}”", parts.inside, parts.where, pages]
    else:
        rest = [parts.title, parts.thesis, parts.edition, parts.publisher, parts.place]
    return ", ".join(filter(None, (dated, *rest))).rstrip(".") + "."


def apa(marc: MarcRecord) -> str:
    """After the style of the American Psychological Association; Vietnamese names stay in their order."""
    parts = Parts.of(marc)
    year = f"({parts.year or 'n.d.'})."
    names = [_apa_name(name) for name in parts.authors[:20]]
    authors = _and(names) if names else ""
    title = (
        parts.title + (f" ({parts.edition})" if parts.edition else "") + (f" [{parts.thesis}]" if parts.thesis else "")
    )
    inside = ", ".join(filter(None, (parts.inside, parts.where, parts.pages)))
    source = inside if parts.inside else parts.publisher
    beginning = (_sentence(authors), year, _sentence(title)) if authors else (_sentence(title), year)
    return " ".join(filter(None, (*beginning, _sentence(source))))


def _apa_name(name: str) -> str:
    """Surname, I. I. where the record turns a name round; else as it is."""
    surname, comma, given = name.partition(", ")
    if not comma:
        return name
    initials = " ".join(f"{word[0].upper()}." for word in re.split(r"[\s-]+", given) if INITIAL.match(word))
    return f"{surname}, {initials}" if initials else surname


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def bibtex(marc: MarcRecord, *, key: str, url: str) -> str:
    """One entry in UTF-8."""
    parts = Parts.of(marc)
    authors = [f"{{{_tex(name)}}}" if name in parts.bodies or " and " in name else _tex(name) for name in parts.authors]
    texts = {
        "year": parts.year,
        "title": parts.title,
        "school": (parts.school or parts.publisher) if parts.thesis else "",
        "publisher": parts.publisher,
        "address": parts.place,
        "edition": parts.edition,
        "journal": parts.inside,
        "number": parts.where,
        "pages": parts.pages.replace("-", "--").replace("–", "--"),
    }
    fields = {"author": " and ".join(authors)} | {name: _tex(text) for name, text in texts.items()} | {"url": url}
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    kind = KINDS.get(material.of(marc.leader), "misc")
    if parts.thesis and not parts.inside:
        kind = "mastersthesis" if MASTER.search(parts.thesis) else "phdthesis"
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    """Text in which TeX sees no commands."""
    return SPECIAL.sub(lambda found: WRITTEN.get(found[0], f"\\{found[0]}"), BRACES.sub("", compose(text)))


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}." if text else ""
