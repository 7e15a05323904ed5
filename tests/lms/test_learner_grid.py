"""Who has done which lesson: the right people, numbers, order and filters; the same in files; few queries."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import AuditEntry, Job
from lms import joining, messages, report_files
from lms.models import Course, Enrolment
from people import roles, unit_attributes
from people.models import ManagerAssignment, Unit, User
from tests.lms.classes import class_of
from tests.lms.results import learner_in, staff

pytestmark = pytest.mark.django_db
GRID = "/admin/progress/an-toan/"


@pytest.fixture
def lessons(course: Course) -> list[Any]:
    return list(course.lessons.in_order())


@pytest.fixture
def five(course: Course, lessons: list[Any]) -> list[Enrolment]:
    """From who finished to who never began."""
    days = timedelta(days=1)
    return [
        learner_in(course, "Lò Văn An", done=lessons, score=100, active=days, finished=True),
        learner_in(course, "Giàng A Bình", done=lessons[:2], score=66.66, active=2 * days),
        learner_in(course, "Vàng Thị Chư", done=lessons[:1], score=33.33, active=8 * days),
        learner_in(course, "Sùng A Dế", active=None),
        learner_in(course, "=1+1", done=lessons, score=50, active=30 * days, finished=True),
    ]


def rows_of(answer: Any) -> list[list[str]]:
    """Lines of a CSV, without its headings."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def names(answer: Any) -> list[str]:
    return [row.enrolment.learner.full_name for row in answer.context["rows"]]


def test_the_page_says_who_did_what_and_who_is_behind(five: list[Enrolment]) -> None:
    """By name; a day for each lesson done, words where it is not."""
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    answer = office.get(GRID)
    assert names(answer) == ["=1+1", "Giàng A Bình", "Lò Văn An", "Sùng A Dế", "Vàng Thị Chư"]
    assert answer.context["tallies"] == {"all": 5, "finished": 2, "behind": 2}
    lines = {row.enrolment.learner.full_name: row for row in answer.context["rows"]}
    assert [bool(at) for at in lines["Giàng A Bình"].cells] == [True, True, False]
    assert [name for name, row in lines.items() if row.is_behind] == ["Sùng A Dế", "Vàng Thị Chư"]
    page = answer.content.decode()
    assert page.count("đã học</span>") == 3 + 2 + 1 + 3
    assert page.count("chưa học</span>") == 0 + 1 + 2 + 3
    assert page.count('<span class="nha-san-tag">học chậm</span>') == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=behind", ["Sùng A Dế", "Vàng Thị Chư"]),
        ("status=completed", ["=1+1", "Lò Văn An"]),
        ("status=enrolled", ["Sùng A Dế"]),
        ("q=binh", ["Giàng A Bình"]),
        ("q=???", []),
        ("sort=least", ["Sùng A Dế", "Vàng Thị Chư", "Giàng A Bình", "=1+1", "Lò Văn An"]),
        ("sort=highest", ["Lò Văn An", "Giàng A Bình", "=1+1", "Vàng Thị Chư", "Sùng A Dế"]),
        ("sort=longest", ["Sùng A Dế", "=1+1", "Vàng Thị Chư", "Giàng A Bình", "Lò Văn An"]),
        ("sort=latest&status=completed", ["Lò Văn An", "=1+1"]),
        ("status=gone", []),
        ("sort=zzz", []),
        ("unit=abc", []),
        ("unit=99999999", []),
        ("q=%00", []),
    ],
)
def test_filters_and_order(five: list[Enrolment], query: str, found: list[str]) -> None:
    """What is asked wrongly finds nobody, and the field says so."""
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    answer = office.get(f"{GRID}?{query}")
    assert (answer.status_code, names(answer)) == (200, found)
    assert [row[0].lstrip("'") for row in rows_of(office.get(f"{GRID}learners.csv?{query}"))] == found


