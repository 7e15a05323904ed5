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
        _version_fits(model, version, place(number, single=single))
    received = [
        Received(raw, model, uuid4() if model.id is UNSET else UUID(model.id), model.id is not UNSET)
        for raw, model in zip(raws, models, strict=True)
    ]
    _ids_once(received)
    return received


def _by_parts(body: bytes, *, single: bool) -> tuple[list[bytes], list[Statement]] | None:
    """The quick way, for usual statements without mistakes; None where it does not do."""
    if not is_countable(body):
        return None
    try:
        raws = [body] if single else [bytes(raw) for raw in _raws(body)]
    except (msgspec.MsgspecError, RecursionError):
        return None
    if len(raws) > MAX_BATCH:
        return None
    models: list[Statement] = []
    for raw in raws:
        model = recurring.statement(raw)
        if model is None:
            return None
        models.append(model)
    return raws, models


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
