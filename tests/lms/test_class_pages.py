"""The pages of who runs classes: lists, attendance by form, the screen, sharing."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lms import joining, presence_codes
from lms.models import Attendance, Cohort, Enrolment, Mark, Session
from people import accounts
from people.models import GroupMembership
from tests.lms.classes import class_of, meeting, presences, say


@pytest.fixture
def run(course):
    """A class, its trainer's browser, and a session of today."""
    cohort, trainer, people = class_of(course, until=timezone.localdate() + timedelta(days=7))
    browser = Client()
    browser.force_login(trainer)
    return cohort, trainer, people, meeting(cohort, timezone.localdate()), browser


def url(session: Session, end: str = "") -> str:
    return f"/learn/classes/{session.cohort.uuid}/sessions/{session.uuid}/{end}"


def everything(cohort: Cohort, session: Session) -> list[str]:
    start = f"/learn/classes/{cohort.uuid}/"
    ends = ("", "change/", "history/", "screen/")
    return [
        start,
        *(f"{start}{end}/" for end in ("add", "share", "poster")),
        f"{start}sessions/new/",
        *(url(session, end) for end in ends),
    ]


def test_trainer_opens_every_page(run):
    """And the list shows the class with its people and sessions counted."""
    cohort, _trainer, _people, session, browser = run
    for path in everything(cohort, session):
        assert browser.get(path).status_code == 200, path
    page = browser.get("/learn/classes/").content.decode()
    assert "Lớp Hua Tạt" in page
    assert "3 người học · 1 buổi" in page


def test_others_find_nothing(run, learner, pupil):
    """A learner of the class, another trainer and a stranger: 404 for the former two, sign-in for the last."""
    cohort, trainer, _people, session, _browser = run
    joining.add(cohort, [learner], by=trainer)
    for path in everything(cohort, session):
        assert pupil.get(path).status_code == 404, path
        assert Client().get(path)["Location"].startswith("/accounts/login/?next="), path
    assert "Lớp Hua Tạt" not in pupil.get("/learn/classes/").content.decode()
    for end in ("remove/", "door/", "add/"):
        assert pupil.post(f"/learn/classes/{cohort.uuid}/{end}").status_code == 404
    assert pupil.post(url(session), {"all": "present"}).status_code == 404
    assert not Mark.objects.exists()


def test_form_without_script_keeps_what_changed(run):
    """One present, the others untouched; the same form sent twice is one mark; then all the rest."""
    _cohort, _trainer, (one, two, three), session, browser = run
    page = browser.get(url(session)).content.decode()
    event = re.search(r'name="event" value="([^"]+)"', page)[1]
    form = {"event": event, f"state-{one.uuid}": "late", f"note-{one.uuid}": "Đường sạt lở"}
    for _press in range(2):
        assert browser.post(url(session), form).status_code == 302
    assert list(Attendance.objects.values_list("learner", "state", "note")) == [(one.pk, "late", "Đường sạt lở")]
    assert Mark.objects.count() == 1
    browser.post(
        url(session),
        {
            "event": str(uuid4()),
            f"state-{one.uuid}": "late",
            f"was-{one.uuid}": "late",
            f"note-{one.uuid}": "Đường sạt lở",
            f"wasnote-{one.uuid}": "Đường sạt lở",
            "all": "present",
        },
    )
    states = dict(Attendance.objects.values_list("learner", "state"))
    assert states == {one.pk: "late", two.pk: "present", three.pk: "present"}
    assert len(presences(session)) == 3


def test_session_of_tomorrow_is_not_marked_yet(run):
    """Nobody was there before it happened."""
    cohort, _trainer, (one, *_others), _session, browser = run
    tomorrow = meeting(cohort, timezone.localdate() + timedelta(days=1))
    browser.post(url(tomorrow), {f"state-{one.uuid}": "present"})
    assert not Mark.objects.exists()


