"""A file of records that was handed in, what the import did with each record, and what stood there before."""

from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Job


def place_of(batch: "ImportBatch", name: str) -> str:
    """Where the file is kept: under a name that nobody guesses, outside the public folders."""
    return f"imports/{uuid4().hex}{PurePath(name).suffix[:8].lower()}"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Reads of imports."""

    def visible_to(self, user: Any) -> "ImportBatchQuerySet":
        """One's own; all of them for who may change anybody's."""
        return self if user.has_perm("library.change_importbatch") else self.filter(started_by=user.uuid)


class ImportBatch(models.Model):
    """One import. In the admin the file is analysed first and nothing written before a person has said how."""

    class State(models.TextChoices):
        ANALYSING = "analysing", _("Đang phân tích")
        REFUSED = "refused", _("Không đọc được")
        ANALYSED = "analysed", _("Chờ chọn cách nhập")
        WRITING = "writing", _("Đang nhập")
        DONE = "done", _("Đã nhập xong")
        DROPPED = "dropped", _("Đã bỏ")
        TAKING_BACK = "taking_back", _("Đang rút lại")
        TAKEN_BACK = "taken_back", _("Đã rút lại")

    class MatchOn(models.TextChoices):
        NUMBER = "number", _("Số kiểm soát và cơ quan (001 và 003)")
        ISBN = "isbn", _("ISBN")
        TITLE = "title", _("Nhan đề, tác giả và năm")

    class OnMatch(models.TextChoices):
        OVERLAY = "overlay", _("Thay biểu ghi đã có bằng biểu ghi trong tệp")
        SKIP = "skip", _("Bỏ qua, giữ biểu ghi đã có")
        ADD = "add", _("Vẫn thêm thành biểu ghi mới")

    file = models.FileField(
        upload_to=place_of, max_length=200, blank=True, help_text="empty: at the shell, or forgotten"
    )
    file_name = models.CharField(_("tên tệp"), max_length=255, help_text="as its owner calls it")
    language = models.CharField(max_length=12, default="vi", help_text="of the messages")
    state = models.CharField(_("trạng thái"), max_length=12, choices=State, default=State.ANALYSING)
    refusal = models.TextField(blank=True, help_text="why it could not be read")
    # version 1: {"format": "iso2709", "records": 9, "rejected": 1, "repaired": {"length": 2}, "guess": "tcvn3",
    #  "rules": {"number": {"new": 5, "matched": 3, "several": 0}, …}, "readings": {"": ["Nhan đề", …], "tcvn3": […]}}
    found = models.JSONField(default=dict, blank=True, help_text="by the analysis")
    encoding = models.CharField(
        _("bảng mã"),
        max_length=20,
        blank=True,
        help_text="an older Vietnamese one; empty: UTF-8 or MARC-8",
    )
    match_on = models.CharField(_("so trùng theo"), max_length=10, choices=MatchOn, default=MatchOn.NUMBER)
    on_match = models.CharField(_("khi trùng"), max_length=10, choices=OnMatch, default=OnMatch.OVERLAY)
    publish = models.BooleanField(default=True, help_text="whether new records are public at once, else drafts")
    collection = models.ForeignKey(
        "library.Collection",
        verbose_name=_("bộ sưu tập"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    written_through = models.PositiveIntegerField(default=0, help_text="the last record that was dealt with")
    came = models.JSONField(default=dict, blank=True, help_text='by the writing: {"add": 5, "change": 3, …}')
    taken = models.JSONField(default=dict, blank=True, help_text='by taking back: {"removed": 5, "left": 1}')
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.UUIDField(null=True, blank=True, db_index=True, help_text="empty: at the shell")
    created_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("lần nhập biểu ghi")
        verbose_name_plural = _("lần nhập biểu ghi")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether a job waits or runs for it."""
        return self.job is not None and self.job.is_going


class ImportedRecord(models.Model):
    """What became of one record of the file, written with it in one transaction."""

    class Outcome(models.TextChoices):
        ADD = "add", _("Thêm mới")
        CHANGE = "change", _("Thay")
        SAME = "same", _("Không đổi")
        SKIP = "skip", _("Bỏ qua vì đã có")
        SEVERAL = "several", _("Để lại vì trùng nhiều biểu ghi")
        REJECT = "reject", _("Từ chối")

    class Taken(models.TextChoices):
        REMOVED = "removed", _("Đã xóa")
        RESTORED = "restored", _("Đã trả lại như trước")
        LEFT = "left", _("Để nguyên vì đã được sửa sau đó")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="records", db_index=False)
    position = models.PositiveIntegerField(_("thứ tự"), help_text="which record of the file, counted from 1")
    outcome = models.CharField(_("kết quả"), max_length=8, choices=Outcome)
    record = models.ForeignKey(
        "library.Record", null=True, on_delete=models.SET_NULL, related_name="+", help_text="what it became or met"
    )
    note = models.CharField(max_length=255, blank=True, help_text="what was repaired, or why it was not taken")
    after = models.CharField(
        max_length=64,
        blank=True,
        help_text="digest of the canonical form that was written; empty: a later record of the file stands for both",
    )
    before = models.BinaryField(null=True, help_text="see library.import_batches; empty: it was not there")
    rejected = models.ForeignKey(
        "library.RejectedRecord", null=True, on_delete=models.SET_NULL, related_name="+", help_text="where it is kept"
    )
    joined = models.BooleanField(default=False, help_text="whether the import put it into the collection")
    taken = models.CharField(max_length=8, choices=Taken, blank=True)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="library_imported_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.outcome}"
