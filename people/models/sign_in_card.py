"""Printed cards that name a person by a QR code."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.access import OfPersonQuerySet


class SignInCard(models.Model):
    """A card in a learner's hand. Its token is only printed; here stands its digest. A new card ends the one before."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="sign_in_cards"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("làm lúc"), default=timezone.now)
    ended_at = models.DateTimeField(_("hết hiệu lực lúc"), null=True, blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("thẻ đăng nhập")
        verbose_name_plural = _("thẻ đăng nhập")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="people_signincard_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.made_at:%d/%m/%Y}"
