"""Tables handed in: checked whole, written only when accepted, each row once, whatever stops on the way."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils import timezone

from core import jobs, table_columns, table_imports, table_reports
from core.exceptions import NotAtThisState
from core.models import ImportedRow, Job, Schedule, TableImport
from core.table_columns import Column
from core.table_kinds import Problem
from tests.core.handed_in import ScheduleKind, ScheduleWork, file, xlsx

HEADINGS = ["STT", "Họ và tên (*)", "Số giây"]
ROWS = [
    [1, "Sao lưu", 3600],
    [2, "", 60],
    [3, "Dọn dẹp", "sáu mươi"],
    [4, "thu hoạch", 86400],
    [5, "Sao lưu", 60],
]


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_imports, "_kinds", {"schedules": ScheduleKind()})


def hand_in(content: bytes, **options) -> TableImport:
    """Kept and checked here."""
    made = table_imports.start(
        kind="schedules", file=file(content), by=uuid4(), arguments={"kind": "y"}, in_background=False
    )
    for _done in table_imports.check(made):
        pass
    return made


def write_all(made: TableImport) -> None:
    """Accepted and written here."""
    table_imports.accept(made, in_background=False)
    for _done in table_imports.write(made):
        pass


def said(made: TableImport) -> list[tuple[int, str, str, str, bool]]:
    """What is wrong, row by row."""
    return list(made.problems.values_list("line", "column", "value", "text", "fatal"))


@pytest.mark.django_db
def test_a_check_says_every_problem_and_writes_nothing() -> None:
    """The headings may stand below a title; columns that nobody asked for are named."""
    made = hand_in(xlsx(["Danh sách lịch năm 2026"], [], HEADINGS, *ROWS))
    assert made.state == TableImport.State.CHECKED
    assert made.headings == {
        "sheet": "Danh sách",
        "unread": [],
        "line": 3,
        "places": {"name": 1, "seconds": 2},
        "ignored": ["STT"],
        "cells": ["STT", "Họ và tên (*)", "Số giây"],
    }
    assert made.found == {"add": 2, "wrong": 3, "warned": 1}
    assert made.rows == 5
    assert said(made) == [
        (5, "Họ và tên", "", "Thiếu tên.", True),
        (6, "Số giây", "sáu mươi", "Không phải số.", True),
        (7, "Họ và tên", "thu hoạch", "Nên viết hoa.", False),
        (8, "", "", "Trùng dòng 4.", True),
    ]
    assert not Schedule.objects.exists()


@pytest.mark.django_db
def test_accepted_rows_are_written_and_wrong_ones_left_out() -> None:
    """With what came of each row."""
    made = hand_in(xlsx(HEADINGS, *ROWS))
    write_all(made)
    assert made.state == TableImport.State.DONE
    assert made.came == {"add": 2, "wrong": 3}
    assert sorted(Schedule.objects.values_list("name", "every_seconds", "kind")) == [
        ("Sao lưu", 3600, "y"),
        ("thu hoạch", 86400, "y"),
    ]
    assert list(made.outcomes.values_list("line", "outcome", "detail")) == [
        (2, "add", "số Sao lưu"),
        (3, "wrong", ""),
        (4, "wrong", ""),
        (5, "add", "số thu hoạch"),
        (6, "wrong", ""),
    ]


@pytest.mark.django_db
def test_a_second_import_changes_only_what_changed() -> None:
    """The same rows are the same."""
    write_all(hand_in(xlsx(HEADINGS, [1, "Sao lưu", 3600], [2, "Dọn dẹp", 60])))
    again = hand_in(xlsx(HEADINGS, [1, "Sao lưu", 3600], [2, "Dọn dẹp", 90]))
    write_all(again)
    assert again.came == {"same": 1, "change": 1}


@pytest.mark.django_db
def test_what_became_wrong_meanwhile_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world moved between the check and the writing."""
    made = hand_in(xlsx(HEADINGS, [1, "Sao lưu", 3600], [2, "Dọn dẹp", 60]))
    monkeypatch.setattr(ScheduleWork, "_verdict", _verdict_of)
    write_all(made)
    assert made.came == {"add": 1, "wrong": 1}
    assert said(made) == [(3, "Họ và tên", "Dọn dẹp", "Đã có người khác.", True)]


ORIGINAL = ScheduleWork._verdict


def _verdict_of(self, row, known):
    verdict = ORIGINAL(self, row, known)
    if row.line == 3:
        verdict.problems.append(Problem("name", "Đã có người khác."))
    return verdict


