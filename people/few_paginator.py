"""Pages of a list that may be of a million: it counts and sorts no more than one can look through.

Two things would be slow with so many: to count all that fit, and to sort them. So counting stops at MOST, and of a
search or filter that fits more rows a list shows MOST, sorted among themselves, and says so; where nothing is asked
the index of names is walked.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

MOST = 2000  # rows that a list counts and shows


class FewPaginator(WagtailPaginator):
    """Shows MOST of a queryset, and counts no further. in_order: the first ones, where an index gives that order."""

    in_order = False
    parts: Sequence[QuerySet[Any]] = ()  # that together hold the rows in order, each by an index; none: the rows do

    object_list: Any

    @cached_property
    def _keys(self) -> list[int]:
        """Of all that fit, where they are few; one more than MOST where they are many."""
        rows: Any = self.object_list
        return list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def count(self) -> int:
        """At most MOST."""
        return min(len(self._keys), MOST)

    @property
    def has_more(self) -> bool:
        """Whether there are more than are counted."""
        return len(self._keys) > MOST

    def page(self, number: Any) -> Any:
        """Sorted among those found, or walked in order: by keys first, which are sorted faster than whole rows."""
        number = self.validate_number(number)
        rows: Any = self.object_list
        start, end = (number - 1) * self.per_page, min(number * self.per_page, MOST)
        keys = self._keys[:MOST]
        if self.has_more and self.in_order:
            order = rows.query.order_by or rows.model._meta.ordering
            keys = [key for part in self.parts or [rows] for key in first_keys(part, order, end)]
        # without a limit, which would have PostgreSQL walk an index of names for who knows how long
        sorted_keys = self._rows(keys).select_related(None).prefetch_related(None).values_list("pk", flat=True)
        return self._get_page(list(self._rows(list(sorted_keys)[start:end])), number, self)

    def _rows(self, keys: list[int]) -> Any:
        """Those of the keys as the list wants them."""
        rows: Any = self.object_list
        found = rows.model._default_manager.filter(pk__in=keys)
        found = found.prefetch_related(*rows._prefetch_related_lookups)  # noqa: SLF001 - there is no public name
        found.query.select_related = rows.query.select_related
        return found.order_by(*rows.query.order_by) if rows.query.order_by else found


def first_keys(rows: QuerySet[Any], order: Sequence[Any], number: int) -> list[int]:
    """The keys of the first so many in that order."""
    return list(rows.order_by(*order).values_list("pk", flat=True)[:number])


class FewAtOnce:
    """For a listing view of Wagtail's. walked: the field whose index gives the list's own order."""

    paginator_class = FewPaginator
    walked = "name"
    is_searching: bool
    is_filtering: bool

    def parts(self) -> Sequence[QuerySet[Any]]:
        """See FewPaginator: for a list whose reader sees rows by one condition or another."""
        return ()

    def get_paginator(self, *args: Any, **kwargs: Any) -> FewPaginator:
        """In order where nothing is asked but that order."""
        paginator: FewPaginator = super().get_paginator(*args, **kwargs)  # type: ignore[misc]
        rows = paginator.object_list
        first, *_others = rows.query.order_by or rows.model._meta.ordering
        in_order = str(first).lstrip("-") == self.walked
        paginator.in_order = in_order and not (self.is_searching or self.is_filtering)
        paginator.parts = self.parts() if paginator.in_order else ()
        return paginator
