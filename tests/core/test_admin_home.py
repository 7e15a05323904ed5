"""The first page of the admin says what waits for whoever opens it."""

import re
from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from core import outbox
from core.admin_home import MOST, counted
from core.models import Job
from library.models import Record
from lms import courses, inquiries, timetable
from people import accounts, roles
from tests.lms.classes import class_of
from tests.lms.conftest import COURSE
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


def waiting(role: str) -> dict[str, str]:
    """What the page lists for somebody in the role."""
    person = accounts.create(full_name="Cán bộ", username=role.replace(" ", "-"), roles=[role])
    return shown(sign_in_staff(Client(), person))


def shown(client: Client) -> dict[str, str]:
    page = client.get("/admin/").content.decode()
    section = page[page.index("nha-san-waiting") : page.index("</section>", page.index("nha-san-waiting"))]
    return dict(re.findall(r'<a href="[^"]+">([^<]+)</a> <strong>([^<]+)</strong>', section))


def test_a_trainer_sees_todays_sessions() -> None:
    """Of the trainer's own classes; somebody else's are nobody's business."""
    course = courses.publish_course(**COURSE)
    for _class in range(2):
        cohort, trainer, _people = class_of(course)
        timetable.add(cohort, day=timezone.localdate(), starts=time(8), ends=time(11), by=None)
    trainer.groups.add(roles.Group.objects.get(name=roles.TRAINER))
    assert shown(sign_in_staff(Client(), trainer)) == {"Buổi học hôm nay": "1"}


def test_a_trainer_sees_what_learners_asked() -> None:
    """Until it is answered."""
    course = courses.publish_course(**COURSE)
    outbox.drain_all()
    _cohort, trainer, people = class_of(course)
    trainer.groups.add(roles.Group.objects.get(name=roles.TRAINER))
    asked = inquiries.ask(course.enrolments.get(learner=people[0]), course.lessons.get(key="bai-1"), "Mất sim thì sao?")
    office = sign_in_staff(Client(), trainer)
    assert shown(office) == {"Câu hỏi của học viên": "1"}
    inquiries.answer(asked, "Gọi nhà mạng.", by=trainer)
    assert shown(office) == {}


def test_a_librarian_sees_drafts() -> None:
    """With a way to the list that shows just these."""
    now = timezone.now()
    Record.objects.create(status=Record.Status.DRAFT, raw=b"", raw_format="iso2709", title="Nháp", changed=now)
    assert waiting(roles.LIBRARIAN) == {"Biểu ghi chưa công bố": "1"}


def test_nothing_waits() -> None:
    """Then the page says so."""
    assert waiting(roles.AUDITOR) == {}


def test_many_are_not_counted() -> None:
    """A million rows are "more than 99"."""
    Job.objects.bulk_create(Job(kind="x", title=str(number)) for number in range(MOST + 3))
    assert counted(Job.objects.all()) is None
    assert counted(Job.objects.filter(pk__in=Job.objects.values("pk")[:7])) == 7
