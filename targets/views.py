"""The dashboards, open to all, and the named lists behind them, for those who may see the people."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.models import Unit
from targets import figures
from targets.models import Attainment, Target

PAGE_SIZE = 50


@require_safe
def dashboard(request: HttpRequest, code: str = "") -> HttpResponse:
    """The three targets of the country or a unit, and one of them for each unit directly below."""
    day = timezone.localdate()
    unit = _unit(code) if code else None
    targets = list(Target.objects.all())
    shown = _chosen(targets, request.GET.get("target", ""))
    own, children = figures.by_child(shown, unit, day)
    context = {
        "unit": unit,
        "ancestors": _ancestors(unit),
        "day": day,
        "cards": [own if target == shown else figures.of_unit(target, unit, day) for target in targets],
        "shown": shown,
        "children": children,
        "measured": [figure for figure in children if figure.population is not None],
        "unmeasured": sorted((figure for figure in children if figure.population is None), key=lambda f: -f.outside),
        "may_list": unit is not None and Unit.objects.visible_to(request.user).filter(pk=unit.pk).exists(),
    }
    return render(request, "targets/dashboard.html", context)


@require_safe
@login_required
def attained(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The named list behind a figure; 404 for who may not see the unit, so that nothing is given away."""
    unit = _unit(code)
    if not Unit.objects.visible_to(request.user).filter(pk=unit.pk).exists():
        raise Http404
    target = get_object_or_404(Target, key=key)
    rows = Attainment.objects.visible_to(request.user).in_unit(unit).filter(target=target).for_list()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "targets/attained.html", {"unit": unit, "target": target, "page": page})


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
