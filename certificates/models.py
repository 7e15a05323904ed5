"""Certificates and their register (sổ gốc)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import QueueRow
from people.models import User


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Reads of the register."""

    def visible_to(self, user: Any) -> "CertificateQuerySet":
        """One's own, and those of the people whom the user may see."""
        return self.filter(enrolment__learner__in=User.objects.visible_to(user))


class Certificate(models.Model):
    """One line of the register: what is printed, as it was on the day of issue. It is revoked, never deleted."""

    code = models.CharField(_("mã xác minh"), max_length=16, unique=True)
    number = models.CharField(_("số vào sổ"), max_length=24, unique=True)
    enrolment = models.OneToOneField("lms.Enrolment", on_delete=models.PROTECT, related_name="certificate")
    holder_name = models.CharField(_("họ và tên"), max_length=200)
    holder_unit = models.CharField(_("địa bàn"), max_length=300, blank=True)
    course_title = models.CharField(_("khóa học"), max_length=300)
    hours = models.DecimalField(_("số giờ"), max_digits=5, decimal_places=1)
    issued_on = models.DateField(_("ngày cấp"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)
    revoked_reason = models.CharField(_("lý do thu hồi"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = _("giấy chứng nhận")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.holder_name}"

    def get_absolute_url(self) -> str:
        return reverse("certificates:verify", args=[self.code])

    @property
    def verification_url(self) -> str:
        """The address in the QR code, without a language, since it is printed."""
        return f"{settings.BASE_URL}/certificates/{self.code}/"


class RegisterCounter(models.Model):
    """The last number given out in a year; locked while one is taken, so that the register has no gap and no double."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CertificateQueue(QueueRow):
    """Registrations whose completion is to be certified."""
