"""By which other names statements mean a person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserAlias(models.Model):
    """A merge: statements of this uuid are the person's. Undone by removing the row."""

    uuid = models.UUIDField(unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="aliases"
    )
    merged_at = models.DateTimeField(_("gộp lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("tài khoản đã gộp")
        verbose_name_plural = _("tài khoản đã gộp")

    def __str__(self) -> str:
        return f"{self.uuid} → {self.person}"


class ActorIdentifier(models.Model):
    """An identifier of the person in statements that came from other systems."""

    class Kind(models.TextChoices):
        MBOX = "mbox", "mbox"
        MBOX_SHA1SUM = "mbox_sha1sum", "mbox_sha1sum"
        OPENID = "openid", "openid"
        ACCOUNT = "account", "account"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="actor_identifiers"
    )
    kind = models.CharField(max_length=13, choices=Kind)
    home_page = models.CharField(max_length=500, blank=True, help_text="of an account; else empty")
    value = models.CharField(max_length=500, help_text="the mbox IRI, the sum, the openid or the account's name")

    class Meta:
        verbose_name = _("định danh người học")
        verbose_name_plural = _("định danh người học")
        constraints = [
            models.UniqueConstraint(fields=["kind", "home_page", "value"], name="people_actoridentifier_of_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.home_page} {self.value}".strip()
