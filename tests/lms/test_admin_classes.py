"""Classes in the admin: who sees which, the same numbers in page and export, rules, evidence."""

import csv
import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import AuditEntry, Job
from lms import class_exports, cohort_rules, cohorts, joining
from lms.models import Cohort, CohortRule, Enrolment
from people import accounts, roles
from people.models import AudienceMembership, ManagerAssignment, Unit, User
from tests.lms.classes import class_of, meeting, say
from tests.people.signing_in import sign_in_staff


@pytest.fixture
def land(db):
    """Two provinces of today with a commune each."""
    begin = date(2025, 7, 1)
    provinces = [
        Unit.objects.create(code=code, level="province", name=f"Tỉnh {code}", short_name=code, valid_from=begin)
        for code in ("90", "91")
    ]
    return [
        Unit.objects.create(
            code=f"900{n}", level="commune", name=f"Xã {n}", short_name=f"{n}", parent=province, valid_from=begin
        )
        for n, province in enumerate(provinces)
    ]


def staff(name: str, role: str) -> tuple[User, Client]:
    user = accounts.create(full_name=name, username=name.lower().replace(" ", "."), roles=(role,))
    return user, sign_in_staff(Client(), user)


@pytest.fixture
def manager(land):
    """Of the first province."""
    user, browser = staff("quan ly", roles.MANAGER)
    ManagerAssignment.objects.create(person=user, unit=land[0].parent, since="2026-01-01")
    return user, browser


def test_manager_sees_the_classes_of_their_province_only(course, land, manager):
    """Held by the commune or by an organisation there; the other province's are 404, in every page and file."""
    _user, browser = manager
    mine, trainer, (learner, *_rest) = class_of(course, name="Lớp trong tỉnh", unit=land[0])
    session = meeting(mine)
    say(session, learner, "present", by=trainer)
    theirs, _trainer, _people = class_of(course, name="Lớp tỉnh khác", unit=land[1])
    page = browser.get("/admin/classes/").content.decode()
    assert "Lớp trong tỉnh" in page
    assert "Lớp tỉnh khác" not in page
    ends = ("", "change/", "rule/", "attendance/", "evidence/", "people.csv", "people.xlsx", "attendance.csv")
    for end in ends:
        assert browser.get(f"/admin/classes/{mine.uuid}/{end}").status_code == 200, end
        assert browser.get(f"/admin/classes/{theirs.uuid}/{end}").status_code == 404, end
    # the learners live nowhere that the manager answers for: counted, not named
    page = browser.get(f"/admin/classes/{mine.uuid}/").content.decode()
    assert learner.full_name not in page
    assert "Và 3 người ở nơi ông, bà không phụ trách." in page


def test_class_is_found_without_marks_and_by_code(course):
    """Words of its name in any order, or the code as it is printed."""
    cohort, _trainer, _people = class_of(course, name="Lớp trưởng bản Hua Tạt")
    class_of(course, name="Lớp khác")
    _admin, browser = staff("quan tri", roles.ADMINISTRATOR)
    for typed in ("hua tat truong", cohort.shown_code.lower()):
        page = browser.get("/admin/classes/", {"q": typed}).content.decode()
        assert "Lớp trưởng bản Hua Tạt" in page
        assert "Lớp khác" not in page


def test_a_form_pressed_twice_opens_one_class(course):
    """On a slow line the second press comes before the answer to the first; the page opened anew is another class."""
    user, browser = staff("giang vien", roles.TRAINER)
    page = browser.get("/admin/classes/new/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    data = {
        "key": key,
        "course": course.pk,
        "name": "Lớp mới",
        "since": "2026-12-01",
        "mode": "classroom",
        "seats": "0",
        "trainer_1": user.pk,
    }
    answers = [browser.post("/admin/classes/new/", data) for _press in range(2)]
    cohort = Cohort.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/admin/classes/{cohort.uuid}/"] * 2
    assert list(cohort.trainers) == [user]
    browser.post("/admin/classes/new/", data | {"key": ""})
    assert Cohort.objects.count() == 2


@pytest.mark.parametrize("role", [roles.LIBRARIAN, roles.CATALOGUER])
def test_roles_without_classes_reach_nothing(course, role):
    """Neither the list nor a class."""
    cohort, _trainer, _people = class_of(course)
    _user, browser = staff("thu thu", role)
    assert browser.get("/admin/classes/").status_code in {302, 403}
    assert browser.get(f"/admin/classes/{cohort.uuid}/people.csv").status_code in {302, 403}


