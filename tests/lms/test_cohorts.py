"""Classes: who is in them, by which way, and who sees them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms import cohorts, joining
from lms.exceptions import CohortClosed, CohortFull, UnknownCode
from lms.models import Cohort, Enrolment
from people import accounts
from people.models import GroupMembership, User


@pytest.fixture
def trainer(db):
    return accounts.create(full_name="Vừ Thị Mai", username="mai")


@pytest.fixture
def cohort(course, trainer):
    return cohorts.create(course=course, name="Lớp bản Hua Tạt", since=timezone.localdate(), trainers=[trainer])


def test_code_is_read_as_people_write_it(cohort, learner):
    """Small letters, spaces and dashes are the same code."""
    typed = f" {cohort.join_code[:3].lower()} - {cohort.join_code[3:].lower()} "
    assert joining.find(typed) == cohort
    enrolment = joining.join(cohort, learner)
    assert enrolment.course_id == cohort.course_id
    assert joining.is_member(cohort, learner)


def test_unknown_and_closed_codes_are_told_apart(cohort, trainer):
    """A closed class takes nobody by its code."""
    with pytest.raises(UnknownCode):
        joining.find("AAAA-AAAA" if cohort.join_code != "AAAAAAAA" else "CCCCCCCC")
    joining.set_open(cohort, is_open=False, by=trainer)
    with pytest.raises(CohortClosed):
        joining.find(cohort.join_code)


def test_class_that_is_over_takes_nobody(cohort, learner):
    """The code of a class that ended yesterday is closed."""
    Cohort.objects.filter(pk=cohort.pk).update(
        since=timezone.localdate() - timedelta(days=9), until=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(CohortClosed):
        joining.join(cohort, learner)
    assert not Enrolment.objects.exists()


def test_entering_twice_is_one_membership(cohort, learner):
    """The second time changes nothing, even when the class has closed meanwhile."""
    first = joining.join(cohort, learner)
    Cohort.objects.update(join_open=False)
    assert joining.join(cohort, learner) == first
    assert GroupMembership.objects.filter(group=cohort.group, person=learner).count() == 1


def test_full_class_takes_none_of_too_many(cohort, trainer, learner):
    """Who does not fit is not split: nobody of the list enters, and the room left is said."""
    cohorts.change(cohort, by=trainer, seats=2)
    people = [accounts.create(full_name=f"Người {n}", username=f"nguoi{n}") for n in range(3)]
    with pytest.raises(CohortFull) as error:
        joining.add(cohort, people, by=trainer)
    assert error.value.left == 2
    assert joining.places_left(cohort) == 2
    assert joining.add(cohort, people[:2], by=trainer) == 2
    assert joining.add(cohort, people[:2], by=trainer) == 0
    with pytest.raises(CohortFull):
        joining.join(cohort, learner)


def test_leaving_ends_the_membership_and_keeps_the_enrolment(cohort, trainer, learner):
    """Who entered last week and leaves today was a member until yesterday."""
    joining.add(cohort, [learner], by=trainer, since=timezone.localdate() - timedelta(days=7))
    joining.leave(cohort, learner, by=trainer)
    membership = GroupMembership.objects.get(group=cohort.group, person=learner)
    assert membership.until == timezone.localdate() - timedelta(days=1)
    assert not joining.is_member(cohort, learner)
    assert Enrolment.objects.filter(learner=learner).count() == 1
    assert joining.add(cohort, [learner], by=trainer) == 1


def test_trainers_see_their_class_and_its_people_only(cohort, trainer, learner, course):
    """Another trainer's class is invisible; so are its people."""
    other = accounts.create(full_name="Lò Văn Hặc", username="hac")
    theirs = cohorts.create(course=course, name="Lớp khác", since=date(2026, 1, 1), trainers=[other])
    joining.add(cohort, [learner], by=trainer)
    assert list(Cohort.objects.visible_to(trainer)) == [cohort]
    assert list(Cohort.objects.visible_to(other)) == [theirs]
    assert set(User.objects.visible_to(trainer)) == {trainer, learner}
    assert set(User.objects.visible_to(other)) == {other}
    assert list(Cohort.objects.visible_to(learner)) == []
    assert list(Cohort.objects.of_member(learner)) == [cohort]


def test_trainer_who_was_replaced_sees_nothing_more(cohort, trainer, learner):
    """Leading ends with the change; the new trainer leads from today."""
    new = accounts.create(full_name="Hoàng Thị Sen", username="sen")
    joining.add(cohort, [learner], by=trainer)
    cohorts.change(cohort, by=trainer, trainers=[new])
    assert list(Cohort.objects.visible_to(trainer)) == []
    assert list(Cohort.objects.visible_to(new)) == [cohort]


def test_trainers_look_after_their_people_for_some_time_after_the_class(cohort: Cohort, learner: User) -> None:
    """Then no longer: they neither see them nor print cards for them."""
    trainer = cohort.trainers[0]
    joining.add(cohort, [learner], by=trainer)
    boss = User.objects.create_superuser(username="boss", full_name="Boss")
    today = timezone.localdate()
    cohorts.change(cohort, by=boss, since=today - timedelta(days=200), until=today - timedelta(days=90))
    assert User.objects.visible_to(trainer).filter(pk=learner.pk).exists()
    cohorts.change(cohort, by=boss, until=today - timedelta(days=91))
    assert not User.objects.visible_to(trainer).filter(pk=learner.pk).exists()
