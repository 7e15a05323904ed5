"""Meetings of a class, and who was there.

A mark is what someone said once, with the id and the time that its maker gave it; marks are never changed. What holds
is the latest mark of a learner in a session: `Attendance`, kept beside them, with the statement that says it.
"""

import uuid
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.models.cohort import Cohort


class SessionQuerySet(models.QuerySet["Session"]):
    """Reads of sessions."""

    def visible_to(self, user: Any) -> "SessionQuerySet":
        """Those of the classes that the user runs."""
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def coming(self) -> "SessionQuerySet":
        """Those of today and later, the next first."""
        return self.filter(day__gte=timezone.localdate()).order_by("day", "starts", "id")


class Session(models.Model):
    """One meeting of a class."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, verbose_name=_("lớp"), on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(_("nội dung"), max_length=200, blank=True)
    day = models.DateField(_("ngày"))
    starts = models.TimeField(_("bắt đầu"), default=time(8))
    ends = models.TimeField(_("kết thúc"), default=time(11))
    place = models.CharField(_("nơi học"), max_length=200, blank=True)
    hours = models.DecimalField(_("số giờ"), max_digits=4, decimal_places=1, default=0)
    lesson = models.ForeignKey(
        "lms.Lesson",
        verbose_name=_("dạy bài"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("buổi học")
        verbose_name_plural = _("buổi học")
        ordering = ["day", "starts", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "day", "starts"],
                name="lms_session_once",
                violation_error_message=_("Lớp đã có một buổi học bắt đầu đúng giờ này."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="lms_session_ends_after_start",
                violation_error_message=_("Giờ kết thúc phải sau giờ bắt đầu."),
            ),
        ]
        indexes = [models.Index(fields=["day"], name="lms_session_by_day")]

    def __str__(self) -> str:
        return self.title or f"{self.day:%d/%m/%Y}"

    @property
    def iri(self) -> str:
        """The session as an activity of statements."""
        return f"{self.cohort.iri}/sessions/{self.uuid}"

    @property
    def starts_at(self) -> datetime:
        """The moment it begins, in the site's time zone."""
        return timezone.make_aware(datetime.combine(self.day, self.starts))

    @property
    def ends_at(self) -> datetime:
        """The moment it ends, in the site's time zone."""
        return timezone.make_aware(datetime.combine(self.day, self.ends))


class Presence(models.TextChoices):
    """How a learner stood to a session."""

    PRESENT = "present", _("Có mặt")
    LATE = "late", _("Đến muộn")
    EXCUSED = "excused", _("Vắng có phép")
    ABSENT = "absent", _("Vắng không phép")


THERE = (Presence.PRESENT, Presence.LATE)


class Mark(models.Model):
    """What was said once about a learner in a session: the history of attendance."""

    class How(models.TextChoices):
        LIST = "list", _("Danh sách")
        CODE = "code", _("Mã QR")
        IMPORT = "import", _("Nhập từ tệp")

    event = models.UUIDField(unique=True, help_text="chosen by the device; sent twice it is one mark")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("điểm danh"), max_length=8, choices=Presence)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)
    at = models.DateTimeField(_("lúc"), help_text="when it was said, by the device's clock set right")
    received_at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)
    by = models.UUIDField(null=True, help_text="the uuid of who said it; empty: the site itself")
    how = models.CharField(_("cách"), max_length=6, choices=How)

    class Meta:
        verbose_name = _("lượt điểm danh")
        verbose_name_plural = _("lượt điểm danh")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["session", "learner", "at"], name="lms_mark_of_learner")]

    def __str__(self) -> str:
        return str(self.event)


class Attendance(models.Model):
    """How a learner stands to a session by the latest mark."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(_("điểm danh"), max_length=8, choices=Presence)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)
    mark = models.ForeignKey(Mark, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(help_text="of the mark")
    attempt = models.PositiveSmallIntegerField(default=0, help_text="statements made so far, voided ones included")
    statement_id = models.UUIDField(null=True, help_text="the standing statement; none while not there")

    class Meta:
        verbose_name = _("điểm danh")
        verbose_name_plural = _("điểm danh")
        ordering = ["session", "learner"]
        constraints = [models.UniqueConstraint(fields=["session", "learner"], name="lms_attendance_once")]
        indexes = [models.Index(fields=["learner", "session"], name="lms_attendance_of_learner")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.learner_id}"

    @property
    def is_there(self) -> bool:
        """Whether the learner was at the session, in time or late."""
        return self.state in THERE