def test_trainer_makes_a_class_and_leads_it(course, land):
    """By the form; changed by the form; the change is in the audit log."""
    user, browser = staff("vu thi mai", roles.TRAINER)
    data = {
        "course": course.pk,
        "name": "Lớp mới",
        "since": "2026-11-01",
        "mode": "classroom",
        "seats": "20",
        "join_open": "on",
        "trainer_1": user.pk,
    }
    answer = browser.post("/admin/classes/new/", data)
    cohort = Cohort.objects.get()
    assert answer["Location"] == f"/admin/classes/{cohort.uuid}/"
    assert list(cohort.trainers) == [user]
    browser.post(f"/admin/classes/{cohort.uuid}/change/", {**data, "name": "Lớp đổi tên", "until": "2026-12-01"})
    cohort.refresh_from_db()
    assert (cohort.name, cohort.until, cohort.group.name) == ("Lớp đổi tên", date(2026, 12, 1), "Lớp đổi tên")
    actions = list(
        AuditEntry.objects.filter(action__startswith="cohort").order_by("pk").values_list("action", flat=True)
    )
    assert actions == ["cohort.create", "cohort.change"]


def test_no_learner_is_made_a_trainer(course):
    """They would see the people of the class with a PIN alone."""
    user, browser = staff("vu thi mai", roles.TRAINER)
    cohort = cohorts.create(course=course, name="Lớp", since=timezone.localdate(), trainers=[user])
    learner = accounts.create(full_name="Sùng A Lử", username="lu")
    joining.add(cohort, [learner], by=user)
    data = {"name": "Lớp", "since": "2026-11-01", "mode": "classroom", "seats": "0", "trainer_1": user.pk}
    browser.post(f"/admin/classes/{cohort.uuid}/change/", {**data, "trainer_2": learner.pk})
    assert list(cohort.trainers) == [user]


def test_form_refuses_an_end_before_the_beginning(course):
    """With the reason at the field."""
    _user, browser = staff("vu thi mai", roles.TRAINER)
    data = {
        "course": course.pk,
        "name": "Lớp",
        "since": "2026-11-02",
        "until": "2026-11-01",
        "mode": "online",
        "seats": "0",
    }
    page = browser.post("/admin/classes/new/", data).content.decode()
    assert "Ngày kết thúc phải từ ngày bắt đầu trở đi." in page
    assert not Cohort.objects.exists()


def test_files_have_the_numbers_of_the_page(course):
    """People and attendance, as CSV and XLSX; a name that looks like a formula is text."""
    cohort, trainer, people = class_of(course)
    first, second = meeting(cohort), meeting(cohort, timezone.localdate())
    for learner, states in zip(people, (("present", "late"), ("absent", "present"), ("excused", None)), strict=True):
        for session, state in zip((first, second), states, strict=True):
            if state:
                say(session, learner, state, by=trainer)
    User.objects.filter(pk=people[2].pk).update(full_name="=1+1")
    _admin, browser = staff("quan tri", roles.ADMINISTRATOR)
    text = b"".join(browser.get(f"/admin/classes/{cohort.uuid}/attendance.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1:] == [
        ["'=1+1", "Vắng có phép", "", "0"],
        ["Sùng A A", "Có mặt", "Đến muộn", "2"],
        ["Sùng A B", "Vắng không phép", "Có mặt", "1"],
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(browser.get(f"/admin/classes/{cohort.uuid}/people.xlsx").streaming_content))
    )
    there = {row[0].value: row[6].value for row in book.worksheets[0].iter_rows(min_row=2)}
    assert there == {"=1+1": 0, "Sùng A A": 2, "Sùng A B": 1}
    grid = browser.get(f"/admin/classes/{cohort.uuid}/attendance/").content.decode()
    assert grid.count("<strong>2</strong>/2") == 1
    assert AuditEntry.objects.filter(action="cohort.export").count() == 2


def test_a_large_class_goes_out_by_a_job(course, monkeypatch):
    """The link asks, a press starts the job; the file is the same as at once, in stretches, for who started it."""
    cohort, _trainer, _people = class_of(course)
    _admin, browser = staff("quan tri", roles.ADMINISTRATOR)
    links = [f"/admin/classes/{cohort.uuid}/{end}" for end in ("people.csv", "attendance.xlsx")]
    at_once = [b"".join(browser.get(link).streaming_content) for link in links]
    monkeypatch.setattr(class_exports, "AT_ONCE", 2)
    monkeypatch.setattr(class_exports, "STRETCH", 2)
    files = []
    for link in links:
        assert "Lớp có 3 người." in browser.get(link).content.decode()
        browser.post(link)
        jobs.run_all()
        job = Job.objects.latest("pk")
        assert (job.state, job.done, job.total) == ("done", 3, 3)
        answer = browser.get(reverse("core_admin:job_file", args=[job.pk]))
        files.append(b"".join(answer.streaming_content))
        assert answer["Content-Disposition"].endswith(
            f'{link.rsplit("/", 1)[1].split(".")[0]}.{link.rsplit(".", 1)[1]}"'
        )
    assert files[0] == at_once[0]
    cells = [list(openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].values) for file in (files[1], at_once[1])]
    assert cells[0] == cells[1]
    _other, elsewhere = staff("quan ly", roles.MANAGER)
    assert elsewhere.post(links[0]).status_code == 404


