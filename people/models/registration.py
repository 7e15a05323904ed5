"""Requests for an account that staff have not decided yet."""

from typing import Any

from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import access, pins
from people.folding import SearchKeyField, matches
from people.models.group import Group
from people.models.name_fields import OneSpellingField, PhoneField, validate_phone
from people.models.unit import Unit


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Reads of requests."""

    def visible_to(self, user: Any) -> "RegistrationQuerySet":
        """Those that the user may decide; see people.access."""
        return self.filter(access.registrations(user))

    def found_by(self, text: str) -> "RegistrationQuerySet":
        """Those whose names hold every word, marks or no marks."""
        return self.filter(matches(text))

    def newest_of(self, name: str) -> "Registration | None":
        """The last request with this telephone number or e-mail address."""
        return self.filter(Q(phone=name) | Q(email=name)).order_by("-id").first() if name.strip() else None


class Registration(models.Model):
    """What somebody said of themselves. No account: it takes no telephone number, is in no list of people and counts
    nowhere, until staff confirm it. The row goes when it is decided.
    """

    full_name = models.CharField(_("họ và tên"), max_length=150)
    phone = PhoneField(_("số điện thoại"), max_length=16, null=True, blank=True, validators=[validate_phone])
    email = OneSpellingField(_("thư điện tử"), max_length=254, null=True, blank=True, validators=[validate_email])
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), null=True, on_delete=models.PROTECT, related_name="+")
    audiences = models.JSONField(_("nhóm đối tượng"), default=list, blank=True)
    group = models.ForeignKey(
        Group, verbose_name=_("nhóm"), null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    pin = models.CharField(max_length=128, help_text="hashed, as a password is")
    uuid = models.UUIDField(help_text="of the account to be, since the PIN is keyed by it")
    identity = models.CharField(max_length=191, blank=True, help_text="subject at the identity provider")
    agreed_at = models.DateTimeField(_("đồng ý lúc"), default=timezone.now)
    created_at = models.DateTimeField(_("gửi lúc"), default=timezone.now)
    search_key = SearchKeyField(sources=("full_name", "phone", "email"))

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn đăng ký")
        verbose_name_plural = _("đơn đăng ký")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["phone"], name="people_registration_phone"),
            models.Index(fields=["email"], name="people_registration_email"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def check_pin(self, typed: str) -> bool:
        """Whether this is the PIN that was chosen with the request."""
        return pins.check(self.uuid, typed, self.pin)
