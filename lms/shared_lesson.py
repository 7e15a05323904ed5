"""A lesson as all its learners read it in one language: nothing here is one learner's.

It is kept in memory until content changes (core.content_memory), so that a page asks only for what is its learner's.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site, get_page_models

from core import content_memory, reading_language
from lms import addresses, course_tree, illustrations, languages, lesson_contents, slides
from lms.asking import pose
from lms.course_tree import Place
from lms.languages import Choice
from lms.models import (
    Course,
    CoursePage,
    GlossaryName,
    GlossaryTerm,
    Lesson,
    LessonMedia,
    LessonPage,
    MediaCaption,
    Question,
    SlideDeck,
)

DOORS = ("answer", "ask", "bookmark", "event", "next", "note", "place")


@dataclass(frozen=True)
class Part:
    """A block that says the same to everyone, as HTML."""

    id: str
    html: SafeString


@dataclass(frozen=True)
class CourseWay:
    """The way through a course: its lessons in their order and the address of each; languages in which it is read;
    whether others must be finished before it.
    """

    page: CoursePage
    url: str
    places: Sequence[Place]
    urls: Sequence[str]
    languages: frozenset[str]
    asks_first: bool


@dataclass(frozen=True)
class SharedLesson:
    """parts: ("part", Part), and what needs its reader: ("question", Posed), ("quiz", None), ("citation", block).

    index: its place in the way, None where it has none. narration: its player, empty where there is none. doors: by
    name where the forms of its page go.
    """

    page: LessonPage
    way: CourseWay
    index: int | None
    said: dict[str, Any]
    choices: Sequence[Choice]
    narration: SafeString
    parts: Sequence[tuple[str, Any]]
    kinds: frozenset[str]
    fonts: Sequence[str]
    doors: dict[str, str]


def of(page: LessonPage, request: HttpRequest) -> SharedLesson:
    """As it is published."""
    kept, key = content_memory.of(request), key_of("lesson", request, page.pk)
    if key not in kept:
        kept[key] = make(page, request)
    return kept[key]


def make(page: LessonPage, request: HttpRequest, *, is_preview: bool = False) -> SharedLesson:
    """As the page says it now, which may be a draft that is previewed."""
    way = _way(page, request)
    index = next((i for i, place in enumerate(way.places) if place.page.lesson_id == page.lesson_id), None)
    source = way.places[index].source if index is not None else page
    parts = _parts(page, is_preview=is_preview)
    spoken = [page.locale.language_code, reading_language.of(request)]
    spoken += [item.language for kind, item in parts if kind == "question"]
    return SharedLesson(
        page=page,
        way=way,
        index=index,
        said=languages.said_of(page, request, is_preview=is_preview),
        choices=[] if is_preview else languages.choices(way.languages, source, request),
        narration=_narration(page),
        parts=parts,
        kinds=frozenset(block.block_type for block in page.body),
        fonts=languages.fonts(spoken),
        doors={name: reverse(f"lms:{name}", args=[page.lesson.course.key, page.lesson.key]) for name in DOORS},
    )


def key_of(kind: str, request: HttpRequest, *more: Hashable) -> Hashable:
    """A key in the memory for something with addresses and words in the reader's languages."""
    return kind, request.get_host(), reading_language.of(request), get_language(), *more


def _way(page: LessonPage, request: HttpRequest) -> CourseWay:
    course = page.lesson.course
    kept, key = content_memory.of(request), key_of("way", request, course.pk)
    if key not in kept:
        language = reading_language.of(request)
        # of a preview the course may be a draft
        course_page = languages.course_pages([course.pk], language).get(course.pk) or page.course_page()
        places = course_tree.lessons(course_page, bodies=False, language=language)
        kept[key] = CourseWay(
            page=course_page,
            url=addresses.in_language(course_page, language, request),
            places=places,
            urls=[addresses.in_language(place.page, language, request) for place in places],
            languages=frozenset(languages.used(course)),
            asks_first=course.prerequisites.published().exists(),
        )
    return kept[key]


def _parts(page: LessonPage, *, is_preview: bool) -> list[tuple[str, Any]]:
    """The blocks in their order. Questions that a translation lacks, because they were added since, come at its end."""
    illustrations.attach(page)
    slides.attach(page)
    lesson_contents.attach_anchors(page)
    questions = [block.value for block in page.body if block.block_type == "question" and block.value]
    posed = {each.question.key: each for each in pose(questions, page)}
    parts: list[tuple[str, Any]] = []
    for block in page.body:
        if block.block_type == "question":
            if block.value and block.value.key in posed:
                parts.append(("question", posed.pop(block.value.key)))
        elif block.block_type == "quiz":
            parts.append(("quiz", None))
        elif block.block_type == "citation":
            parts.append(("citation", block))
        else:
            parts.append(("part", Part(block.id, block.render_as_block({"is_preview": is_preview}))))
    return parts + [("question", each) for each in posed.values()]


def _narration(page: LessonPage) -> SafeString:
    """The player of the recording in which the page is read out."""
    if page.narration is None:
        return SafeString()
    return render_to_string("lms/blocks/player.html", {"value": {"media": page.narration}})


def watch() -> None:
    """All that a lesson's page is made of, its learner's own things apart."""
    image, document = get_image_model(), get_document_model()
    on_pages = (LessonMedia, MediaCaption, GlossaryTerm, GlossaryName, Question, SlideDeck, document, image)
    around = (Site, Locale, PageViewRestriction, Page, *get_page_models(), Course, Lesson)
    content_memory.watch(*on_pages, image.get_rendition_model(), *around)
