"""The log of what staff changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to what, and when. Rows are only ever added."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.UUIDField(null=True, blank=True, db_index=True, help_text="the person's uuid; empty: the site itself")
    action = models.CharField(max_length=100, help_text="such as certificates.revoke")
    subject = models.CharField(max_length=255, db_index=True, help_text="what it was done to, such as certificate:AB12")
    detail = models.JSONField(default=dict, blank=True, help_text="version 1: plain names and values; no personal data")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("mục nhật ký")
        verbose_name_plural = _("nhật ký thay đổi")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
