"""Collections: sets of records, also the sets of OAI-PMH."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Collection(models.Model):
    """A named set of records, below another one or at the top: put together by hand, by a rule, or both."""

    slug = models.SlugField(_("khóa"), max_length=80, unique=True)
    name = models.CharField(_("tên"), max_length=255)
    description = models.TextField(_("mô tả"), blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("thuộc bộ sưu tập"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    # {"language": ["tyz"], "subject": ["Người Tày", "Tày"], "year_from": 1945}: every key must fit, by any of its
    # values; empty: no rule. The keys are those of library.rules.
    rule = models.JSONField(_("quy tắc"), default=dict, blank=True, help_text="version 1: see library.rules")

    class Meta:
        verbose_name = _("bộ sưu tập")
        verbose_name_plural = _("bộ sưu tập")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library:collection", args=[self.slug])


class CollectionMembership(models.Model):
    """One record in one collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="memberships")
    by_rule = models.BooleanField(default=False, help_text="derived from the collection's rule, and goes with it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "record"], name="library_membership_once")]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.record_id}"
