"""A table that somebody handed in, what is wrong with it, and what came of each of its rows."""

from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.job import Job


def place_of(table_import: "TableImport", name: str) -> str:
    """Where the file is kept: under a name that nobody guesses, outside the public folders."""
    return f"imports/{uuid4().hex}{PurePath(name).suffix[:8].lower()}"


class TableImportQuerySet(models.QuerySet["TableImport"]):
    """Reads of imports."""

    def visible_to(self, user: Any) -> "TableImportQuerySet":
        """One's own; all of them for who may change anybody's."""
        if user.has_perm("core.change_tableimport"):
            return self
        return self.filter(started_by=user.uuid)


class TableImport(models.Model):
    """One file on its way in. Nothing is written from it before somebody has seen its problems and accepted it."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Đang kiểm tra")
        REFUSED = "refused", _("Không đọc được")
        CHECKED = "checked", _("Chờ đồng ý")
        WRITING = "writing", _("Đang ghi")
        DONE = "done", _("Đã ghi xong")
        DROPPED = "dropped", _("Đã bỏ")

    kind = models.CharField(max_length=100, help_text="which kind of table: see core.table_imports")
    file = models.FileField(upload_to=place_of, max_length=200)
    file_name = models.CharField(_("tên tệp"), max_length=255, help_text="as its owner calls it")
    language = models.CharField(max_length=12, default="vi", help_text="of the messages")
    arguments = models.JSONField(default=dict, blank=True, help_text="version 1: what the kind's form asked")
    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.CHECKING)
    refusal = models.TextField(blank=True, help_text="why it could not be read")
    # Where the columns stand: {"sheet": "Sheet1", "line": 3, "places": {"full_name": 0}, "ignored": ["STT"]}
    headings = models.JSONField(default=dict, blank=True)
    rows = models.PositiveIntegerField(default=0, help_text="rows that hold something, headings not counted")
    found = models.JSONField(default=dict, blank=True, help_text='by the check: {"add": 290, "wrong": 10, …}')
    came = models.JSONField(default=dict, blank=True, help_text="by the writing, the same words")
    written_through = models.PositiveIntegerField(default=0, help_text="line of the last row that was dealt with")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.UUIDField(null=True, blank=True, db_index=True, help_text="empty: at the shell")
    created_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("tệp nhập")
        verbose_name_plural = _("tệp nhập")

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(models.Model):
    """Something wrong with a cell or a row. A fatal one keeps the row out, another is only a warning."""

    table_import = models.ForeignKey(TableImport, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(_("dòng"), help_text="as the owner's program counts")
    column = models.CharField(_("cột"), max_length=200, blank=True, help_text="its heading; empty: the whole row")
    value = models.CharField(_("ghi trong tệp"), max_length=200, blank=True)
    text = models.CharField(_("cần sửa"), max_length=500)
    fatal = models.BooleanField(default=True)

    class Meta:
        ordering = ["table_import", "line", "id"]
        indexes = [models.Index(fields=["table_import", "line", "id"], name="core_importproblem_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.text}"


class ImportedRow(models.Model):
    """What came of one row; written with it in one transaction."""

    class Outcome(models.TextChoices):
        ADD = "add", _("Thêm mới")
        CHANGE = "change", _("Cập nhật")
        SAME = "same", _("Không đổi")
        WRONG = "wrong", _("Bỏ qua vì có lỗi")

    table_import = models.ForeignKey(TableImport, on_delete=models.CASCADE, related_name="outcomes")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome)
    detail = models.CharField(max_length=255, blank=True, help_text="such as the name to sign in by")

    class Meta:
        ordering = ["table_import", "line"]
        constraints = [models.UniqueConstraint(fields=["table_import", "line"], name="core_importedrow_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"
