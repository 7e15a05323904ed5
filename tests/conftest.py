"""The world the tests run in: a fresh data directory, this site's address, no settings of the developer's shell."""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest

from tests.site import template_database

DATA_DIR = Path(tempfile.mkdtemp(prefix="nhasan-tests-"))
ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

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

(DATA_DIR / "static").mkdir()  # whitenoise looks for it

# The same examples every time, on slow machines too: a change is judged by what it changes. The profile "search" looks
# for new ones (see CONTRIBUTING.md).
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("suite")

_outcome: Counter[str] = Counter()


def pytest_configure() -> None:
    """Give each database test the cache as well: it is a database of its own, in the temporary DATA_DIR."""
    from django.test import TransactionTestCase

    TransactionTestCase.databases = {"default", "cache"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot do; ./test says how to have it."""
    chromium = _chromium()
    for item in items:
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(pytest.mark.skip(reason="no chromium"))
        if item.get_closest_marker("yaz") and not shutil.which("yaz-client"):
            item.add_marker(pytest.mark.skip(reason="no yaz-client"))
        if item.get_closest_marker("cluster") and not _on_a_cluster():
            item.add_marker(pytest.mark.skip(reason="no search server in SEARCH_URL"))


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Count what came of each test, by marker too."""
    if call.when == "setup" and call.excinfo is not None:
        outcome = "skipped" if call.excinfo.errisinstance(pytest.skip.Exception) else "failed"
    elif call.when == "call":
        skipped = call.excinfo is not None and call.excinfo.errisinstance(pytest.skip.Exception)
        outcome = "skipped" if skipped else "failed" if call.excinfo is not None else "passed"
    else:
        return
    _outcome[outcome] += 1
    for marker in ("browser", "cluster", "yaz"):
        if item.get_closest_marker(marker):
            _outcome[f"{marker} {outcome}"] += 1


def pytest_unconfigure() -> None:
    """Tell ./test how it went; leave nothing behind."""
    if report := os.environ.get("NHASAN_TEST_REPORT"):
        Path(report).write_text(json.dumps(_outcome), encoding="utf-8")
    shutil.rmtree(DATA_DIR, ignore_errors=True)
    from tests.search.indexes import remove_all

    remove_all()


def _chromium() -> str | None:
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


def _on_a_cluster() -> bool:
    return os.environ.get("SEARCH_URL", "").startswith(("elasticsearch", "opensearch"))


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any) -> None:
    """Static files by their plain names (no collectstatic), quick passwords."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_index(settings: Any, request: pytest.FixtureRequest) -> None:
    """An index of its own for each test, made when something is indexed: indexes know no rollback."""
    from tests.search.indexes import prefix_of

    settings.SEARCH_INDEX_PREFIX = prefix_of(request.node.nodeid)


@pytest.fixture(autouse=True)
def _own_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts that one test allows to be called are not allowed in the next."""
    from core import fetch

    monkeypatch.setattr(fetch, "_allowed", set())


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language of a page that one test asked for is not that of the next."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite start from a database migrated by an earlier run of the same code: migrating takes half a minute."""
    from django.conf import settings

    template, database = template_database(), settings.DATABASES["default"]
    if database["ENGINE"] != "core.sqlite3" or not template.exists():
        return False
    shutil.copyfile(template, database["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any) -> None:
    """Make the cache's table; keep the migrated database for the next run."""
    from django.core.management import call_command
    from django.db import connection

    with django_db_blocker.unblock():
        call_command("createcachetable", database="cache")
    if connection.vendor != "sqlite" or django_db_keepdb:
        return
    template = template_database()
    template.parent.mkdir(exist_ok=True)
    for old in template.parent.glob("test-database-*"):
        old.unlink(missing_ok=True)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        beside = template.with_suffix(f".{os.getpid()}")
        cursor.execute("VACUUM INTO %s", [str(beside)])
    beside.replace(template)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """What a test with real transactions left in the cache is not rolled back."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.core.cache import cache

        with django_db_blocker.unblock():
            cache.clear()


@pytest.fixture
def site_process(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Makes sites of one's own: site_process(NAME=VALUE, …) is a SiteProcess that is not started yet."""
    from tests.site import SiteProcess

    sites: list[SiteProcess] = []

    def make(**variables: str) -> SiteProcess:
        sites.append(SiteProcess(tmp_path / f"site-{len(sites)}", **variables))
        return sites[-1]

    yield make
    for site in sites:
        site.throw_away()


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One running site with the starter content, shared by the tests that only use it as its users do."""
    from tests.site import SiteProcess

    site = SiteProcess(tmp_path_factory.mktemp("live") / "data")
    site.migrate()
    try:
        yield site.start()
    finally:
        site.throw_away()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; a test opens pages with browser.new_context(…).new_page()."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def chromium(browser: Any) -> Iterator[Any]:
    """A page on a phone: 360 pixels wide, Vietnamese."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True, is_mobile=True
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
