"""Others may know the id that a statement of learning will have, and take it first. That hides no learning."""

from uuid import UUID, uuid4, uuid5

import orjson
import pytest

from lms import learning
from lms.conclusions import conclusion_id
from lms.enrolment import enrol
from lms.models import Answer, Course, Enrolment
from people import accounts
from tests.lms.conftest import finish_course, lesson, question, settle, told
from xapi import verbs
from xapi.models import Credential, Statement
from xapi.statements import store

pytestmark = pytest.mark.django_db


def take(enrolment: Enrolment, statement_id: UUID) -> None:
    """A system that is not trusted with the course stores a statement of its own under the id."""
    credential, _secret = Credential.create(name=str(uuid4()), scopes=["all"], counts=[])
    statement = {
        "id": str(statement_id),
        "actor": {"mbox": "mailto:squatter@example.org"},
        "verb": {"id": "http://example.org/took"},
        "object": {"id": enrolment.course.iri},
    }
    store(orjson.dumps(statement), credential=credential)


def own(statement_id: UUID) -> bool:
    return Statement.objects.filter(statement_id=statement_id, credential=None).exists()


def test_a_conclusion_is_the_next_attempt(enrolment: Enrolment) -> None:
    """Concluded once for all that, also when all is reckoned again."""
    iri = enrolment.course.iri
    for attempt in (1, 2):
        take(enrolment, conclusion_id(enrolment.registration, verbs.COMPLETED.id, iri, attempt))
    finish_course(enrolment)
    settle()
    learning.go_on(enrolment, lesson(enrolment.course, "bai-2"))
    enrolment.refresh_from_db()
    assert enrolment.status == "passed"
    assert own(conclusion_id(enrolment.registration, verbs.COMPLETED.id, iri, 3))
    assert own(conclusion_id(enrolment.registration, verbs.PASSED.id, iri, 1))
    assert [verb for verb, _object in told(enrolment)].count("completed") == 1


def test_another_learners_press_is_no_conclusion(enrolment: Enrolment, course: Course) -> None:
    """This site says it, but not of this enrolment."""
    other = enrol(learner=accounts.create(full_name="Sùng Thị Mai", username="mai"), course=course)
    taken = conclusion_id(enrolment.registration, verbs.COMPLETED.id, course.iri, 1)
    learning.go_on(other, lesson(course, "bai-1"), event=taken)
    finish_course(enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.status, Statement.objects.get(statement_id=taken).registration) == ("passed", other.registration)


def test_the_first_entry_is_told_once(enrolment: Enrolment) -> None:
    take(enrolment, uuid5(enrolment.registration, verbs.INITIALIZED.id))
    learning.begin(enrolment)
    learning.begin(enrolment)
    assert told(enrolment) == [("initialized", "courses/an-toan")]


def test_a_press_sent_twice_is_one(enrolment: Enrolment) -> None:
    """Going on and answering, under ids that are taken."""
    row, going, answering = lesson(enrolment.course, "bai-1"), uuid4(), uuid4()
    take(enrolment, going)
    take(enrolment, answering)
    for _ in range(2):
        learning.answer(enrolment, row, question("q1"), ["b"], event=answering)
        learning.go_on(enrolment, row, event=going)
    assert told(enrolment) == [("answered", "questions/an-toan-q1"), ("experienced", "lessons/bai-1")]
    assert Answer.objects.get().statement_id == uuid5(enrolment.registration, str(answering))
