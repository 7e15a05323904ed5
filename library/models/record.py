"""The record: the MARC as received, its canonical form, and columns derived from it."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from library import canonical, rights
from library.marc import MarcRecord


class RecordQuerySet(models.QuerySet["Record"]):
    """Reads by use. The two byte columns are large: lists call light()."""

    def public(self) -> "RecordQuerySet":
        """What any reader may see: published, not deleted, and not held back for want of a community's consent."""
        return self.filter(status=Record.Status.PUBLISHED, deleted_at=None).exclude(access=Record.Access.HIDDEN)

    def visible_to(self, user: Any) -> "RecordQuerySet":
        """What this person may open: published records and their tombstones; who catalogues sees the others too."""
        if rights.catalogues(user):
            return self
        return self.filter(status=Record.Status.PUBLISHED).exclude(access=Record.Access.HIDDEN)

    def bibliographic(self) -> "RecordQuerySet":
        """Without authority records."""
        return self.filter(kind=Record.Kind.BIB)

    def authorities(self) -> "RecordQuerySet":
        """Only authority records."""
        return self.filter(kind=Record.Kind.AUTHORITY)

    def light(self) -> "RecordQuerySet":
        """Without the MARC itself, for lists."""
        return self.defer("raw", "canonical")


class Record(models.Model):
    """One MARC record. Its key `id` is ours and never written into the MARC.

    `raw` holds the bytes as received and is never changed; `canonical` (see library.canonical) holds the same record
    in UTF-8 and is what everything else is derived from, the columns below included. Deleting is a tombstone.
    """

    class Kind(models.TextChoices):
        BIB = "bib", _("thư mục")
        AUTHORITY = "authority", _("kiểm soát tính nhất quán")

    class Status(models.TextChoices):
        PUBLISHED = "published", _("công khai")
        DRAFT = "draft", _("bản nháp")

    class Access(models.TextChoices):
        """Whom the files and addresses of a record are handed out to; see library.rights."""

        OPEN = "open", _("Mọi người")
        SIGNED_IN = "signed_in", _("Bạn đọc đã đăng nhập")
        STAFF = "staff", _("Chỉ cán bộ thư viện")
        HIDDEN = "hidden", _("Chưa công khai: chờ cộng đồng đồng ý")

    class RawFormat(models.TextChoices):
        ISO2709 = "iso2709", "ISO 2709"
        MARCXML = "marcxml", "MARCXML"
        JSON = "json", "MARC-in-JSON"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("loại biểu ghi"), max_length=10, choices=Kind, default=Kind.BIB)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.PUBLISHED)
    source = models.ForeignKey(
        "library.Source",
        verbose_name=_("nguồn"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="records",
        db_index=False,
    )
    source_identifier = models.CharField(
        max_length=500,
        blank=True,
        help_text="the source's own identifier, such as its OAI identifier; it then decides the match",
    )
    control_number = models.CharField(_("số kiểm soát"), max_length=255, blank=True, help_text="field 001, stripped")
    control_agency = models.CharField(_("cơ quan"), max_length=255, blank=True, help_text="field 003, stripped")
    match_key = models.CharField(
        max_length=64,
        unique=True,
        help_text="what makes two records the same; see library.matching",
    )
    digest = models.CharField(max_length=64, help_text="see library.matching: of raw and how it was read")
    title = models.TextField(_("nhan đề"), blank=True)
    author = models.TextField(_("tác giả"), blank=True)
    year = models.SmallIntegerField(_("năm"), null=True, blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=3, blank=True, help_text="MARC language code")
    material = models.CharField(_("loại tài liệu"), max_length=20, blank=True, help_text="see library.material")
    access = models.CharField(
        _("ai được đọc"), max_length=9, choices=Access, default=Access.OPEN, help_text="derived; see library.rights"
    )
    changed = models.DateTimeField(_("thay đổi lúc"), help_text="whole seconds, UTC; the OAI datestamp")
    version = models.PositiveIntegerField(
        _("phiên bản"), default=1, help_text="how often its content was written; see RecordVersion"
    )
    created_at = models.DateTimeField(_("nhập lúc"), auto_now_add=True)
    deleted_at = models.DateTimeField(_("xóa lúc"), null=True, blank=True)
    collections = models.ManyToManyField(
        "library.Collection",
        through="library.CollectionMembership",
        related_name="records",
    )
    repairs = models.CharField(
        max_length=255,
        blank=True,
        help_text="what was repaired at reading; names of library.reading.Repair",
    )
    raw_format = models.CharField(max_length=10, choices=RawFormat)
    raw = models.BinaryField(help_text="the bytes as received")
    canonical = models.BinaryField(help_text="see library.canonical")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("biểu ghi")
        verbose_name_plural = _("biểu ghi")
        ordering = ["id"]
        permissions = [("publish_record", "Công bố, gộp và sửa hàng loạt biểu ghi")]
        indexes = [
            models.Index(fields=["changed", "id"], name="library_record_changed"),
            models.Index(fields=["control_number"], name="library_record_number"),
            models.Index(fields=["source", "id"], name="library_record_source"),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    @property
    def marc(self) -> MarcRecord:
        """The record's leader and fields."""
        return canonical.parse(bytes(self.canonical))

    def get_absolute_url(self) -> str:
        return reverse("library:record", args=[self.pk])
