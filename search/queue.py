"""The index queue: what was touched is indexed again by the worker's drain."""

from collections.abc import Iterable

from core import outbox
from search.models import IndexQueue


def enqueue(kind: str, keys: Iterable[str]) -> None:
    """Queue documents for indexing, inside the caller's transaction."""
    outbox.enqueue(IndexQueue, [f"{kind}:{key}" for key in keys])
