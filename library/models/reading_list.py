"""Lists that readers keep for themselves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ReadingListQuerySet(models.QuerySet["ReadingList"]):
    """Reads of lists."""

    def visible_to(self, user: Any) -> "ReadingListQuerySet":
        """One's own; a shared one is opened by its address alone."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def with_counts(self) -> "ReadingListQuerySet":
        """Adds `number` of records."""
        return self.annotate(number=models.Count("entries"))


class ReadingList(models.Model):
    """Records that a reader has put together, seen by nobody else until its owner shares it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_lists")
    name = models.CharField(_("tên danh sách"), max_length=120)
    share_code = models.CharField(
        max_length=32, unique=True, null=True, blank=True, help_text="in the address for others; empty: not shared"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    records = models.ManyToManyField("library.Record", through="library.ListEntry", related_name="+")

    objects = ReadingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("danh sách đọc")
        verbose_name_plural = _("danh sách đọc")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="library_list_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library:reading_list", args=[self.pk])


class ListEntry(models.Model):
    """One record in a list."""

    list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="entries")
    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["list", "record"], name="library_list_entry_once")]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.record_id}"
