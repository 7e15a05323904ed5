"""What a reader can choose beside the hits: kinds, facets, the order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from search import address, sources
from search.queries import Query, Results

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 8  # values of a facet before "more"
SORTS = {
    "relevance": _("Phù hợp nhất"),
    "newest": _("Mới cập nhật"),
    "title": _("Theo nhan đề"),
    "year": _("Năm mới nhất"),
}


@dataclass(frozen=True)
class Choice:
    """One link that changes what is shown."""

    label: "StrOrPromise"
    url: str
    chosen: bool
    count: int = 0


@dataclass(frozen=True)
class Facet:
    """A facet's values, the most frequent first; more are those shown on request."""

    label: "StrOrPromise"
    choices: list[Choice]
    more: list[Choice]


def kinds(parameters: QueryDict, query: Query, results: Results) -> list[Choice]:
    """All kinds together, then each one that has hits or is chosen."""
    counts = dict(results.facets.get("kind", ()))
    every = Choice(_("Tất cả"), address.with_value(parameters, "kind", ""), not query.kinds, sum(counts.values()))
    found = [each for each in sources.sources() if each.kind in counts or each.kind in query.kinds]
    return [every] + [
        Choice(
            each.label,
            address.with_value(parameters, "kind", each.kind),
            each.kind in query.kinds,
            counts.get(each.kind, 0),
        )
        for each in found
    ]


def facets(parameters: QueryDict, query: Query, results: Results) -> list[Facet]:
    """The facets that have something to choose, in the order of their registration.

    They are those of the kinds that were chosen, else of the kind with most hits; and whatever is chosen already.
    """
    found = []
    for name, label in _of_interest(query, results).items():
        counts = dict(results.facets.get(name, ()))
        chosen = query.filters.get(name, ())
        counts |= {value: 0 for value in chosen if value not in counts}
        values = [
            Choice(value, address.toggled(parameters, name, value), value in chosen, count)
            for value, count in counts.items()
        ]
        values.sort(key=lambda choice: not choice.chosen)  # chosen first; the order stays otherwise
        if values:
            found.append(Facet(label, values[:SHOWN], values[SHOWN:]))
    return found


def _of_interest(query: Query, results: Results) -> "dict[str, StrOrPromise]":
    shown = set(query.kinds) or {kind for kind, _count in results.facets.get("kind", ())[:1]}
    labels = {name: label for each in sources.sources() if each.kind in shown for name, label in each.facets.items()}
    return {name: label for name, label in sources.facet_labels().items() if name in labels or name in query.filters}


def sorts(parameters: QueryDict, query: Query) -> list[Choice]:
    """The orders of hits."""
    return [
        Choice(label, address.with_value(parameters, "sort", "" if sort == "relevance" else sort), sort == query.sort)
        for sort, label in SORTS.items()
    ]
