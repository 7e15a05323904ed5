"""Parts read once: the quick way and the thorough way agree on every statement."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.xapi.conftest import ANNA, BINH, QUIZ, new_id, statement
from xapi import recurring
from xapi.exceptions import InvalidStatement
from xapi.received import read
from xapi.rules.broken import read_as
from xapi.rules.statement import Statement

CONTEXTS: list[Any] = [
    None,
    {"registration": new_id()},
    {"registration": new_id(), "language": "vi", "contextActivities": {"parent": [QUIZ], "grouping": QUIZ}},
    {"instructor": ANNA, "team": {"objectType": "Group", "member": [BINH]}, "platform": "x", "revision": "1"},
]


def text(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@given(
    actor=st.sampled_from([ANNA, BINH, {"objectType": "Group", "member": [ANNA, BINH]}]),
    target=st.sampled_from([QUIZ, ANNA, {"objectType": "StatementRef", "id": new_id()}]),
    context=st.sampled_from(CONTEXTS),
    result=st.sampled_from([None, {"success": True, "score": {"scaled": 0.5}}, {"response": 'a":b'}]),
    given_id=st.booleans(),
)
def test_by_parts_a_statement_is_the_same_model(
    actor: Any, target: Any, context: Any, result: Any, given_id: bool
) -> None:
    if target is not QUIZ and context:
        context = {name: each for name, each in context.items() if name not in {"platform", "revision"}}
    data = statement(
        actor=actor, object=target, context=context, result=result, id=new_id() if given_id else None, version="1.0.2"
    )
    thorough = read_as(Statement, data)
    for body, single in ((text(data), True), (text([data]), False)):
        found = recurring.statements(body, single=single)
        assert found is not None
        [raw], [quick] = found
        assert raw == text(data)
        assert shown(quick) == shown(thorough)


def shown(model: Statement) -> list[Any]:
    names = ("actor", "verb", "target", "result", "context", "id", "timestamp", "version")
    return [getattr(model, name) for name in names]


@pytest.mark.parametrize(
    "body",
    [
        text(statement()).replace(b'"verb":', b'"verb":{"id":"http://x.org/a"},"verb":'),
        text(statement()).replace(b'"actor":', b'"verb":{},"actor":'),
        text(statement(context={"language": "vi"})).replace(b'"language":', b'"language":"en","language":'),
        text(statement()).replace(b'"name":', b'"name":"B","name":'),
        text(statement(id=new_id())).replace(b'"id":"', b'"id":"","id":"', 1),
    ],
)
def test_a_property_that_occurs_twice_is_seen_at_every_level(body: bytes) -> None:
    assert recurring.statements(body, single=True) is None
    with pytest.raises(InvalidStatement, match="occurs twice"):
        read(body, version="1.0.3")


def test_a_part_that_breaks_a_rule_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(InvalidStatement, match=r"statement\.actor\.mbox: not a mailto IRI"):
            read(text(statement(actor={"mbox": "x"})), version="1.0.3")