def test_results_by_how_the_state_classes_the_places(course: Course, lessons: list[Any]) -> None:
    """On a day: of communes of zone III, and of the villages in them; in the page and the files."""
    begin = date(2025, 7, 1)
    province = Unit.objects.create(code="90", level="province", name="Tỉnh", short_name="T", valid_from=begin)
    poor, other = (
        Unit.objects.create(
            code=f"900{n}", level="commune", name=f"Xã {n}", short_name=f"{n}", parent=province, valid_from=begin
        )
        for n in (1, 2)
    )
    village = Unit.objects.create(
        code="v1", level="village", name="Bản 1", short_name="1", parent=poor, valid_from=begin
    )
    unit_attributes.give(unit=poor, kind="zone", value="3", since=date(2026, 1, 1), document="QĐ 1", by=None)
    unit_attributes.give(unit=other, kind="border", since=date(2026, 1, 1), document="QĐ 1", by=None)
    learner_in(course, "Người bản", unit=village)
    learner_in(course, "Người kia", unit=other)
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    for query, found in [
        ("attribute=zone:3", ["Người bản"]),
        ("attribute=zone:1", []),
        ("attribute=border:", ["Người kia"]),
        ("attribute=zone:3&on=2026-01-01", ["Người bản"]),
        ("attribute=zone:3&on=2025-12-31", []),
        ("attribute=zone:9", []),
        ("attribute=zone:3&on=abc", []),
    ]:
        assert names(office.get(f"{GRID}?{query}")) == found, query
        assert [row[0] for row in rows_of(office.get(f"{GRID}learners.csv?{query}"))] == found, query


def test_a_manager_sees_the_subtree_and_a_trainer_the_class(course: Course, lessons: list[Any]) -> None:
    """The page, the files, the tallies; another's class is 404."""
    begin = date(2025, 7, 1)
    near, far = (
        Unit.objects.create(code=code, level="province", name=f"Tỉnh {code}", short_name=code, valid_from=begin)
        for code in ("90", "91")
    )
    commune = Unit.objects.create(
        code="9001", level="commune", name="Xã", short_name="X", parent=near, valid_from=begin
    )
    learner_in(course, "Người gần", unit=commune)
    learner_in(course, "Người xa", unit=far)
    manager, office = staff("quan ly", roles.MANAGER)
    ManagerAssignment.objects.create(person=manager, unit=near, since="2026-01-01")
    assert names(office.get(GRID)) == ["Người gần"]
    assert [row[:2] for row in rows_of(office.get(f"{GRID}learners.csv"))] == [["Người gần", "Xã"]]
    assert office.get(GRID).context["tallies"]["all"] == 1
    _admin, everywhere = staff("quan tri", roles.ADMINISTRATOR)
    assert names(everywhere.get(f"{GRID}?unit={near.pk}")) == ["Người gần"]
    cohort, _trainer, _people = class_of(course, unit=far)
    other, classroom = staff("giang vien", roles.TRAINER)
    for end in ("", "learners.csv", "learners.xlsx", "questions/", "questions.csv"):
        for browser in (office, classroom):
            assert browser.get(f"{GRID}{end}?cohort={cohort.uuid}").status_code == 404, end
        assert everywhere.get(f"{GRID}{end}?cohort={cohort.uuid}").status_code == 200, end
    own, _trainer, people = class_of(course, name="Lớp của tôi", trainer=other)
    assert names(classroom.get(GRID)) == [person.full_name for person in people]
    assert names(classroom.get(f"{GRID}?cohort={own.uuid}")) == [person.full_name for person in people]
    assert classroom.get("/admin/progress/khong-co/").status_code == 404
    assert classroom.get(f"{GRID}?cohort=abc").status_code == 404


@pytest.mark.parametrize("role", [roles.LIBRARIAN, roles.CATALOGUER])
def test_roles_without_learners_reach_nothing(course: Course, role: str) -> None:
    _user, browser = staff("thu thu", role)
    for path in ("/admin/progress/", GRID, f"{GRID}learners.csv", f"{GRID}questions/"):
        assert browser.get(path).status_code in {302, 403}, path


def test_behind_in_a_class_are_those_whom_the_message_reaches(course: Course, lessons: list[Any]) -> None:
    """Who left the class is neither; the link opens the message for them."""
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    cohort, trainer, (left, going, idle) = class_of(course, until=timezone.localdate() + timedelta(days=9))
    Enrolment.objects.filter(learner=going).update(active_at=timezone.now())
    joining.leave(cohort, left, by=trainer)
    learner_in(course, "Ngoài lớp")
    answer = office.get(f"{GRID}?cohort={cohort.uuid}&status=behind")
    assert names(answer) == [idle.full_name]
    assert list(messages.recipients(cohort, behind_only=True)) == [idle]
    assert answer.context["tallies"] == {"all": 2, "finished": 0, "behind": 1}
    path = f"{reverse('lms:messages', args=[cohort.uuid])}?behind_only"
    assert f'href="{path}"' in answer.content.decode()
    assert [
        office.get(path.replace("?behind_only", end)).context["form"]["behind_only"].value()
        for end in ("", "?behind_only")
    ] == [False, True]


