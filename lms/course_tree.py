"""The lessons below a course's page, through its sections."""

from dataclasses import dataclass

from lms import languages
from lms.models import CoursePage, LessonPage, SectionPage


@dataclass(frozen=True)
class Place:
    """A lesson's page with the section that it stands in, if any.

    page and section are in the language asked for where there is such a one; source is the lesson's page that gives
    the order; language that of page.
    """

    page: LessonPage
    section: SectionPage | None
    source: LessonPage
    language: str


def lessons(page: CoursePage, *, bodies: bool = True, language: str = "") -> list[Place]:
    """The live lessons in the order of the tree of the course's source page; those of a section that is not live are
    not shown. At most five queries.

    page: in any language. bodies: whether what stands in the lessons is wanted too. language: that of titles.
    """
    page = languages.source_page(page)
    pages = LessonPage.objects.descendant_of(page).live().order_by("path").select_related("lesson__course")
    sections = {section.path: section for section in SectionPage.objects.child_of(page)}
    found = []
    for each in pages if bodies else pages.defer("body"):
        above = each.path[: -each.steplen]
        if above == page.path:
            found.append(Place(each, None, each, page.course.language))
        elif above in sections and sections[above].live:
            found.append(Place(each, sections[above], each, page.course.language))
    return _translated(found, language) if language not in {"", page.course.language} else found


def _translated(places: list[Place], language: str) -> list[Place]:
    pages = LessonPage.objects.in_language(language).filter(lesson__in=[place.page.lesson_id for place in places])
    by_lesson = {page.lesson_id: page for page in pages.defer("body").select_related("lesson__course")}
    keys = {place.section.translation_key for place in places if place.section}
    sections = {
        section.translation_key: section
        for section in SectionPage.objects.in_language(language).filter(translation_key__in=keys)
    }
    return [
        Place(
            by_lesson.get(place.page.lesson_id, place.page),
            place.section and sections.get(place.section.translation_key, place.section),
            place.source,
            language if place.page.lesson_id in by_lesson else place.language,
        )
        for place in places
    ]
