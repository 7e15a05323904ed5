"""The pictures of lessons in the two widths that pages use.

They are made when a lesson is published: reading a page writes nothing. One that is not there yet is shown as it is.
"""

from collections.abc import Iterable
from typing import Any

from wagtail.images.models import AbstractImage, Rendition

from lms.models import LessonPage

SMALL, LARGE = "width-360|format-webp", "width-720|format-webp"


def prepare(pages: Iterable[LessonPage]) -> None:
    """Make what is missing."""
    for page in pages:
        for image in images(page):
            image.get_renditions(SMALL, LARGE)


def images(page: LessonPage) -> list[AbstractImage]:
    """The images of a lesson in their order: those between texts, of steps, and before films."""
    return [image for block in page.body for image in _of_block(block.block_type, block.value) if image is not None]


def _of_block(kind: str, value: Any) -> list[AbstractImage | None]:
    if kind == "image":
        return [value["image"]]
    if kind == "steps":
        return [step["image"] for step in value["steps"]]
    if kind == "video" and value["media"] is not None:
        return [value["media"].poster]
    return []


def attach(page: LessonPage) -> None:
    """Give each image of the page its `small` and `large` rendition (None where it is not there yet), by one query."""
    found: dict[tuple[int, str], Rendition] = {}
    shown = images(page)
    if shown:
        rows = Rendition.objects.filter(image__in=[image.pk for image in shown], filter_spec__in=[SMALL, LARGE])
        found = {(row.image_id, row.filter_spec): row for row in rows}
    for image in shown:
        image.small, image.large = found.get((image.pk, SMALL)), found.get((image.pk, LARGE))
