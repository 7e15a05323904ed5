"""The consent of a community to what is kept of its knowledge and life."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsentQuerySet(models.QuerySet["CommunityConsent"]):
    """Reads of consents."""

    def in_force(self) -> "ConsentQuerySet":
        """Given by today and not withdrawn by today."""
        today = timezone.localdate()
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=today), given_on__lte=today)


class CommunityConsent(models.Model):
    """Who consented, on behalf of which community, to what. A withdrawal is noted, the row stays."""

    class Scope(models.TextChoices):
        DESCRIPTION = "description", _("Chỉ công khai phần mô tả")
        ONLINE = "online", _("Công khai cả nội dung")

    record = models.ForeignKey("library.Record", on_delete=models.PROTECT, related_name="consents")
    community = models.CharField(
        _("cộng đồng"), max_length=255, help_text=_("Ví dụ: cộng đồng người Dao ở thôn Nậm Đăm.")
    )
    given_by = models.CharField(
        _("người đồng ý"), max_length=255, help_text=_("Họ tên và vai trò, ví dụ: ông Lý Đại Duyên, già làng.")
    )
    scope = models.CharField(_("phạm vi"), max_length=12, choices=Scope)
    conditions = models.TextField(
        _("điều kiện kèm theo"), blank=True, help_text=_("Ví dụ: không dùng vào việc kinh doanh; nêu tên cộng đồng.")
    )
    given_on = models.DateField(_("ngày đồng ý"))
    document = models.CharField(
        _("văn bản"), max_length=255, blank=True, help_text=_("Số, ngày của biên bản và nơi lưu.")
    )
    withdrawn_on = models.DateField(_("ngày rút lại"), null=True, blank=True)
    withdrawal = models.CharField(_("lý do rút lại"), max_length=255, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("sự đồng ý của cộng đồng")
        verbose_name_plural = _("sự đồng ý của cộng đồng")
        ordering = ["-given_on", "-id"]

    def __str__(self) -> str:
        return self.community
