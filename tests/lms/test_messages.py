"""Messages to a class: on the page and by e-mail, logged, with a way out."""

import re
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from core import jobs
from core.models import AuditEntry, Job
from lms import messages
from lms.models import Delivery, Enrolment, Message, NoEmail
from people import consent
from people.models import User
from tests.lms.classes import class_of


class Broken(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, letters: list[Mail]) -> int:
        if any("sai@" in address for letter in letters for address in letter.to):
            raise ConnectionRefusedError("sai@nhasan.example refused")
        return super().send_messages(letters)


@pytest.fixture
def run(course):
    """A class of three, two with an address, and its trainer's browser."""
    cohort, trainer, people = class_of(course, until=timezone.localdate() + timedelta(days=7))
    for number, person in enumerate(people[:2]):
        User.objects.filter(pk=person.pk).update(email=f"nguoi{number}@nhasan.example")
    browser = Client()
    browser.force_login(trainer)
    return cohort, trainer, people, browser, f"/learn/classes/{cohort.uuid}/messages/"


def test_message_reaches_pages_and_addresses(run):
    """Each gets one e-mail of their own; the page shows it until it is read; the log counts."""
    cohort, trainer, people, browser, path = run
    browser.post(path, {"subject": "Đổi lịch", "body": "Mai học lúc 8 giờ.", "by_email": "on"})
    assert mail.outbox == []  # the worker sends
    jobs.run_all()
    assert sorted((letter.to, letter.subject) for letter in mail.outbox) == [
        (["nguoi0@nhasan.example"], "Đổi lịch"),
        (["nguoi1@nhasan.example"], "Đổi lịch"),
    ]
    letter = mail.outbox[0]
    assert letter.body.startswith(
        f"Mai học lúc 8 giờ.\n\n-- \n{cohort.name}\nNgười gửi: {trainer.full_name}\n"
        "Xem trên trang Của tôi: http://testserver/my/\nKhông muốn nhận thư nữa: http://testserver/learn/messages/"
    )
    assert parseaddr(str(make_header(decode_header(letter.from_email))))[0] == "Nhà Sàn"
    assert people[1].full_name not in mail.outbox[0].body
    assert Job.objects.get(kind="lms.send_message").result == {"delivered": 5}
    learner = Client()
    learner.force_login(people[2])
    page = learner.get("/my/").content.decode()
    assert "Mai học lúc 8 giờ." in page
    assert "Chưa đọc" in page
    own = Delivery.objects.get(person=people[2])
    learner.post(f"/learn/messages/{own.pk}/read/")
    assert "Chưa đọc" not in learner.get("/my/").content.decode()
    page = browser.get(path).content.decode()
    assert "tới 3 người · trên trang Của tôi 3, thư điện tử 2, không gửi được 0, đã đọc 1" in page
    assert AuditEntry.objects.filter(action="cohort.message").count() == 1


def test_another_learner_cannot_read_or_mark_it(run):
    """404, and nothing changes."""
    cohort, trainer, people, _browser, _path = run
    messages.send(cohort, subject="S", body="B", behind_only=False, by=trainer)
    jobs.run_all()
    other = Client()
    other.force_login(people[1])
    assert other.post(f"/learn/messages/{Delivery.objects.get(person=people[0]).pk}/read/").status_code == 404
    assert Delivery.objects.filter(read_at__isnull=False).count() == 0


def test_only_those_behind(run):
    """Who finished, or learned this week, is left in peace."""
    cohort, trainer, people, _browser, _path = run
    now = timezone.now()
    Enrolment.objects.filter(learner=people[0]).update(active_at=now - timedelta(days=8))
    Enrolment.objects.filter(learner=people[1]).update(active_at=now - timedelta(days=8), completed_at=now)
    Enrolment.objects.filter(learner=people[2]).update(active_at=now - timedelta(days=6))
    messages.send(cohort, subject="S", body="B", behind_only=True, by=trainer)
    assert [row.person for row in Delivery.objects.all()] == [people[0]]


def test_failure_of_one_is_noted_and_the_others_get_theirs(run, settings):
    """With the kind of error, without the address."""
    cohort, trainer, people, _browser, _path = run
    User.objects.filter(pk=people[0].pk).update(email="sai@nhasan.example")
    settings.EMAIL_BACKEND = "tests.lms.test_messages.Broken"
    messages.send(cohort, subject="S", body="B", behind_only=False, by=trainer, by_channels=["page", "email"])
    jobs.run_all()
    assert [letter.to for letter in mail.outbox] == [["nguoi1@nhasan.example"]]
    (failed,) = Delivery.objects.filter(state="failed")
    assert (failed.person, failed.channel, failed.error) == (people[0], "email", "ConnectionRefusedError")
    assert Job.objects.get(kind="lms.send_message").result == {"delivered": 4, "failed": 1}