def test_weekly_sessions(run):
    """Three Tuesdays from one form; sent again they are the same three."""
    cohort, _trainer, _people, _session, browser = run
    data = {
        "day": "2026-12-01",
        "starts": "13:30",
        "ends": "16:00",
        "title": "Thực hành",
        "place": "Nhà văn hóa",
        "hours": "",
        "times": "3",
    }
    for _press in range(2):
        assert browser.post(f"/learn/classes/{cohort.uuid}/sessions/new/", data).status_code == 302
    made = cohort.sessions.filter(title="Thực hành")
    assert [f"{row.day} {row.hours} {row.place}" for row in made] == [
        f"2026-12-{day} 2.5 Nhà văn hóa" for day in ("01", "08", "15")
    ]


def test_session_with_a_wrong_time_is_refused_with_a_reason(run):
    """The end before the beginning; nothing is stored."""
    cohort, _trainer, _people, _session, browser = run
    data = {"day": "2026-12-01", "starts": "16:00", "ends": "13:00"}
    page = browser.post(f"/learn/classes/{cohort.uuid}/sessions/new/", data).content.decode()
    assert "Giờ kết thúc phải sau giờ bắt đầu." in page
    assert cohort.sessions.count() == 1


def test_session_is_not_moved_onto_another(run):
    """The reason stands at the time; the session stays where it was."""
    cohort, _trainer, _people, session, browser = run
    other = meeting(cohort)
    data = {"day": f"{session.day}", "starts": "08:00", "ends": "10:00"}
    page = browser.post(url(other, "change/"), data).content.decode()
    assert "Lớp đã có một buổi học bắt đầu đúng giờ này." in page
    other.refresh_from_db()
    assert other.day != session.day


def test_trainer_who_takes_the_course_stays_trainer(run):
    """By the class's own link, on the very day of its opening."""
    cohort, trainer, _people, _session, browser = run
    assert browser.post(f"/learn/s/{cohort.share_token}/bai-1/")["Location"] == "/courses/an-toan/bai-1/"
    assert Enrolment.objects.filter(learner=trainer).exists()
    assert [row.leader for row in GroupMembership.objects.filter(person=trainer)] == [True]


def test_session_with_marks_stays(run):
    """An empty one goes."""
    cohort, trainer, (one, *_others), session, browser = run
    empty = meeting(cohort)
    say(session, one, "present", by=trainer)
    for each in (session, empty):
        browser.post(url(each, "change/"), {"remove": "1"})
    assert list(cohort.sessions.all()) == [session]


def test_people_are_found_and_added_only_among_those_one_sees(run, learner):
    """A stranger is not found by number, and not added by a forged form."""
    cohort, trainer, (one, *_others), _session, browser = run
    path = f"/learn/classes/{cohort.uuid}/add/"
    assert "Giàng A Páo" not in browser.get(path, {"q": "pao"}).content.decode()
    browser.post(path, {"person": str(learner.uuid)})
    assert not joining.is_member(cohort, learner)
    joining.leave(cohort, one, by=trainer)
    assert not Enrolment.objects.filter(learner=learner).exists()


def test_leaving_is_a_button(run):
    """The membership ends; the enrolment stays."""
    cohort, _trainer, (one, *_others), _session, browser = run
    assert browser.post(f"/learn/classes/{cohort.uuid}/remove/", {"person": str(one.uuid)}).status_code == 302
    assert not joining.is_member(cohort, one)
    assert Enrolment.objects.filter(learner=one).exists()


def test_code_is_closed_opened_and_renewed(run):
    """By the buttons of the page."""
    cohort, _trainer, _people, _session, browser = run
    old = cohort.join_code
    for word, is_open in (("close", False), ("open", True), ("renew", True)):
        browser.post(f"/learn/classes/{cohort.uuid}/door/", {"do": word})
        cohort.refresh_from_db()
        assert cohort.join_open is is_open
    assert cohort.join_code != old


def test_number_of_queries_does_not_grow(run, course):
    """Class page, attendance and list: as many queries for three learners as for five and three sessions."""
    cohort, trainer, people, session, browser = run
    paths = ["/learn/classes/", f"/learn/classes/{cohort.uuid}/", url(session), url(session, "history/")]
    say(session, people[0], "present", by=trainer)
    counts = []
    for _round in range(2):
        for path in paths:
            browser.get(path)  # what is looked up once per process
            with CaptureQueriesContext(connection) as seen:
                browser.get(path)
            counts.append(len(seen))
        meeting(cohort), meeting(cohort, timezone.localdate() - timedelta(days=2))
        more = [accounts.create(full_name=f"Người {n}", username=f"them{n}{uuid4().hex[:4]}") for n in range(3)]
        joining.add(cohort, more, by=trainer)
        for each in more:
            say(session, each, "late", by=trainer)
    assert counts[:4] == counts[4:]


