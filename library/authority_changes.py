"""A change of heading changes the records that are linked to it: seen first, then done by a job that keeps versions."""

import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit, jobs
from library import authorities, editing, headings, marc_lines, records, see_also
from library.editing import CannotSave
from library.marc import ControlField, DataField, Field, MarcRecord, Subfield
from library.models import Heading, Record, RecordVersion
from people.models import User

CHANGE = "library.change_heading"
MOVE = "library.move_links"
STEP = 50  # records in one transaction
AT_ONCE = 500  # keys in one query
SHOWN = 10  # records whose change is shown before it is made
END = re.compile(r"\s*[,.;:]$")
SUBDIVISIONS = "vxyz"

Change = Callable[[MarcRecord], MarcRecord]


def heading_of(authority: Record) -> str:
    """The heading as linked records should say it."""
    marc = authority.marc
    field = headings.heading_field(marc)
    return headings.text_of(field, headings.kind_of_authority(marc)) if field else ""


def outdated(authority: Record) -> QuerySet[Record]:
    """Our own living records that are linked to the authority and say another heading."""
    uses = Heading.objects.filter(authority=authority).exclude(text=heading_of(authority))
    own = Record.objects.filter(source=None, deleted_at=None)
    return own.filter(pk__in=uses.values("record")).order_by("pk")


def harvested(authority: Record) -> int:
    """How many partners' records say another heading; they stay as they came."""
    uses = Heading.objects.filter(authority=authority).exclude(text=heading_of(authority))
    return Record.objects.filter(deleted_at=None, pk__in=uses.values("record")).exclude(source=None).count()


def shown(rows: QuerySet[Record], change: Change) -> list[tuple[Record, list[tuple[str, str]]]]:
    """The first records with the fields that would change: before and after."""
    found = []
    for row in rows.defer("raw")[:SHOWN]:
        before, after = row.marc.fields, change(row.marc).fields
        pairs = [(_line(old), _line(new)) for old, new in zip(before, after, strict=True) if old != new]
        found.append((row, pairs))
    return found


def _line(each: Field) -> str:
    return marc_lines.write(MarcRecord(" " * 24, [each])).split("\n", 1)[1]


def start(authority: Record, *, by: Any) -> jobs.Job:
    """Bring the linked records in line with the authority's heading."""
    with transaction.atomic():
        title = f"Đổi tiêu đề thành “{authority.title}”"
        audit.record(by=by, action="library.change_heading", subject=f"record:{authority.pk}")
        return jobs.start(CHANGE, {"authority": authority.pk}, by=by.uuid, title=title)


@jobs.handler(CHANGE)
def change_all(job: jobs.Job) -> None:
    """Change each record once; one that cannot be written is left and counted."""
    authority = Record.objects.get(pk=job.arguments["authority"])
    rewrite_all(job, outdated(authority), lambda marc: with_heading_of(marc, authority))


def linked(authority: Record) -> list[int]:
    """Our own living records that are linked to the authority, and authorities that lead on to it."""
    own = Record.objects.filter(source=None, deleted_at=None)
    using = own.filter(pk__in=_uses(authority).values("record")).values_list("pk", flat=True)
    return sorted({*using, *see_also.leading_to(authority, _links(authority))})


def _uses(authority: Record) -> QuerySet[Heading]:
    return Heading.objects.filter(link__in=_links(authority))


def without_way_to(marc: MarcRecord, gone: Record) -> MarcRecord:
    """An authority that does not lead on to the one that it takes in."""
    return see_also.without(marc, _links(gone))


def _links(authority: Record) -> set[str]:
    """What $0 of linked headings says."""
    return {f"record:{authority.pk}", authorities.number_of(authority)} - {""}


def move_links(old: Record, new: Record, keys: list[int], *, by: Any) -> None:
    """Link these records to another authority instead, in the caller's transaction."""
    if keys:
        title = f"Chuyển liên kết sang “{new.title}”"
        jobs.start(MOVE, {"old": old.pk, "new": new.pk, "records": keys}, by=by.uuid, title=title)


@jobs.handler(MOVE)
def move_all(job: jobs.Job) -> None:
    """Write the new $0 and heading where the old $0 stands."""
    old, new = (Record.objects.get(pk=job.arguments[name]) for name in ("old", "new"))
    links = _links(old)
    keys = job.arguments["records"]

    def moved(marc: MarcRecord) -> MarcRecord:
        if marc.leader[6:7] == "z":
            return see_also.moved(marc, links, new)
        return MarcRecord(marc.leader, [_moved(each, links, new) for each in marc.fields])

    for start in range(0, len(keys), AT_ONCE):
        rows = Record.objects.filter(source=None, deleted_at=None, pk__in=keys[start : start + AT_ONCE]).order_by("pk")
        rewrite_all(job, rows, moved)


def _moved(each: Field, links: set[str], new: Record) -> Field:
    if isinstance(each, ControlField) or each.tag not in headings.CONTROLLED or headings.link_of(each) not in links:
        return each
    return linked_to(each, new)


