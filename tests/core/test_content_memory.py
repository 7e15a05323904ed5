"""What pages keep in memory lasts exactly until content changes, whoever changes it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import RequestFactory
from wagtail.models import Locale, Page, Site

from core import content_memory


@pytest.fixture
def locale(transactional_db: None) -> Locale:
    """A row of a watched kind; transactions really commit here."""
    cache.clear()
    return Locale.objects.get_or_create(language_code="vi")[0]


def memory() -> dict[Any, Any]:
    """As a new request sees it."""
    return content_memory.of(RequestFactory().get("/"))


def test_kept_for_the_next_request(locale: Locale) -> None:
    memory()["a"] = 1
    assert memory() == {"a": 1}


@pytest.mark.parametrize("change", ["save", "delete", "move"])
def test_a_change_forgets_all_when_it_is_committed(locale: Locale, change: str) -> None:
    """Not before: others still read what was."""
    root = Page.add_root(title="Gốc", slug="goc", locale=locale)
    one, two = (root.add_child(instance=Page(title=name, slug=name, locale=locale)) for name in ("a", "b"))
    before = memory()
    before["a"] = 1
    with transaction.atomic():
        if change == "save":
            locale.save()
        elif change == "delete":
            Page.objects.get(pk=one.pk).delete()
        else:
            Page.objects.get(pk=two.pk).move(Page.objects.get(pk=one.pk), pos="first-child")
        assert memory() == {}
        memory()["b"] = 2
        assert memory() == {}
    assert memory() == {}
    assert memory() is not before


def test_a_change_that_is_rolled_back_forgets_nothing(locale: Locale) -> None:
    memory()["a"] = 1
    with pytest.raises(RuntimeError), transaction.atomic():
        locale.save()
        raise RuntimeError
    assert memory() == {"a": 1}


def test_one_request_sees_one_state(locale: Locale) -> None:
    """Even if content changes while it is answered; what it adds is not kept then."""
    request = RequestFactory().get("/")
    seen = content_memory.of(request)
    seen["a"] = 1
    Site.objects.create(hostname="khac", root_page=Page.add_root(title="Gốc", slug="goc", locale=locale))
    assert content_memory.of(request) is seen
    assert memory() == {}


def test_another_process_changed_something(locale: Locale) -> None:
    """It tells by the cache."""
    memory()["a"] = 1
    cache.set(content_memory.MARK, "another", None)
    assert memory() == {}


def test_what_no_signal_told_of_is_seen_after_a_minute(locale: Locale, monkeypatch: pytest.MonkeyPatch) -> None:
    memory()["a"] = 1
    now = content_memory.time.monotonic()
    monkeypatch.setattr(content_memory.time, "monotonic", lambda: now + content_memory.OLDEST + 1)
    assert memory() == {}


def test_memory_is_bounded(locale: Locale) -> None:
    memory().update({number: number for number in range(content_memory.MOST + 1)})
    assert memory() == {}


def test_pages_and_editing_go_on_without_the_cache(locale: Locale, settings: Any) -> None:
    """Nothing is kept then, and nothing fails."""
    page = Page.add_root(title="Gốc", slug="goc", locale=locale)
    place = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
    settings.CACHES = {"default": place}
    memory()["a"] = 1
    assert memory() == {}
    page.title = "Gốc mới"
    page.save()
    assert Page.objects.get(pk=page.pk).title == "Gốc mới"
