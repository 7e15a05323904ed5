"""What the blocks of a lesson point to: kept beside the lesson, and got ready for its page in few queries."""

from typing import Any

from library import rights
from library.models import RecordFile
from lms import keys
from lms.models import Lesson, LessonPage


def sync(lesson: Lesson) -> None:
    """Keep which media and terms the lesson's published pages show, in all their languages."""
    media: set[int] = set()
    terms: set[int] = set()
    for page in LessonPage.objects.filter(lesson=lesson, live=True):
        for block in page.body:
            if block.block_type in {"audio", "video"} and block.value["media"] is not None:
                media.add(block.value["media"].pk)
            elif block.block_type == "glossary":
                terms.update(term.pk for term in block.value["terms"] if term is not None)
    row: Any = lesson  # with the reverse side of two relations
    row.media.set(media)
    row.terms.set(terms)


def attach_covers(page: LessonPage, user: Any) -> None:
    """Give each cited record its `picture`: the cover that the library has for this reader, or None; one query."""
    cited = [block.value["record"] for block in page.body if block.block_type == "citation" and block.value["record"]]
    open_to_user = [record.pk for record in cited if rights.may_read(record.access, user)]
    found: dict[int, RecordFile] = {}
    if open_to_user:
        covers = RecordFile.objects.filter(record__in=open_to_user, use=RecordFile.Use.COVER).order_by("-pk")
        found = {cover.record_id: cover for cover in covers}
    for record in cited:
        record.picture = found.get(record.pk)


def attach_anchors(page: LessonPage) -> None:
    """Give each heading its `anchor`, made from its words, each once on the page."""
    taken: set[str] = set()
    for block in page.body:
        if block.block_type == "heading":
            block.value.anchor = keys.free(f"muc-{keys.wanted('', block.value['text'])}", taken.__contains__)
            taken.add(block.value.anchor)