def rewrite_all(job: jobs.Job, rows: QuerySet[Record], change: Change) -> None:
    """Walk records by key and write those that the change changes; the job's result counts them."""
    by = User.objects.filter(uuid=job.started_by).first() if job.started_by else None
    after = int(job.cursor.get("after", 0))
    made, left = job.result.get("made", 0), job.result.get("left", 0)
    while True:
        with transaction.atomic():
            some = list(rows.filter(pk__gt=after).select_for_update(of=("self",))[:STEP])
            if not some:
                return
            after = some[-1].pk
            written = [row.pk for row in some if _rewritten(row, change, by)]
            records.announce(written)
            made, left = made + len(written), left + len(some) - len(written)
            job.result = {"made": made, "left": left}
            job.advance(cursor={"after": after}, done=made + left)


def _rewritten(row: Record, change: Change, by: Any) -> bool:
    before = row.marc
    after = change(before)
    if after == before:
        return False
    try:
        with transaction.atomic():
            editing.write(row, marc=after, by=by, action=RecordVersion.Action.BATCH)
    except CannotSave:
        return False
    return True


def with_heading_of(marc: MarcRecord, authority: Record) -> MarcRecord:
    """The record with the authority's heading in every field that is linked to it."""
    links = _links(authority)
    heading = headings.heading_field(authority.marc)
    if heading is None:
        return marc
    return MarcRecord(marc.leader, [_mended(each, links, heading) for each in marc.fields])


def _mended(each: Field, links: set[str], heading: DataField) -> Field:
    if isinstance(each, ControlField) or headings.link_of(each) not in links:
        return each
    return with_heading(each, heading)


def with_heading(each: DataField, heading: DataField) -> DataField:
    """A field with another heading: its subdivisions, roles, links and the sign at the heading's end stay."""
    kind = headings.kind_of_tag(each.tag)
    if each.tag not in headings.CONTROLLED or headings.text_of(each, kind) == headings.text_of(heading, kind):
        return each
    mine = headings.CODES[kind]
    old = [part for part in each.subfields if part.code in mine]
    new = [(code, value) for code, value in heading.subfields if code in mine]
    if not new:
        return each
    end = END.search(old[-1].value) if old else None
    if end and not END.search(new[-1][1]):
        new[-1] = (new[-1][0], new[-1][1] + end[0])
    before = [part for part in each.subfields if part.code in "68i"]
    rest = [part for part in each.subfields if part.code not in mine and part.code not in "68i"]
    return DataField.of(each.tag, each.indicators, [*before, *new, *rest])


def linked_to(each: DataField, authority: Record) -> DataField:
    """A field with the heading of an authority and $0 that names it."""
    heading = headings.heading_field(authority.marc)
    mended = with_heading(each, heading) if heading else each
    rest = [part for part in mended.subfields if part.code != "0"]
    return DataField.of(mended.tag, mended.indicators, [*rest, ("0", authorities.link_to(authority))])


def rename(authority: Record, text: str, *, by: Any) -> Record:
    """Give an authority of ours another heading; the old one becomes a variant. Raises CannotSave.

    text is the new $a, or all subfields ("$aVi Hồng$d1936-2011") where the heading has more than that.
    """
    marc = authority.marc
    heading = headings.heading_field(marc)
    if heading is None or not text.strip():
        raise CannotSave(_("Hãy ghi tiêu đề mới."))
    parts = [*_typed(text, heading), *(part for part in heading.subfields if part.code in SUBDIVISIONS)]
    renamed = DataField.of(heading.tag, heading.indicators, parts)
    variant = DataField.of(f"4{heading.tag[1:]}", heading.indicators, [("w", "nne"), *heading.subfields])
    fields = [renamed if each is heading else each for each in marc.fields if not _says(each, renamed)]
    place = next((at for at, each in enumerate(fields) if each.tag > variant.tag), len(fields))
    changed = MarcRecord(marc.leader, [*fields[:place], variant, *fields[place:]])
    return editing.change(authority, marc=changed, version=authority.version, by=by)


def typed_heading(authority: Record) -> str:
    """What a new heading begins with: the subfields of one that has more than $a, else nothing."""
    heading = headings.heading_field(authority.marc)
    return "".join(f"${code}{value}" for code, value in _main(heading)) if heading and len(_main(heading)) > 1 else ""


def _main(heading: DataField) -> list[Subfield]:
    return [part for part in heading.subfields if part.code not in SUBDIVISIONS]


def _typed(text: str, heading: DataField) -> list[tuple[str, str]]:
    text = " ".join(text.split())
    if "$" not in text:
        if len(_main(heading)) > 1:
            was = "".join(f"${code}{value}" for code, value in _main(heading))
            raise CannotSave(_("Tiêu đề này có nhiều trường con. Hãy ghi đủ, như đang có: %(was)s") % {"was": was})
        return [("a", text)]
    try:
        [typed] = marc_lines.parse(f"LDR {'#' * 24}\n{heading.tag} ## {text}").fields
    except marc_lines.NotALine as error:
        raise CannotSave(str(error)) from None
    parts = _main(typed) if isinstance(typed, DataField) else []
    if not any(code == "a" and value for code, value in parts):
        raise CannotSave(_("Hãy ghi tiêu đề mới."))
    return [(code, value) for code, value in parts if value]


def _says(each: Field, renamed: DataField) -> bool:
    """Whether a variant already says the new heading; it would then stand twice."""
    if isinstance(each, ControlField) or each.tag != f"4{renamed.tag[1:]}":
        return False
    return each.values("a") == renamed.values("a")