def test_shared_link_leads_through_the_class_to_the_lesson(run, learner, pupil):
    """Signed out: the class's name and sign-in that comes back. Then one press, and the lesson."""
    cohort, _trainer, _people, _session, _browser = run
    path = f"/learn/s/{cohort.share_token}/bai-2/"
    page = Client().get(path).content.decode()
    assert f"/accounts/login/?next={path}" in page
    assert "Giữ tiền" in page
    assert "Vào lớp" in pupil.get(path).content.decode()
    assert not Enrolment.objects.filter(learner=learner).exists()  # GET writes nothing
    answer = pupil.post(path)
    assert answer["Location"] == "/courses/an-toan/bai-2/"
    assert joining.is_member(cohort, learner)
    assert pupil.get(path)["Location"] == "/courses/an-toan/bai-2/"
    assert pupil.get(f"/learn/s/{cohort.share_token}/khong-co/").status_code == 404
    assert pupil.get("/learn/s/sai/").status_code == 404


def test_closed_class_takes_nobody_by_link(run, learner, pupil):
    """The page says whom to ask; a forged post changes nothing."""
    cohort, trainer, _people, _session, _browser = run
    joining.set_open(cohort, is_open=False, by=trainer)
    path = f"/learn/s/{cohort.share_token}/"
    assert "Lớp không nhận thêm người bằng đường dẫn" in pupil.get(path).content.decode()
    pupil.post(path)
    assert not joining.is_member(cohort, learner)


def test_presence_by_the_screen(run, learner):
    """The learner reads the code, signs in, comes back, presses once or twice: one presence."""
    cohort, trainer, _people, session, browser = run
    joining.add(cohort, [learner], by=trainer)
    phone = Client()
    path = f"/learn/here/{session.uuid}/{presence_codes.code(session)}/"
    assert f'href="/accounts/login/?next={path}"' in phone.get(path).content.decode()
    phone.force_login(learner)
    assert "Tôi có mặt" in phone.get(path).content.decode()
    assert not Mark.objects.exists()
    for _press in range(2):
        phone.post(path)
    row = Attendance.objects.get(learner=learner)
    assert row.mark.how == "code"
    assert len(presences(session)) == 1
    assert "Đã ghi:" in phone.get(path).content.decode()
    assert "1 <small>/ 4 người có mặt" in browser.get(url(session, "screen/")).content.decode()


def test_who_has_no_pin_comes_in_by_telephone_and_back_to_the_presence(run):
    """Signed out on the QR: class code and number open a member's account without a secret, and no other."""
    cohort, trainer, _people, session, _browser = run
    member = accounts.create(full_name="Giàng A Chơ", phone="0912345678")
    joining.add(cohort, [member], by=trainer)
    phone, later = Client(), Client()
    page = phone.get(f"/learn/here/{session.uuid}/{presence_codes.code(session)}/").content.decode()
    join = f"/learn/join/{cohort.join_code}/"
    assert f'href="{join}"' in page
    back = f"/learn/here/{session.uuid}/ve/"
    answer = phone.post(join, {"phone": "0912 345 678"})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [back]
    assert phone.post("/accounts/consent/", {"next": back})["Location"] == back
    assert "Giàng A Chơ có mặt" in phone.get(back).content.decode()
    phone.post(back)
    assert Attendance.objects.get(learner=member).mark.how == "code"
    assert "here" not in later.post(join, {"phone": "0912 345 678"})["Location"]  # who read no QR goes to the lessons
    assert later.get(back).status_code == 410


