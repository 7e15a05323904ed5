"""The pictures of lessons in the two widths that pages use.

They are made when a lesson is published: reading a page writes nothing. One that is not there yet is shown as it is.
"""

from collections.abc import Iterable

from wagtail.images.models import AbstractImage, Rendition

from lms.models import LessonPage

SMALL, LARGE = "width-360|format-webp", "width-720|format-webp"


def prepare(pages: Iterable[LessonPage]) -> None:
    """Make what is missing."""
    for page in pages:
        for image in images(page):
            image.get_renditions(SMALL, LARGE)


def images(page: LessonPage) -> list[AbstractImage]:
    """The images of a lesson in their order."""
    values = (block.value["image"] for block in page.body if block.block_type == "image")
    return [image for image in values if image is not None]


def attach(page: LessonPage) -> None:
    """Give each image of the page its `small` and `large` rendition (None where it is not there yet), by one query."""
    found: dict[tuple[int, str], Rendition] = {}
    shown = images(page)
    if shown:
        rows = Rendition.objects.filter(image__in=[image.pk for image in shown], filter_spec__in=[SMALL, LARGE])
        found = {(row.image_id, row.filter_spec): row for row in rows}
    for image in shown:
        image.small, image.large = found.get((image.pk, SMALL)), found.get((image.pk, LARGE))
