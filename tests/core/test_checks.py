"""System checks: each misconfiguration is named, and a sound configuration is silent."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from core import checks
from core.models import Identity, Worker

PUBLIC = {"BASE_URL": "https://nhasan.gov.vn", "SECURE": True, "ALLOWED_HOSTS": ["nhasan.gov.vn"], "DEBUG": False}


def ids(check):
    return [message.id for message in check(None)]


@pytest.fixture
def public(settings):
    for name, value in PUBLIC.items():
        setattr(settings, name, value)
    return settings


@pytest.mark.parametrize(
    ("check", "setting", "bad", "expected"),
    [
        (checks.debug_in_public, "DEBUG", True, "core.E001"),
        (checks.short_secret_key, "SECRET_KEY", "x" * 31, "core.E002"),
        (checks.allowed_hosts_lack_base_url, "ALLOWED_HOSTS", ["other.vn"], "core.E003"),
        (checks.unknown_search_url, "SEARCH_URL", "solr://localhost", "core.E005"),
        (checks.plain_http_in_public, "SECURE", False, "core.W008"),
        (checks.admin_email_nowhere, "ADMIN_EMAIL", "admin@localhost", "core.W009"),
        (checks.admin_email_nowhere, "ADMIN_EMAIL", "admin@nhasan.example", "core.W009"),
        (checks.admin_email_nowhere, "ADMIN_EMAIL", "admin@example.org", "core.W009"),
    ],
)
def test_a_bad_setting_of_a_public_site_is_named_with_a_hint(public, check, setting, bad, expected):
    public.ADMIN_EMAIL = "thuvien@nhasan.gov.vn"
    assert ids(check) == []
    setattr(public, setting, bad)
    (message,) = check(None)
    assert message.id == expected
    assert message.hint


@pytest.mark.parametrize("check", [checks.debug_in_public, checks.plain_http_in_public, checks.admin_email_nowhere])
def test_at_home_one_may_be_careless(settings, check):
    settings.BASE_URL, settings.SECURE, settings.DEBUG = "http://192.168.1.5:8000", False, True
    settings.ADMIN_EMAIL = "admin@nhasan.example"
    assert ids(check) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_dir_that_cannot_be_written(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o500)
    assert ids(checks.data_dir_not_writable) == ["core.E004"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o700, []), (0o750, ["core.W010"]), (0o704, ["core.W010"]), (0o701, ["core.W010"])],
)
def test_a_data_dir_that_others_read(settings, tmp_path, mode, expected):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(mode)
    assert ids(checks.data_dir_readable_by_others) == expected


def test_a_data_dir_that_is_gone(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    assert ids(checks.data_dir_not_writable) == ["core.E004"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("id_base", "expected"),
    [("", []), ("https://begun.example.vn", []), ("https://begun.example.vn/", []), ("https://new.vn", ["core.E006"])],
)
def test_an_id_base_other_than_the_kept_one(settings, id_base, expected):
    Identity.objects.all().delete()
    Identity.objects.create(id_base="https://begun.example.vn", domain="begun.example.vn")
    settings.ID_BASE = id_base
    assert ids(checks.identity_differs) == expected


@pytest.mark.django_db
def test_the_embedded_engine_on_two_machines_is_an_error(settings, monkeypatch):
    settings.SEARCH_URL = "embedded:"
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="sqlite"))
    assert ids(checks.embedded_engine_is_for_one_machine) == []
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="postgresql"))
    assert ids(checks.embedded_engine_is_for_one_machine) == ["core.W007"]
    now = timezone.now()
    for host, seen in (("may-1", now), ("may-2", now - timedelta(minutes=6))):
        Worker.objects.create(name=host, host=host, started_at=now, heartbeat=seen)
    assert ids(checks.embedded_engine_is_for_one_machine) == ["core.W007"]
    Worker.objects.update(heartbeat=now)
    assert ids(checks.embedded_engine_is_for_one_machine) == ["core.E007"]
