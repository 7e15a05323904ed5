"""Keys with which other systems write to and read from the store."""

import hashlib
import hmac
import secrets
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a credential may do (xAPI 1.0.3, Communication 4.2 and OAuth scopes)."""

    ALL = "all", _("Toàn quyền")
    READ = "all/read", _("Đọc tất cả")
    STATEMENTS_WRITE = "statements/write", _("Ghi bản ghi học tập")
    STATEMENTS_READ = "statements/read", _("Đọc mọi bản ghi học tập")
    STATEMENTS_READ_MINE = "statements/read/mine", _("Đọc bản ghi do chính mình gửi")
    STATE = "state", _("Đọc và ghi trạng thái học")
    PROFILE = "profile", _("Đọc và ghi hồ sơ người học, hoạt động")
    DEFINE = "define", _("Đặt mô tả hoạt động")


class Credential(models.Model):
    """A key and the hash of its secret. The secret is random and long, so one fast hash keeps it safe."""

    name = models.CharField(_("tên"), max_length=200, unique=True)
    key = models.CharField(_("khóa"), max_length=64, unique=True)
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 of the secret, hexadecimal")
    scopes = models.JSONField(_("phạm vi"), default=list, help_text="a list of Scope values")
    counts = models.JSONField(
        _("khóa học được tính"),
        default=list,
        blank=True,
        help_text="keys of the courses for which its statements count",
    )
    requests_a_minute = models.PositiveIntegerField(
        _("số yêu cầu mỗi phút"), null=True, blank=True, help_text="at most; empty: xapi.rate_limit.CREDENTIAL"
    )
    created_at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    last_used_on = models.DateField(_("dùng gần nhất"), null=True, blank=True, help_text="the day, written once a day")
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("khóa truy cập LRS")
        verbose_name_plural = _("khóa truy cập LRS")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def create(
        cls, *, name: str, scopes: list[str], counts: list[str], requests_a_minute: int | None = None
    ) -> tuple[Self, str]:
        """A new credential and its secret, which is shown once and never again."""
        secret = secrets.token_urlsafe(32)
        made = cls.objects.create(
            name=name,
            key=secrets.token_hex(16),
            secret_hash=hashed(secret),
            scopes=scopes,
            counts=counts,
            requests_a_minute=requests_a_minute,
        )
        return made, secret

    @property
    def scope_labels(self) -> list[str]:
        """The scopes in words."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]

    def fits(self, secret: str) -> bool:
        """Whether this is the secret, in constant time."""
        return hmac.compare_digest(self.secret_hash, hashed(secret))

    def allows(self, *scopes: str) -> bool:
        """Whether it has one of the scopes; "all" has every one."""
        return Scope.ALL in self.scopes or any(scope in self.scopes for scope in scopes)

    def revoke(self) -> None:
        """From now on it opens nothing. What it stored stays."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])

    def note_use(self) -> None:
        """Remember the day. The row was read to sign in, so only the first request of a day writes."""
        today = timezone.localdate()
        if self.last_used_on != today:
            self.last_used_on = today
            type(self).objects.filter(pk=self.pk).exclude(last_used_on=today).update(last_used_on=today)


def hashed(secret: str) -> str:
    """SHA-256, hexadecimal: enough for secrets that are random and long."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
