"""Organisations and households, and who learns for them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people import access
from people.dated import Dated, DatedQuerySet
from people.folding import SearchKeyField, matches
from people.models.unit import Unit


class InUnitQuerySet(DatedQuerySet):
    """Reads of what stands in a unit and is learned for."""

    def visible_to(self, user: Any) -> "InUnitQuerySet":
        """Those in the units the user manages, and those the user learns for."""
        return self.filter(access.represented(user, self.model._meta.model_name))

    def found_by(self, text: str) -> "InUnitQuerySet":
        """Those whose name holds every word, marks or no marks."""
        return self.filter(matches(text))


class Organisation(Dated):
    """An agency, school, cooperative or enterprise in a unit."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Cơ quan nhà nước")
        SCHOOL = "school", _("Trường học")
        COOPERATIVE = "cooperative", _("Hợp tác xã")
        ENTERPRISE = "enterprise", _("Doanh nghiệp")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("tên"), max_length=255)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="organisations")
    ethnic_affairs = models.BooleanField(_("cơ quan làm công tác dân tộc"), default=False)
    ethnic_minority = models.BooleanField(_("của người dân tộc thiểu số"), default=False)
    search_key = SearchKeyField(sources=("name",))

    objects = InUnitQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("cơ quan, tổ chức")
        verbose_name_plural = _("cơ quan, tổ chức")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Household(Dated):
    """A household economy; `basis` says by which paper it counts as one of an ethnic minority."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("tên chủ hộ hoặc tên hộ"), max_length=255)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="households")
    ethnic_minority = models.BooleanField(_("hộ dân tộc thiểu số"), default=False)
    basis = models.CharField(_("căn cứ"), max_length=255, blank=True)
    search_key = SearchKeyField(sources=("name",))

    objects = InUnitQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("hộ gia đình")
        verbose_name_plural = _("hộ gia đình")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Representation(Dated):
    """A person learns for a household or an organisation."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="representations"
    )
    household = models.ForeignKey(
        Household,
        verbose_name=_("hộ gia đình"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="representations",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("cơ quan, tổ chức"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="representations",
    )

    objects = access.OfPersonQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("học thay cho")
        verbose_name_plural = _("học thay cho")
        ordering = ["person", "since"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(household__isnull=False, organisation=None) | Q(household=None, organisation__isnull=False),
                name="people_representation_of_one",
                violation_error_message=_("Hãy chọn một hộ gia đình hoặc một tổ chức."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.subject}"

    @property
    def subject(self) -> Household | Organisation:
        """What the person learns for."""
        subject = self.household or self.organisation
        assert subject is not None  # the check constraint
        return subject
