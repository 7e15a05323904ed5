"""Two accounts of one person count once, and twice again when they part."""

from datetime import UTC, date, datetime

import pytest

from certificates import issue
from core import outbox
from lms.enrolment import enrol
from lms.models import Course, Enrolment
from people import accounts, merging
from people.models import AudienceMembership, Household, Representation
from targets import attainment, figures
from targets.models import Attainment, Population, PopulationMember, TargetCourse

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db):
    return accounts.create(full_name="Quản Trị", username="quan.tri", roles=["administrator"])


def drain():
    """The queue of attainment alone: these enrolments were completed without statements."""
    [queue] = [queue for queue in outbox.queues() if queue.name == "attainment"]
    while outbox.drain_once(queue):
        pass


def derived():
    """What is stored, without surrogate keys."""
    drain()
    attainments = Attainment.objects.order_by("target__key", "subject").values_list(
        "target__key", "subject_kind", "subject", "subject_name", "attained_on", "unit", "person", "enrolment"
    )
    enrolments = Enrolment.objects.order_by("registration").values_list("registration", *Enrolment.DERIVED)
    return list(attainments), list(enrolments)


def test_once_together_and_as_before_apart(learner, complete, country, targets, admin):
    """The earliest completion of either counts, by the audiences of both; undoing leaves every row as it was."""
    kept, other = learner("pao", "02671", audience=None), learner("pao.2", "08000")
    household = Household.objects.create(name="Hộ Páo", unit=country["08000"], ethnic_minority=True)
    Representation.objects.create(person=other, household=household, since=date(2026, 1, 1))
    complete(kept, datetime(2026, 2, 1, tzinfo=UTC))
    complete(other, datetime(2026, 3, 1, tzinfo=UTC))
    attainment.refresh([str(kept.uuid), str(other.uuid)])
    before = derived()
    assert [row[1] for row in before[0]] == ["household", "person"]
    alias = merging.merge(kept=kept, merged=other, by=admin)
    merged, _enrolments = derived()
    heads = [row for row in merged if row[1] == "person"]
    assert [(row[2], row[4], row[5], row[6]) for row in heads] == [
        (kept.uuid, date(2026, 2, 1), country["02671"].pk, kept.pk)
    ]
    of_household = [row for row in merged if row[1] == "household"]
    assert [(row[2], row[4], row[6]) for row in of_household] == [(household.uuid, date(2026, 2, 1), kept.pk)]
    merging.unmerge(alias, by=admin)
    assert derived() == before


def test_live_equals_rebuilt_while_together(learner, complete, admin):
    """A rebuild after a merge changes nothing."""
    kept, other = learner("pao"), learner("pao.2")
    complete(other)
    merging.merge(kept=kept, merged=other, by=admin)
    live = derived()
    assert [row[2] for row in live[0]] == [kept.uuid]
    attainment.rebuild()
    assert derived() == live


def test_a_list_that_names_both_names_one(learner, complete, country, targets, admin):
    """Population and attained are counts of people."""
    kept, other, third = learner("pao"), learner("pao.2"), learner("sinh")
    complete(other)
    population = Population.objects.create(
        target=targets["heads"], unit=country["02671"], kind="list", source="QĐ", since=date(2026, 1, 1)
    )
    for person in (kept, other, third):
        PopulationMember.objects.create(population=population, subject=person.uuid)
    day = date(2026, 6, 1)
    attainment.refresh([str(other.uuid)])
    figure = figures.of_unit(targets["heads"], country["02671"], day)
    assert (figure.population, figure.attained) == (3, 1)
    alias = merging.merge(kept=kept, merged=other, by=admin)
    drain()
    figure = figures.of_unit(targets["heads"], country["02671"], day)
    assert (figure.population, figure.attained, figure.outside) == (2, 1, 0)
    merging.unmerge(alias, by=admin)
    drain()
    figure = figures.of_unit(targets["heads"], country["02671"], day)
    assert (figure.population, figure.attained) == (3, 1)


def test_an_audience_of_the_merged_account_keeps_the_person_inside(learner, complete, country, targets, admin):
    """A number for the population: who is in the audience by either account counts inside."""
    kept, other = learner("pao", audience=None), learner("pao.2")
    Population.objects.create(
        target=targets["heads"], unit=country["02671"], kind="number", number=5, source="QĐ", since=date(2026, 1, 1)
    )
    complete(kept)
    attainment.refresh([str(kept.uuid)])
    assert AudienceMembership.objects.get().person == other
    assert figures.of_unit(targets["heads"], country["02671"], date(2026, 6, 1)).attained == 0
    merging.merge(kept=kept, merged=other, by=admin)
    drain()
    assert figures.of_unit(targets["heads"], country["02671"], date(2026, 6, 1)).attained == 1


def test_lessons_and_certificates_of_both_are_the_persons(learner, complete, course, admin, client):
    """Going on with what the merged account began; no second enrolment; the certificate may be fetched."""
    kept, other = learner("pao"), learner("pao.2")
    begun = enrol(learner=other, course=Course.objects.create(key="khac", title="Khác", published=True))
    certificate = issue.issue(complete(other))
    merging.merge(kept=kept, merged=other, by=admin)
    assert enrol(learner=kept, course=begun.course) == begun
    assert set(Enrolment.objects.of_learner(kept)) == {begun, certificate.enrolment}
    client.force_login(kept, backend="people.sign_in.SignInBackend")
    assert certificate.course_title in client.get("/my/").content.decode()
    assert client.get(f"/certificates/{certificate.code}.pdf").status_code == 200


def test_a_rule_met_by_either_account(learner, complete, targets, admin):
    """Each account finished another course; only one counts for the target."""
    kept, other = learner("pao"), learner("pao.2")
    complete(kept, of=Course.objects.create(key="khac", title="Khác"))
    complete(other)
    assert TargetCourse.objects.count() == len(targets)
    merging.merge(kept=kept, merged=other, by=admin)
    drain()
    assert [row.person for row in Attainment.objects.filter(subject_kind="person")] == [kept]
