"""What trainers write to their classes, and what became of it for each person."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.models.cohort import Cohort
from lms.models.inquiry import Inquiry


class Message(models.Model):
    """Written once to the people of a class, or to those of them who are behind; or to who asked, the answer."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        Cohort, verbose_name=_("lớp"), null=True, on_delete=models.PROTECT, related_name="messages"
    )
    inquiry = models.ForeignKey(
        Inquiry, null=True, editable=False, on_delete=models.CASCADE, related_name="messages", help_text="it answers"
    )
    subject = models.CharField(_("tiêu đề"), max_length=150)
    body = models.TextField(_("nội dung"), max_length=4000)
    behind_only = models.BooleanField(_("chỉ gửi người học chậm"), default=False)
    sent_at = models.DateTimeField(_("gửi lúc"), auto_now_add=True)
    sent_by = models.UUIDField(help_text="the uuid of who wrote it")

    class Meta:
        verbose_name = _("tin nhắn")
        verbose_name_plural = _("tin nhắn")
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["cohort", "sent_at"], name="lms_message_of_cohort")]

    def __str__(self) -> str:
        return self.subject

    @property
    def about(self) -> str:
        """The class it was written to, or the course of the question that it answers."""
        if self.inquiry:
            return self.inquiry.enrolment.course.title
        return self.cohort.name if self.cohort else ""

    @property
    def sender(self) -> str:
        """The name of who wrote it; one query."""
        return str(get_user_model().objects.filter(uuid=self.sent_by).first() or "")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reads of deliveries."""

    def on_page_of(self, person: Any) -> "DeliveryQuerySet":
        """What the person's own page shows, the newest first."""
        own = self.filter(person=person, channel="page", state=Delivery.State.DELIVERED)
        around = ("message__cohort", "message__inquiry__enrolment__course")
        return own.select_related(*around).order_by("-message__sent_at", "-pk")


class Delivery(models.Model):
    """A message on its way to one person by one channel."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        SENDING = "sending", _("Đang gửi")
        DELIVERED = "delivered", _("Đã gửi")
        FAILED = "failed", _("Không gửi được")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_deliveries")
    channel = models.CharField(max_length=12, help_text="the name of one of lms.channels")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    error = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True, help_text="when it was delivered or failed")
    read_at = models.DateTimeField(null=True, help_text="on the page")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "person", "channel"], name="lms_delivery_once")]
        indexes = [models.Index(fields=["person", "channel", "state"], name="lms_delivery_of_person")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"


class NoEmail(models.Model):
    """The person wants no messages of classes by e-mail; those on the page stay."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="no_email")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.person_id)

    @classmethod
    def of(cls, people: Any) -> set[int]:
        """The keys of those of the people who want none."""
        return set(cls.objects.filter(person__in=people).values_list("person", flat=True))
