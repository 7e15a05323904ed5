"""Copies on shelves: which library has them, under which register number, where."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class HoldingLibrary(models.Model):
    """A library, or a shelf of books with its own register, such as the bookcase of a commune."""

    code = models.CharField(
        _("mã thư viện"), max_length=40, unique=True, help_text=_("Như ghi trong trường 852 $a, ví dụ VN-LCTV.")
    )
    name = models.CharField(_("tên"), max_length=255)
    address = models.CharField(_("địa chỉ, giờ mở cửa"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("thư viện lưu giữ")
        verbose_name_plural = _("thư viện lưu giữ")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RegisterSeries(models.Model):
    """How far the register numbers of one library, series and year have come."""

    library = models.ForeignKey(HoldingLibrary, on_delete=models.CASCADE, related_name="series")
    code = models.CharField(max_length=10, help_text="the series, such as VN")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0, help_text="the last number that was given")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "code", "year"], name="library_series_once")]

    def __str__(self) -> str:
        return f"{self.code}.{self.year}"


class CopyQuerySet(models.QuerySet["Copy"]):
    """Reads of copies."""

    def shown(self) -> "CopyQuerySet":
        """What readers see: all but those that were written off."""
        return self.exclude(status=Copy.Status.WITHDRAWN).select_related("library")

    def in_shelf_order(self) -> "CopyQuerySet":
        """As they stand: by library, place and call number."""
        return self.select_related("library", "record").order_by(
            "library__name", "location", "call_number", "register_number"
        )

    def visible_to(self, user: Any) -> "CopyQuerySet":
        """Copies of the records that the person may open."""
        from library.models.record import Record

        return self.filter(record__in=Record.objects.visible_to(user))


class Copy(models.Model):
    """One physical copy (bản tài liệu)."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Sẵn sàng phục vụ")
        ON_LOAN = "on_loan", _("Đang cho mượn")
        READING_ROOM = "reading_room", _("Đọc tại chỗ")
        REPAIR = "repair", _("Đang tu sửa")
        LOST = "lost", _("Thất lạc")
        WITHDRAWN = "withdrawn", _("Đã thanh lý")

    record = models.ForeignKey("library.Record", on_delete=models.PROTECT, related_name="copies")
    library = models.ForeignKey(
        HoldingLibrary, verbose_name=_("thư viện"), on_delete=models.PROTECT, related_name="copies"
    )
    register_number = models.CharField(_("số ĐKCB"), max_length=40)
    call_number = models.CharField(_("ký hiệu xếp giá"), max_length=120, blank=True)
    location = models.CharField(_("kho, giá"), max_length=120, blank=True)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status, default=Status.AVAILABLE)
    acquired_on = models.DateField(_("ngày nhập kho"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=255, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản tài liệu")
        verbose_name_plural = _("bản tài liệu")
        ordering = ["library", "register_number"]
        constraints = [
            models.UniqueConstraint(fields=["library", "register_number"], name="library_register_number_once")
        ]
        indexes = [models.Index(fields=["library", "location", "call_number"], name="library_copy_shelf")]

    def __str__(self) -> str:
        return self.register_number
