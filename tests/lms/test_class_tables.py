"""Tables about classes: a roster into a class, and classes of the past."""

import io
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import spreadsheets, table_imports
from core.identity import id_base
from core.models import TableImport
from core.spreadsheets import Heading, Sheet
from lms import cohorts, joining, past_days
from lms.models import Attendance, Cohort, Enrolment
from people import accounts, merging
from people.models import User
from tests.lms.classes import class_of
from tests.lms.conftest import settle
from xapi import verbs
from xapi.models import Statement


def xlsx(headings: list[str], rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    spreadsheets.write_xlsx([Sheet("Bảng", [Heading(text) for text in headings], rows)], file)
    return file.getvalue()


def hand_in(kind, headings, rows, *, by=None, **arguments) -> TableImport:
    """Checked and, unless refused, written."""
    content = ContentFile(xlsx(headings, rows), name="bang.xlsx")
    made = table_imports.start(
        kind=kind, file=content, by=by.uuid if by else None, arguments=arguments, in_background=False
    )
    list(table_imports.check(made))
    if made.state == TableImport.State.CHECKED:
        table_imports.accept(made, in_background=False)
        list(table_imports.write(made))
    return made


def problems(made: TableImport) -> list[tuple[int, str, str]]:
    return list(made.problems.order_by("line", "pk").values_list("line", "column", "text"))


PAST = ["Tên lớp", "Khóa học", "Ngày học", "Số giờ", "Nơi học", "Số điện thoại", "Họ và tên", "Ngày có mặt"]


@pytest.fixture
def people(db):
    names = ("Giàng A Páo", "Lò Thị Hoa", "Vừ Mí Sính")
    return [accounts.create(full_name=name, phone=f"091234567{n}") for n, name in enumerate(names)]


def past_rows(days: str = "10/03/2026 - 11/03/2026") -> list[list[str]]:
    begin = ["Lớp đợt 1", "an-toan", days, "12 giờ", "Nhà văn hóa"]
    return [
        [*begin, "0912345670", "Giàng A Páo", ""],
        [*begin, "0912 345 671", "Lò Thị Hoa", "10/03/2026"],
        [*begin, "", "Vừ Mí Sính", "0"],
    ]


def test_past_class_becomes_class_sessions_statements_and_progress(course, people):
    """With the times of then, marked as entered afterwards; who was there all the time has completed the course."""
    made = hand_in("past_classes", PAST, past_rows(), source="Báo cáo số 12/BC-UBND")
    assert (made.came, problems(made)) == ({"add": 3}, [])
    cohort = Cohort.objects.get()
    assert (cohort.since, cohort.until) == (date(2026, 3, 10), date(2026, 3, 11))
    assert (cohort.source, cohort.entered_afterwards, cohort.join_open) == ("Báo cáo số 12/BC-UBND", True, False)
    sessions = list(cohort.sessions.all())
    assert [(row.day.day, row.hours, row.place) for row in sessions] == [(10, 6, "Nhà văn hóa"), (11, 6, "Nhà văn hóa")]
    settle()
    states = {row.learner.full_name: (row.status, row.completed_at) for row in Enrolment.objects.all()}
    end = timezone.make_aware(datetime.combine(date(2026, 3, 11), time(14)))
    assert states == {
        "Giàng A Páo": ("completed", end),
        "Lò Thị Hoa": ("in_progress", None),
        "Vừ Mí Sính": ("enrolled", None),
    }
    attended = Statement.objects.filter(verb=verbs.ATTENDED.id)
    assert sorted(row.timestamp.day for row in attended) == [10, 10, 11]
    for row in [*attended, Statement.objects.get(verb=verbs.COMPLETED.id)]:
        context = row.data["context"]
        assert context["platform"] == "Nhà Sàn, nhập lại sau khi lớp đã học xong"
        assert context["extensions"][f"{id_base()}/extensions/entered-afterwards"] is True
        assert context["extensions"][f"{id_base()}/extensions/source"] == "Báo cáo số 12/BC-UBND"


def test_second_import_changes_nothing(course, people):
    """The same table again: every row unchanged, no statement more."""
    hand_in("past_classes", PAST, past_rows())
    settle()
    before = Statement.objects.count(), Attendance.objects.count(), Cohort.objects.count(), Enrolment.objects.count()
    made = hand_in("past_classes", PAST, past_rows())
    settle()
    assert made.came == {"same": 3}
    after = Statement.objects.count(), Attendance.objects.count(), Cohort.objects.count(), Enrolment.objects.count()
    assert after == before


def test_a_row_that_says_otherwise_than_the_class_tells_so(course, people):
    """Handing in a mended table again changes no presence; it is said where to change it, not passed over."""
    hand_in("past_classes", PAST, past_rows())
    rows = past_rows()
    rows[0][-1], rows[1][-1] = "11/03/2026", ""
    made = hand_in("past_classes", PAST, rows)
    assert made.came == {"same": 3}
    assert [(line, column) for line, column, _text in problems(made)] == [(2, "Ngày có mặt"), (3, "Ngày có mặt")]
    assert "với ngày có mặt: 10/03/2026, 11/03/2026." in problems(made)[0][2]


def test_past_class_counts_in_a_target(course, people):
    """A village head who was at a class of March has attained by March."""
    from core import outbox
    from people.models import AudienceMembership
    from targets import decision
    from targets.models import Attainment, Target, TargetCourse

    AudienceMembership.objects.create(person=people[0], audience="village_heads", since="2026-01-01")
    TargetCourse.objects.create(target=Target.objects.get(key=decision.HEADS), course=course, since="2026-01-01")
    hand_in("past_classes", PAST, past_rows())
    outbox.drain_all()
    row = Attainment.objects.get()
    assert (row.person, row.attained_on) == (people[0], date(2026, 3, 11))


def test_every_mistake_is_said_where_it_is(course, people):
    """Nothing of a wrong row is written; the right ones are."""
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    good = past_rows()[0]
    rows = [
        good,
        ["", *good[1:5], "0912345671", "", ""],
        ["Lớp B", "khong-co", *good[2:5], "0912345671", "", ""],
        ["Lớp C", "an-toan", "31/02/2026", "12", "", "0912345671", "", ""],
        ["Lớp D", "an-toan", tomorrow, "3", "", "0912345671", "", ""],
        ["Lớp E", "an-toan", "10/03/2026", "16", "", "0912345671", "", ""],
        ["Lớp F", "an-toan", "10/03/2026", "3", "", "0999999999", "", ""],
        ["Lớp G", "an-toan", "10/03/2026", "3", "", "0912345671", "", "12/03/2026"],
        [*good[:4], "Chỗ khác", "0912345671", "", ""],
        good,
        ["Lớp H", "an-toan", "10/03/2026", "3", "", "", "", ""],
    ]
    made = hand_in("past_classes", PAST, rows)
    assert made.came == {"add": 1, "wrong": 10}
    said = problems(made)
    assert [(line, column) for line, column, _text in said] == [
        (3, "Tên lớp"),
        (4, "Khóa học"),
        (5, "Ngày học"),
        (6, "Ngày học"),
        (7, "Số giờ"),
        (8, "Số điện thoại"),
        (9, "Ngày có mặt"),
        (10, ""),
        (11, ""),
        (12, ""),
    ]
    assert said[7][2].startswith("Dòng 2 nói khác về cùng lớp này")
    assert said[8][2] == "Người này của lớp này đã có ở dòng 2."
    assert Cohort.objects.count() == 1


def test_two_people_of_one_name_are_not_guessed(course, people):
    """The name alone is not enough then; another name than the account's is a warning."""
    accounts.create(full_name="Vừ Mí Sính", username="sinh-2")
    rows = past_rows()
    rows[0][6] = "Giàng A Tủa"
    made = hand_in("past_classes", PAST, rows)
    assert made.came == {"add": 2, "wrong": 1}
    assert (
        problems(made)
        == [
            (2, "Họ và tên", "Tài khoản này mang tên Giàng A Páo. Hãy xem có đúng người không."),
            (4, "Họ và tên", "Có 2 người cùng tên này. Hãy ghi số điện thoại, tên đăng nhập hoặc năm sinh."),
        ]
        or problems(made)[-1][0] == 4
    )


def test_trainer_hands_in_only_people_they_see(course, people):
    """A trainer who runs no class with them finds nobody."""
    trainer = accounts.create(full_name="Vừ Thị Mai", username="mai")
    made = hand_in("past_classes", PAST, past_rows(), by=trainer)
    assert made.came == {"wrong": 3}
    assert not Cohort.objects.exists()


def test_a_class_of_the_same_name_elsewhere_is_another_class(course, people):
    """Nobody writes into a class that they do not run, nor shows its trainer their people."""
    for each in people[:2]:
        trainer = accounts.create(full_name="Vừ Thị Mai", username=f"mai-{each.pk}")
        cohorts.create(course=course, name="Lớp nay", since=timezone.localdate(), trainers=[trainer])
        joining.add(Cohort.objects.latest("pk"), [each], by=trainer)
        rows = [["Lớp đợt 1", "an-toan", "10/03/2026", "6", "", each.phone, "", ""]]
        assert hand_in("past_classes", PAST, rows, by=trainer).came == {"add": 1}
        assert hand_in("past_classes", PAST, rows, by=trainer).came == {"same": 1}
    past = Cohort.objects.filter(entered_afterwards=True).order_by("pk")
    assert [list(each.group.people.filter(group_memberships__leader=False).distinct()) for each in past] == [
        [people[0]],
        [people[1]],
    ]


def test_command_attaches_the_scanned_list(course, people, tmp_path: Path, capsys):
    """To the classes of the file, read as what it is; another kind of file is refused."""
    table, scan, text = tmp_path / "lop.xlsx", tmp_path / "quet.pdf", tmp_path / "khong.pdf"
    table.write_bytes(xlsx(PAST, past_rows()))
    scan.write_bytes(b"%PDF-1.7 danh sach")
    text.write_text("không phải PDF")
    for _time in range(2):
        call_command("import_classes", str(table), "--evidence", str(scan))
    assert capsys.readouterr().out.splitlines() == [
        "added 3, changed 0, unchanged 0, rejected 0",
        "added 0, changed 0, unchanged 3, rejected 0",
    ]
    (row,) = Cohort.objects.get().evidence.all()
    assert (row.name, row.file.read()) == ("quet.pdf", b"%PDF-1.7 danh sach")
    with pytest.raises(CommandError, match="a PDF, JPEG or PNG"):
        call_command("import_classes", str(table), "--evidence", str(text))


def test_roster_into_a_class(course, people):
    """By number and by name; a second time nobody is new; too many for the places are refused by row."""
    cohort = cohorts.create(course=course, name="Lớp mới", since=timezone.localdate(), seats=2)
    rows = [["0912345670", ""], ["", "Lò Thị Hoa"], ["0912345672", ""], ["0912345670", ""]]
    made = hand_in("class_roster", ["Số điện thoại", "Họ và tên"], rows, code=cohort.shown_code)
    assert made.came == {"add": 2, "wrong": 1, "same": 1}
    assert [(line, text) for line, _column, text in problems(made)] == [
        (4, "Lớp đã đủ chỗ."),
        (5, "Người này đã có ở dòng 2."),
    ]
    assert [joining.is_member(cohort, each) for each in people] == [True, True, False]
    again = hand_in("class_roster", ["Số điện thoại", "Họ và tên"], rows[:2], code=cohort.join_code)
    assert again.came == {"same": 2}


def test_roster_of_a_class_with_the_name_in_two_columns(course, people):
    """As schools' lists have it; the day of birth with two digits of its year."""
    people[1].birth_year = 1985
    people[1].save()
    cohort = cohorts.create(course=course, name="Lớp mới", since=timezone.localdate())
    rows = [["Lò Thị", "Hoa", "12/03/85"], ["Lò Thị", "Hoa", "12/03/86"], ["Lò", "Hoa", "1985"]]
    made = hand_in("class_roster", ["Họ đệm", "Tên", "Ngày sinh"], rows, code=cohort.shown_code)
    assert made.came == {"add": 1, "wrong": 2}
    assert joining.is_member(cohort, people[1])


def test_roster_as_state_forms_have_it(course, people):
    """Names in capitals, the year of birth below "Nam" or "Nữ", headings over two lines, another word for telephone."""
    people[1].birth_year = 1985
    people[1].save()
    accounts.create(full_name="LÒ THỊ HOA", username="hoa.nua", birth_year=1990)
    cohort = cohorts.create(course=course, name="Lớp mới", since=timezone.localdate())
    rows = [
        ["", "", "Nam", "Nữ", ""],
        [1, "LÒ THỊ HOA", "", 1985, ""],
        [2, "GIÀNG A PÁO", 1980, "", "912345670"],
        [3, "LÒ THỊ HOÀ", "", 1985, ""],
    ]
    headings = ["TT", "Họ và tên học viên", "Năm sinh", "", "Điện thoại di động"]
    made = hand_in("class_roster", headings, rows, code=cohort.shown_code)
    assert made.came == {"add": 2, "wrong": 1}
    assert [line for line, _column, _text in problems(made)] == [5]
    assert [joining.is_member(cohort, each) for each in people] == [True, True, False]


def test_roster_with_a_number_or_name_of_a_merged_account(course, people):
    """It means the one kept, by the number that only the other had, and by the name that both have."""
    other = accounts.create(full_name=people[1].full_name, phone="0987654321")
    merging.merge(kept=people[1], merged=other, by=people[0])
    other.refresh_from_db()
    other.phone = "+84987654321"  # as where the one kept has a number of its own
    other.save()
    User.objects.filter(pk=people[1].pk).update(phone="+84912345671")
    new = cohorts.create(course=course, name="Lớp mới", since=timezone.localdate())
    for rows in ([["0987654321", ""]], [["", people[1].full_name]]):
        made = hand_in("class_roster", ["Số điện thoại", "Họ và tên"], rows, code=new.join_code)
        assert (made.came.get("wrong"), problems(made)) == (None, [])
    assert list(joining.members(new).values_list("person", flat=True)) == [people[1].pk]


def test_roster_is_only_for_who_runs_the_class(course, people):
    """A trainer of another class is told so in every row."""
    cohort, _trainer, _people = class_of(course)
    _other, stranger, _theirs = class_of(course, name="Lớp khác")
    made = hand_in(
        "class_roster", ["Số điện thoại", "Họ và tên"], [["0912345670", ""]], by=stranger, code=cohort.join_code
    )
    assert made.came == {"wrong": 1}
    assert problems(made)[0][2] == "Lớp này không do ông, bà phụ trách."


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10/03/2026", [10]),
        ("2026-03-10", [10]),
        ("10.3.2026; 12/03/2026", [10, 12]),
        ("10/03/2026 - 12/03/2026", [10, 11, 12]),
        ("từ ngày 10/03/2026 đến ngày 12/03/2026", [10, 11, 12]),
        ("10-12/3/2026", [10, 11, 12]),
        ("Ngày 10 – 11/03/2026; 13.3.2026", [10, 11, 13]),
        ("10/3/2026 đến 11/3/2026, 15/3/2026", [10, 11, 15]),
        ("12-03-2026 – 13-03-2026", [12, 13]),
    ],
)
def test_days_as_people_write_them(text, days):
    assert [day.day for day in past_days.read(text)] == days


@pytest.mark.parametrize(
    "text", ["31/02/2026", "12/03/2026 - 10/03/2026", "10/03", "hôm qua", "01/01/2026 - 31/12/2026", "01/01/0001"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the table's
        past_days.read(text)


@given(st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20))
def test_days_written_are_days_read(days):
    """In any order, each once."""
    assert past_days.read("; ".join(f"{day:%d/%m/%Y}" for day in days)) == tuple(sorted(set(days)))


@given(st.text(max_size=60))
def test_no_text_breaks_reading_days(text):
    """It is days or ValueError."""
    with suppress(ValueError):
        assert all(isinstance(day, date) for day in past_days.read(text))
