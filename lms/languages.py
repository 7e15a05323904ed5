"""The languages of a course: in which there is something to read, and what stands for what is not translated.

A course, a lesson and a question have one row or source each; pages and questions in other languages are translations
of it. What is not translated is read in the source's language, with a note.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info, gettext
from wagtail.models import Locale

from core import reading_language
from lms.models import Course, CoursePage, Lesson, LessonPage
from people import languages
from people.models import User

FONTS = {"km": "khmer", "cjm": "cham", "blt": "tai-viet"}  # style sheets of static/fonts


@dataclass(frozen=True)
class Choice:
    """A language to choose; url: where the reader goes on in it."""

    code: str
    url: str = ""
    is_current: bool = False

    @property
    def name(self) -> str:
        """In its own writing."""
        return languages.own_name_of(self.code)

    @property
    def in_vietnamese(self) -> str:
        """For who cannot read that writing; empty where it is the same."""
        name = languages.name_of(self.code)
        return "" if name == self.name else name


def preferred(request: HttpRequest) -> str:
    """In which language the reader wants courses where no page of one is open.

    That of the form or the address; where the address names none, the person's own.
    """
    if (said := request.POST.get("language", "")) in settings.CONTENT_LANGUAGES:
        return said
    reading = reading_language.of(request)
    user = getattr(request, "user", None)
    if reading == settings.LANGUAGE_CODE and user is not None and user.is_authenticated:
        return user.language if user.language in settings.CONTENT_LANGUAGES else reading
    return reading


def keep(user: User, request: HttpRequest) -> None:
    """The language in which a person goes on learning is theirs on every device."""
    said = request.POST.get("language", "")
    if said in settings.CONTENT_LANGUAGES and said != user.language:
        user.language = said
        user.save(update_fields=["language"])


def course_pages(courses: Iterable[Any], language: str) -> dict[int, CoursePage]:
    """By the key of each course its live page in the language, else in that of its source. One query."""
    wanted = Q(locale__language_code=language) | Q(locale__language_code=F("course__language"))
    rows = CoursePage.objects.live().public().written().filter(wanted, course__in=courses)
    return _chosen(rows.select_related("course", "locale").order_by("pk"), language, "course_id")


def lesson_pages(lessons: Iterable[Any], language: str) -> dict[int, LessonPage]:
    """The same of lessons, without their bodies."""
    wanted = Q(locale__language_code=language) | Q(locale__language_code=F("lesson__course__language"))
    rows = LessonPage.objects.live().written().filter(wanted, lesson__in=lessons).defer("body")
    return _chosen(rows.select_related("lesson__course", "locale").order_by("pk"), language, "lesson_id")


def _chosen(pages: Iterable[Any], language: str, row: str) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for page in pages:
        if getattr(page, row) not in found or page.locale.language_code == language:
            found[getattr(page, row)] = page
    return found


def source_page(page: CoursePage) -> CoursePage:
    """The page of the same course that decides its order and rules; itself where there is none."""
    if page.alias_of_id is None and page.locale.language_code == page.course.language:
        return page
    return CoursePage.objects.sources().filter(course=page.course_id).select_related("course").first() or page


def used(course: Course) -> set[str]:
    """The languages in which the course or a lesson of it can be read."""
    of_course = CoursePage.objects.live().written().filter(course=course).order_by()
    of_lessons = LessonPage.objects.live().written().filter(lesson__course=course, lesson__position__isnull=False)
    codes = of_course.values_list("locale__language_code")
    return {code for (code,) in codes.union(of_lessons.order_by().values_list("locale__language_code"))}


def choices(codes: Collection[str], source: Any, request: HttpRequest) -> list[Choice]:
    """Where to go on in which of these languages, as the settings order them; nothing where there is only one.

    source: the page of the course or lesson in the language it was written in.
    """
    here, url = reading_language.of(request), source.get_url(request) or ""
    return [
        Choice(each.code, reading_language.in_language(url, each.code), each.code == here) for each in to_choose(codes)
    ]


def to_choose(codes: Collection[str]) -> list[Choice]:
    """These languages as the settings order them; one alone is no choice."""
    found = [Choice(code) for code in settings.CONTENT_LANGUAGES if code in codes]
    return found if len(found) > 1 else []


def of_courses() -> dict[int, set[str]]:
    """By the key of each course the languages of its pages."""
    found: dict[int, set[str]] = defaultdict(set)
    for course, code in CoursePage.objects.live().written().values_list("course", "locale__language_code"):
        found[course].add(code)
    return found


def said_of(page: Any, request: HttpRequest, *, is_preview: bool = False) -> dict[str, Any]:
    """For a page's template: its language, that of the reader and the name of what is missing, and the style sheets
    with fonts for scripts that devices may lack.
    """
    code = page.locale.language_code
    reading = code if is_preview else reading_language.of(request)
    return {
        "content_language": code,
        "direction": "rtl" if get_language_info(code)["bidi"] else "ltr",
        "reading_language": reading,
        "missing_language": name(reading) if reading != code else "",
        "shown_language": name(code),
        "catalogue_url": reading_language.in_language("/courses/", reading),
        "fonts": fonts([code, reading]),
    }


def fonts(codes: Iterable[str]) -> list[str]:
    """The style sheets with the fonts of these languages."""
    return [f"fonts/{FONTS[code]}.css" for code in dict.fromkeys(codes) if code in FONTS]


def title_of(page_of: Course | Lesson, language: str) -> tuple[str, str]:
    """(language, title) of a course or lesson in this language, else in that of its source."""
    course = page_of.course if isinstance(page_of, Lesson) else page_of
    if language == course.language:
        return language, page_of.title
    rows = (
        LessonPage.objects.filter(lesson=page_of)
        if isinstance(page_of, Lesson)
        else CoursePage.objects.filter(course=page_of)
    )
    title = rows.in_language(language).order_by("pk").values_list("title", flat=True).first()
    return (language, title) if title else (course.language, page_of.title)


def code_of(locale: int | None) -> str:
    """The code of the Locale with this key; empty for none."""
    return Locale.objects.filter(pk=locale).values_list("language_code", flat=True).first() or ""


def codes() -> Mapping[int, str]:
    """The code of each Locale by its key, for many at once."""
    return dict(Locale.objects.values_list("pk", "language_code"))


def name(code: str) -> str:
    """For a sentence in Vietnamese or English: "tiếng Việt", "Vietnamese"."""
    named = gettext(languages.name_of(code))
    return named[:1].lower() + named[1:] if get_language() == settings.LANGUAGE_CODE else named


def ensure_locales(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """The post_migrate receiver: staff translate into the languages of the setting without making them first."""
    if using != DEFAULT_DB_ALIAS:
        return
    missing = set(settings.CONTENT_LANGUAGES) - set(Locale.objects.values_list("language_code", flat=True))
    Locale.objects.bulk_create([Locale(language_code=code) for code in sorted(missing)], ignore_conflicts=True)
