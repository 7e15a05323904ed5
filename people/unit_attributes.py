"""Writes what the state says of units: one value of a kind at a time, each with its document."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import audit
from people.exceptions import NotPossible
from people.models import Unit, UnitAgency, UnitAttribute, User
from people.models.organisation import Organisation


@transaction.atomic
def give(
    *,
    unit: Unit,
    kind: str,
    since: date,
    document: str,
    by: User | None,
    value: str = "",
    until: date | None = None,
) -> UnitAttribute:
    """Say an attribute of a unit from a day on; an earlier one of the kind ends the day before.

    Saying again what holds already changes nothing. Raises NotPossible where kind, value and level do not fit, or where
    the span runs into a later attribute.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    _check(unit, kind, value)
    rows = UnitAttribute.objects.filter(unit=unit, kind=kind)
    before = rows.filter(since__lte=since).filter(Q(until=None) | Q(until__gte=since)).first()
    if before and (before.value, before.document, before.until) == (value, document, until):
        return before
    after = rows.filter(since__gt=since).order_by("since").first()
    if after and (until is None or until >= after.since):
        raise NotPossible(
            _("Từ ngày %(day)s đã ghi “%(label)s”; hãy cho ngày kết thúc trước ngày đó.")
            % {"day": after.since.strftime("%d/%m/%Y"), "label": after.label}
        )
    if before and before.since == since:
        before.value, before.until, before.document = value, until, document
        before.save()
        return _noted(before, by)
    if before:
        before.until = since - timedelta(days=1)
        before.save()
    return _noted(
        UnitAttribute.objects.create(unit=unit, kind=kind, value=value, since=since, until=until, document=document), by
    )


@transaction.atomic
def end(*, attribute: UnitAttribute, last_day: date, by: User | None) -> None:
    """The attribute holds no longer than through the day."""
    if last_day < attribute.since:
        raise NotPossible(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    attribute.until = last_day
    attribute.save()
    _noted(attribute, by)


@transaction.atomic
def make_responsible(*, unit: Unit, organisation: Organisation, since: date, by: User | None) -> UnitAgency:
    """The agency answers for the unit from the day on; the one before it until the day before."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    rows = UnitAgency.objects.filter(unit=unit)
    if rows.filter(since__gt=since).exists():
        raise NotPossible(_("Đã ghi cơ quan phụ trách từ một ngày muộn hơn."))
    same_day = rows.filter(since=since).first()
    if same_day:
        same_day.organisation = organisation
        same_day.save()
    else:
        rows.filter(Q(until=None) | Q(until__gte=since)).update(until=since - timedelta(days=1))
    row = same_day or UnitAgency.objects.create(unit=unit, organisation=organisation, since=since)
    detail = {"organisation": str(organisation.uuid), "since": str(since)}
    audit.record(by=by, action="people.unit.agency", subject=f"unit:{unit.code}", detail=detail)
    return row


def responsible(unit: Unit, day: date | None = None) -> UnitAgency | None:
    """Who answers for the unit on the day (today by default): its own agency, else the nearest above; one query.

    Of a former unit it is who answers for where its people count today.
    """
    place = unit if unit.valid_to is None else unit.today or unit
    rows = UnitAgency.objects.on(day).filter(unit__in=place.ancestor_ids)
    nearest = {row.unit_id: row for row in rows.select_related("organisation", "unit")}
    return next((nearest[key] for key in reversed(place.ancestor_ids) if key in nearest), None)


def sayings(level: str = "") -> list[tuple[str, str]]:
    """("zone:3", its label): what may be said of units, or of those of a level, as a form's choices."""
    choices = []
    for kind, levels in UnitAttribute.LEVELS.items():
        if not level or level in levels:
            values = UnitAttribute.VALUES.get(kind, {"": ""})
            choices += [(f"{kind}:{value}", str(UnitAttribute(kind=kind, value=value).label)) for value in values]
    return choices


def _check(unit: Unit, kind: str, value: str) -> None:
    levels = UnitAttribute.LEVELS[UnitAttribute.Kind(kind)]
    if unit.level not in levels:
        names = ", ".join(str(Unit.Level(level).label) for level in levels)
        raise NotPossible(
            _("“%(kind)s” chỉ ghi cho: %(levels)s.") % {"kind": UnitAttribute.Kind(kind).label, "levels": names}
        )
    values = UnitAttribute.VALUES.get(kind, {})
    if value not in (values or {"": ""}):
        labels = ", ".join(str(label) for label in values.values())
        raise NotPossible(
            _("“%(kind)s” là một trong: %(values)s.") % {"kind": UnitAttribute.Kind(kind).label, "values": labels}
            if values
            else _("“%(kind)s” không có giá trị kèm theo.") % {"kind": UnitAttribute.Kind(kind).label}
        )


def _noted(row: UnitAttribute, by: User | None) -> UnitAttribute:
    detail = {
        "kind": row.kind,
        "value": row.value,
        "since": str(row.since),
        "until": str(row.until or ""),
        "document": row.document,
    }
    audit.record(by=by, action="people.unit.attribute", subject=f"unit:{row.unit.code}", detail=detail)
    return row
