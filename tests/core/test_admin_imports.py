"""The admin's way in for tables and its list of long work, as staff use them."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import jobs, table_imports
from core.models import AuditEntry, Job, Schedule, TableImport
from people import accounts
from people.roles import ADMINISTRATOR, MANAGER
from tests.core.handed_in import ScheduleKind, saved, xlsx
from tests.people.signing_in import sign_in_staff

ROWS = [["Họ và tên", "Số giây"], ["Sao lưu", 3600], ["", 60], ["thu hoạch", 90]]


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_imports, "_kinds", {"schedules": ScheduleKind()})


@pytest.fixture
def office(db: None) -> Client:
    """An administrator in the admin."""
    person = accounts.create(full_name="Trần Thị Quản", username="quan", roles=[ADMINISTRATOR])
    return sign_in_staff(Client(), person)


def upload(client: Client, content: bytes, name: str = "lịch.xlsx", **answers: str) -> TableImport:
    """Hand in a file; it must be taken."""
    file = SimpleUploadedFile(name, content)
    answer = client.post(reverse("core_admin:upload", args=["schedules"]), {"kind": "y", **answers, "file": file})
    assert answer.status_code == 302, answer.context["form"].errors
    return TableImport.objects.get()


def page(client: Client, row: TableImport) -> str:
    """The import's page."""
    return client.get(reverse("core_admin:import", args=[row.pk])).content.decode()


@pytest.mark.django_db
def test_a_table_goes_through_check_agreement_and_writing(office: Client) -> None:
    """Each step is seen on one page; nothing is written before the agreement."""
    row = upload(office, xlsx(*ROWS))
    assert "Đang kiểm tra từng dòng" in page(office, row)
    assert 'http-equiv="refresh"' in page(office, row)
    jobs.run_all()
    seen = page(office, row)
    assert "Ghi 2 dòng đúng, bỏ qua các dòng lỗi" in seen
    assert "Thiếu tên." in seen
    assert 'http-equiv="refresh"' not in seen
    assert not Schedule.objects.exists()
    office.post(reverse("core_admin:accept_import", args=[row.pk]))
    assert "Đang ghi" in page(office, row)
    jobs.run_all()
    assert "Tải kết quả từng dòng" in page(office, row)
    assert sorted(Schedule.objects.values_list("name", "kind")) == [("Sao lưu", "y"), ("thu hoạch", "y")]
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "core.import_table",
        "core.accept_import",
    ]


