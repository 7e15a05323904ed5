"""Who answers for a unit and all below it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.dated import Dated
from people.models.unit import Unit


class ManagerAssignment(Dated):
    """A person sees the people of a unit's subtree while the assignment holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người quản lý"),
        on_delete=models.CASCADE,
        related_name="manager_assignments",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="manager_assignments"
    )

    class Meta(Dated.Meta):
        verbose_name = _("phân công quản lý")
        verbose_name_plural = _("phân công quản lý")
        ordering = ["person", "since"]

    def __str__(self) -> str:
        return f"{self.person}: {self.unit}"