def test_number_of_queries_does_not_grow(course):
    """The class's page and the grid, for three learners and for six."""
    cohort, trainer, people = class_of(course)
    _admin, browser = staff("quan tri", roles.ADMINISTRATOR)
    counts = []
    for _round in range(2):
        say(meeting(cohort, timezone.localdate() - timedelta(days=len(counts))), people[0], "late", by=trainer)
        for end in ("", "attendance/"):
            browser.get(f"/admin/classes/{cohort.uuid}/{end}")
            with CaptureQueriesContext(connection) as seen:
                browser.get(f"/admin/classes/{cohort.uuid}/{end}")
            counts.append(len(seen))
        joining.add(
            cohort,
            [accounts.create(full_name=f"Người {n}", username=f"them{n}") for n in range(3)] if not _round else [],
            by=trainer,
        )
        class_of(course, name="Lớp nữa")
    assert counts[:2] == counts[2:]


def heads(unit: Unit, count: int, *, begin: int = 0) -> list[User]:
    people = [
        accounts.create(full_name=f"Trưởng bản {n}", username=f"truong-{unit.code}-{n}", unit=unit)
        for n in range(begin, begin + count)
    ]
    for person in people:
        AudienceMembership.objects.create(person=person, audience="village_heads", since="2026-01-01")
    return people


def test_rule_shows_its_count_and_enrols_by_a_job(course, land, manager):
    """All village heads of the province; run again, only who is new; who left is not brought back."""
    user, browser = manager
    cohort = cohorts.create(course=course, name="Lớp trưởng bản", since=timezone.localdate(), unit=land[0])
    people = heads(land[0], 30)
    heads(land[1], 2)
    other = accounts.create(full_name="Không phải", username="khong", unit=land[0])
    asked = {"audience": "village_heads", "unit": land[0].parent_id, "day": f"{timezone.localdate()}"}
    page = browser.get(f"/admin/classes/{cohort.uuid}/rule/", asked).content.decode()
    assert "30 người sẽ được ghi danh." in page
    assert not Enrolment.objects.exists()
    assert not CohortRule.objects.exists()
    browser.post(f"/admin/classes/{cohort.uuid}/rule/", asked)
    jobs.run_all()
    job = CohortRule.objects.get().job
    assert (job.state, job.result, job.done, job.total) == ("done", {"added": 30, "full": False}, 30, 30)
    assert Enrolment.objects.count() == 30
    assert not joining.is_member(cohort, other)
    cohort.group.memberships.update(since=timezone.localdate() - timedelta(days=1))
    joining.leave(cohort, people[0], by=user)
    (new,) = heads(land[0], 1, begin=50)
    joining.add(cohort, [other], by=user)
    browser.post(f"/admin/classes/{cohort.uuid}/rule/", asked)
    jobs.run_all()
    assert CohortRule.objects.get().job.result == {"added": 1, "full": False}
    assert joining.is_member(cohort, new)


@pytest.mark.parametrize("asked", ["abc", "9" * 30, "hidden"])
def test_rule_says_nothing_of_a_unit_that_is_none_or_hidden(course, land, manager, asked):
    """A key guessed in the address: an error at the field, and no name."""
    _user, browser = manager
    mine, _trainer, _people = class_of(course, unit=land[0])
    village = Unit.objects.create(
        code="v1", level="village", name="Bản Kín", short_name="Kín", parent=land[1], valid_from=land[1].valid_from
    )
    unit = village.pk if asked == "hidden" else asked
    page = browser.get(f"/admin/classes/{mine.uuid}/rule/", {"audience": "village_heads", "unit": unit})
    assert page.status_code == 200
    assert "unit" in page.context["form"].errors
    assert "Bản Kín" not in page.content.decode()