@pytest.mark.django_db
def test_an_import_is_accepted_once_and_a_dropped_one_never() -> None:
    """Two presses of the button, two windows."""
    made = hand_in(xlsx(HEADINGS, [1, "Sao lưu", 3600]))
    table_imports.accept(made)
    with pytest.raises(NotAtThisState):
        table_imports.accept(made)
    other = hand_in(xlsx(HEADINGS, [1, "Sao lưu", 3600]))
    table_imports.drop(other)
    with pytest.raises(NotAtThisState):
        table_imports.accept(other)
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_jobs_check_and_write_in_the_background() -> None:
    """As the admin starts them."""
    made = table_imports.start(kind="schedules", file=file(xlsx(HEADINGS, *ROWS)), by=uuid4(), arguments={})
    assert jobs.run_all() == 1
    made.refresh_from_db()
    assert made.state == TableImport.State.CHECKED
    table_imports.accept(made)
    assert jobs.run_all() == 1
    made.refresh_from_db()
    assert made.came == {"add": 2, "wrong": 3}
    assert Job.objects.get(pk=made.job_id).result == {"add": 2, "wrong": 3}


@pytest.mark.django_db(transaction=True)
def test_a_killed_writing_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch that was under way is undone whole and done again once."""
    made = hand_in(xlsx(HEADINGS, *[[n, f"Lịch {n}", 60] for n in range(1, 8)]))
    table_imports.accept(made)
    write = ScheduleWork.write
    calls = []

    def die(self, rows):
        details = write(self, rows)
        calls.append(details)
        if len(calls) == 3:
            raise SystemExit
        return details

    monkeypatch.setattr(ScheduleWork, "write", die)
    with pytest.raises(SystemExit):
        jobs.run_all()
    assert Schedule.objects.count() == ImportedRow.objects.count() == 4
    assert jobs.take_over("inline") == 1
    jobs.run_all()
    made.refresh_from_db()
    assert made.came == {"add": 7}
    assert Schedule.objects.count() == 7
    assert calls[2] == calls[3] == ["số Lịch 5", "số Lịch 6"]


@pytest.mark.django_db
def test_a_stopped_writing_keeps_what_it_wrote_and_goes_on_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping is no undoing."""
    made = hand_in(xlsx(HEADINGS, *[[n, f"Lịch {n}", 60] for n in range(1, 8)]))
    table_imports.accept(made)
    write = ScheduleWork.write

    def ask_to_stop(self, rows):
        Job.objects.update(stop_requested=True)
        return write(self, rows)

    with monkeypatch.context() as patched:
        patched.setattr(ScheduleWork, "write", ask_to_stop)
        jobs.run_all()
    made.refresh_from_db()
    assert (made.state, made.job.state, made.written_through) == ("writing", "stopped", 3)
    assert Schedule.objects.count() == 2
    table_imports.go_on(made)
    jobs.run_all()
    made.refresh_from_db()
    assert made.came == {"add": 7}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ([["Một", "Hai"], [1, 2]], "Không thấy dòng tiêu đề."),
        ([["Họ và tên", "Ghi chú"], ["Sao lưu", "x"]], "Thiếu cột “Số giây” (dòng tiêu đề là dòng 1)."),
        ([HEADINGS], "Dưới dòng tiêu đề không có dòng nào."),
    ],
)
def test_a_table_without_its_headings_or_rows_is_refused(rows, refusal) -> None:
    """With what is missing."""
    made = hand_in(xlsx(*rows))
    assert made.state == TableImport.State.REFUSED
    assert made.refusal.startswith(refusal)


@pytest.mark.parametrize("heading", ["Họ và tên", "HO VA TEN", "họ  và tên (*)", "Ho_va_ten", "name", "Name (full)"])
def test_headings_are_known_in_both_languages_without_marks(heading) -> None:
    """As people write them."""
    found = table_columns.find(ScheduleKind.columns, [(1, [heading, "Every"])])
    assert found.places == {"name": 0, "seconds": 1}


@pytest.mark.parametrize("heading", ["A/Ah", "A / Aleph", "Aleph/A"])
def test_one_heading_in_several_words_is_that_column(heading) -> None:
    """Tỉnh/TP, Họ và tên / Full name: where all parts mean the same column, and none means another."""
    columns = [Column("a", "A", also=("Ah", "Aleph")), Column("b", "B"), Column("c", "C")]
    assert table_columns.find(columns, [(1, [heading, "B", "B/C"])]).places == {"a": 0, "b": 1}


COLUMNS = [Column(name, name.upper()) for name in "abcd"]


def test_headings_over_two_lines_as_merged_cells_make_them() -> None:
    """Each column has its heading in the upper line, the lower, or both; a line of numbers below is no row."""
    lines = [
        (1, ["Danh sách"]),
        (3, ["A", "B", "Nơi ở", "", "Ghi chú"]),
        (4, ["", "", "C", "D"]),
        (5, ["(1)", "(2)", "(3)", "(4)", "(5)"]),
        (6, ["a", "b", "c", "d"]),
    ]
    found = table_columns.find(COLUMNS, lines)
    assert (found.line, found.places) == (5, {"a": 0, "b": 1, "c": 2, "d": 3})
    assert (found.cells, found.ignored) == (["A", "B", "C", "D", "Ghi chú"], ["Ghi chú"])


