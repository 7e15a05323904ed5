"""The canonical definitions of activities, gathered from the statements about them (Data 2.4.4.1)."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.db import transaction
from msgspec import UNSET

from core.folding import fold
from core.identity import id_base
from xapi import keys
from xapi.insertion import in_chunks
from xapi.models import Activity, Credential, Scope
from xapi.rules.statement import Statement, SubStatement
from xapi.rules.things import Activity as Model

_MERGED = ("name", "description", "extensions")
_SEARCHED = 500  # letters of the names, and of the IRI, that a search looks at
_KNOWN_AT_MOST = 20_000
_known: dict[int, bytes] = {}  # by key, the definition as it was last said and merged


def learn(batches: Iterable[tuple[Credential | None, Iterable[Statement]]]) -> None:
    """Merge the definitions in new statements into the canonical ones, where the credential may define (scope define).

    Activities below ID_BASE are ours: only this site defines them. All at once, so that two writers that want the same
    ones take them in the same order.
    """
    said: dict[int, tuple[str, bytes]] = {}
    ours = f"{id_base()}/"
    for credential, statements in batches:
        if credential is not None and not credential.allows(Scope.DEFINE):
            continue
        for each in (each for statement in statements for each in _defined(statement)):
            key, definition = keys.activity(each.id), each.definition_text
            if credential is not None and each.id.startswith(ours):
                continue
            if key in said:
                said[key] = (each.id, _joined(said[key][1], definition))
            elif _known.get(key) != definition:
                said[key] = (each.id, definition)
    news = {key: each for key, each in said.items() if _known.get(key) != each[1]}
    for chunk in in_chunks(sorted(news)):
        _merge({key: news[key] for key in chunk})
    if news:
        transaction.on_commit(lambda: _remember(news))


def definition_of(iri: str) -> dict[str, Any] | None:
    """The canonical definition, or None where none was said."""
    return definitions_of([iri]).get(iri)


def definitions_of(iris: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The canonical definitions of those activities that have one."""
    wanted = {keys.activity(iri) for iri in iris}
    return {
        iri: orjson.loads(definition)
        for chunk in in_chunks(wanted)
        for iri, definition in Activity.objects.filter(key__in=chunk).values_list("iri", "definition")
    }


def _defined(statement: Statement | SubStatement) -> list[Model]:
    """The activities of a statement that come with a definition."""
    found: list[Model] = []
    if isinstance(statement.target, SubStatement):
        found += _defined(statement.target)
    elif isinstance(statement.target, Model) and statement.target.definition is not UNSET:
        found.append(statement.target)
    if statement.context is not UNSET and statement.context.context_activities is not UNSET:
        found += statement.context.context_activities.defined
    return found


def _merge(news: dict[int, tuple[str, bytes]]) -> None:
    """New names and descriptions join the old ones by language, other properties replace them."""
    old = {row.key: row for row in Activity.objects.select_for_update().filter(key__in=news).order_by("key")}
    rows = []
    for key, (iri, said) in news.items():
        merged = said
        if key in old:
            merged = _joined(bytes(old[key].definition), said)
            if merged == bytes(old[key].definition):
                continue
        rows.append(Activity(key=key, iri=iri, definition=merged, search_key=search_key(iri, orjson.loads(merged))))
    Activity.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["definition", "search_key"]
    )


def merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """One definition of two; the newer wins."""
    maps = {name: {**old.get(name, {}), **new.get(name, {})} for name in _MERGED if name in old or name in new}
    return {**old, **new, **maps}


def _joined(old: bytes, new: bytes) -> bytes:
    """The same for JSON."""
    return old if old == new else orjson.dumps(merge(orjson.loads(old), orjson.loads(new)))


def search_key(iri: str, definition: dict[str, Any]) -> str:
    """By what staff find an activity: its names in all languages, its description where it has none, its IRI."""
    texts = definition.get("name") or definition.get("description") or {}
    return f"{fold(' '.join(texts.values()))[:_SEARCHED]} {fold(iri)[:_SEARCHED]}"


def _remember(news: dict[int, tuple[str, bytes]]) -> None:
    """Spare the next statements the look into the table."""
    if len(_known) > _KNOWN_AT_MOST:
        _known.clear()
    _known.update({key: said for key, (_, said) in news.items()})
