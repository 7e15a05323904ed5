"""A learner who completed a course."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lms.models import Course, Enrolment
from people.models import Unit, User


@pytest.fixture
def commune(db):
    """Xã Bắc Hà in Tỉnh Lào Cai."""
    province = Unit.objects.create(
        code="15", level="province", name="Tỉnh Lào Cai", short_name="Lào Cai", valid_from=date(2025, 7, 1)
    )
    return Unit.objects.create(
        code="02671",
        level="commune",
        name="Xã Bắc Hà",
        short_name="Bắc Hà",
        parent=province,
        valid_from=date(2025, 7, 1),
    )


@pytest.fixture
def completed(commune):
    """Makes a completed enrolment of a new learner."""
    course = Course.objects.create(
        key="an-toan", title="Dùng điện thoại thông minh an toàn", hours=Decimal("1.5"), published=True
    )

    def make(username="pao", at=datetime(2026, 3, 10, 8, tzinfo=UTC)):
        learner = User.objects.create(username=username, full_name="Giàng A Páo", unit=commune)
        return Enrolment.objects.create(
            learner=learner,
            course=course,
            enrolled_at=at,
            enrolled_by=learner.uuid,
            status="passed",
            completed_at=at,
            passed_at=at,
        )

    return make
