"""The dashboards and their files, open to all, and the named lists behind them, for those who may see the people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import table_files
from people import access
from people.models import Unit
from targets import cuts, figures
from targets.cuts import Cut
from targets.figures import Figure
from targets.models import Attainment, Target

PAGE_SIZE = 50


@dataclass
class _Asked:
    """What the address asks for: a target in the country or a unit on a day, perhaps cut by how places are classed."""

    unit: Unit | None
    day: date
    targets: list[Target]
    shown: Target
    answers_for_it: bool
    cut: Cut | None

    @classmethod
    def read(cls, request: HttpRequest, code: str, key: str) -> "_Asked":
        unit = _unit(code) if code else None
        targets = list(Target.objects.all())
        answers_for_it = _answers_for(request.user, unit)
        try:
            cut = cuts.chosen(request.GET.get("attribute", ""), answers_for_it=answers_for_it)
        except LookupError as error:
            raise Http404 from error
        return cls(unit, timezone.localdate(), targets, _chosen(targets, key), answers_for_it, cut)

    @cached_property
    def figures(self) -> tuple[Figure, list[Figure]]:
        """The unit's own, and of each unit directly below."""
        return figures.by_child(self.shown, self.unit, self.day, self.cut)

    def query(self, target: Target) -> str:
        """Such as ?target=officials&attribute=zone%3A3; empty where nothing is asked but what is shown anyhow."""
        asked = {} if target == _chosen(self.targets, "") else {"target": target.key}
        asked |= {"attribute": self.cut.key} if self.cut else {}
        return f"?{urlencode(asked)}" if asked else ""


@require_safe
def dashboard(request: HttpRequest, code: str = "") -> HttpResponse:
    """The three targets of the country or a unit, and one of them for each unit directly below."""
    asked = _Asked.read(request, code, request.GET.get("target", ""))
    unit, (own, children) = asked.unit, asked.figures
    cards = [
        own if target == asked.shown else figures.of_unit(target, unit, asked.day, asked.cut)
        for target in asked.targets
    ]
    context = {
        "unit": unit,
        "ancestors": _ancestors(unit),
        "day": asked.day,
        "cards": [(figure, asked.query(figure.target)) for figure in cards],
        "shown": asked.shown,
        "query": asked.query(asked.shown),
        "cut": asked.cut,
        "cuts": cuts.choices(answers_for_it=asked.answers_for_it),
        "children": children,
        "measured": [figure for figure in children if figure.population is not None],
        "unmeasured": sorted((figure for figure in children if figure.population is None), key=lambda f: -f.outside),
        "may_list": unit is not None and Unit.objects.visible_to(request.user).filter(pk=unit.pk).exists(),
    }
    return render(request, "targets/dashboard.html", context)


@require_safe
def figures_file(request: HttpRequest, form: str, code: str = "") -> HttpResponseBase:
    """The figures of the page as a table, CSV or XLSX: the unit's own line, then those of the units below it."""
    if form not in table_files.CONTENT_TYPES:
        raise Http404
    asked = _Asked.read(request, code, request.GET.get("target", ""))
    headings = [
        _("Mã"), _("Địa bàn"), _("Chỉ tiêu"), _("Phân loại địa bàn"), _("Số liệu đến ngày"), _("Tổng số"),
        _("Đã đào tạo"), _("Tỷ lệ (%)"), _("Mục tiêu (%)"), _("Đã đào tạo, ngoài tổng số"),
    ]  # fmt: skip
    name = f"chi-tieu-{asked.shown.key}-{asked.unit.code if asked.unit else 'ca-nuoc'}.{form}"
    return table_files.response(name, headings, _lines(asked), title=_("Chỉ tiêu"))


@require_safe
@login_required
def attained(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The named list behind a figure; 404 for who may not see the unit, so that nothing is given away."""
    unit = _unit(code)
    if not Unit.objects.visible_to(request.user).filter(pk=unit.pk).exists():
        raise Http404
    asked = _Asked.read(request, code, key)
    rows = Attainment.objects.visible_to(request.user).in_unit(unit).filter(target=asked.shown)
    rows = rows.filter(unit__in=asked.cut.units(asked.day)) if asked.cut else rows
    context = {
        "unit": unit,
        "target": asked.shown,
        "cut": asked.cut,
        "page": Paginator(rows.for_list(), PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "targets/attained.html", context)


def _lines(asked: _Asked) -> Iterator[list[Any]]:
    """As the page says it: where there is no population all that are trained, and no share."""
    own, children = asked.figures
    for figure in (own, *children):
        known = figure.population is not None
        yield [
            figure.unit.code if figure.unit else "",
            figure.unit.name if figure.unit else _("Cả nước"),
            figure.target.label,
            asked.cut.label if asked.cut else "",
            f"{asked.day:%d/%m/%Y}",
            figure.population if known else "",
            figure.attained if known else figure.outside,
            "" if figure.percent is None else round(figure.percent, 2),
            figure.goal,
            figure.outside if known else "",
        ]


def _answers_for(user: Any, unit: Unit | None) -> bool:
    """Whether the user manages the unit; the country is the administrators'."""
    if unit is None:
        return access.sees_all(user)
    return Unit.objects.managed_by(user).filter(pk=unit.pk).exists()


def _unit(code: str) -> Unit:
    return get_object_or_404(Unit.objects.current().select_related("parent"), code=code)


def _ancestors(unit: Unit | None) -> list[Unit]:
    if unit is None:
        return []
    return list(Unit.objects.filter(pk__in=unit.ancestor_ids[:-1]).order_by("path"))


def _chosen(targets: list[Target], key: str) -> Target:
    """The target asked for; by default the one of village heads, the largest group."""
    by_key = {target.key: target for target in targets}
    if key and key not in by_key:
        raise Http404
    return by_key[key] if key else by_key.get("heads", targets[0])
