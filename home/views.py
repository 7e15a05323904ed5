"""The learner's own pages."""

from decimal import Decimal
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site
from wagtail.views import serve

from home import learning, routing, takeout, transcript, transcript_pdf
from library import sitemaps
from lms import class_pages, languages, notebook
from lms.models import Bookmark, Cohort, Delivery, LessonPage, Note
from people import roles
from people.models import User

KEPT = 50  # notes on a page of the notebook
LETTERS = 10  # messages of classes that the page shows
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def page(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's view of pages, with those in the reader's language."""
    request._wagtail_route_for_request = routing.find(request, path)  # type: ignore[attr-defined] # noqa: SLF001
    return serve(request, path)


@require_safe
def only_courses(request: HttpRequest, language: str, path: str) -> HttpResponse:
    """In languages that the interface does not speak there are courses; all else is as in Vietnamese."""
    if path.partition("/")[0] != "courses":
        return redirect(f"/{path}")
    return page(request, path)


@require_safe
@login_required
def my(request: HttpRequest) -> HttpResponse:
    """Courses, certificates and the account of who is signed in."""
    courses, classes = learning.courses_of(request), class_pages.of_learner(request.user)
    context = {
        "person": request.user,
        "going_on": learning.going_on(courses, request),
        "learning": courses,
        "hours": sum((course.hours for course in courses), Decimal(0)),
        "finished": sum(course.enrolment.is_finished for course in courses),
        "class_hours": learning.class_hours(request.user),
        "due": learning.due(courses, classes),
        "fonts": languages.fonts([languages.preferred(request)]),
        "today": timezone.localdate(),
        "letters": Delivery.objects.on_page_of(request.user)[:LETTERS],
        "classes": classes,
        "runs_classes": Cohort.objects.visible_to(request.user).exists(),
        "can_manage": roles.holds(request.user, *roles.STAFF),
    }
    return render(request, "home/my.html", context)


@require_safe
@login_required
def my_notebook(request: HttpRequest) -> HttpResponse:
    """What the person kept at lessons: notes, marks, questions to trainers; a page of each at a time."""
    page = request.GET.get("page", "")
    rows = {
        "notes": Note.objects.visible_to(request.user).in_notebook(),
        "bookmarks": Bookmark.objects.visible_to(request.user).in_notebook(),
        "inquiries": notebook.inquiries_of(request.user),
    }
    shown = {name: class_pages.page_of(found, page, KEPT) for name, found in rows.items()}
    lessons = {row.lesson_id for page_of_rows in shown.values() for row in page_of_rows}
    pages = LessonPage.objects.live().filter(lesson__in=lessons).order_by("-pk").defer("body")
    urls = {each.lesson_id: each.get_url(request) for each in pages}
    lists = {name: [(row, urls.get(row.lesson_id, "")) for row in found] for name, found in shown.items()}
    longest = max(shown.values(), key=lambda found: found.paginator.num_pages)
    return render(request, "home/notebook.html", {**lists, "page_obj": longest})


@require_safe
@login_required
def my_transcript(request: HttpRequest) -> HttpResponse:
    """All courses with status, score, hours and dates."""
    learned = transcript.of(request)
    headings = transcript.headings()
    rows = [list(zip(headings, transcript.row(course), strict=True)) for course in learned.courses]
    context = {"transcript": learned, "headings": headings, "rows": rows}
    return render(request, "home/transcript.html", context)


@require_safe
@login_required
def my_transcript_pdf(request: HttpRequest) -> FileResponse:
    """The same on paper."""
    assert isinstance(request.user, User)
    file = transcript_pdf.render(request.user, transcript.of(request))
    response = FileResponse(file, as_attachment=True, filename="nha-san-ket-qua-hoc-tap.pdf")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def my_transcript_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a table."""
    headers = {
        "Content-Disposition": 'attachment; filename="nha-san-ket-qua-hoc-tap.csv"',
        "Cache-Control": "no-store",
    }
    lines = transcript.as_csv(transcript.of(request))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@login_required
def my_data(request: HttpRequest) -> StreamingHttpResponse:
    """Everything kept about who is signed in, to take away."""
    headers = {
        "Content-Disposition": 'attachment; filename="nha-san-du-lieu-cua-toi.json"',
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(takeout.stream(request.user), content_type="application/json", headers=headers)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read the public pages, not the learners' and not the protocols."""
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in ("/admin/", "/my/", "/learn/", "/accounts/", "/xapi/", "/search/", "/library/lists/")
        ),
    ]
    return HttpResponse(
        "\n".join([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]), content_type="text/plain; charset=utf-8"
    )


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of sitemaps: pages, then the library's parts."""
    names = ["sitemap-pages.xml", *(f"library/sitemap-{part}.xml" for part in range(sitemaps.parts() + 1))]
    body = "".join(f"<sitemap><loc>{settings.BASE_URL}/{name}</loc></sitemap>\n" for name in names)
    return _xml("sitemapindex", body)


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """Every public page of the tree at its own address, translations too."""
    site = Site.find_for_request(request)
    homes = site.root_page.get_translations(inclusive=True) if site else []
    here = [Q(path__startswith=home.path) for home in homes]
    pages = Page.objects.live().public().filter(reduce(or_, here, Q(pk=None)), alias_of=None)
    urls = [page.get_full_url(request) for page in pages.defer_streamfields().specific().iterator()]
    return _xml(
        "urlset", "".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in dict.fromkeys(filter(None, urls)))
    )


def _xml(root: str, body: str) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAPS}">\n{body}</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