def test_a_closed_class_takes_nobody_by_the_screen_s_code_signed_out(run):
    cohort, trainer, _people, session, _browser = run
    joining.set_open(cohort, is_open=False, by=trainer)
    path = f"/learn/here/{session.uuid}/{presence_codes.code(session)}/"
    assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_code_of_a_photograph_is_worth_nothing_later(run, learner, pupil):
    """After the grace, for another session, or made up: 410 and how to go on; nothing is stored."""
    cohort, trainer, _people, session, _browser = run
    joining.add(cohort, [learner], by=trainer)
    now = 1_800_000_000.0
    code = presence_codes.code(session, now)
    for later in (0, presence_codes.STRETCH, presence_codes.STRETCH * presence_codes.GRACE):
        presence_codes.check(session.uuid, code, now + later)
    with pytest.raises(presence_codes.UnknownPresenceCode):
        presence_codes.check(session.uuid, code, now + presence_codes.STRETCH * (presence_codes.GRACE + 1))
    other = meeting(cohort)
    for wrong in (code, presence_codes.code(other), "AAAA"):
        answer = pupil.post(f"/learn/here/{session.uuid}/{wrong}/")
        assert answer.status_code == 410
        assert "Hãy quét lại mã" in answer.content.decode()
    assert not Mark.objects.exists()


def test_ticket_is_of_one_browser_and_one_session(run, learner):
    """Another browser with the same address, or the same browser at another session, has read nothing."""
    cohort, trainer, _people, session, _browser = run
    joining.add(cohort, [learner], by=trainer)
    phone = Client()
    phone.get(f"/learn/here/{session.uuid}/{presence_codes.code(session)}/")
    phone.force_login(learner)
    assert phone.get(f"/learn/here/{session.uuid}/CU/").status_code == 200
    assert phone.get(f"/learn/here/{meeting(cohort).uuid}/CU/").status_code == 410
    other = Client()
    other.force_login(learner)
    assert other.get(f"/learn/here/{session.uuid}/CU/").status_code == 410


def test_who_is_written_down_already_is_told_so_by_an_old_code_too(run, learner):
    """Opened again later, on another browser of theirs: nobody need ask the trainer."""
    cohort, trainer, _people, session, _browser = run
    joining.add(cohort, [learner], by=trainer)
    phone, other = Client(), Client()
    for browser in (phone, other):
        browser.force_login(learner)
    assert "Đã ghi:" not in other.get(f"/learn/here/{session.uuid}/CU/").content.decode()
    phone.post(f"/learn/here/{session.uuid}/{presence_codes.code(session)}/")
    again = other.get(f"/learn/here/{session.uuid}/CU/")
    assert again.status_code == 410
    assert "Đã ghi:" in again.content.decode()


def test_staff_without_the_code_go_to_give_it(run, settings):
    """A trainer whose role needs a second factor sees no class before."""
    from django.contrib.auth.models import Group

    cohort, trainer, _people, session, browser = run
    trainer.groups.add(Group.objects.get(name="trainer"))
    for path in everything(cohort, session):
        assert browser.get(path)["Location"].startswith("/accounts/2fa/totp/activate/?next=")
    assert browser.post("/learn/classes/marks/", "{}", content_type="application/json").status_code == 401
    assert GroupMembership.objects.filter(person=trainer, leader=True).exists()


@pytest.mark.parametrize("wrong", ["☃", "%00", "%0A", "x" * 300])
def test_addresses_that_are_none(run, wrong):
    """Nothing in an address is an error of ours."""
    cohort, _trainer, _people, session, browser = run
    for asked in (f"/learn/here/{session.uuid}/{wrong}/", f"/learn/s/{wrong}/"):
        assert Client().get(asked).status_code in {404, 410}
    assert browser.get(f"/learn/classes/{cohort.uuid}/share/?lesson={wrong}").status_code == 404


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_days_at_the_ends_of_the_calendar_are_refused(run, day):
    """There is no week after the last one."""
    cohort, _trainer, _people, _session, browser = run
    asked = {"day": day, "starts": "08:00", "ends": "11:00", "times": "2"}
    answer = browser.post(f"/learn/classes/{cohort.uuid}/sessions/new/", asked)
    assert "day" in answer.context["form"].errors
    assert cohort.sessions.count() == 1