def test_interrupted_sending_is_not_repeated(run):
    """What was on its way when the worker was killed may have arrived; the rest is sent."""
    cohort, trainer, _people, _browser, _path = run
    messages.send(cohort, subject="S", body="B", behind_only=False, by=trainer, by_channels=["email"])
    first = Delivery.objects.first()
    Delivery.objects.filter(pk=first.pk).update(state="sending")
    jobs.run_all()
    assert len(mail.outbox) == 1
    assert list(Delivery.objects.values_list("state", flat=True)) == ["failed", "delivered"]


def test_no_more_emails_by_the_link_in_each(run):
    """A GET changes nothing; the button does, without signing in; the page still gets messages."""
    cohort, trainer, people, _browser, _path = run
    messages.send(cohort, subject="S", body="B", behind_only=False, by=trainer, by_channels=["email"])
    jobs.run_all()
    letter = next(each for each in mail.outbox if each.to == ["nguoi0@nhasan.example"])
    path = re.search(r"http://testserver(/learn/messages/no-email/\S+)", letter.body)[1]
    assert letter.extra_headers["List-Unsubscribe"] == f"<http://testserver{path}>"
    stranger = Client()
    assert stranger.get(path).status_code == 200
    assert not NoEmail.objects.exists()
    stranger.post(path)
    assert NoEmail.objects.get().person == people[0]
    mail.outbox.clear()
    messages.send(cohort, subject="S2", body="B", behind_only=False, by=trainer, by_channels=["page", "email"])
    jobs.run_all()
    assert [each.to for each in mail.outbox] == [["nguoi1@nhasan.example"]]
    assert Delivery.objects.filter(message__subject="S2", channel="page").count() == 3
    stranger.post(path, {"again": "1"})
    assert not NoEmail.objects.exists()
    assert stranger.get("/learn/messages/no-email/sai/").status_code == 404


def test_no_emails_to_who_took_the_agreement_back(run, rf):
    """Who never was asked, and who agreed again, gets them; the page keeps the message for when they come back."""
    cohort, trainer, people, browser, _path = run
    consent.record(people[0])
    request = rf.post("/")
    request.session = browser.session
    consent.withdraw(people[0], request)
    for subject, expected in (("S", ["nguoi1@nhasan.example"]), ("S2", [f"nguoi{n}@nhasan.example" for n in (0, 1)])):
        mail.outbox.clear()
        messages.send(cohort, subject=subject, body="B", behind_only=False, by=trainer, by_channels=["page", "email"])
        jobs.run_all()
        assert sorted(each.to[0] for each in mail.outbox) == expected
        assert Delivery.objects.filter(message__subject=subject, channel="page").count() == 3
        consent.record(people[0])


def test_others_do_not_write_to_the_class(run, pupil):
    """A learner gets 404 and sends nothing."""
    _cohort, _trainer, _people, _browser, path = run
    assert pupil.post(path, {"subject": "S", "body": "B"}).status_code == 404
    assert not Message.objects.exists()


def test_two_presses_send_one_message(run):
    """The key of the page tells a second press, or a reload, from a message with the same words written again."""
    cohort, _trainer, _people, browser, path = run
    said = {"subject": "Đổi lịch", "body": "Mai học lúc 8 giờ."}
    keys = [re.search(r'name="key" value="([^"]+)"', browser.get(path).content.decode())[1] for _page in range(2)]
    for _press in range(2):
        assert browser.post(path, {**said, "key": keys[0]}).status_code == 302
    jobs.run_all()
    assert (Message.objects.count(), Delivery.objects.count(), Job.objects.count()) == (1, 3, 1)
    browser.post(path, {**said, "body": "Mai nghỉ.", "key": keys[0]})  # back in the browser, and written anew
    browser.post(path, {**said, "key": keys[1]})
    assert list(cohort.messages.order_by("pk").values_list("body", flat=True)) == [
        "Mai học lúc 8 giờ.",
        "Mai nghỉ.",
        "Mai học lúc 8 giờ.",
    ]
