"""Why we may keep a piece of personal data."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """A purpose of keeping personal data, its legal basis, and when the person agreed or was told."""

    class Basis(models.TextChoices):
        CONSENT = "consent", _("Người học đồng ý")
        LAW = "law", _("Theo quy định của pháp luật")
        CONTRACT = "contract", _("Thực hiện hợp đồng")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(_("mục đích"), max_length=200)
    basis = models.CharField(_("căn cứ"), max_length=8, choices=Basis)
    document = models.CharField(_("văn bản"), max_length=200, blank=True)
    given_at = models.DateTimeField(_("ghi nhận lúc"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("rút lại lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("căn cứ xử lý dữ liệu")
        verbose_name_plural = _("căn cứ xử lý dữ liệu")
        ordering = ["person", "given_at"]

    def __str__(self) -> str:
        return f"{self.person}: {self.purpose}"
