"""What pages show alike to all their readers, kept in the memory of this process until staff change some content.

All processes know by one mark in the cache whether content changed: a new one is drawn when a transaction that saved or
deleted a row of a watched model commits. Inside such a transaction nothing is kept.
"""

import logging
import time
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from wagtail.signals import post_page_move

logger = logging.getLogger(__name__)

MARK = "core.content"
OLDEST = 60  # seconds that a change is not seen which no signal told of: SQL by hand, another machine's cache
MOST = 1500  # entries, about 50 MB of lessons; then all are made anew

_kept: tuple[str, float, dict[Any, Any]] = ("", 0.0, {})


def of(request: HttpRequest) -> dict[Any, Any]:
    """What is kept, to look into and to add to; the same for the whole request, which costs one look at the cache.

    Keys name all that their values depend on: address, languages. Values are read by many threads and never changed.
    """
    if not hasattr(request, "_content_memory"):
        request._content_memory = {} if _is_changing() else _of_now()  # type: ignore[attr-defined] # noqa: SLF001
    return request._content_memory  # type: ignore[attr-defined] # noqa: SLF001


def watch(*models: type[Model]) -> None:
    """What these say is content: pages, and what stands on them."""
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"core.content.{model._meta.label}")


def connect() -> None:
    """Pages that move are not saved."""
    post_page_move.connect(_changed, dispatch_uid="core.content.moved")


def _of_now() -> dict[Any, Any]:
    global _kept  # noqa: PLW0603 - replaced as a whole, so that threads need no lock
    try:
        mark = str(cache.get_or_set(MARK, uuid4().hex, None))
    except Exception as error:  # noqa: BLE001 - whatever a cache raises that is away, pages are made without it
        logger.warning("nothing is kept in memory, since the cache does not answer: %s", error)
        return {}
    known, since, entries = _kept
    if mark != known or time.monotonic() - since > OLDEST or len(entries) > MOST:
        entries = {}
        _kept = (mark, time.monotonic(), entries)
    return entries


def _changed(**_signal: Any) -> None:
    if not _is_changing():
        transaction.on_commit(_draw_mark, robust=True)


def _is_changing() -> bool:
    """Whether the open transaction has changed content."""
    return any(_draw_mark in waiting for waiting in connection.run_on_commit)


def _draw_mark() -> None:
    cache.set(MARK, uuid4().hex, None)