def test_rule_brings_no_strangers_into_a_trainers_class(course, land):
    """Who leads a class sees its people and gives them PINs: a rule over one's own commune must not open it."""
    user, browser = staff("vu thi mai", roles.TRAINER)
    User.objects.filter(pk=user.pk).update(unit=land[0])
    cohort = cohorts.create(course=course, name="Lớp", since=timezone.localdate(), trainers=[user])
    people = heads(land[0], 3)
    joining.add(
        cohorts.create(course=course, name="Lớp cũ", since=timezone.localdate(), trainers=[user]), people[:1], by=user
    )
    asked = {"audience": "village_heads", "unit": land[0].pk, "day": f"{timezone.localdate()}"}
    assert "1 người sẽ được ghi danh." in browser.get(f"/admin/classes/{cohort.uuid}/rule/", asked).content.decode()
    browser.post(f"/admin/classes/{cohort.uuid}/rule/", asked)
    jobs.run_all()
    assert set(User.objects.visible_to(user)) == {user, people[0]}
    assert [person for person in people if joining.is_member(cohort, person)] == people[:1]


def test_rule_fills_a_class_and_stops(course, land, manager):
    """No more than its seats."""
    user, _browser = manager
    cohort = cohorts.create(course=course, name="Lớp nhỏ", since=timezone.localdate(), seats=27)
    heads(land[0], 30)
    rule = cohort_rules.run(cohort, audience="village_heads", unit=land[0].parent, day=timezone.localdate(), by=user)
    jobs.run_all()
    rule.job.refresh_from_db()
    assert rule.job.result == {"added": 27, "full": True}
    assert joining.places_left(cohort) == 0


def test_rule_that_was_stopped_goes_on(course, land, manager):
    """From where it was: nobody twice, nobody missing."""
    user, _browser = manager
    cohort = cohorts.create(course=course, name="Lớp lớn", since=timezone.localdate())
    heads(land[0], 60)
    rule = cohort_rules.run(cohort, audience="village_heads", unit=land[0].parent, day=timezone.localdate(), by=user)
    Job.objects.filter(pk=rule.job_id).update(stop_requested=True)
    jobs.run_all()
    assert Enrolment.objects.count() == 0  # the first batch is undone with its cursor
    Job.objects.filter(pk=rule.job_id).update(stop_requested=False, state="queued")
    jobs.run_all()
    assert Enrolment.objects.count() == 60
    assert cohort.group.memberships.count() == 60


def test_evidence_is_kept_for_who_runs_the_class(course, land, manager):
    """A PDF is taken, a program called PDF is not; others get 404; each reading is in the audit log."""
    _user, browser = manager
    cohort, _trainer, _people = class_of(course, unit=land[0])
    path = f"/admin/classes/{cohort.uuid}/evidence/"
    page = browser.post(path, {"file": SimpleUploadedFile("danh-sach.pdf", b"MZ\x90")}).content.decode()
    assert "Chỉ nhận tệp PDF, JPG hoặc PNG." in page
    assert not cohort.evidence.exists()
    browser.post(path, {"file": SimpleUploadedFile("danh-sach.pdf", b"%PDF-1.4 ...")})
    row = cohort.evidence.get()
    answer = browser.get(f"{path}{row.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 ..."
    assert answer["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/media/{row.file.name}").status_code == 404
    _other, stranger = staff("giang vien khac", roles.TRAINER)
    assert stranger.get(f"{path}{row.pk}/").status_code == 404
    assert AuditEntry.objects.filter(action="cohort.read_evidence").count() == 1


def test_learner_page_shows_the_class_with_the_next_session(course, learner, pupil):
    """When, where, with whom; a class that is over is not there."""
    cohort, trainer, _people = class_of(course, place="Nhà văn hóa", until=timezone.localdate() + timedelta(days=9))
    joining.add(cohort, [learner], by=trainer)
    meeting(cohort, timezone.localdate() + timedelta(days=2))
    page = pupil.get("/my/").content.decode()
    day = f"{timezone.localdate() + timedelta(days=2):%d/%m/%Y}"
    assert f"{day}, 08:00–11:00" in page
    assert "Nơi học: Nhà văn hóa" in page
    assert "Giảng viên: Vừ Thị Mai" in page
    Cohort.objects.update(
        until=timezone.localdate() - timedelta(days=1), since=timezone.localdate() - timedelta(days=9)
    )
    assert "Nhà văn hóa" not in pupil.get("/my/").content.decode()


def test_my_data_has_class_and_attendance(course, learner, pupil):
    """What trainers noted about the person is the person's to take away."""
    import json

    cohort, trainer, _people = class_of(course)
    joining.add(cohort, [learner], by=trainer)
    say(meeting(cohort), learner, "late", by=trainer)
    data = json.loads(b"".join(pupil.get("/my/data.json").streaming_content))
    assert [row["group__name"] for row in data["classes"]] == ["Lớp Hua Tạt"]
    assert [(row["session__cohort__name"], row["state"]) for row in data["attendance"]] == [("Lớp Hua Tạt", "late")]