@pytest.mark.django_db
def test_sheets_that_are_not_read_are_named(office: Client) -> None:
    """A workbook with a sheet for each commune: only one is read, and the others would be missed by nobody."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx(*ROWS, sheet="Tả Van")))
    for name, rows in {"Bản Hồ": ROWS, "Mường Hoa": ROWS, "Ghi chú": [["Họ và tên", "Nhờ xem lại"]]}.items():
        page_of_book = book.create_sheet(name)
        for each in rows:
            page_of_book.append(each)
    row = upload(office, saved(book))
    jobs.run_all()
    assert "Chỉ trang tính “Tả Van” được đọc. Không đọc: “Bản Hồ”, “Mường Hoa”." in page(office, row)


@pytest.mark.django_db
def test_hidden_rows_are_said_before_they_are_written(office: Client) -> None:
    """Somebody filtered the list to their own commune and handed it in: the others are in the file."""
    rows = [ROWS[0], *(["Sao lưu", 3600 + number] for number in range(2, 9))]
    book = openpyxl.load_workbook(io.BytesIO(xlsx(*rows)))
    for line in (3, 4, 5, 8, 20):  # an empty one says nothing
        book.active.row_dimensions[line].hidden = True
    row = upload(office, saved(book))
    jobs.run_all()
    row.refresh_from_db()
    assert row.headings["hidden"] == {"count": 4, "lines": "3–5, 8"}
    assert (row.state, row.rows) == (TableImport.State.CHECKED, 7)
    shown = page(office, row)
    assert "4 dòng đang ẩn trong tệp" in shown
    assert "dòng 3–5, 8." in shown
    row.delete()
    plain = upload(office, xlsx(*rows))
    jobs.run_all()
    assert "đang ẩn trong tệp" not in page(office, plain)


@pytest.mark.django_db
def test_the_files_that_go_back_open_as_workbooks(office: Client) -> None:
    """Template, rows to mend, result."""
    row = upload(office, xlsx(*ROWS))
    jobs.run_all()

    def values(name: str, argument: object) -> list[tuple]:
        answer = office.get(reverse(f"core_admin:{name}", args=[argument]))
        return list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0].values)

    assert values("template", "schedules") == [("Họ và tên", "Số giây", "Ghi chú")]
    assert values("import_to_mend", row.pk)[1:] == [(None, "60", "Họ và tên: Thiếu tên.")]


@pytest.mark.django_db
def test_a_refused_file_is_told_why(office: Client) -> None:
    """On the page, not as an error of the site."""
    row = upload(office, b"%PDF-1.7", name="quét.pdf")
    jobs.run_all()
    assert "Đây không phải bảng tính. Hãy dùng tệp .xlsx hoặc .csv." in page(office, row)


@pytest.mark.django_db
def test_nothing_is_taken_without_a_file_or_an_answer(office: Client) -> None:
    """The form says what is missing."""
    answer = office.post(reverse("core_admin:upload", args=["schedules"]), {})
    assert sorted(answer.context["form"].errors) == ["file", "kind"]
    assert not TableImport.objects.exists()


@pytest.mark.django_db
def test_pressing_twice_changes_nothing_more(office: Client) -> None:
    """The second press is told so."""
    row = upload(office, xlsx(*ROWS))
    jobs.run_all()
    for _press in range(2):
        office.post(reverse("core_admin:accept_import", args=[row.pk]))
    assert Job.objects.count() == 2
    assert "Việc này đã được làm rồi" in page(office, row)


@pytest.mark.django_db
def test_a_stopped_check_can_go_on_or_be_dropped(office: Client) -> None:
    """Stopped before the worker came to it."""
    row = upload(office, xlsx(*ROWS))
    office.post(reverse("core_admin:stop_import", args=[row.pk]))
    assert "Việc đã dừng" in page(office, row)
    listed = office.get(reverse("core_admin:jobs")).content.decode()
    assert f'href="{reverse("core_admin:import", args=[row.pk])}"' in listed  # where it goes on
    office.post(reverse("core_admin:go_on_import", args=[row.pk]))
    jobs.run_all()
    assert "Kết quả kiểm tra" in page(office, row)
    office.post(reverse("core_admin:drop_import", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == TableImport.State.DROPPED


@pytest.mark.django_db
def test_pressing_stop_says_that_it_stops(office: Client) -> None:
    """While the rows at hand are finished; then how to go on."""
    row = upload(office, xlsx(*ROWS))
    jobs.run_all()
    office.post(reverse("core_admin:accept_import", args=[row.pk]))
    row.refresh_from_db()
    Job.objects.filter(pk=row.job_id).update(state=Job.State.RUNNING)
    assert '<button type="submit" class="button no">Dừng</button>' in page(office, row)
    office.post(reverse("core_admin:stop_import", args=[row.pk]))
    stopping = page(office, row)
    assert "Đang dừng…" in stopping
    assert '<button type="submit" class="button no">Dừng</button>' not in stopping
    Job.objects.filter(pk=row.job_id).update(state=Job.State.STOPPED)
    stopped = page(office, row)
    assert "<strong>Đã dừng</strong>" in stopped
    assert "dòng đã ghi không bị ghi hai lần" in stopped


@pytest.mark.django_db
def test_others_neither_see_nor_touch_an_import(office: Client) -> None:
    """404 for who may hand in such tables but did not hand in this one; 403 for who may not at all."""
    row = upload(office, xlsx(*ROWS))
    TableImport.objects.update(started_by=uuid4())
    manager = accounts.create(full_name="Lý Văn Lý", username="ly", roles=[MANAGER])
    stranger = sign_in_staff(Client(), manager)
    names = ["import", "accept_import", "drop_import", "stop_import", "go_on_import", "import_result", "import_to_mend"]
    for name in names:
        method = stranger.post if name.endswith("_import") else stranger.get
        assert method(reverse(f"core_admin:{name}", args=[row.pk])).status_code == 404
    answer = stranger.get(reverse("core_admin:upload", args=["schedules"]), follow=True)
    assert "Tài khoản này không được vào chỗ này." in answer.content.decode()
    assert office.get(reverse("core_admin:import", args=[row.pk])).status_code == 200


@pytest.mark.django_db
def test_jobs_are_listed_with_progress_and_stopped(office: Client) -> None:
    """One's own, and those of the site for administrators."""
    upload(office, xlsx(*ROWS))
    job = Job.objects.get()
    Job.objects.update(done=3, total=4, state=Job.State.RUNNING)
    seen = office.get(reverse("core_admin:jobs")).content.decode()
    assert "Kiểm tra lịch.xlsx" in seen
    assert 'value="75"' in seen
    office.post(reverse("core_admin:stop_job", args=[job.pk]))
    job.refresh_from_db()
    assert job.stop_requested
    manager = sign_in_staff(Client(), accounts.create(full_name="Lý Văn Lý", username="ly", roles=[MANAGER]))
    assert "Kiểm tra lịch.xlsx" not in manager.get(reverse("core_admin:jobs")).content.decode()
    assert manager.post(reverse("core_admin:stop_job", args=[job.pk])).status_code == 404


@pytest.mark.django_db
def test_what_the_site_did_by_the_clock_is_listed_on_demand_in_words(office: Client) -> None:
    """What failed is always shown."""
    Job.objects.bulk_create(
        Job(kind=name, title=name, state=state)
        for name, state in (("search.check", Job.State.DONE), ("core.tidy", Job.State.FAILED))
    )
    path = reverse("core_admin:jobs")
    few, all_of_them = office.get(path).content.decode(), office.get(f"{path}?all").content.decode()
    assert "Dọn dữ liệu tạm" in few
    assert "Kiểm tra chỉ mục tìm kiếm" not in few
    assert "Kiểm tra chỉ mục tìm kiếm" in all_of_them
    assert "search.check" not in all_of_them


@pytest.mark.django_db
def test_the_lists_take_a_constant_number_of_queries(office: Client, django_assert_max_num_queries) -> None:
    """However many files were handed in."""
    upload(office, xlsx(*ROWS))
    for _n in range(30):
        table_imports.start(kind="schedules", file=SimpleUploadedFile("a.csv", b"a"), by=None, arguments={})
    for name in ("imports", "jobs"):
        office.get(reverse(f"core_admin:{name}"))
        with django_assert_max_num_queries(20):
            office.get(reverse(f"core_admin:{name}"))
