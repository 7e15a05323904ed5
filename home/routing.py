"""Which page stands at an address in the reader's language."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpRequest
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from core import content_memory, reading_language
from lms import shared_lesson
from lms.models import LessonPage


def find(request: HttpRequest, path: str) -> RouteResult | None:
    """The page in the reader's language; where there is none, that in Vietnamese or in which it was written first.

    Lessons, which are read most and lie deepest, are kept in memory.
    """
    kept, key = content_memory.of(request), shared_lesson.key_of("route", request, request.get_port(), path)
    if key in kept:
        request._wagtail_site, found = kept[key]  # type: ignore[attr-defined] # noqa: SLF001
        return RouteResult(found)
    result = _find(request, path)
    if result and isinstance(result.page, LessonPage):
        result.page.known_restrictions = list(result.page.get_view_restrictions())
        kept[key] = Site.find_for_request(request), result.page
    return result


def _find(request: HttpRequest, path: str) -> RouteResult | None:
    """An alias only holds the place for a translation."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    language, components = reading_language.of(request), [each for each in path.split("/") if each]
    for home in _homes(site.root_page, language):
        with suppress(Http404):
            found = home.specific.route(request, components)
            if found.page.alias_of_id is None:
                return found if home.locale.language_code == language else _translated(found, language)
    written = _anywhere(site.root_page, components)
    return _translated(RouteResult(written), language) if written else None


def _homes(home: Page, language: str) -> Iterator[Page]:
    """That of the language, then the Vietnamese one."""
    wanted = list(dict.fromkeys([language, settings.LANGUAGE_CODE]))
    if wanted == [home.locale.language_code]:
        yield home
        return
    rows = Page.objects.filter(translation_key=home.translation_key, locale__language_code__in=wanted)
    found = {row.locale.language_code: row for row in rows.select_related("locale")}
    yield from (found[code] for code in wanted if code in found)


def _anywhere(home: Page, components: Sequence[str]) -> Page | None:
    """What was written in neither language."""
    roots = home.get_translations(inclusive=True).values_list("url_path", flat=True)
    paths = [root + "".join(f"{each}/" for each in components) for root in roots]
    page = Page.objects.live().filter(url_path__in=paths, alias_of=None).order_by("pk").first()
    return page and page.specific


def _translated(found: RouteResult, language: str) -> RouteResult:
    """Its translation, should that stand elsewhere in its tree because the source was moved since."""
    pages = found.page.get_translations().filter(locale__language_code=language, live=True, alias_of=None)
    return RouteResult(page.specific, found.args, found.kwargs) if (page := pages.first()) else found
