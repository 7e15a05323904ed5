"""Administrative units, past and present, and villages below them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import access, succession
from people.folding import SearchKeyField, matches


class PathField(models.CharField):
    """Primary keys from the root down, each followed by a slash: "12/345/"."""


@PathField.register_lookup
class Under(models.Lookup):
    """path__under="12/": the unit with that path and all below it, by the index of the column.

    Every vendor has another way to search a prefix by an index: SQLite wants a range (its LIKE ignores case and so the
    index), PostgreSQL wants LIKE (a range follows the locale's order), for which db_index makes a second index with
    varchar_pattern_ops.
    """

    lookup_name = "under"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A range: "0" is the character after "/"."""
        column, parameters = self.process_lhs(compiler, connection)
        path = str(self.rhs)
        return f"({column} >= %s AND {column} < %s)", (*parameters, path, *parameters, path[:-1] + "0")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """LIKE; a path holds digits and slashes only, so nothing needs an escape."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*parameters, f"{self.rhs}%")


class UnitQuerySet(models.QuerySet["Unit"]):
    """Reads of units."""

    def current(self) -> "UnitQuerySet":
        """The units of today."""
        return self.filter(valid_to=None)

    def on(self, day: date | None = None) -> "UnitQuerySet":
        """The units that stood on a day (today by default)."""
        day = day or timezone.localdate()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def provinces(self) -> "UnitQuerySet":
        """Provinces and cities of the centre, past ones too."""
        return self.filter(level=Unit.Level.PROVINCE)

    def subtree(self, unit: "Unit") -> "UnitQuerySet":
        """The unit and all below it."""
        return self.filter(path__under=unit.path)

    def counting_under(self, unit: "Unit") -> "UnitQuerySet":
        """The units, former ones included, whose people today count in the unit or below it."""
        return self.filter(today__path__under=unit.path)

    def having(self, kind: str, *values: str, on: date | None = None, levels: Sequence[str] = ()) -> "UnitQuerySet":
        """The units that had the attribute on the day (today by default), or lay in one that had: for reports.

        A unit that no longer stood on the day is judged by the unit where its people count today. Without values any
        value is meant. So people.filter(unit__in=Unit.objects.having("zone", "3")) are those of communes of zone III.
        levels: of which units the attribute must have been said (any by default).
        """
        day = on or timezone.localdate()
        attributes = apps.get_model("people", "UnitAttribute").objects.standing(day).filter(kind=kind)
        attributes = attributes.filter(unit__level__in=levels) if levels else attributes
        holders = (attributes.filter(value__in=values) if values else attributes).values("unit")
        stood = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter((stood & _lies_in(holders, "")) | (~stood & _lies_in(holders, "today__")))

    def found_by(self, text: str) -> "UnitQuerySet":
        """Those whose name and code hold every word, marks or no marks."""
        return self.filter(matches(text))

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """Those whose people the user may see, and their own; see people.access."""
        return self.filter(access.units(user))

    def managed_by(self, user: Any) -> "UnitQuerySet":
        """Those for which the user answers, and all below; administrators answer for all."""
        return self.filter(access.managed_units(user))

    def to_look_up(self, user: Any) -> "UnitQuerySet":
        """The state's units, which are no secret, and the villages that the user may see."""
        if access.sees_all(user):
            return self.all()  # an empty condition would get lost in an "or"
        return self.filter(~Q(level=Unit.Level.VILLAGE) | access.units(user))


def _lies_in(units: Any, prefix: str) -> Q:
    """The unit is one of these or lies in one: three steps up lead from a village to its province of four levels."""
    steps = ("pk", "parent", "parent__parent", "parent__parent__parent")
    condition = Q()
    for step in steps:
        condition |= Q(**{f"{prefix}{step}__in": units})
    return condition


class Unit(models.Model):
    """A province, district, commune or village in the span of days in which it kept parent, name, level and code.

    A change ends the unit and starts another. Codes of the past are used again for other places, so the key is the code
    with the first day. `today` and `settled` are derived from the succession: see people.succession.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("Tỉnh, thành phố")
        DISTRICT = "district", _("Huyện, quận, thị xã")
        COMMUNE = "commune", _("Xã, phường, đặc khu")
        VILLAGE = "village", _("Thôn, bản, ấp, buôn")

    code = models.CharField(_("mã"), max_length=16, help_text=_("Giữ nguyên các số 0 ở đầu."))
    level = models.CharField(_("cấp"), max_length=8, choices=Level)
    name = models.CharField(_("tên"), max_length=120)
    short_name = models.CharField(_("tên gọn"), max_length=120)
    parent = models.ForeignKey(
        "self", verbose_name=_("thuộc"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    search_key = SearchKeyField(sources=("name", "code"))
    path = PathField(max_length=100, db_index=True, editable=False)
    today = models.ForeignKey("self", null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    settled = models.BooleanField(default=True, editable=False, help_text=_("Chỉ có một đơn vị kế thừa."))

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        ordering = ["code", "valid_from"]
        permissions = [("settle_unit", _("Xếp người của đơn vị cũ vào đơn vị mới"))]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="people_unit_key"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_unit_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["level", "valid_to", "code"], name="people_unit_by_level")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the unit; its place in the tree and its standing today follow."""
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else ''}{self.pk}/"
        if self.path != path:
            self.path = path
            Unit.objects.filter(pk=self.pk).update(path=path)
        succession.settle([self.pk])
        self.refresh_from_db(fields=["today", "settled"])

    @property
    def ancestor_ids(self) -> list[int]:
        """The keys from the root down to this unit itself."""
        return [int(key) for key in self.path.split("/")[:-1]]


class UnitSuccession(models.Model):
    """A former unit went, whole or in part, to another."""

    predecessor = models.ForeignKey(
        Unit, verbose_name=_("đơn vị cũ"), on_delete=models.CASCADE, related_name="successions"
    )
    successor = models.ForeignKey(Unit, verbose_name=_("đơn vị mới"), on_delete=models.CASCADE, related_name="origins")
    whole = models.BooleanField(
        _("toàn bộ"), help_text=_("Bỏ chọn khi chỉ một phần của đơn vị cũ thuộc về đơn vị mới.")
    )
    document = models.CharField(_("văn bản"), max_length=200)

    class Meta:
        verbose_name = _("kế thừa đơn vị")
        verbose_name_plural = _("kế thừa đơn vị")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="people_unitsuccession_once")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the succession; where the former unit's people count follows."""
        super().save(*args, **kwargs)
        succession.settle([self.predecessor_id])
