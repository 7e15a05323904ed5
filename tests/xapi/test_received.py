"""From bytes to statements: what JSON is taken, and how refusals are said."""

import json
from typing import Any

import pytest

from tests.xapi.conftest import ANNA, QUIZ, new_id, statement
from xapi.exceptions import InvalidStatement
from xapi.received import MAX_BATCH, read

DEEP = b'{"a":' * 300 + b"1" + b"}" * 300


def refusal(body: bytes | Any, version: str = "1.0.3") -> str:
    with pytest.raises(InvalidStatement) as raised:
        read(body if isinstance(body, bytes) else json.dumps(body).encode(), version=version)
    return str(raised.value)


def text(**changes: Any) -> str:
    return json.dumps(statement(**changes))


def test_one_statement_or_an_array() -> None:
    assert len(read(text().encode(), version="1.0.3")) == 1
    assert len(read(f"[{text()}, {text()}]".encode(), version="1.0.3")) == 2
    assert read(b"[]", version="1.0.3") == []


def test_the_bytes_of_each_statement_are_kept() -> None:
    first, second = '{ "actor":' + text()[9:], text(result={"score": {"raw": 1.50}}).replace("1.5", "1.50")
    received = read(f"[ {first}\n,\t{second} ]".encode(), version="1.0.3")
    assert [each.raw.decode() for each in received] == [first, second]


def test_a_message_names_the_statement_by_its_place() -> None:
    assert refusal([statement(), statement(actor={"mbox": "x"})]) == "statements[1].actor.mbox: not a mailto IRI"
    assert refusal(statement(actor={"mbox": "x"})) == "statement.actor.mbox: not a mailto IRI"
    assert refusal([statement(), 7]) == "statements[1]: expected object, got int"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[{}",
        b"{'actor': 1}",
        b"\xff\xfe",
        b'{"actor": NaN}',
        text().encode() + b"x",
        text().encode("utf-16"),
        b'{"a": "\\ud800"}',
        b'{"a": "\xc3\x28"}',
        b'{"a": 1e999}',
    ],
)
def test_what_is_no_json_in_utf_8_is_refused(body: bytes) -> None:
    assert refusal(body).startswith("not JSON: ")


@pytest.mark.parametrize("body", [b"1", b'"text"', b"null", b"true"])
def test_json_that_holds_no_statement_is_refused(body: bytes) -> None:
    assert refusal(body) == "expected a statement or an array of statements"


@pytest.mark.parametrize("depth", [300, 2_000, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    nested = '{"a":' * depth + "1" + "}" * depth
    message = refusal(text(result={"extensions": {"http://x.org/": "HERE"}}).replace('"HERE"', nested).encode())
    assert message.startswith(("nested too deeply", "not JSON: depth limit exceeded"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name": "Anna"', '"name": "Anna", "name": "Bình"'),
        ('"name": "Anna"', '"name" : "Anna", "name" : "Bình"'),
        ('"name": "Anna"', '"name": "Anna", "na\\u006de": "Bình"'),
        ('"name": "Anna"', '"name" \t: "\\":", "name": "Bình"'),
        ('"name": "Anna"', '"name": "\\u0022:", "name": "Bình"'),
        ('"name": "Anna"', '"name": "\\"\\u003a", "name": "Bình"'),
        ('"name": "Anna"', '"name": "\\"\\u003A", "name": "Bình"'),
    ],
)
def test_a_property_that_occurs_twice_is_refused(old: str, new: str) -> None:
    assert refusal(text().replace(old, new).encode()) == "name: occurs twice in one object"


@pytest.mark.parametrize("name", ['a":b', ":", '":', '\\":', 'x" :'])
def test_quotes_and_colons_in_texts_are_no_properties(name: str) -> None:
    [received] = read(text(actor=ANNA | {"name": name}).encode(), version="1.0.3")
    assert received.model.actor.name == name


def test_an_id_twice_in_a_batch_is_refused() -> None:
    same = new_id()
    batch = [statement(id=same), statement(id=new_id()), statement(id=same.upper())]
    assert refusal(batch) == "statements[2].id: is also that of statements[0]"


def test_a_batch_has_its_limit() -> None:
    assert refusal(b"[" + b",".join([b"{}"] * (MAX_BATCH + 1)) + b"]") == "at most 10000 statements in one request"


def test_context_agents_are_new_in_2_0() -> None:
    agents = {"contextAgents": [{"objectType": "contextAgent", "agent": ANNA}]}
    assert len(read(text(context=agents).encode(), version="2.0.0")) == 1
    assert refusal(statement(context=agents)) == "statement.context.contextAgents: is not a property of xAPI 1.0.x"
    nested = {"objectType": "SubStatement", **statement(context=agents)}
    message = refusal([statement(object=nested, version="1.0.0")], version="2.0.0")
    assert message == "statements[0].object.context.contextAgents: is not a property of xAPI 1.0.x"


def test_a_request_of_1_0_has_no_statement_of_2_0() -> None:
    assert len(read(text(version="2.0.0").encode(), version="2.0.0")) == 1
    assert len(read(text(version="1.0.9").encode(), version="2.0.0")) == 1
    expected = "statement.version: must be 1.0.x in a request of version 1.0.3"
    assert refusal(statement(version="2.0.0")) == expected


def test_a_statement_without_an_id_gets_one() -> None:
    first, second = read(f"[{text()}, {text(id=(given := new_id()))}]".encode(), version="1.0.3")
    assert (first.named, first.id.version) == (False, 4)
    assert (second.named, str(second.id)) == (True, given)


def test_huge_numbers_keep_their_digits() -> None:
    digits = "123456789012345678901234567890.5"
    raw = text(object=QUIZ, result={"extensions": {"http://x.org/n": 0}}).replace(": 0}", f": {digits}}}")
    assert digits.encode() in read(raw.encode(), version="1.0.3")[0].raw
