"""The lessons below a course's page, through its sections."""

from dataclasses import dataclass

from lms.models import CoursePage, LessonPage, SectionPage


@dataclass(frozen=True)
class Place:
    """A lesson's page with the section that it stands in, if any."""

    page: LessonPage
    section: SectionPage | None


def lessons(page: CoursePage, *, bodies: bool = True) -> list[Place]:
    """The live lessons in the order of the tree; those of a section that is not live are not shown. Two queries.

    bodies: whether what stands in the lessons is wanted too.
    """
    pages = LessonPage.objects.descendant_of(page).live().order_by("path").select_related("lesson__course")
    sections = {section.path: section for section in SectionPage.objects.child_of(page)}
    found = []
    for each in pages if bodies else pages.defer("body"):
        above = each.path[: -each.steplen]
        if above == page.path:
            found.append(Place(each, None))
        elif above in sections and sections[above].live:
            found.append(Place(each, sections[above]))
    return found
