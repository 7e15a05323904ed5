"""From the bytes of a request to statements that keep every rule."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
import orjson
from msgspec import UNSET

from xapi.exceptions import InvalidStatement
from xapi.rules.broken import Broken, join, read_as
from xapi.rules.statement import Statement

MAX_BATCH = 1_000

_spaced_colon = re.compile(rb'"[ \t\r\n]+:').search
_escaped = re.compile(rb"\\u00(22|3[aA])").search  # a quote or a colon


@dataclass(slots=True)
class Received:
    """One statement as it came: its bytes, its plain data and its model; named where the sender gave the id."""

    raw: bytes
    data: dict[str, Any]
    model: Statement
    id: UUID
    named: bool


def read(body: bytes, *, version: str) -> list[Received]:
    """The statements of a request's body, one or an array; InvalidStatement says which property breaks which rule.

    version is that of the request; it decides whether what only 2.0 has may occur.
    """
    parsed = parse(body)
    single = isinstance(parsed, dict)
    items = [parsed] if single else parsed
    if not isinstance(items, list):
        raise InvalidStatement("", "expected a statement or an array of statements")
    if len(items) > MAX_BATCH:
        raise InvalidStatement("", f"at most {MAX_BATCH} statements in one request")
    models = _models(items, single=single)
    raws = [body.strip()] if single else msgspec.json.decode(body, type=list[msgspec.Raw])
    for number, model in enumerate(models):
        _version_fits(model, version, place(number, single=single))
    received = [
        Received(bytes(raw), data, model, uuid4() if model.id is UNSET else UUID(model.id), model.id is not UNSET)
        for raw, data, model in zip(raws, items, models, strict=True)
    ]
    _ids_once(received)
    return received


def parse(body: bytes) -> Any:
    """The JSON; refused are what is no JSON, what is no UTF-8, and a property that occurs twice (Data 2.2)."""
    try:
        parsed = orjson.loads(body)
        if _may_repeat_a_key(body, parsed):
            json.loads(body, object_pairs_hook=_no_repeats, parse_int=str, parse_float=str)
    except orjson.JSONDecodeError as error:
        raise InvalidStatement("", f"not JSON: {error}") from None
    except (orjson.JSONEncodeError, RecursionError):
        raise InvalidStatement("", "nested too deeply") from None
    return parsed


def place(number: int, *, single: bool) -> str:
    """How a message names a statement of the request."""
    return "statement" if single else f"statements[{number}]"


def _models(items: list[Any], *, single: bool) -> list[Statement]:
    try:
        return read_as(list[Statement], items)
    except Broken as broken:
        path = broken.path.removeprefix("[0]").lstrip(".") if single else broken.path
        raise InvalidStatement(join("statement" if single else "statements", path), broken.rule) from None


def _version_fits(model: Statement, version: str, path: str) -> None:
    """A 1.0.x request has 1.0.x statements, and context agents and groups are new in 2.0 (Data 2.4.10)."""
    if model.version is not UNSET and model.version.startswith("2") and not version.startswith("2"):
        raise InvalidStatement(f"{path}.version", f"must be 1.0.x in a request of version {version}")
    spoken = version if model.version is UNSET else model.version
    if not spoken.startswith("2") and (name := model.needs_version_2()):
        raise InvalidStatement(f"{path}.{name}", "is not a property of xAPI 1.0.x")


def _ids_once(received: list[Received]) -> None:
    """A batch has no id twice (Communication 2.1.2)."""
    seen: dict[UUID, int] = {}
    for number, each in enumerate(received):
        if seen.setdefault(each.id, number) != number:
            raise InvalidStatement(f"statements[{number}].id", f"is also that of statements[{seen[each.id]}]")


def _may_repeat_a_key(body: bytes, parsed: Any) -> bool:
    """Cheap test: written out again, the JSON has as many `":` as it came with, unless a key got lost.

    Where spaces or escapes stand between quote and colon the count proves nothing, so those are looked at closely.
    """
    if _escaped(body) or _spaced_colon(body):
        return True
    return body.count(b'":') != orjson.dumps(parsed).count(b'":')


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The slow and exact test, for each object."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise InvalidStatement(next(name for name in names if names.count(name) > 1), "occurs twice in one object")
    return found
