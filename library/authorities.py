"""An authority record as readers see it: heading, other names, see also, notes, codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library import columns, headings
from library.columns import joined, plain
from library.marc import MarcRecord
from library.models import AuthorityName, Heading, Record

BROADER, NARROWER, EARLIER, LATER = "g", "h", "a", "b"
RELATIONS = {
    BROADER: _("Tiêu đề rộng hơn"),
    NARROWER: _("Tiêu đề hẹp hơn"),
    EARLIER: _("Tên trước đây"),
    LATER: _("Tên về sau"),
    "": _("Xem thêm"),
}
SEE_ALSO = tuple(f"5{ending}" for ending in headings.BY_ENDING)
PUBLIC_NOTES = ("663", "678", "680")


@dataclass(frozen=True)
class SeeAlso:
    """Another heading: its text, how it stands to this one (a key of RELATIONS), and $0."""

    text: str
    relation: str
    link: str


@dataclass(frozen=True)
class Shown:
    """What is shown of an authority."""

    kind: str
    heading: str
    variants: list[str] = field(default_factory=list)
    see_also: list[SeeAlso] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)


def read(marc: MarcRecord) -> Shown:
    """What readers see of the record."""
    kind = headings.kind_of_authority(marc)
    names = headings.names(marc)
    also = [
        SeeAlso(text, relation if (relation := each.first("w")[:1]) in RELATIONS else "", headings.link_of(each))
        for each in marc.data(*SEE_ALSO)
        if (text := headings.text_of(each, headings.BY_ENDING[each.tag[1:]]))
    ]
    notes = [text for each in marc.data(*PUBLIC_NOTES) if (text := joined(each, "abi"))]
    variants = list(dict.fromkeys(name.text for name in names if not name.is_heading))
    return Shown(kind, columns.heading(marc), variants, also, notes, _codes(marc))


def _codes(marc: MarcRecord) -> list[tuple[str, str]]:
    """(what the codes are, codes): of the state's list of ethnic groups, and of languages."""
    found: dict[str, list[str]] = {}
    for each in marc.data("024"):
        found.setdefault(plain(each.first("q") or each.first("2")), []).extend(map(plain, each.values("a")))
    for each in marc.data("377"):
        name = "ISO 639-3" if each.first("2") == "iso639-3" else "MARC"
        found.setdefault(name, []).extend(map(plain, each.values("a")))
    return [(name, ", ".join(values)) for name, values in found.items() if values]


def linked(see_also: Sequence[SeeAlso]) -> dict[str, Record]:
    """The records behind $0 of see-also references that readers may open, with one query."""
    numbers = [each.link.partition(")")[2] for each in see_also if each.link.startswith("(")]
    own = [int(each.link.removeprefix("record:")) for each in see_also if each.link.startswith("record:")]
    if not numbers and not own:
        return {}
    rows = Record.objects.public().authorities().light().filter(Q(control_number__in=numbers) | Q(pk__in=own))
    found: dict[str, Record] = {}
    for row in rows:
        found[f"({row.control_agency}){row.control_number}"] = row
        found[f"record:{row.pk}"] = row
    return found


def of_record(record: Record) -> dict[tuple[str, str], int]:
    """By kind and key of a bibliographic record's headings, the public authority each is linked to; one query."""
    rows = Heading.objects.filter(record=record, authority__in=Record.objects.public())
    return {(kind, key): authority for kind, key, authority in rows.values_list("kind", "key", "authority_id")}


def choose(text: str, *, kinds: Sequence[str] = (), limit: int = 20) -> list[AuthorityName]:
    """Names that begin with what a cataloguer has typed, marks or no marks; headings before variants."""
    begun = headings.prefix(text)
    if not begun:
        return []
    found = AuthorityName.objects.filter(plain__startswith=begun).select_related("authority").defer("authority__raw")
    if kinds:
        found = found.filter(kind__in=kinds)
    return list(found.order_by("-is_heading", "plain", "id")[:limit])


def number_of(record: Record) -> str:
    """(agency)number of an authority record; "" where it has none."""
    both = record.control_agency and record.control_number
    return f"({record.control_agency}){record.control_number}" if both else ""


def link_to(record: Record) -> str:
    """What $0 of a heading says to be linked to this authority."""
    return number_of(record) or f"{settings.BASE_URL}/library/records/{record.pk}/"
