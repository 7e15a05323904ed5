"""A small country: two provinces with communes, people and courses."""

from datetime import UTC, date, datetime

import pytest

from lms.models import Course, Enrolment
from people.models import AudienceMembership, Unit, User
from targets import decision
from targets.models import Target, TargetCourse


@pytest.fixture
def country(db):
    """{code: unit}: provinces 15 and 25, communes 02671 and 02680 in 15, 08000 in 25."""
    units = {}
    for code, parent, name in [
        ("15", None, "Lào Cai"),
        ("25", None, "Phú Thọ"),
        ("02671", "15", "Bắc Hà"),
        ("02680", "15", "Si Ma Cai"),
        ("08000", "25", "Kim Bôi"),
    ]:
        units[code] = Unit.objects.create(
            code=code,
            name=name,
            short_name=name,
            level="commune" if parent else "province",
            parent=units.get(parent),
            valid_from=date(2025, 7, 1),
        )
    return units


@pytest.fixture
def targets(db):
    """{key: target}."""
    decision.ensure_targets()
    return {target.key: target for target in Target.objects.all()}


@pytest.fixture
def course(targets):
    """A course that counts for all three targets from 2026 on."""
    course = Course.objects.create(key="an-toan", title="An toàn", hours=1, published=True)
    for target in targets.values():
        TargetCourse.objects.create(target=target, course=course, since=date(2026, 1, 1))
    return course


@pytest.fixture
def learner(country):
    """Makes a person in a commune with an audience since 2026."""

    def make(name, commune="02671", audience="village_heads", since=date(2026, 1, 1), until=None):
        user = User.objects.create(username=name, full_name=name.title(), unit=country[commune])
        if audience:
            AudienceMembership.objects.create(person=user, audience=audience, since=since, until=until)
        return user

    return make


@pytest.fixture
def complete(course):
    """Completes the course for a learner at a moment."""

    def finish(user, at=datetime(2026, 3, 10, 8, tzinfo=UTC), of=course, **fields):
        return Enrolment.objects.create(
            learner=user,
            course=of,
            enrolled_at=at,
            enrolled_by=user.uuid,
            status="completed",
            completed_at=at,
            **fields,
        )

    return finish
