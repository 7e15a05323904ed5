"""The learner's own page."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from home import front, takeout
from library import sitemaps
from lms import class_pages
from lms.models import Cohort, Delivery
from people import roles

LETTERS = 10  # messages of classes that the page shows
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@login_required
def my(request: HttpRequest) -> HttpResponse:
    """Courses, certificates and the account of who is signed in."""
    context = {
        "person": request.user,
        "going_on": front.going_on(request.user),
        "learning": front.learning(request.user),
        "today": timezone.localdate(),
        "letters": Delivery.objects.on_page_of(request.user)[:LETTERS],
        "classes": class_pages.of_learner(request.user),
        "runs_classes": Cohort.objects.visible_to(request.user).exists(),
        "can_manage": roles.holds(request.user, *roles.STAFF),
    }
    return render(request, "home/my.html", context)


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
    """Every public page of the tree at its own address."""
    site = Site.find_for_request(request)
    pages = Page.objects.live().public().descendant_of(site.root_page, inclusive=True) if site else Page.objects.none()
    urls = [page.get_full_url(request) for page in pages.defer_streamfields().specific().iterator()]
    return _xml(
        "urlset", "".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in dict.fromkeys(filter(None, urls)))
    )


def _xml(root: str, body: str) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAPS}">\n{body}</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
