"""Sitemaps for search engines of the web."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from library import sitemaps

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def part(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """One part; 0 holds the collections."""
    if number > sitemaps.parts():
        raise Http404
    return StreamingHttpResponse(_written(number), content_type="application/xml; charset=utf-8")


def _written(number: int) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n'
    if number == 0:
        for url in sitemaps.collections():
            yield f"<url><loc>{url}</loc></url>\n"
    else:
        for url, changed in sitemaps.records(number):
            yield f"<url><loc>{url}</loc><lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>\n"
    yield "</urlset>\n"