@pytest.mark.parametrize("row", [["x", "y", "", "z"], ["1", "2", "4"], ["1", "", "3"], ["7"]])
def test_the_row_below_the_headings_is_a_row(row) -> None:
    """Though some of its cells are empty, or numbers."""
    found = table_columns.find(COLUMNS, [(1, ["A", "B", "C"]), (2, row)])
    assert (found.line, found.cells) == (1, ["A", "B", "C"])


def test_a_doubled_heading_counts_once() -> None:
    """The first one; the other is named as unused."""
    found = table_columns.find([Column("a", "A"), Column("b", "B")], [(1, ["A", "B", "A"])])
    assert (found.places, found.ignored) == ({"a": 0, "b": 1}, ["A"])


def rows_of(content: io.BytesIO, sheet: int = 0) -> list[tuple]:
    """The values of a workbook's sheet."""
    return list(openpyxl.load_workbook(content).worksheets[sheet].values)


@pytest.mark.django_db
def test_the_rows_to_mend_can_be_mended_and_handed_in_again() -> None:
    """Same headings, the reason in a column that is not read; a cell that begins with = stays text."""
    made = hand_in(xlsx(HEADINGS, [1, "=1+1", 60], [2, "Dọn dẹp", "@sáu"]))
    room = io.BytesIO()
    table_reports.write_result(made, room, only_wrong=True)
    assert rows_of(room) == [
        ("STT", "Họ và tên (*)", "Số giây", "Cần sửa"),
        ("1", None, "60", "Họ và tên: Thiếu tên."),
        ("2", "Dọn dẹp", "@sáu", "Số giây: Không phải số."),
    ]
    again = hand_in(room.getvalue())
    assert again.headings["ignored"] == ["STT", "Cần sửa"]
    assert again.found == {"wrong": 2}


@pytest.mark.django_db
def test_the_result_says_what_came_of_each_row() -> None:
    """Outcome and detail or reason."""
    made = hand_in(xlsx(HEADINGS, *ROWS[:3]))
    write_all(made)
    room = io.BytesIO()
    table_reports.write_result(made, room)
    assert [row[3:] for row in rows_of(room)] == [
        ("Kết quả", "Chi tiết"),
        ("Thêm mới", "số Sao lưu"),
        ("Bỏ qua vì có lỗi", "Họ và tên: Thiếu tên."),
        ("Bỏ qua vì có lỗi", "Số giây: Không phải số."),
    ]


def test_the_template_has_headings_a_guide_and_choices() -> None:
    """Text columns keep their zeros; choices drop down."""
    room = io.BytesIO()
    table_reports.write_template(ScheduleKind(), room)
    assert rows_of(room) == [("Họ và tên", "Số giây", "Ghi chú")]
    assert rows_of(room, 1)[1:3] == [
        ("Họ và tên", "bắt buộc", None, "Sao lưu"),
        ("Số giây", "bắt buộc", "60; 3600", None),
    ]
    page = openpyxl.load_workbook(room).worksheets[0]
    assert page.column_dimensions["B"].number_format == "@"
    assert [rule.formula1 for rule in page.data_validations.dataValidation] == ['"60,3600"']


@pytest.mark.django_db
def test_files_and_what_was_said_of_their_rows_are_forgotten_after_a_month() -> None:
    """They hold personal data; the counts stay."""
    made = hand_in(xlsx(HEADINGS, *ROWS))
    name = made.file.name
    TableImport.objects.update(created_at=timezone.now() - timedelta(days=29))
    assert table_imports.forget_ended() == 0
    TableImport.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert table_imports.forget_ended() == 1
    made.refresh_from_db()
    assert (made.file.name, made.arguments, made.problems.count()) == ("", {}, 0)
    assert not made.file.storage.exists(name)
    assert made.found == {"add": 2, "wrong": 3, "warned": 1}


@pytest.mark.django_db(transaction=True)
def test_the_file_is_kept_before_the_transaction_and_goes_where_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No disk is waited for while the database is locked, and no file is left that no row knows."""
    inside = []

    class Disk(FileSystemStorage):
        """Notes whether a transaction is open while it writes."""

        def _save(self, name: str, content: File) -> str:
            inside.append(connection.in_atomic_block)
            return super()._save(name, content)

    monkeypatch.setattr(TableImport._meta.get_field("file"), "storage", disk := Disk(tmp_path))
    content = xlsx(HEADINGS, *ROWS)
    made = table_imports.start(kind="schedules", file=file(content), by=uuid4(), arguments={})
    assert (inside, disk.exists(made.file.name)) == ([False], True)
    with pytest.raises(TypeError):
        table_imports.start(kind="schedules", file=file(content), by=None, arguments={"not": {"JSON"}})
    assert len(disk.listdir("imports")[1]) == TableImport.objects.count() == 1
