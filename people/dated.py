"""What holds from one day to another."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def holds_on(day: date | None = None, prefix: str = "") -> Q:
    """The condition that a dated row holds on a day (today by default); prefix is the way to it: "memberships__"."""
    day = day or timezone.localdate()
    return Q(**{f"{prefix}since__lte": day}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day}))


class DatedQuerySet(models.QuerySet[Any]):
    """Reads of dated rows."""

    def on(self, day: date | None = None) -> Self:
        """Those that hold on the day (today by default); both ends belong to the span."""
        return self.filter(holds_on(day))


class Dated(models.Model):
    """Holds from `since` through `until`, both days included; `until` empty: still."""

    since = models.DateField(_("từ ngày"), default=timezone.localdate)
    until = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="%(app_label)s_%(class)s_until_after_since"
            )
        ]
