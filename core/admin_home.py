"""What waits for whoever opens the admin: one list on its first page. Packages register what they know of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

MOST = 99


@dataclass(frozen=True)
class Waiting:
    """Something to do, how often (None: more than one can count in passing), and where."""

    text: Any
    url: str
    count: int | None


_sources: list[Callable[[HttpRequest], Iterable[Waiting]]] = []


def register(source: Callable[[HttpRequest], Iterable[Waiting]]) -> None:
    """Once, in apps.ready(). A source says only what the reader may see and act on, in few queries."""
    _sources.append(source)


def counted(rows: QuerySet[Any]) -> int | None:
    """How many rows there are, up to MOST: this page must not count a million."""
    found = rows.order_by()[: MOST + 1].count()
    return found if found <= MOST else None


class WaitingPanel(Component):
    """The list; no list where nothing waits."""

    order = 90
    template_name = "core/admin/waiting.html"

    def __init__(self, request: HttpRequest) -> None:
        self.waiting = [each for source in _sources for each in source(request) if each.count != 0]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"waiting": self.waiting, "most": MOST}


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Component]) -> None:
    """Before what waits to be approved, which is Wagtail's own list."""
    panels.append(WaitingPanel(request))
