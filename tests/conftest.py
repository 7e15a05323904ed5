"""The world the tests run in: a fresh data directory, this site's address, no settings of the developer's shell."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

DATA_DIR = Path(tempfile.mkdtemp(prefix="nhasan-tests-"))

# Before Django reads its settings. DATABASE_URL, SEARCH_URL and CACHE_URL stay: ./test chooses the world by them.
for name in ("ID_BASE", "SECRET_KEY", "ALLOWED_HOSTS", "STORAGE_URL", "EMAIL_URL", "FETCH_ALLOW", "HOST", "PORT"):
    os.environ.pop(name, None)
os.environ.update(
    DJANGO_SETTINGS_MODULE="config.settings",
    DATA_DIR=str(DATA_DIR),
    BASE_URL="http://testserver",
    ADMIN_EMAIL="thuvien@nhasan.example.vn",
    DEBUG="false",
)
django.setup()  # here, since the conftest files of the rooms import models


def pytest_configure() -> None:
    """Give each database test the cache as well: it is a database here."""
    from django.test import TransactionTestCase

    TransactionTestCase.databases = {"default", "cache"}


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    from tests.search.indexes import remove_all

    remove_all()
    shutil.rmtree(DATA_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_index(settings: object, request: pytest.FixtureRequest) -> None:
    """An index of its own for each test, made when something is indexed: indexes know no rollback."""
    from tests.search.indexes import prefix_of

    settings.SEARCH_INDEX_PREFIX = prefix_of(request.node.nodeid)


@pytest.fixture(autouse=True)
def _plain_settings(settings: object) -> Iterator[None]:
    """Static files by their plain names (no collectstatic), mail into django.core.mail.outbox, quick passwords."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
