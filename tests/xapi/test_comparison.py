"""When a statement that comes again is the same statement (Data 2.3.1)."""

from typing import Any

import pytest

from tests.xapi.conftest import ANNA, ANSWERED, BINH, PASSED, QUIZ, about, new_id, statement
from xapi.comparison import same

ID = new_id()
GROUP = {"objectType": "Group", "member": [ANNA, BINH]}

SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {},
        {"authority": ANNA, "stored": "2026-01-01T00:00:00Z", "version": "1.0.0", "timestamp": "2026-01-01T00:00:00Z"},
    ),
    ({"timestamp": "2026-01-01T07:00:00+07:00"}, {"timestamp": "2026-01-01T00:00:00.000Z"}),
    ({"verb": ANSWERED}, {"verb": {"id": ANSWERED["id"]}}),
    ({"object": QUIZ | {"definition": {"name": {"en": "x"}}}}, {"object": QUIZ}),
    ({"actor": GROUP}, {"actor": GROUP | {"member": [BINH, ANNA]}}),
    ({"actor": {"mbox": "mailto:a@Example.ORG"}}, {"actor": {"mbox": "mailto:a@example.org"}}),
    ({"actor": {"mbox_sha1sum": "A" * 40}}, {"actor": {"mbox_sha1sum": "a" * 40}}),
    ({"object": about(ID)}, {"object": about(ID.upper())}),
    ({"context": {"registration": ID}}, {"context": {"registration": ID.upper()}}),
    ({"context": {"contextActivities": {"parent": QUIZ}}}, {"context": {"contextActivities": {"parent": [QUIZ]}}}),
    ({"result": {"duration": "PT1.236S"}}, {"result": {"duration": "PT1.239S"}}),
    ({"result": {"score": {"raw": 1}}}, {"result": {"score": {"raw": 1.0}}}),
]

DIFFERENT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"timestamp": "2026-01-01T00:00:00Z"}, {"timestamp": "2026-01-01T00:00:01Z"}),
    ({"verb": ANSWERED}, {"verb": PASSED}),
    ({"actor": ANNA}, {"actor": BINH}),
    ({"actor": ANNA}, {"actor": ANNA | {"name": "An Na"}}),
    ({"actor": {"mbox": "mailto:a@example.org"}}, {"actor": {"mbox": "mailto:A@example.org"}}),
    ({"actor": GROUP}, {"actor": {"objectType": "Group", "member": [ANNA]}}),
    ({"object": QUIZ}, {"object": about(ID)}),
    ({"result": {"success": True}}, {"result": {"success": False}}),
    ({"result": {"duration": "PT1M"}}, {"result": {"duration": "PT60S"}}),
    ({"result": {"success": True}}, {}),
    ({"context": {"registration": ID}}, {}),
    ({"context": {"extensions": {"http://x.org/": 1}}}, {"context": {"extensions": {"http://x.org/": 2}}}),
]


def nested(**changes: Any) -> dict[str, Any]:
    return statement(object={"objectType": "SubStatement", **statement(**changes)})


@pytest.mark.parametrize(("sent", "kept"), SAME)
def test_the_same(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    assert same(statement(**sent), statement(**kept))


@pytest.mark.parametrize(("sent", "kept"), DIFFERENT)
def test_different(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    assert not same(statement(**sent), statement(**kept))


@pytest.mark.parametrize(("sent", "kept"), DIFFERENT)
def test_different_inside_a_sub_statement(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    assert not same(nested(**sent), nested(**kept))


def test_the_same_inside_a_sub_statement() -> None:
    sent = nested(verb=ANSWERED, timestamp="2026-01-01T07:00:00+07:00")
    kept = nested(verb={"id": ANSWERED["id"]}, timestamp="2026-01-01T00:00:00Z")
    assert same(sent, kept)
