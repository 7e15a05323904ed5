"""Many rows at once."""

import pytest
from django.utils import timezone

from core.insertion import insert
from core.models import AuditEntry, Job

pytestmark = pytest.mark.django_db


def test_rows_are_as_bulk_create_would_write_them() -> None:
    """Times, JSON and booleans included."""
    heartbeat = timezone.now()
    made = [
        {"kind": "a", "title": "Việc", "cursor": {"at": [1, "ê"]}, "heartbeat": heartbeat, "stop_requested": True},
        {"kind": "b"},
    ]
    before = timezone.now()
    insert(Job, made)
    first, second = Job.objects.order_by("id")
    assert (first.title, first.cursor, first.heartbeat, first.stop_requested) == (
        "Việc",
        {"at": [1, "ê"]},
        heartbeat,
        True,
    )
    assert (second.heartbeat, second.total, second.state, second.result) == (None, None, "queued", {})
    assert before <= second.created_at <= timezone.now()


def test_no_rows_are_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        insert(AuditEntry, [])
