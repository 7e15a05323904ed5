"""How authorities lead on to others: 5XX with $0, which follows when two authorities become one."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BinaryField, Func, Q, Value
from django.db.models.lookups import GreaterThan

from library import authorities, headings
from library.marc import DataField, Field, MarcRecord
from library.models import Record

TAGS = {f"5{ending}" for ending in headings.BY_ENDING}
IN_THE_WAY = "wi4"  # subfields before the heading: the relation, and its words


class Place(Func):
    """Where bytes stand in a column of bytes, from 1; 0: nowhere."""

    function = "INSTR"

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        within, sought = self.source_expressions
        turned = self.copy()
        turned.set_source_expressions([sought, within])
        return turned.as_sql(compiler, connection, template="POSITION(%(expressions)s)", arg_joiner=" IN ")


def leading_to(authority: Record, links: set[str]) -> Iterator[int]:
    """Our own living authorities that lead on to this one, whose $0 is one of links."""
    own = Record.objects.authorities().filter(source=None, deleted_at=None).exclude(pk=authority.pk)
    sought = [authority.control_number, f"/library/records/{authority.pk}"]
    said = Q()
    for text in filter(None, sought):
        place = Place("canonical", Value(text.encode(), output_field=BinaryField()))
        said |= Q(GreaterThan(place, 0))
    for row in own.filter(said).defer("raw").iterator(chunk_size=100):
        if any(_leads(each, links) for each in row.marc.fields):
            yield row.pk


def moved(marc: MarcRecord, links: set[str], new: Record) -> MarcRecord:
    """The authority with `new` where it led on to another; once, where it led on to both."""
    fields: list[Field] = []
    for each in marc.fields:
        mended = _to(each, new) if isinstance(each, DataField) and _leads(each, links) else each
        if mended is each or mended not in marc.fields:
            fields.append(mended)
    return MarcRecord(marc.leader, fields)


def without(marc: MarcRecord, links: set[str]) -> MarcRecord:
    """The authority without what leads on there."""
    return MarcRecord(marc.leader, [each for each in marc.fields if not _leads(each, links)])


def _leads(each: Field, links: set[str]) -> bool:
    return isinstance(each, DataField) and each.tag in TAGS and headings.link_of(each) in links


def _to(each: DataField, new: Record) -> DataField:
    heading = headings.heading_field(new.marc)
    if heading is None:
        return each
    before = [part for part in each.subfields if part.code in IN_THE_WAY]
    return DataField.of(
        f"5{heading.tag[1:]}", heading.indicators, [*before, *heading.subfields, ("0", authorities.link_to(new))]
    )
