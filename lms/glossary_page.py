"""The list of terms that lessons explain, for everybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.folding import fold
from lms.models import GlossaryTerm, Lesson, LessonPage

PAGE = 50
LONGEST = 100  # characters of a search


@dataclass(frozen=True)
class Place:
    """A lesson that explains the term, and its address."""

    lesson: Lesson
    url: str


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The terms of published lessons, with the lessons; ?q= finds by the term or its name in another language."""
    q = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    terms = GlossaryTerm.objects.published()
    if q:
        terms = terms.filter(Q(sort_key__contains=fold(q)) | Q(names__name__icontains=q))
    asked = request.GET.get("page", "")
    page = Paginator(terms.with_names(), PAGE).get_page(asked if asked.isdecimal() and len(asked) < 10 else 1)
    _attach_places(list(page.object_list), request)
    context = {"page": page, "q": q, "address": f"{urlencode({'q': q})}&" if q else ""}
    return render(request, "lms/glossary.html", context)


def _attach_places(terms: Sequence[GlossaryTerm], request: HttpRequest) -> None:
    """Give each term `shown_in`, the lessons of today that explain it; three queries."""
    links = GlossaryTerm.lessons.through.objects.filter(
        glossaryterm__in=[term.pk for term in terms],
        lesson__position__isnull=False,
        lesson__course__published=True,
    ).select_related("lesson")
    pages: dict[int, LessonPage] = {}
    shown = LessonPage.objects.filter(lesson__in={link.lesson_id for link in links}, live=True)
    for page in shown.defer("body").order_by("-pk"):  # the source page, which is the earliest, stays
        pages[page.lesson_id] = page
    places: dict[int, list[Place]] = defaultdict(list)
    for link in sorted(links, key=lambda link: (link.lesson.title, link.lesson_id)):
        if page := pages.get(link.lesson_id):
            places[link.glossaryterm_id].append(Place(link.lesson, page.get_url(request) or ""))
    for term in terms:
        term.shown_in = places[term.pk]
