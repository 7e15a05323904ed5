"""Wishes of people that what is kept about them be erased."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people import access


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    """Reads of requests."""

    def visible_to(self, user: Any) -> "ErasureRequestQuerySet":
        """Those of people whom the user may see."""
        people = ErasureRequest._meta.get_field("person").related_model
        return self.filter(person__in=people._default_manager.filter(access.people(user)))

    def waiting(self) -> "ErasureRequestQuerySet":
        """Those that nobody has answered."""
        return self.filter(state=ErasureRequest.State.WAITING)


class ErasureRequest(models.Model):
    """A person asked to be erased; staff confirm or refuse with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ xử lý")
        DONE = "done", _("Đã xóa")
        REFUSED = "refused", _("Không xóa")
        WITHDRAWN = "withdrawn", _("Người học rút lại")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="erasure_requests"
    )
    asked_at = models.DateTimeField(_("gửi lúc"), auto_now_add=True)
    state = models.CharField(_("trạng thái"), max_length=9, choices=State, default=State.WAITING)
    answer = models.CharField(_("lý do không xóa"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True, help_text="the uuid of who decided")

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("yêu cầu xóa dữ liệu")
        verbose_name_plural = _("yêu cầu xóa dữ liệu")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="people_erasurerequest_one_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"
