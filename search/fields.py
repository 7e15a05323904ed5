"""A document as engines index it: the same fields on each of them, of text that is folded already."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from search.documents import Document
from search.folding import findable, identifier, indexed, sort_key

SCHEMA = 1  # raise it when the fields change: an index of another number is rebuilt
MAX_TEXT = 1_000_000  # characters of a document's text that are indexed
MAX_EXCERPT = 20_000  # characters of it that are kept for the snippet
MAX_VALUE = 500  # characters of a facet's value
NO_YEAR = -100_000  # sorts behind all others

_FACET_NAME = re.compile(r"[a-z][a-z_]*")
TEXT_FIELDS = tuple(f"{name}{suffix}" for name in ("title", "people", "subjects", "body") for suffix in ("", "_marked"))


def fields(document: Document) -> dict[str, Any]:
    """The fields of one document; "stored" is what a hit is shown from."""
    texts = {
        "title": [document.title],
        "people": document.creators,
        "subjects": document.subjects,
        "body": [document.subtitle, document.text[:MAX_TEXT]],
    }
    result: dict[str, Any] = {"id": document.id, "kind": document.kind, "language": document.language}
    for name, values in texts.items():
        result[name], result[f"{name}_marked"] = indexed(values)
    numbers = dict.fromkeys(filter(None, map(identifier, document.identifiers)))
    result["identifiers"] = " ".join(numbers)
    result["facets"] = {_facet_name(name): _facet_values(values) for name, values in document.facets.items()}
    result["updated"] = int(document.updated.timestamp()) if document.updated else 0
    result["year"] = NO_YEAR if document.year is None else document.year
    result["title_sort"] = sort_key(document.title)
    result["stored"] = _stored(document)
    return result


def updated(stored: Mapping[str, Any]) -> datetime | None:
    """The time kept in a stored document."""
    return datetime.fromtimestamp(stored["updated"], tz=UTC) if stored["updated"] is not None else None


@lru_cache(maxsize=200)
def _facet_name(name: str) -> str:
    if not _FACET_NAME.fullmatch(name):
        raise ValueError(f"Facet {name!r}: write its name with a-z and _ only")
    return name


def _facet_values(values: Iterable[str]) -> list[str]:
    found = [findable(value)[:MAX_VALUE] for value in values if value]
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _stored(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "key": document.key,
        "title": findable(document.title),
        "subtitle": findable(document.subtitle),
        "text": findable(document.text[:MAX_EXCERPT]),
        "url": document.url,
        "language": document.language,
        "year": document.year,
        "creators": [findable(name) for name in document.creators],
        "subjects": [findable(subject) for subject in document.subjects],
        "updated": document.updated.timestamp() if document.updated else None,
    }