def test_files_have_the_numbers_of_the_page(five: list[Enrolment]) -> None:
    """With its filters and order; a name that looks like a formula is text; noted in the audit log."""
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    day = {each: f"{timezone.localdate(each.active_at):%d/%m/%Y}" if each.active_at else "" for each in five}
    rows = rows_of(office.get(f"{GRID}learners.csv?sort=lowest"))
    assert rows == [
        ["Sùng A Dế", "", "Đã ghi danh", "có", "0", "3", "", "", "", "", ""],
        ["Vàng Thị Chư", "", "Đang học", "có", "1", "3", "33.33", day[five[2]], day[five[2]], "", ""],
        ["'=1+1", "", "Đã học xong", "", "3", "3", "50.0", *[day[five[4]]] * 4],
        ["Giàng A Bình", "", "Đang học", "", "2", "3", "66.66", *[day[five[1]]] * 3, ""],
        ["Lò Văn An", "", "Đã học xong", "", "3", "3", "100.0", *[day[five[0]]] * 4],
    ]
    answer = office.get(f"{GRID}learners.xlsx?status=completed")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert [[cell.value for cell in row[:7]] for row in sheet.iter_rows()] == [
        ["Họ và tên", "Địa bàn", "Tình trạng", "Học chậm", "Bài đã học", "Số bài", "Điểm (phần trăm)"],
        ["=1+1", None, "Đã học xong", None, 3, 3, 50],
        ["Lò Văn An", None, "Đã học xong", None, 3, 3, 100],
    ]
    assert sheet["A2"].data_type == "s"
    assert AuditEntry.objects.filter(action="lms.export_report", subject="learners").count() == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_file_is_made_by_a_job(five: list[Enrolment], monkeypatch: Any, form: str) -> None:
    """Asked for by a press, in stretches, with the filters; for who asked only."""
    monkeypatch.setattr(report_files, "AT_ONCE", 2)
    monkeypatch.setattr("lms.learner_grid.STRETCH", 2)
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    path = f"{GRID}learners.{form}?sort=least"
    page = office.get(path).content.decode()
    assert "tệp có 5 dòng" in page
    assert not Job.objects.exists()
    office.post(path)
    jobs.run_all()
    job = Job.objects.get()
    assert (job.state, job.total, job.result["rows"], job.result["name"]) == ("done", 5, 5, f"hoc-vien-an-toan.{form}")
    answer = office.get(reverse("core_admin:job_file", args=[job.pk]))
    found = ["Sùng A Dế", "Vàng Thị Chư", "Giàng A Bình", "=1+1", "Lò Văn An"]
    if form == "csv":
        assert [row[0].lstrip("'") for row in rows_of(answer)] == found
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == found


def test_pages_hold_fifty_and_read_no_others(course: Course, lessons: list[Any]) -> None:
    """The second page has the rest; what is asked for beyond the last is the last."""
    for number in range(52):
        learner_in(course, f"Người {number:03}", done=lessons[:1], active=timedelta(days=1))
    _user, office = staff("quan tri", roles.ADMINISTRATOR)
    assert len(names(office.get(GRID))) == 50
    assert names(office.get(f"{GRID}?page=2&sort=latest")) == names(office.get(f"{GRID}?page=99&sort=latest"))
    assert len(names(office.get(f"{GRID}?page=2"))) == 2
    assert "sort=latest" in office.get(f"{GRID}?page=2&sort=latest").content.decode().split('rel="prev"')[1][:80]


@pytest.mark.parametrize("who", ["administrator", "manager", "trainer"])
def test_number_of_queries_does_not_grow(course: Course, lessons: list[Any], who: str) -> None:
    """The list of courses and the grid of a course and of a class, with 5 learners and with 45."""
    user, office = staff("nguoi doc", who)
    cohort, trainer, people = class_of(course, trainer=user)
    if who == "manager":
        unit = Unit.objects.create(code="90", level="province", name="Tỉnh", short_name="T", valid_from="2025-07-01")
        ManagerAssignment.objects.create(person=user, unit=unit, since="2026-01-01")
        User.objects.filter(pk__in=[person.pk for person in people]).update(unit=unit)
        cohort.unit = unit
        cohort.save()
    paths = ["/admin/progress/", GRID, f"{GRID}?cohort={cohort.uuid}", f"{GRID}?status=behind&sort=lowest&q=nguoi"]
    counts: list[list[int]] = []
    for size in (2, 40):
        more = [
            learner_in(course, f"Người {n}", done=lessons[: n % 4], score=n, active=timedelta(days=8 + n)).learner
            for n in range(size)
        ]
        User.objects.filter(pk__in=[person.pk for person in more]).update(unit=cohort.unit)
        joining.add(cohort, more, by=trainer)
        counts.append([])
        for path in paths:
            office.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert office.get(path).status_code == 200
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
