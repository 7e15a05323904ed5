"""The columns of tables of records, and where in MARC each one goes."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

TARGET = r"00[1-9]|(?:LDR|00[68])/\d\d(?:-\d\d)?|[0-9]{3} [#0-9][#0-9] [a-z0-9]"


class RecordColumn(models.Model):
    """One column that a table of records may have."""

    heading = models.CharField(
        _("tên cột"), max_length=100, unique=True, help_text=_("như ghi ở dòng tiêu đề của bảng")
    )
    also = models.CharField(
        _("tên khác"), max_length=255, blank=True, help_text=_("cách nhau bằng dấu phẩy, ví dụ: Tên sách, Title")
    )
    target = models.CharField(
        _("vào trường MARC"),
        max_length=12,
        validators=[RegexValidator(rf"\A(?:{TARGET})\Z", _("Ghi như 245 10 a, 100 1# a, 001 hoặc 008/07-10."))],
        help_text=_("nhãn, hai chỉ thị (# là trống) và mã trường con: 245 10 a; hoặc vị trí cố định: 008/07-10"),
    )
    separator = models.CharField(
        _("dấu ngăn"),
        max_length=3,
        blank=True,
        help_text=_("ngăn nhiều giá trị trong một ô, mỗi giá trị thành một trường; để trống nếu ô chỉ có một giá trị"),
    )
    required = models.BooleanField(_("bắt buộc"), default=False)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=100)

    class Meta:
        ordering = ["order", "id"]
        verbose_name = _("cột của bảng biểu ghi")
        verbose_name_plural = _("cột của bảng biểu ghi")

    def __str__(self) -> str:
        return self.heading
