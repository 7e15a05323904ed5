"""Other stores to which statements are sent on, and what they would not take."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import cipher
from core.models import QueueRow
from xapi.models.credential import Credential
from xapi.models.statement import Statement

_PURPOSE = "xapi.forwarding"


class Forwarding(models.Model):
    """Where statements go, which ones, and how far it has come (see xapi.forwarding)."""

    class Version(models.TextChoices):
        V1 = "1.0.3", "1.0.3"
        V2 = "2.0.0", "2.0.0"

    class Senders(models.TextChoices):
        ALL = "all", _("Mọi bản ghi")
        OWN = "own", _("Bản ghi của chính hệ thống này")
        COUNTING = "counting", _("Bản ghi của hệ thống này và của các hệ thống được tính vào tiến độ")
        CHOSEN = "chosen", _("Bản ghi của các hệ thống được chọn")

    name = models.CharField(_("tên"), max_length=200, unique=True)
    endpoint = models.URLField(_("địa chỉ"), max_length=500, help_text="of the LRS, without statements at its end")
    key = models.CharField(_("khóa"), max_length=255)
    sealed_secret = models.TextField(help_text="encrypted by SECRET_KEY")
    version = models.CharField(_("phiên bản xAPI"), max_length=5, choices=Version, default=Version.V1)
    senders = models.CharField(_("gửi"), max_length=10, choices=Senders, default=Senders.ALL)
    credentials = models.ManyToManyField(Credential, blank=True, verbose_name=_("các hệ thống được chọn"))
    verbs = models.JSONField(_("động từ"), default=list, blank=True, help_text="a list of IRIs; empty: every verb")
    activities = models.JSONField(
        _("hoạt động"), default=list, blank=True, help_text="a list of IRIs, with * behind a beginning; empty: all"
    )
    since = models.DateTimeField(_("từ lúc"), null=True, blank=True, help_text="stored from then on; empty: all")
    enabled = models.BooleanField(_("đang bật"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    cursor = models.BigIntegerField(default=0, help_text="primary key of the last statement looked at and dealt with")
    sent = models.PositiveBigIntegerField(default=0, help_text="statements that arrived, so far")
    last_sent_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row; an arrival makes it 0")
    last_error = models.TextField(blank=True, help_text="why the last attempt failed; empty after one that did not")
    last_error_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("chuyển tiếp bản ghi")
        verbose_name_plural = _("chuyển tiếp bản ghi")

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        """In clear. Raises core.encryption.InvalidToken when SECRET_KEY has become another."""
        return cipher(_PURPOSE).decrypt(self.sealed_secret.encode()).decode()

    @secret.setter
    def secret(self, value: str) -> None:
        self.sealed_secret = cipher(_PURPOSE).encrypt(value.encode()).decode()


class DeadLetter(models.Model):
    """A statement that the receiver would not take, with its reason. Deleted when it arrives after all."""

    forwarding = models.ForeignKey(Forwarding, on_delete=models.CASCADE, related_name="dead_letters")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    status = models.PositiveSmallIntegerField(help_text="of the receiver's answer, such as 400")
    answer = models.TextField(blank=True, help_text="the beginning of the receiver's answer")
    at = models.DateTimeField(help_text="when it was refused last")
    again = models.BooleanField(default=False, help_text="staff want it to be sent once more")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["forwarding", "statement"], name="xapi_dead_letter_once")]
        verbose_name = _("bản ghi bị từ chối")
        verbose_name_plural = _("bản ghi bị từ chối")

    def __str__(self) -> str:
        return f"{self.forwarding}: {self.statement_id}"


class ForwardingQueue(QueueRow):
    """Forwardings that are to go on, by primary key. An enabled one always has a row here, due now or later."""
