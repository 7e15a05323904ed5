"""Collections: sets of records, also the sets of OAI-PMH."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Collection(models.Model):
    """A named set of records, below another one or at the top."""

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

    class Meta:
        verbose_name = _("bộ sưu tập")
        verbose_name_plural = _("bộ sưu tập")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CollectionMembership(models.Model):
    """One record in one collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="memberships")
    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "record"], name="library_membership_once")]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.record_id}"
