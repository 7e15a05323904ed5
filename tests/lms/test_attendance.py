"""Attendance: the latest mark holds, and each presence is one statement."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4, uuid5

import pytest
from django.utils import timezone

from core.identity import id_base
from lms import attendance, class_conclusions, cohorts, progress
from lms.attendance import Said
from lms.models import Attendance, Enrolment, Mark
from people import actors
from tests.lms.classes import class_of, meeting, presences, say
from tests.lms.conftest import settle, told
from xapi import verbs
from xapi.models import Statement


def test_presence_is_one_statement(course):
    """Its id is made from session and learner; it names class, course, registration and trainer."""
    cohort, trainer, (learner, *_others) = class_of(course)
    session = meeting(cohort)
    say(session, learner, "present", by=trainer)
    say(session, learner, "present", by=trainer)
    (row,) = presences(session)
    enrolment = Enrolment.objects.get(learner=learner)
    assert row.statement_id == uuid5(session.uuid, str(learner.uuid))
    assert row.verb == verbs.ATTENDED.id
    assert row.data["actor"]["account"] == {"homePage": id_base(), "name": str(learner.uuid)}
    assert row.data["object"]["definition"]["type"] == "http://adlnet.gov/expapi/activities/meeting"
    context = row.data["context"]
    assert context["registration"] == str(enrolment.registration)
    assert context["instructor"] == actors.actor_of(trainer) | {"objectType": "Agent"}
    assert [each["id"] for each in context["contextActivities"]["parent"]] == [cohort.iri]
    assert [each["id"] for each in context["contextActivities"]["grouping"]] == [course.iri]
    assert context["extensions"] == {f"{id_base()}/extensions/presence": "present"}
    assert row.data["result"]["duration"] == "PT03H00M00S"
    assert row.timestamp == session.ends_at
    assert Mark.objects.count() == 2


def test_same_event_sent_twice_is_one_mark(course):
    """A device that repeats itself changes nothing, and is told that all is kept."""
    cohort, trainer, (learner, *_others) = class_of(course)
    session = meeting(cohort)
    said = Said(learner, "late", timezone.now(), uuid4())
    assert attendance.mark(session, [said], by=trainer, how=Mark.How.LIST) == {said.event}
    assert attendance.mark(session, [said, said], by=trainer, how=Mark.How.LIST) == {said.event}
    assert Mark.objects.count() == 1
    assert len(presences(session)) == 1


def test_event_id_of_another_learner_is_not_kept(course):
    """An id means one thing for ever."""
    cohort, trainer, (first, second, *_others) = class_of(course)
    session = meeting(cohort)
    event = uuid4()
    attendance.mark(session, [Said(first, "present", timezone.now(), event)], by=trainer, how=Mark.How.LIST)
    other = [Said(second, "present", timezone.now(), event)]
    assert attendance.mark(session, other, by=trainer, how=Mark.How.LIST) == set()
    assert not Attendance.objects.filter(learner=second).exists()


def test_correction_voids_and_says_anew(course):
    """Absent after all: no statement stands. Late after all: another one, with the next id."""
    cohort, trainer, (learner, *_others) = class_of(course)
    session = meeting(cohort)
    say(session, learner, "present", by=trainer)
    say(session, learner, "absent", by=trainer)
    assert presences(session) == []
    say(session, learner, "late", by=trainer)
    (row,) = presences(session)
    assert row.statement_id == uuid5(session.uuid, f"{learner.uuid} 2")
    assert row.data["context"]["extensions"] == {f"{id_base()}/extensions/presence": "late"}
    assert Statement.objects.filter(verb=verbs.VOIDED.id).count() == 1
    assert list(Mark.objects.values_list("state", flat=True)) == ["present", "absent", "late"]


def test_later_mark_wins_in_whatever_order_marks_come(course):
    """Two devices: what was said at nine holds over what was said at eight, though eight came last; both are kept."""
    cohort, trainer, (learner, *_others) = class_of(course)
    session = meeting(cohort)
    nine = timezone.now() - timedelta(hours=1)
    say(session, learner, "absent", at=nine, by=trainer)
    say(session, learner, "present", at=nine - timedelta(hours=1), by=trainer)
    assert Attendance.objects.get(learner=learner).state == "absent"
    assert presences(session) == []
    assert Mark.objects.filter(learner=learner).count() == 2


def test_id_taken_by_somebody_else_is_passed_over(course):
    """Who knows the uuids cannot keep a presence from being stored."""
    cohort, trainer, (learner, *_others) = class_of(course)
    session = meeting(cohort)
    from xapi.statements import record

    record(
        [
            {
                "id": str(uuid5(session.uuid, str(learner.uuid))),
                "actor": {"mbox": "mailto:ai-do@nhasan.example"},
                "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
                "object": {"id": "http://noi-khac.example/bai"},
            }
        ]
    )
    say(session, learner, "present", by=trainer)
    (row,) = presences(session)
    assert row.statement_id == uuid5(session.uuid, f"{learner.uuid} 2")


def test_class_in_a_room_is_completed_by_being_at_all_sessions(course):
    """With the class's last day; the statement cites the class and has the time of the last session's end."""
    cohort, trainer, (there, missing, *_others) = class_of(course)
    first, second = meeting(cohort, timezone.localdate() - timedelta(days=3)), meeting(cohort)
    for session in (first, second):
        say(session, there, "present", by=trainer)
    say(first, missing, "present", by=trainer)
    say(second, missing, "excused", by=trainer)
    settle()
    done = Enrolment.objects.get(learner=there)
    assert done.status == "completed"
    assert done.completed_at == second.ends_at
    assert Enrolment.objects.get(learner=missing).status == "in_progress"
    assert [verb for verb, _activity in told(done)] == ["attended", "attended", "completed"]
    (said,) = Statement.objects.filter(verb=verbs.COMPLETED.id)
    extensions = said.data["context"]["extensions"]
    assert extensions[f"{id_base()}/extensions/class"] == cohort.iri
    assert extensions[f"{id_base()}/extensions/class-sessions"] == [first.iri, second.iri]


def test_nothing_is_concluded_before_the_last_day(course):
    """A class that goes on next week is not finished by today's only session; when it is ended, it is."""
    until = timezone.localdate() + timedelta(days=7)
    cohort, trainer, (learner, *_others) = class_of(course, until=until)
    say(meeting(cohort), learner, "present", by=trainer)
    settle()
    assert Enrolment.objects.get(learner=learner).completed_at is None
    cohorts.change(cohort, by=trainer, until=timezone.localdate())
    class_conclusions.queue_members(cohort)
    settle()
    assert Enrolment.objects.get(learner=learner).status == "completed"


