"""The seven groups of people whom the decision wants trained."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.access import OfPersonQuerySet
from people.dated import Dated


class Audience(models.TextChoices):
    """Whom the programme trains; a person may belong to several."""

    OFFICIALS = "officials", _("Cán bộ, công chức, viên chức cơ quan công tác dân tộc")
    COMMUNE_OFFICIALS = "commune_officials", _("Cán bộ, công chức cấp xã")
    VILLAGE_HEADS = "village_heads", _("Trưởng thôn, bản, ấp, buôn")
    PERSONS_OF_INFLUENCE = "persons_of_influence", _("Người có uy tín")
    HOUSEHOLDS = "households", _("Hộ gia đình")
    COOPERATIVES = "cooperatives", _("Hợp tác xã")
    ENTERPRISES = "enterprises", _("Doanh nghiệp")


class AudienceMembership(Dated):
    """A person belongs to an audience, by a decision where there is one."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="audience_memberships"
    )
    audience = models.CharField(_("nhóm đối tượng"), max_length=24, choices=Audience)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    decision_date = models.DateField(_("ngày quyết định"), null=True, blank=True)

    objects = OfPersonQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("nhóm đối tượng của người học")
        verbose_name_plural = _("nhóm đối tượng của người học")
        ordering = ["person", "since"]
        indexes = [models.Index(fields=["audience", "since", "until"], name="people_audience_by_date")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_audience_display()}"
