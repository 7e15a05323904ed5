"""The search page's address: from its parameters to a query and back."""

from typing import cast, get_args

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from search import sources
from search.matching import MAX_TEXT
from search.queries import Query, Sort

MOST_VALUES = 20  # of one filter


def query(parameters: QueryDict) -> Query:
    """What the address asks for. Raises Http404 for a page that is no number; an unknown sort is relevance."""
    names = list(sources.facet_labels())
    chosen = {name: tuple(filter(None, parameters.getlist(name)))[:MOST_VALUES] for name in names}
    sort = parameters.get("sort", "")
    return Query(
        text=" ".join(parameters.get("q", "").split())[: MAX_TEXT + 1],  # one more, so that a cut shows
        kinds=tuple(filter(None, parameters.getlist("kind")))[:MOST_VALUES],
        filters={name: values for name, values in chosen.items() if values},
        facets=("kind", *names),
        page=_page(parameters.get("page", "")),
        sort=cast(Sort, sort) if sort in get_args(Sort) else "relevance",
    )


def toggled(parameters: QueryDict, name: str, value: str) -> str:
    """The address with one value of a filter put in or taken out, on the first page."""
    changed = parameters.copy()
    values = changed.getlist(name)
    changed.setlist(name, [one for one in values if one != value] if value in values else [*values, value])
    changed.pop("page", None)
    return _written(changed)


def with_value(parameters: QueryDict, name: str, value: str) -> str:
    """The address with just this value of a parameter (empty: without it), on the first page."""
    changed = parameters.copy()
    changed.pop("page", None)
    changed.pop(name, None)
    if value:
        changed[name] = value
    return _written(changed)


def with_page(parameters: QueryDict, page: int) -> str:
    """The address of another page of the same hits."""
    changed = parameters.copy()
    changed["page"] = str(page)
    return _written(changed)


def unfiltered(parameters: QueryDict) -> str:
    """The address of the same words without any filter."""
    changed = QueryDict(mutable=True)
    changed["q"] = parameters.get("q", "")
    return _written(changed)


def _written(parameters: QueryDict) -> str:
    return "?" + parameters.urlencode()


def _page(text: str) -> int:
    if not text:
        return 1
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise Http404(_("Không có trang kết quả này."))
    return int(text)
