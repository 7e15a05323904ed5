"""One case per rule of the specification: what is refused, where, and in which words; what is taken."""

from typing import Any

import pytest

from tests.xapi.conftest import ANNA, PASSED, QUIZ, VOIDED, about, new_id, statement
from xapi.rules.broken import Broken, read_as
from xapi.rules.statement import Statement

ID = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
GROUP = {"objectType": "Group", "member": [ANNA]}


def sub(**changes: Any) -> dict[str, Any]:
    return {"objectType": "SubStatement", **statement(**changes)}


def activity(**definition: Any) -> dict[str, Any]:
    return {"object": {**QUIZ, "definition": definition}}


def attached(**changes: Any) -> dict[str, Any]:
    made = {
        "usageType": "http://example.org/usage",
        "display": {"en": "A file"},
        "contentType": "text/plain; charset=utf-8",
        "length": 3,
        "sha2": "a" * 64,
    } | changes
    return {"attachments": [{name: value for name, value in made.items() if value is not None}]}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    # the statement as a whole
    ({"actor": None}, "actor", "is required"),
    ({"verb": None}, "verb", "is required"),
    ({"object": None}, "object", "is required"),
    ({"colour": "red"}, "colour", "is not a property here"),
    ({"Actor": ANNA}, "Actor", "is not a property here"),
    ({"id": "6690e6c9"}, "id", "not a UUID in standard form"),
    ({"id": f"{{{ID}}}"}, "id", "not a UUID in standard form"),
    ({"id": 7}, "id", "expected str, got int"),
    ({"version": "0.9.5"}, "version", "not a version 1.0.x or 2.0.x"),
    ({"version": "1.1.0"}, "version", "not a version 1.0.x or 2.0.x"),
    ({"stored": "yesterday"}, "stored", "not an ISO 8601 date and time"),
    ({"authority": GROUP}, "authority", "must be an agent, or an anonymous group of two agents"),
    # actors
    ({"actor": {"mbox": "anna@example.org"}}, "actor.mbox", "not a mailto IRI"),
    ({"actor": {"mbox": "mailto:anna"}}, "actor.mbox", "not a mailto IRI"),
    ({"actor": {"mbox": ""}}, "actor.mbox", "not a mailto IRI"),
    ({"actor": {"mbox_sha1sum": "ebd31e"}}, "actor.mbox_sha1sum", "not a SHA-1 in 40 hexadecimal digits"),
    ({"actor": {"openid": "anna"}}, "actor.openid", "not an IRI with a scheme"),
    ({"actor": {"account": {"homePage": "x", "name": "a"}}}, "actor.account.homePage", "not an IRI with a scheme"),
    ({"actor": {"account": {"homePage": "http://x.org"}}}, "actor.account.name", "is required"),
    ({"actor": {"account": {"homePage": "http://x.org", "name": 7}}}, "actor.account.name", "expected str, got int"),
    ({"actor": {}}, "actor", "needs one of mbox, mbox_sha1sum, openid and account"),
    (
        {"actor": ANNA | {"openid": "http://anna.example.org"}},
        "actor",
        "more than one of mbox, mbox_sha1sum, openid and account",
    ),
    ({"actor": ANNA | {"objectType": "agent"}}, "actor.objectType", "invalid enum value 'agent'"),
    ({"actor": ANNA | {"name": ["Anna"]}}, "actor.name", "expected str, got array"),
    ({"actor": ANNA | {"member": [ANNA]}}, "actor.member", "only a group has members"),
    ({"actor": {"objectType": "Group"}}, "actor.member", "an anonymous group needs members"),
    ({"actor": {"objectType": "Group", "member": []}}, "actor.member", "an anonymous group needs members"),
    (
        {"actor": {"objectType": "Group", "member": [ANNA, GROUP]}},
        "actor.member[1]",
        "a group cannot be a member of a group",
    ),
    # verbs
    ({"verb": {"display": {"en": "did"}}}, "verb.id", "is required"),
    ({"verb": {"id": "did"}}, "verb.id", "not an IRI with a scheme"),
    ({"verb": {"id": "http://x.org/a b"}}, "verb.id", "not an IRI with a scheme"),
    ({"verb": PASSED | {"display": "passed"}}, "verb.display", "expected object, got str"),
    ({"verb": PASSED | {"display": {"e": "x"}}}, "verb.display.e", "not a language tag of RFC 5646"),
    ({"verb": PASSED | {"display": {"en": 1}}}, "verb.display[...]", "expected str, got int"),
    ({"verb": VOIDED}, "object.objectType", "must be StatementRef in a voiding statement"),
    # objects
    ({"object": {"id": "quiz"}}, "object.id", "not an IRI with a scheme"),
    ({"object": QUIZ | {"name": "Quiz"}}, "object.name", "is not a property here"),
    (
        {"object": {"objectType": "activity", "id": "http://x.org"}},
        "object.objectType",
        "must be Activity, Agent, Group, StatementRef or SubStatement",
    ),
    ({"object": {"objectType": "Agent"}}, "object", "needs one of mbox, mbox_sha1sum, openid and account"),
    ({"object": {"objectType": "StatementRef", "id": "x"}}, "object.id", "not a UUID in standard form"),
    ({"object": about(ID) | {"name": "x"}}, "object.name", "is not a property here"),
    (activity(type="quiz"), "object.definition.type", "not an IRI with a scheme"),
    (activity(moreInfo="more"), "object.definition.moreInfo", "not an IRI with a scheme"),
    (activity(name={"vi-": "x"}), "object.definition.name.vi-", "not a language tag of RFC 5646"),
    (activity(interactionType="guess"), "object.definition.interactionType", "invalid enum value 'guess'"),
    (
        activity(correctResponsesPattern=["a"]),
        "object.definition.interactionType",
        "is required with correctResponsesPattern",
    ),
    (activity(choices=[{"id": "a"}]), "object.definition.interactionType", "is required with choices"),
    (
        activity(interactionType="likert", choices=[{"id": "a"}]),
        "object.definition.choices",
        "does not belong to the interaction type likert",
    ),
    (
        activity(interactionType="choice", choices=[{"id": "a"}, {"id": "a"}]),
        "object.definition.choices",
        "an id occurs twice",
    ),
    (
        activity(interactionType="choice", choices=[{"description": {"en": "a"}}]),
        "object.definition.choices[0].id",
        "is required",
    ),
    (activity(extensions={"key": 1}), "object.definition.extensions.key", "the key of an extension must be an IRI"),
    ({"object": sub(id=ID)}, "object.id", "is not a property here"),
    ({"object": sub(authority=ANNA)}, "object.authority", "is not a property here"),
    ({"object": sub(object=sub())}, "object.object.objectType", "a SubStatement cannot contain a SubStatement"),
    ({"object": sub(actor={"mbox": "x"})}, "object.actor.mbox", "not a mailto IRI"),
    ({"object": sub(timestamp="x")}, "object.timestamp", "not an ISO 8601 date and time"),
    # results
    ({"result": {"score": {"scaled": 1.1}}}, "result.score.scaled", "must lie between -1 and 1"),
    ({"result": {"score": {"scaled": "1"}}}, "result.score.scaled", "expected float, got str"),
    ({"result": {"score": {"min": 5, "max": 5}}}, "result.score.min", "must be less than max"),
    ({"result": {"score": {"raw": 0, "min": 1}}}, "result.score.raw", "must not be less than min"),
    ({"result": {"score": {"raw": 1, "max": 0}}}, "result.score.raw", "must not be greater than max"),
    ({"result": {"success": "true"}}, "result.success", "expected bool, got str"),
    ({"result": {"completion": 1}}, "result.completion", "expected bool, got int"),
    ({"result": {"response": 4}}, "result.response", "expected str, got int"),
    ({"result": {"duration": "PT"}}, "result.duration", "not an ISO 8601 duration"),
    ({"result": {"duration": "P"}}, "result.duration", "not an ISO 8601 duration"),
    ({"result": {"duration": "P4W1D"}}, "result.duration", "not an ISO 8601 duration"),
    ({"result": {"duration": "PT1.5M3S"}}, "result.duration", "not an ISO 8601 duration"),
    ({"result": {"extensions": {"": 1}}}, "result.extensions", "the key of an extension must be an IRI"),
    ({"result": None} | {"result": {"score": None}}, "result.score", "must not be null"),
    # context
    ({"context": {"registration": "1"}}, "context.registration", "not a UUID in standard form"),
    ({"context": {"team": ANNA}}, "context.team.objectType", "must be Group"),
    ({"context": {"language": "english language"}}, "context.language", "not a language tag of RFC 5646"),
    ({"context": {"contextActivities": {"around": []}}}, "context.contextActivities.around", "is not a property here"),
    (
        {"context": {"contextActivities": {"parent": [QUIZ, {"id": "x"}]}}},
        "context.contextActivities.parent[1].id",
        "not an IRI with a scheme",
    ),
    ({"context": {"statement": {"id": ID}}}, "context.statement.objectType", "is required"),
    (
        {"object": about(ID), "context": {"revision": "1"}},
        "context.revision",
        "is only allowed when the object is an activity",
    ),
    (
        {"object": ANNA, "context": {"platform": "web"}},
        "context.platform",
        "is only allowed when the object is an activity",
    ),
    (
        {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": GROUP}]}},
        "context.contextAgents[0].agent",
        "must be an agent, not a group",
    ),
    (
        {"context": {"contextGroups": [{"objectType": "contextGroup", "group": GROUP, "relevantTypes": []}]}},
        "context.contextGroups[0].relevantTypes",
        "must not be empty",
    ),
    (
        {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": ANNA, "relevantTypes": ["x"]}]}},
        "context.contextAgents[0].relevantTypes[0]",
        "not an IRI with a scheme",
    ),
    # times
    ({"timestamp": "2015-11-18"}, "timestamp", "not an ISO 8601 date and time"),
    ({"timestamp": "2015-11-18 12:17:00Z"}, "timestamp", "not an ISO 8601 date and time"),
    ({"timestamp": "2015-02-30T12:17:00Z"}, "timestamp", "no such date and time"),
    ({"timestamp": "2015-11-18T25:17:00Z"}, "timestamp", "no such date and time"),
    ({"timestamp": "0001-01-01T00:00:00+07:00"}, "timestamp", "no such date and time"),
    ({"timestamp": "2015-11-18T12:17:00-00:00"}, "timestamp", "the offset -00:00 is not allowed"),
    ({"timestamp": "2015-11-18T12:17:00-0000"}, "timestamp", "the offset -00:00 is not allowed"),
    ({"timestamp": "2015-11-18T12:17:00-00"}, "timestamp", "the offset -00:00 is not allowed"),
    # attachments
    (attached(usageType=None), "attachments[0].usageType", "is required"),
    (attached(usageType="x"), "attachments[0].usageType", "not an IRI with a scheme"),
    (attached(display=None), "attachments[0].display", "is required"),
    (attached(contentType="text"), "attachments[0].contentType", "not a media type"),
    (attached(length="3"), "attachments[0].length", "expected int, got str"),
    (attached(length=-1), "attachments[0].length", "must not be negative"),
    (attached(sha2="abc"), "attachments[0].sha2", "not a SHA-2 in hexadecimal digits"),
    (attached(fileUrl="file"), "attachments[0].fileUrl", "not an IRI with a scheme"),
]

TAKEN: list[dict[str, Any]] = [
    {"id": ID.upper()},
    {"actor": {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}},
    {"actor": {"openid": "https://anna.example.org/"}},
    {"actor": {"objectType": "Group", "mbox": "mailto:lop@example.org"}},
    {"actor": GROUP},
    {"verb": {"id": "tag:example.org,2026:đã-học"}},
    {"verb": PASSED | {"display": {"zh-Hant-TW": "x", "x-local": "y", "i-klingon": "z", "sl-rozaj-biske": "w"}}},
    {"verb": VOIDED, "object": about(ID)},
    {"object": {"id": "urn:isbn:9786040000000"}},
    {"object": {"objectType": "Group", "member": [ANNA]}},
    {"object": sub(object=about(ID), result={"success": False})},
    activity(interactionType="matching", source=[{"id": "a"}], target=[{"id": "a", "description": {"vi": "Một"}}]),
    activity(interactionType="choice", correctResponsesPattern=[]),
    {"result": {"score": {"scaled": -1, "raw": 0, "min": 0, "max": 1e3}, "success": False, "completion": True}},
    {"result": {"duration": "PT4H35M59.14S"}},
    {"result": {"duration": "P3Y1M29DT4H35M59.14S"}},
    {"result": {"duration": "PT16559.14S"}},
    {"result": {"duration": "P4W"}},
    {"result": {"extensions": {"http://x.org/a": None, "http://x.org/b": {"any": [None, 1.5, {}]}}}},
    {"context": {"registration": new_id(), "instructor": GROUP, "team": GROUP, "language": "vi-VN"}},
    {"context": {"revision": "2", "platform": "web", "statement": about(ID)}},
    {"context": {"contextActivities": {"parent": QUIZ, "grouping": [], "category": [QUIZ, QUIZ]}}},
    {"timestamp": "2015-11-18T12:17:00+07:00"},
    {"timestamp": "2015-11-18T12:17:00.123456789Z"},
    {"timestamp": "20151118T121700Z"},
    {"timestamp": "2015-11-18T12:17+0700"},
    {"timestamp": "2015-11-18T12:17:00"},
    {"authority": {"objectType": "Group", "member": [ANNA, {"mbox": "mailto:app@example.org"}]}},
    attached(length=0, sha2="0" * 128),
]


@pytest.mark.parametrize(("changes", "path", "rule"), REFUSED)
def test_a_broken_rule_is_named_with_its_path(changes: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(Broken) as raised:
        read_as(Statement, statement(**changes))
    assert (raised.value.path, raised.value.rule) == (path, rule)


@pytest.mark.parametrize("changes", TAKEN)
def test_what_the_specification_allows_is_taken(changes: dict[str, Any]) -> None:
    read_as(Statement, statement(**changes))


@pytest.mark.parametrize("path", ["actor.name", "verb.display", "object.definition", "result", "context.team", "id"])
def test_null_is_refused_everywhere_but_in_extensions(path: str) -> None:
    data = statement(object=QUIZ | {"definition": {}}, context={}, result={})
    *parents, name = path.split(".")
    holder = data
    for parent in parents:
        holder = holder[parent]
    holder[name] = None
    with pytest.raises(Broken) as raised:
        read_as(Statement, data)
    assert (raised.value.path, raised.value.rule) == (path, "must not be null")


def test_a_path_leads_into_a_list() -> None:
    with pytest.raises(Broken) as raised:
        read_as(list[Statement], [statement(), statement(), statement(), statement(actor={"mbox": "x"})])
    assert str(raised.value) == "[3].actor.mbox: not a mailto IRI"
