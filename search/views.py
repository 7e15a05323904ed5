"""The readers' search page."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search import address, choices
from search.engines import engine
from search.exceptions import IndexMissing, SearchError, TooDeep
from search.matching import wanted
from search.queries import MAX_DEPTH

logger = logging.getLogger(__name__)
RETRY_AFTER = "30"  # seconds


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Hits with their words marked, counts by kind, facets to narrow by; or what to do when there is nothing yet."""
    query = address.query(request.GET)
    context = {"query": query, "sorts": choices.sorts(request.GET, query), "cut": wanted(query.text).cut}
    if not (query.text.strip() or query.kinds or query.filters):
        return render(request, "search/search.html", context)
    try:
        results = engine().search(query)
    except TooDeep:
        text = _("Chỉ xem được %(number)s kết quả đầu tiên. Mời bà con thêm từ để thu hẹp.") % {"number": MAX_DEPTH}
        return render(request, "search/search.html", context | {"problem": text}, status=404)
    except SearchError as error:
        return _unavailable(request, context, error)
    pages = -(-results.total // query.size)
    if query.page > max(pages, 1):
        raise Http404(_("Không có trang kết quả này."))
    context |= {
        "results": results,
        "kinds": choices.kinds(request.GET, query, results),
        "facets": choices.facets(request.GET, query, results),
        "pages": pages,
        "previous": address.with_page(request.GET, query.page - 1) if query.page > 1 else "",
        "next": address.with_page(request.GET, query.page + 1) if query.page < pages else "",
        "unfiltered": address.unfiltered(request.GET) if query.kinds or query.filters else "",
    }
    return render(request, "search/search.html", context)


def _unavailable(request: HttpRequest, context: dict[str, object], error: SearchError) -> HttpResponse:
    """The page without hits, with status 503: it heals by itself or the operator is at it."""
    logger.error("search: %s", error)
    if isinstance(error, IndexMissing):
        text = _("Đang dựng lại chỉ mục tìm kiếm. Mời bà con thử lại sau ít phút.")
    else:
        text = _("Máy tìm kiếm đang bận hoặc tạm dừng. Mời bà con thử lại sau ít phút.")
    response = render(request, "search/search.html", context | {"problem": text}, status=503)
    response["Retry-After"] = RETRY_AFTER
    return response
