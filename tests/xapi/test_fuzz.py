"""Whatever comes, the answer is an answer: never a 5xx, and a refusal stores nothing."""

import json
import random
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.xapi.conftest import ANNA, BINH, QUIZ, Store, about, statement
from xapi.exceptions import InvalidStatement
from xapi.models import Statement
from xapi.received import read
from xapi.rules import formats
from xapi.rules.broken import Broken

FULL = statement(
    id="7b3ae3a4-9ff8-4c1c-8d52-2b6a6d6b2a01",
    actor={"objectType": "Group", "member": [ANNA, BINH]},
    object={
        "objectType": "SubStatement",
        **statement(
            object=QUIZ
            | {
                "definition": {
                    "name": {"vi": "Câu hỏi"},
                    "type": "http://x.org/t",
                    "interactionType": "choice",
                    "choices": [{"id": "a", "description": {"vi": "A"}}],
                    "extensions": {"http://x.org/e": [1, None]},
                }
            }
        ),
    },
    result={"score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}, "success": True, "duration": "PT5S"},
    context={
        "registration": "7b3ae3a4-9ff8-4c1c-8d52-2b6a6d6b2a02",
        "instructor": ANNA,
        "team": {"objectType": "Group", "mbox": "mailto:to@example.org"},
        "language": "vi",
        "statement": about("7b3ae3a4-9ff8-4c1c-8d52-2b6a6d6b2a03"),
        "contextActivities": {"parent": [QUIZ], "grouping": QUIZ},
    },
    timestamp="2026-03-12T08:30:00+07:00",
    version="1.0.0",
)
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1e308,
    "",
    " ",
    "x",
    "\x00",
    "\ud800",
    "vi",
    "http://x.org/",
    "mailto:a@b",
    [],
    [[]],
    [None],
    {},
    {"": ""},
    {"objectType": "Group"},
    {"id": "http://x.org/"},
    "2026-03-12T08:30:00-00:00",
    "9" * 5_000,
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for name, child in children for each in ((*path, name), *places(child, (*path, name)))]


def refusal(body: bytes) -> str | None:
    """The rule that is broken, or None for statements that are taken; anything else is an error."""
    try:
        read(body, version="2.0.0")
    except InvalidStatement as error:
        return error.rule
    return None


def mutated(generator: random.Random) -> bytes:
    """The full statement with one thing wrong, or nothing."""
    data = deepcopy(FULL)
    *parents, name = generator.choice(places(data))
    holder: Any = data
    for parent in parents:
        holder = holder[parent]
    kind = generator.randrange(5)
    if kind == 0:
        del holder[name]
    elif kind == 1:
        holder[name] = generator.choice(VALUES)
    elif kind == 2 and isinstance(holder, dict):
        holder[generator.choice(["x", "ID", "objectType", "member", "\ud800"])] = holder.pop(name)
    elif kind == 3 and isinstance(holder, dict):
        text = json.dumps(data)
        key = json.dumps(name)
        return text.replace(key, f"{key}: 1, {key}", 1).encode()
    else:
        text = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")
        cut = generator.randrange(len(text))
        return text[:cut] + bytes(generator.randrange(256) for _ in range(generator.randrange(3))) + text[cut + 1 :]
    return json.dumps(data).encode()


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["multipart/mixed; boundary=b", "application/json"])
def test_bytes_without_sense_get_400(store: Store, content_type: str) -> None:
    generator = random.Random(7)
    alphabet = [b"--b", b"--", b"\r\n", b":", b"{}", b"\x00", b"\xff", b"Content-Type: application/json", b"[", b'"']
    for _ in range(200):
        body = b"".join(generator.choices(alphabet, k=generator.randrange(12)))
        assert store.post(body, content_type).status_code == 400
    assert Statement.objects.count() == 0


def test_2000_mutations_are_read_or_refused() -> None:
    generator = random.Random(1087)
    refused = 0
    for _ in range(2_000):
        refused += refusal(mutated(generator)) is not None
    assert 1_200 < refused < 2_000


@given(anything)
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_or_refused(value: Any) -> None:
    for body in (value, [value], statement(actor=value), statement(object=value), statement(context=value)):
        assert refusal(json.dumps(body).encode("utf-8", "surrogatepass")) != ""


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert refusal(body) != ""


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", fullmatch=True))
@settings(deadline=None)
def test_any_text_is_a_time_or_is_refused(text: str) -> None:
    with suppress(Broken):
        assert formats.moment(text, "timestamp").tzinfo is not None


@pytest.mark.django_db
@given(
    name=st.sampled_from(["agent", "verb", "since", "limit", "cursor", "registration", "format", "statementId"]),
    value=st.text(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_parameter_gets_an_answer(store: Store, name: str, value: str) -> None:
    response = store.get(**{name: value.encode("utf-8", "replace").decode()})
    assert response.status_code in {200, 400, 404}
