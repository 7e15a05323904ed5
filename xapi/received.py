"""From the bytes of a request to statements that keep every rule."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import msgspec
import orjson
from msgspec import UNSET

from xapi import recurring
from xapi.exceptions import InvalidStatement
from xapi.json_text import is_countable, parse
from xapi.rules.broken import Broken, join, read_as
from xapi.rules.statement import Statement

MAX_BATCH = 10_000

_raws = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(slots=True)
class Received:
    """One statement as it came: its bytes and its model; named where the sender gave the id."""

    raw: bytes
    model: Statement
    id: UUID
    named: bool

    @property
    def data(self) -> dict[str, Any]:
        """The statement as plain data."""
        return orjson.loads(self.raw)


def read(body: bytes, *, version: str) -> list[Received]:
    """The statements of a request's body, one or an array; InvalidStatement says which property breaks which rule.

    version is that of the request; it decides whether what only 2.0 has may occur.
    """
    body = body.strip()
    single = body[:1] != b"["
    raws, models = _by_parts(body, single=single) or _as_a_whole(body, single=single)
    for number, model in enumerate(models):
        if broken := _other_version(model, version):
            path, rule = broken
            raise InvalidStatement(f"{place(number, single=single)}.{path}", rule)
    received = [
        Received(raw, model, uuid4() if model.id is UNSET else UUID(model.id), model.id is not UNSET)
        for raw, model in zip(raws, models, strict=True)
    ]
    _ids_once(received)
    return received


def _by_parts(body: bytes, *, single: bool) -> tuple[list[bytes], list[Statement]] | None:
    """The quick way, for usual statements without mistakes; None where it does not do."""
    found = recurring.statements(body, single=single) if is_countable(body) else None
    return found if found and len(found[0]) <= MAX_BATCH else None


def _as_a_whole(body: bytes, *, single: bool) -> tuple[list[bytes], list[Statement]]:
    """The thorough way, which says what is wrong."""
    parsed = parse(body)
    items = [parsed] if single else parsed
    if single and not isinstance(parsed, dict):
        raise InvalidStatement("", "expected a statement or an array of statements")
    if len(items) > MAX_BATCH:
        raise InvalidStatement("", f"at most {MAX_BATCH} statements in one request")
    return [body] if single else [bytes(raw) for raw in _raws(body)], _models(items, single=single)


def place(number: int, *, single: bool) -> str:
    """How a message names a statement of the request."""
    return "statement" if single else f"statements[{number}]"


def _models(items: list[Any], *, single: bool) -> list[Statement]:
    try:
        return read_as(list[Statement], items)
    except Broken as broken:
        path = broken.path.removeprefix("[0]").lstrip(".") if single else broken.path
        raise InvalidStatement(join("statement" if single else "statements", path), broken.rule) from None


def _other_version(model: Statement, version: str) -> tuple[str, str] | None:
    """The path and rule where a 1.0.x request has a 2.0 statement, or one has what is new in 2.0 (Data 2.4.10)."""
    if model.version is not UNSET and model.version.startswith("2") and not version.startswith("2"):
        return "version", f"must be 1.0.x in a request of version {version}"
    spoken = version if model.version is UNSET else model.version
    if not spoken.startswith("2") and (name := model.needs_version_2()):
        return name, "is not a property of xAPI 1.0.x"
    return None


def _ids_once(received: list[Received]) -> None:
    """A batch has no id twice (Communication 2.1.2)."""
    if len({each.id for each in received}) == len(received):
        return
    seen: dict[UUID, int] = {}
    for number, each in enumerate(received):
        if seen.setdefault(each.id, number) != number:
            raise InvalidStatement(f"statements[{number}].id", f"is also that of statements[{seen[each.id]}]")
