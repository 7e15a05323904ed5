"""Where records come from when they are not our own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A partner repository. A record without a source is our own; a harvested one stays as it came, one per source."""

    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    name = models.CharField(_("tên"), max_length=255)

    class Meta:
        verbose_name = _("nguồn")
        verbose_name_plural = _("nguồn")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
