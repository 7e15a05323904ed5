"""One certificate per completed enrolment, numbered without gaps."""

from datetime import UTC, date, datetime

import pytest

from certificates import issue
from certificates.models import Certificate, CertificateQueue
from core import outbox
from core.models import AuditEntry
from lms.signals import enrolment_completed
from people.models import User

pytestmark = pytest.mark.django_db


def test_certificate_keeps_what_is_printed(completed):
    """Name, place, course, hours and day as they were; a later change of name changes no register."""
    enrolment = completed()
    certificate = issue.issue(enrolment)
    User.objects.filter(pk=enrolment.learner_id).update(full_name="Tên Khác")
    certificate.refresh_from_db()
    assert certificate.holder_name == "Giàng A Páo"
    assert certificate.holder_unit == "Xã Bắc Hà, Tỉnh Lào Cai"
    assert certificate.course_title == "Dùng điện thoại thông minh an toàn"
    assert str(certificate.hours) == "1.5"
    assert certificate.issued_on == date(2026, 3, 10)
    assert certificate.number == "NS-2026-000001"
    assert len(certificate.code) == 12


def test_issuing_twice_gives_the_same_certificate(completed):
    """The register has one line per enrolment."""
    enrolment = completed()
    assert issue.issue(enrolment).pk == issue.issue(enrolment).pk
    assert Certificate.objects.count() == 1


def test_numbers_run_on_within_the_year_of_completion(completed):
    """By the year in Viet Nam: 31 December 18:00 UTC is the new year there."""
    numbers = [
        issue.issue(completed(name, at)).number
        for name, at in [
            ("a", datetime(2026, 3, 1, tzinfo=UTC)),
            ("b", datetime(2026, 3, 1, tzinfo=UTC)),
            ("c", datetime(2026, 12, 31, 18, tzinfo=UTC)),
        ]
    ]
    assert numbers == ["NS-2026-000001", "NS-2026-000002", "NS-2027-000001"]


def test_unfinished_enrolment_is_refused(completed):
    """Nothing to certify."""
    enrolment = completed()
    enrolment.completed_at = None
    with pytest.raises(ValueError, match="not completed"):
        issue.issue(enrolment)
    assert Certificate.objects.count() == 0


def test_completion_is_queued_and_issued_by_the_drain(completed):
    """Twice queued, once issued."""
    enrolment = completed()
    for _time in range(2):
        enrolment_completed.send(sender=None, enrolment=enrolment)
    assert CertificateQueue.objects.count() == 2
    outbox.drain_all()
    assert CertificateQueue.objects.count() == 0
    assert list(Certificate.objects.values_list("enrolment", flat=True)) == [enrolment.pk]


def test_course_without_certificate_issues_none(completed):
    """The course says so."""
    enrolment = completed()
    enrolment.course.certificate = False
    enrolment_completed.send(sender=None, enrolment=enrolment)
    assert CertificateQueue.objects.count() == 0


def test_revoking_is_kept_with_its_reason(completed):
    """In the register and in the audit log."""
    certificate = issue.issue(completed())
    by = User.objects.create(username="quan", full_name="Quản")
    issue.revoke(certificate, by=by, reason="Cấp nhầm người")
    certificate.refresh_from_db()
    assert certificate.revoked_reason == "Cấp nhầm người"
    assert certificate.revoked_at is not None
    assert list(AuditEntry.objects.values_list("action", "subject")) == [("certificate.revoke", "NS-2026-000001")]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("7k3m zq9p-0xta", "7K3MZQ9P0XTA"), ("7K3MZQ9POXTA", "7K3MZQ9P0XTA"), ("iL00", "1100"), ("!?", "")],
)
def test_code_is_read_as_people_type_it(typed, code):
    """Case, spaces, dashes and look-alikes are forgiven."""
    assert issue.read_code(typed) == code
