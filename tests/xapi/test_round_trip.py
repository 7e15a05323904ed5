"""What is sent comes back: any statement as `exact`, any file byte by byte, whatever the boundary."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.xapi.conftest import Store, new_id, said, statement
from tests.xapi.test_attachments import attachment, part, sections
from xapi import body
from xapi.body import Body
from xapi.exceptions import Refused
from xapi.parts import parts

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
SET_BY_US = {"id", "stored", "authority", "timestamp", "version"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
iris = st.from_regex(r"https?://[a-zàđêếưỹ0-9]{1,12}(\.[a-z]{2,5}){1,2}(/[A-Za-z0-9_\-àạ]{1,8}){0,3}", fullmatch=True)
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9, allow_nan=False)
language_maps = st.dictionaries(st.sampled_from(["vi", "en", "en-GB", "km", "rad", "mww-Latn"]), texts, max_size=3)
plain = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
extensions = st.dictionaries(iris, plain, max_size=2)


def some(required: dict[str, Any] | None = None, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required or {}, optional=optional)


identifiers = st.one_of(
    some({"mbox": st.from_regex(r"mailto:[a-z0-9.]{1,9}@[a-z]{1,9}\.vn", fullmatch=True)}),
    some({"mbox_sha1sum": st.from_regex(r"[0-9a-f]{40}", fullmatch=True)}),
    some({"openid": iris}),
    some({"account": some({"homePage": iris, "name": texts.filter(bool)})}),
)


@st.composite
def agents(draw: Any) -> dict[str, Any]:
    return draw(some(name=texts, objectType=st.just("Agent"))) | draw(identifiers)


@st.composite
def groups(draw: Any) -> dict[str, Any]:
    members = draw(st.lists(agents(), min_size=1, max_size=3))
    named = draw(st.just({}) | identifiers)
    return {"objectType": "Group", "member": members} | draw(some(name=texts)) | named


definitions = some(name=language_maps, description=language_maps, type=iris, moreInfo=iris, extensions=extensions)
activities = some({"id": iris}, objectType=st.just("Activity"), definition=definitions)
references = some({"objectType": st.just("StatementRef"), "id": st.uuids().map(str)})
results = some(
    score=some(scaled=st.floats(-1, 1), raw=st.integers(0, 10), min=st.just(0), max=st.just(10)),
    success=st.booleans(),
    completion=st.booleans(),
    response=texts,
    duration=st.from_regex(r"PT[0-9]{1,3}M[0-9]{1,2}(\.[0-9]{1,2})?S", fullmatch=True),
    extensions=extensions,
)
around = some(
    registration=st.uuids().map(str),
    instructor=agents() | groups(),
    team=groups(),
    platform=texts,
    language=st.sampled_from(["vi", "en-GB"]),
    statement=references,
    contextActivities=some(
        parent=st.lists(activities, max_size=2), grouping=st.lists(activities, max_size=2), other=st.lists(activities)
    ),
    extensions=extensions,
)
statements = some(
    {
        "actor": agents() | groups(),
        "verb": some({"id": iris}, display=language_maps),
        "object": activities | agents().map(lambda each: each | {"objectType": "Agent"}) | groups() | references,
    },
    result=results,
    timestamp=st.datetimes(timezones=st.just(UTC)).map(lambda each: each.isoformat(timespec="milliseconds")),
    version=st.sampled_from(["1.0.0", "1.0.3"]),
)


@st.composite
def statements_with_context(draw: Any) -> dict[str, Any]:
    """platform is for activities alone (Data 2.4.6)."""
    made = draw(statements)
    if draw(st.booleans()):
        made["context"] = draw(around)
        if made["object"].get("objectType", "Activity") != "Activity":
            made["context"].pop("platform", None)
    return made


@pytest.mark.django_db
@given(sent=statements_with_context(), named=st.booleans())
@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
def test_any_statement_comes_back_as_it_was(store: Store, sent: dict[str, Any], named: bool) -> None:
    sent = sent | ({"id": new_id()} if named else {})
    [statement_id] = store.stored(sent)
    found = said(store.get(statementId=statement_id, format="exact"))
    assert {name: found[name] for name in sent} == sent
    assert found.keys() == sent.keys() | SET_BY_US


boundaries = st.from_regex(r"[0-9A-Za-z'()+_,\-./:=?]{1,69}", fullmatch=True)


@st.composite
def files(draw: Any, boundary: str) -> bytes:
    """Bytes that often look like the beginning of a boundary, but are none."""
    dashes = b"\r\n--" + boundary.encode()
    looks_like = st.integers(0, len(dashes) - 1).map(lambda size: dashes[:size])
    pieces = draw(st.lists(st.binary(max_size=40) | looks_like | st.sampled_from([b"\r", b"\n", b"--"]), max_size=8))
    content = b"".join(pieces)
    assume(dashes not in b"\r\n" + content + b"\r\n--")
    return content


@st.composite
def bodies(draw: Any) -> tuple[str, list[bytes], str]:
    boundary = draw(boundaries)
    return boundary, draw(st.lists(files(boundary), min_size=1, max_size=3)), draw(st.sampled_from(["", " ", "\t "]))


def joined(boundary: str, pieces: list[bytes], padding: str = "") -> bytes:
    dashes = f"--{boundary}".encode()
    opening = dashes + padding.encode() + b"\r\n"
    return b"preamble\r\n" + b"".join(opening + each + b"\r\n" for each in pieces) + dashes + b"--\r\nepilogue"


@pytest.mark.django_db
@given(made=bodies())
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_any_files_come_back_whatever_the_boundary(store: Store, made: tuple[str, list[bytes], str]) -> None:
    boundary, contents, padding = made
    sent = statement(id=new_id(), attachments=[attachment(content) for content in contents])
    pieces = [b"Content-Type: application/json\r\n\r\n" + json.dumps(sent).encode(), *map(part, contents)]
    assume(f"\r\n--{boundary}".encode() not in b"\r\n".join(pieces))
    response = store.post(joined(boundary, pieces, padding), f'multipart/mixed; boundary="{boundary}"')
    assert response.status_code == 200, response.content
    (_, data), *found = sections(store.get(statementId=sent["id"], attachments="true"))
    assert json.loads(data)["attachments"] == sent["attachments"]
    assert sorted(content for _, content in found) == sorted(set(contents))


def reading(whole: bytes, sizes: list[int]) -> Body:
    """A body that comes in pieces of these sizes, over and over."""

    def pieces() -> Iterator[bytes]:
        at = number = 0
        while at < len(whole):
            size = sizes[number % len(sizes)]
            yield whole[at : at + size]
            at, number = at + size, number + 1

    coming = pieces()
    return Body(lambda size: next(coming, b""), len(whole))


@given(made=bodies(), sizes=st.lists(st.integers(1, 20), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_parts_are_the_same_in_whatever_pieces_they_come(made: tuple[str, list[bytes], str], sizes: list[int]) -> None:
    boundary, contents, padding = made
    whole = joined(boundary, [b"X: y\r\n\r\n" + content for content in contents], padding)
    found = parts(reading(whole, sizes), f'multipart/mixed; boundary="{boundary}"')
    assert [(each.headers, b"".join(each.content)) for each in found] == [({"x": "y"}, each) for each in contents]


@given(made=bodies(), cut=st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_a_body_that_breaks_off_anywhere_is_refused(made: tuple[str, list[bytes], str], cut: int) -> None:
    boundary, contents, padding = made
    whole = joined(boundary, [b"\r\n" + content for content in contents], padding)
    coming = iter([whole[: cut % len(whole)]])
    broken = Body(lambda size: next(coming, b""), len(whole))
    with pytest.raises(Refused) as refusal:
        for each in parts(broken, f'multipart/mixed; boundary="{boundary}"'):
            b"".join(each.content)
    assert refusal.value.reason == "the request broke off"


def test_a_body_without_a_length_ends_where_its_server_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "LARGEST", 5)
    coming = iter([b"abc", b"de"])
    assert Body(lambda size: next(coming, b""), None).whole() == b"abcde"
    coming = iter([b"abc", b"def"])
    with pytest.raises(Refused) as refusal:
        Body(lambda size: next(coming, b""), None).whole()
    assert refusal.value.status == 413
