"""The audit log: who, what, to what; together with the change."""

import uuid
from types import SimpleNamespace

import pytest
from django.db import transaction

from core import audit
from core.models import AuditEntry


@pytest.mark.django_db
def test_an_entry_names_the_person_by_uuid():
    person = SimpleNamespace(uuid=uuid.uuid4())
    audit.record(by=person, action="certificates.revoke", subject="certificate:AB12", detail={"reason": "nhầm tên"})

    entry = AuditEntry.objects.get()
    assert (entry.by, entry.action, entry.subject) == (person.uuid, "certificates.revoke", "certificate:AB12")
    assert entry.detail == {"reason": "nhầm tên"}


@pytest.mark.django_db
def test_the_site_itself_is_nobody():
    audit.record(by=None, action="oai.harvest", subject="source:1")
    assert (AuditEntry.objects.get().by, AuditEntry.objects.get().detail) == (None, {})


@pytest.mark.django_db
def test_a_change_that_is_undone_leaves_no_entry():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(by=None, action="x", subject="y")
        raise ZeroDivisionError
    assert AuditEntry.objects.count() == 0
