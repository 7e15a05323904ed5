"""Who has attained a target, and since when."""

from datetime import UTC, date, datetime

import pytest

from core import jobs, outbox
from lms.models import Course
from people.models import AudienceMembership, Household, Organisation, Representation
from targets import attainment
from targets.models import Attainment, AttainmentQueue, TargetCourse

pytestmark = pytest.mark.django_db


def rows():
    """What is stored, without surrogate keys."""
    return sorted(
        (row.target.key, row.subject_kind, row.subject_name, row.attained_on, row.unit.code, row.person.username)
        for row in Attainment.objects.select_related("target", "unit", "person")
    )


def test_completion_attains_the_targets_of_the_learners_audiences(learner, complete):
    """A village head counts for the heads' target and no other."""
    head = learner("pao")
    complete(head)
    attainment.refresh([str(head.uuid)])
    assert rows() == [("heads", "person", "Pao", date(2026, 3, 10), "02671", "pao")]


def test_day_is_that_of_viet_nam(learner, complete):
    """18:30 UTC is already the next day in Ha Noi."""
    head = learner("pao")
    complete(head, at=datetime(2026, 3, 10, 18, 30, tzinfo=UTC))
    attainment.refresh([str(head.uuid)])
    assert rows()[0][3] == date(2026, 3, 11)


def test_head_who_is_also_a_person_of_influence_counts_once(learner, complete):
    """Both audiences are one target."""
    head = learner("pao")
    AudienceMembership.objects.create(person=head, audience="persons_of_influence", since=date(2026, 1, 1))
    complete(head)
    attainment.refresh([str(head.uuid)])
    assert [row[0] for row in rows()] == ["heads"]


def test_completion_outside_the_rules_dates_does_not_count(learner, complete, targets):
    """The rule holds from 2026 on."""
    head = learner("pao", since=date(2025, 1, 1))
    complete(head, at=datetime(2025, 12, 31, 8, tzinfo=UTC))
    attainment.refresh([str(head.uuid)])
    assert rows() == []


def test_course_without_rule_does_not_count(learner, complete):
    """Only courses that a rule names count."""
    head = learner("pao")
    complete(head, of=Course.objects.create(key="khac", title="Khác"))
    attainment.refresh([str(head.uuid)])
    assert rows() == []


def test_earliest_completion_counts(learner, complete, targets):
    """A second course changes nothing; an earlier one that arrives late moves the day back."""
    head = learner("pao")
    complete(head, at=datetime(2026, 5, 2, tzinfo=UTC))
    attainment.refresh([str(head.uuid)])
    earlier = Course.objects.create(key="som", title="Sớm")
    TargetCourse.objects.create(target=targets["heads"], course=earlier, since=date(2026, 1, 1))
    complete(head, at=datetime(2026, 2, 1, tzinfo=UTC), of=earlier)
    attainment.refresh([str(head.uuid)])
    assert [row[3] for row in rows()] == [date(2026, 2, 1)]


def test_who_learns_for_two_households_counts_for_both(learner, complete, country):
    """Two subjects, each in its own commune; a household that is not of an ethnic minority is none."""
    person = learner("mai", audience="households")
    for name, commune, minority in [("Hộ Một", "02671", True), ("Hộ Hai", "02680", True), ("Hộ Ba", "02680", False)]:
        household = Household.objects.create(
            name=name, unit=country[commune], ethnic_minority=minority, since=date(2026, 1, 1)
        )
        Representation.objects.create(person=person, household=household, since=date(2026, 1, 1))
    complete(person)
    attainment.refresh([str(person.uuid)])
    assert rows() == [
        ("economies", "household", "Hộ Hai", date(2026, 3, 10), "02680", "mai"),
        ("economies", "household", "Hộ Một", date(2026, 3, 10), "02671", "mai"),
    ]


def test_cooperative_has_the_earliest_of_its_learners(learner, complete, country):
    """The one who came first is the one shown, whoever is derived last."""
    cooperative = Organisation.objects.create(
        name="HTX Chè", kind="cooperative", unit=country["02680"], ethnic_minority=True, since=date(2026, 1, 1)
    )
    first, second = learner("an", audience="cooperatives"), learner("binh", audience="cooperatives")
    for person in (first, second):
        Representation.objects.create(person=person, organisation=cooperative, since=date(2026, 1, 1))
    complete(second, at=datetime(2026, 4, 1, tzinfo=UTC))
    complete(first, at=datetime(2026, 3, 1, tzinfo=UTC))
    attainment.refresh([str(first.uuid)])
    attainment.refresh([str(second.uuid)])
    assert rows() == [("economies", "organisation", "HTX Chè", date(2026, 3, 1), "02680", "an")]


def test_taking_a_completion_back_takes_the_attainment_back(learner, complete):
    """A voided completion leaves no attainment behind."""
    head = learner("pao")
    enrolment = complete(head)
    attainment.refresh([str(head.uuid)])
    enrolment.completed_at = None
    enrolment.save()
    attainment.refresh([str(head.uuid)])
    assert rows() == []


def test_rebuild_gives_what_live_processing_gave(learner, complete):
    """From an emptied table, and from one with a row too many."""
    people = [learner(f"nguoi{number}") for number in range(5)]
    for person in people[:3]:
        complete(person)
    attainment.refresh([str(person.uuid) for person in people])
    live = rows()
    assert len(live) == 3
    Attainment.objects.all().delete()
    attainment.rebuild()
    assert rows() == live


def test_new_audience_queues_the_person(learner, complete):
    """Who becomes a village head after the course counts once the queue is drained."""
    person = learner("pao", audience=None)
    complete(person)
    attainment.refresh([str(person.uuid)])
    assert rows() == []
    AudienceMembership.objects.create(person=person, audience="village_heads", since=date(2026, 6, 1))
    assert AttainmentQueue.objects.filter(key=str(person.uuid)).exists()
    outbox.drain_all()
    assert [row[0] for row in rows()] == ["heads"]


def test_move_of_a_household_queues_who_learned_for_it(learner, complete, country):
    """The attainment follows the household's commune."""
    person = learner("mai", audience="households")
    household = Household.objects.create(
        name="Hộ Một", unit=country["02671"], ethnic_minority=True, since=date(2026, 1, 1)
    )
    Representation.objects.create(person=person, household=household, since=date(2026, 1, 1))
    complete(person)
    outbox.drain_all()
    household.unit = country["02680"]
    household.save()
    outbox.drain_all()
    assert [row[4] for row in rows()] == ["02680"]


def test_signing_in_queues_nothing(learner):
    """A new last_login concerns no target."""
    person = learner("pao")
    AttainmentQueue.objects.all().delete()
    person.save(update_fields=["last_login"])
    assert AttainmentQueue.objects.count() == 0


def test_changed_rule_is_applied_by_a_job(learner, complete, course, targets):
    """Without its rule the course counts no more."""
    head = learner("pao")
    complete(head)
    outbox.drain_all()
    assert len(rows()) == 1
    jobs.run_all()
    TargetCourse.objects.filter(target=targets["heads"]).get().delete()
    assert jobs.run_all() == 1
    assert rows() == []
