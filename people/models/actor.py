"""By which other names statements mean a person."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserAlias(models.Model):
    """A merge: statements of this uuid are the person's. Undone by removing the row; see people.merging.

    account is the merged one, none where the uuid is that of nobody here; into is whom it was merged into; person is
    who that is today, since the one kept may have been merged later.
    """

    uuid = models.UUIDField(unique=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="merged_as"
    )
    into = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="aliases"
    )
    merged_at = models.DateTimeField(_("gộp lúc"), auto_now_add=True)
    merged_by = models.UUIDField(null=True, blank=True, help_text="the uuid of who merged")
    # Fields of the one kept that were empty and took the merged account's values: ["phone", "birth_year"]
    taken_over = models.JSONField(default=list)
    was_active = models.BooleanField(default=False, help_text="whether the merged account was open before")

    class Meta:
        verbose_name = _("tài khoản đã gộp")
        verbose_name_plural = _("tài khoản đã gộp")

    def __str__(self) -> str:
        return f"{self.uuid} → {self.person}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the merge, with whose account the uuid is."""
        self.into_id = self.into_id or self.person_id
        if self.account_id is None:
            people: Any = type(self.person)
            self.account = people.objects.filter(uuid=self.uuid).first()
        super().save(*args, **kwargs)


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
    hidden = models.BooleanField(default=False, help_text="value is a keyed hash, since the person was erased")

    class Meta:
        verbose_name = _("định danh người học")
        verbose_name_plural = _("định danh người học")
        constraints = [
            models.UniqueConstraint(fields=["kind", "home_page", "value"], name="people_actoridentifier_of_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.home_page} {self.value}".strip()
