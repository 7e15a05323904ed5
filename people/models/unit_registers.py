"""What holds of a unit from day to day: the attributes that reports cut by, and the agency that answers for it."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.dated import Dated, DatedQuerySet
from people.models.organisation import Organisation
from people.models.unit import Unit
from people.regions import Region

ZONES = {"1": _("khu vực I"), "2": _("khu vực II"), "3": _("khu vực III")}


class UnitAttributeQuerySet(DatedQuerySet):
    """Reads of attributes."""

    def standing(self, day: date | None = None) -> "UnitAttributeQuerySet":
        """Those that hold on the day, of units that stood then."""
        day = day or timezone.localdate()
        return self.on(day).filter(Q(unit__valid_to=None) | Q(unit__valid_to__gte=day))

    def for_unit(self, unit: Unit) -> "UnitAttributeQuerySet":
        """The unit's own, the latest first."""
        return self.filter(unit=unit).order_by("kind", "-since")


class UnitAttribute(Dated):
    """A unit was classified by the state, by a document, from a day on. See people.unit_attributes for writing."""

    class Kind(models.TextChoices):
        ZONE = "zone", _("Xã theo trình độ phát triển")
        HARDSHIP = "hardship", _("Thôn đặc biệt khó khăn")
        MINORITY_AREA = "minority_area", _("Vùng đồng bào dân tộc thiểu số")
        MOUNTAIN_AREA = "mountain_area", _("Miền núi")
        BORDER = "border", _("Xã biên giới")
        REGION = "region", _("Vùng kinh tế – xã hội")

    # What may be said of which level; a kind without values is said or not said.
    LEVELS = {
        Kind.ZONE: (Unit.Level.COMMUNE,),
        Kind.HARDSHIP: (Unit.Level.VILLAGE,),
        Kind.MINORITY_AREA: (Unit.Level.PROVINCE, Unit.Level.COMMUNE, Unit.Level.VILLAGE),
        Kind.MOUNTAIN_AREA: (Unit.Level.PROVINCE, Unit.Level.COMMUNE, Unit.Level.VILLAGE),
        Kind.BORDER: (Unit.Level.COMMUNE,),
        Kind.REGION: (Unit.Level.PROVINCE,),
    }
    VALUES: dict[str, dict[str, Any]] = {Kind.ZONE: ZONES, Kind.REGION: dict(Region.choices)}

    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="attributes")
    kind = models.CharField(_("thuộc tính"), max_length=16, choices=Kind)
    value = models.CharField(_("giá trị"), max_length=16, blank=True)
    document = models.CharField(_("văn bản"), max_length=200)

    objects = UnitAttributeQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("thuộc tính của địa bàn")
        verbose_name_plural = _("thuộc tính của địa bàn")
        ordering = ["unit", "kind", "since"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "kind", "since"], name="people_unitattribute_once"),
        ]
        indexes = [models.Index(fields=["kind", "value", "since"], name="people_attribute_by_kind")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.label}"

    @property
    def label(self) -> str:
        """The attribute as a reader says it: "Xã khu vực III", "Vùng kinh tế – xã hội: Đông Nam Bộ"."""
        if self.kind == self.Kind.ZONE:
            return str(_("Xã %(zone)s") % {"zone": ZONES.get(self.value, self.value)})
        if self.kind == self.Kind.REGION:
            return f"{self.get_kind_display()}: {Region(self.value).label}"
        return str(self.get_kind_display())


class UnitAgency(Dated):
    """The agency that answers for a unit, and for all below it that have none of their own."""

    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="agencies")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("cơ quan phụ trách"), on_delete=models.PROTECT, related_name="unit_agencies"
    )

    class Meta(Dated.Meta):
        verbose_name = _("cơ quan phụ trách địa bàn")
        verbose_name_plural = _("cơ quan phụ trách địa bàn")
        ordering = ["unit", "-since"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "since"], name="people_unitagency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.organisation}"