@pytest.mark.parametrize("mode", ["online", "blended"])
def test_other_classes_are_not_completed_by_attendance(course, mode):
    """There the lessons decide."""
    cohort, trainer, (learner, *_others) = class_of(course, mode=mode)
    say(meeting(cohort), learner, "present", by=trainer)
    settle()
    assert Enrolment.objects.get(learner=learner).status == "in_progress"


def test_correction_of_a_cited_presence_takes_the_conclusion_back(course):
    """And being there after all concludes again, as the next attempt."""
    cohort, trainer, (learner, *_others) = class_of(course)
    session = meeting(cohort)
    say(session, learner, "present", by=trainer)
    settle()
    say(session, learner, "absent", by=trainer)
    settle()
    enrolment = Enrolment.objects.get(learner=learner)
    assert (enrolment.status, enrolment.completed_at) == ("enrolled", None)
    say(session, learner, "present", by=trainer)
    settle()
    enrolment.refresh_from_db()
    assert enrolment.status == "completed"
    assert Statement.objects.filter(verb=verbs.COMPLETED.id, voided=False).count() == 1


def test_session_added_to_a_finished_class_takes_nothing_back(course):
    """The conclusion cites the sessions that it was drawn from."""
    cohort, trainer, (learner, other, *_others) = class_of(course)
    say(meeting(cohort), learner, "present", by=trainer)
    settle()
    extra = meeting(cohort, timezone.localdate())
    say(extra, other, "absent", by=trainer)
    progress.refresh([Enrolment.objects.get(learner=learner).registration])
    assert Enrolment.objects.get(learner=learner).status == "completed"


def test_replay_gives_what_was_live(course):
    """Progress rebuilt from the statements is the same, and no statement is made."""
    cohort, trainer, people = class_of(course)
    session = meeting(cohort)
    for learner in people:
        say(session, learner, "present", by=trainer)
    settle()
    before = list(Enrolment.objects.order_by("pk").values())
    count = Statement.objects.count()
    Enrolment.objects.update(status="enrolled", completed_at=None, active_at=None)
    progress.replay()
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert Statement.objects.count() == count


def test_number_of_queries_does_not_grow_with_the_class(course, django_assert_num_queries):
    """Marking five is as many queries as marking one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cohort, trainer, people = class_of(course, names=5)
    first, second = meeting(cohort), meeting(cohort, timezone.localdate())
    warm = meeting(cohort, timezone.localdate() - timedelta(days=2))
    say(warm, people[0], "present", by=trainer)
    with CaptureQueriesContext(connection) as one:
        say(first, people[0], "present", by=trainer)
    said = [Said(each, "present", datetime.now(UTC), uuid4()) for each in people]
    with CaptureQueriesContext(connection) as five:
        attendance.mark(second, said, by=trainer, how=Mark.How.LIST)
    assert len(five) == len(one)
