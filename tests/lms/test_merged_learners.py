"""A person of a class whose account was merged into another: the class is theirs by the account that is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core import outbox
from lms import class_pages, joining, messages, presence_codes
from lms.models import Attendance, Cohort, Delivery, Enrolment, Presence
from people import accounts, merging, roles
from people.models import GroupMembership
from tests.lms.classes import class_of, meeting, presences, say


@pytest.fixture
def run(course):
    """A closed class, the account kept, which is not in it, and the one merged into it, which is."""
    cohort, trainer, people = class_of(course, until=timezone.localdate(), join_open=False)
    kept = accounts.create(full_name="Sùng A A", phone="0912345678")
    admin = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    merging.merge(kept=kept, merged=people[0], by=admin)
    kept.refresh_from_db()
    browser = Client()
    browser.force_login(kept)
    return cohort, trainer, kept, people[0], browser


def test_shared_link_leads_into_the_course(run):
    """And makes no second enrolment, nor another place in the class."""
    cohort, _trainer, kept, merged, browser = run
    response = browser.post(f"/learn/s/{cohort.share_token}/")
    assert response.status_code == 302
    assert "an-toan" in response["Location"]
    assert joining.is_member(cohort, kept)
    assert [row.learner for row in Enrolment.objects.of_person(kept)] == [merged]
    assert joining.members(cohort).count() == 3


def test_class_stands_on_their_page(run):
    """As it did before the accounts were merged."""
    cohort, _trainer, kept, _merged, _browser = run
    assert list(Cohort.objects.of_member(kept)) == [cohort]


def test_presence_by_the_screen_is_kept_and_concludes_the_class(run):
    """Of the account that stands in the list, once; taken back, the conclusion goes too."""
    cohort, trainer, _kept, merged, browser = run
    session = meeting(cohort, timezone.localdate())
    for _press in range(2):
        browser.post(f"/learn/here/{session.uuid}/{presence_codes.code(session)}/")
    assert list(Attendance.objects.values_list("learner", "session")) == [(merged.pk, session.pk)]
    [told] = presences(session)
    enrolment = Enrolment.objects.get(learner=merged)
    assert told.registration == enrolment.registration
    outbox.drain_all()
    enrolment.refresh_from_db()
    assert enrolment.is_finished
    say(session, merged, Presence.ABSENT, by=trainer)
    outbox.drain_all()
    enrolment.refresh_from_db()
    assert not enrolment.is_finished
    assert presences(session) == []


def test_the_account_kept_may_stand_in_another_class_of_the_course(run, course):
    """Enrolled by the merged one already, it is marked there too, and the presences are told of that enrolment."""
    _cohort, _trainer, kept, merged, _browser = run
    other, trainer, _people = class_of(course, name="Lớp khác", until=timezone.localdate())
    joining.add(other, [kept], by=trainer)
    session = meeting(other, timezone.localdate())
    say(session, kept, Presence.PRESENT, by=trainer)
    [told] = presences(session)
    enrolment = Enrolment.objects.get(learner=merged)
    assert told.registration == enrolment.registration
    outbox.drain_all()
    enrolment.refresh_from_db()
    assert enrolment.is_finished
    [shown] = [row for row in class_pages.learners(other, class_pages.people_of(other, trainer)) if row.person == kept]
    assert (shown.enrolment, shown.there) == (enrolment, 1)
    say(session, kept, Presence.ABSENT, by=trainer)
    outbox.drain_all()
    enrolment.refresh_from_db()
    assert not enrolment.is_finished


def test_both_accounts_in_the_list_are_two_presences(run):
    """A list made before the merge may have the person twice; nothing breaks."""
    cohort, trainer, kept, merged, _browser = run
    GroupMembership.objects.create(group=cohort.group, person=kept, since=cohort.since)
    session = meeting(cohort, timezone.localdate())
    say(session, merged, Presence.PRESENT, by=trainer)
    say(session, kept, Presence.PRESENT, by=trainer)
    assert len(presences(session)) == 2


@pytest.mark.parametrize("behind_only", [False, True])
def test_message_reaches_the_account_that_is_kept(run, behind_only):
    """The merged one is closed: nobody reads its page. Who is behind is said by its enrolment."""
    cohort, trainer, kept, merged, _browser = run
    messages.send(cohort, subject="Mai học", body="Bảy giờ.", behind_only=behind_only, by=trainer)
    reached = set(Delivery.objects.values_list("person", flat=True))
    assert kept.pk in reached
    assert merged.pk not in reached
    assert len(reached) == 3
    Enrolment.objects.filter(learner=merged).update(active_at=timezone.now() - timedelta(days=1))
    assert kept not in messages.recipients(cohort, behind_only=True)
