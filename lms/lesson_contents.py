"""What the blocks of a lesson point to: kept beside the lesson, and got ready for its page in few queries."""

from collections.abc import Collection
from typing import Any

from library import rights
from library.models import Record, RecordFile
from lms import keys
from lms.models import Lesson, LessonPage


def sync(lesson: Lesson) -> None:
    """Keep which media and terms the lesson's published pages show, in all their languages."""
    media: set[int] = set()
    terms: set[int] = set()
    for page in LessonPage.objects.filter(lesson=lesson, live=True):
        if page.narration_id:
            media.add(page.narration_id)
        for block in page.body:
            if block.block_type in {"audio", "video"} and block.value["media"] is not None:
                media.add(block.value["media"].pk)
            elif block.block_type == "glossary":
                terms.update(term.pk for term in block.value["terms"] if term is not None)
    row: Any = lesson  # with the reverse side of two relations
    row.media.set(media)
    row.terms.set(terms)


def cited(records: Collection[int], user: Any) -> dict[int, Any]:
    """By their keys the records of citations that readers can open.

    Each with its `picture`: the cover that the library has for this reader, or None. Two queries.
    """
    found: dict[int, Any] = Record.objects.filter(status=Record.Status.PUBLISHED, deleted_at=None).in_bulk(records)
    shown = {pk: record for pk, record in found.items() if record.access != Record.Access.HIDDEN}
    open_to_user = [pk for pk, record in shown.items() if rights.may_read(record.access, user)]
    covers = RecordFile.objects.filter(record__in=open_to_user, use=RecordFile.Use.COVER).order_by("-pk")
    pictures = {cover.record_id: cover for cover in covers} if open_to_user else {}
    for pk, record in shown.items():
        record.picture = pictures.get(pk)
    return shown


def attach_anchors(page: LessonPage) -> None:
    """Give each heading its `anchor`, made from its words, each once on the page."""
    taken: set[str] = set()
    for block in page.body:
        if block.block_type == "heading":
            block.value.anchor = keys.free(f"muc-{keys.wanted('', block.value['text'])}", taken.__contains__)
            taken.add(block.value.anchor)
