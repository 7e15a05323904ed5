"""The formats ids, exact and canonical (Communication 2.1.3)."""

from typing import Any

import pytest

from tests.xapi.conftest import ANNA, BINH, QUIZ, Store, new_id, said, statement, store_with
from xapi.presentation import languages
from xapi.statements import record

pytestmark = pytest.mark.django_db

DEFINED = QUIZ | {
    "definition": {
        "name": {"vi": "Bài kiểm tra", "en-GB": "Quiz"},
        "description": {"en": "Three questions"},
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"vi": "Một", "en": "One"}}],
    }
}
DISPLAY = {"id": "http://x.org/v", "display": {"vi": "đã làm", "en-US": "did"}}


def shown(store: Store, accept_language: str = "", **parameters: Any) -> dict[str, Any]:
    return said(store.get(headers={"Accept-Language": accept_language}, **parameters))["statements"][0]


def test_exact_is_what_was_sent(store: Store) -> None:
    sent = statement(id=new_id(), object=DEFINED, verb=DISPLAY, context={"instructor": BINH | {"name": "Bình"}})
    store.stored(sent)
    for parameters in ({}, {"format": "exact"}):
        found = shown(store, "vi", **parameters)
        assert {name: found[name] for name in sent} == sent


def test_ids_has_only_what_identifies(store: Store) -> None:
    group = {"objectType": "Group", "name": "Lớp", "member": [ANNA, BINH | {"name": "Bình"}]}
    identified = {"objectType": "Group", "mbox": "mailto:lop@example.org", "name": "Lớp", "member": [ANNA]}
    nested = {"objectType": "SubStatement", **statement(object=DEFINED, actor=identified, verb=DISPLAY)}
    context = {"instructor": ANNA, "contextActivities": {"parent": [DEFINED]}, "platform": None}
    del context["platform"]
    store.stored(statement(actor=group, verb=DISPLAY, object=nested, context=context, result={"success": True}))
    found = shown(store, format="ids")
    assert found["actor"] == {
        "objectType": "Group",
        "member": [{"objectType": "Agent", "mbox": ANNA["mbox"]}, BINH],
    }
    assert found["verb"] == {"id": "http://x.org/v"}
    assert found["object"] == {
        "objectType": "SubStatement",
        "actor": {"objectType": "Group", "mbox": "mailto:lop@example.org"},
        "verb": {"id": "http://x.org/v"},
        "object": {"id": QUIZ["id"]},
    }
    assert found["context"] == {
        "instructor": {"objectType": "Agent", "mbox": ANNA["mbox"]},
        "contextActivities": {"parent": [{"id": QUIZ["id"]}]},
    }
    assert found["result"] == {"success": True}
    assert "name" not in found["authority"]


@pytest.mark.parametrize(
    ("accept_language", "name", "display", "choice"),
    [
        ("vi", {"vi": "Bài kiểm tra"}, {"vi": "đã làm"}, {"vi": "Một"}),
        ("vi-VN", {"vi": "Bài kiểm tra"}, {"vi": "đã làm"}, {"vi": "Một"}),
        ("en", {"en-GB": "Quiz"}, {"en-US": "did"}, {"en": "One"}),
        ("fr;q=0.9, en;q=0.5, vi;q=0.1", {"en-GB": "Quiz"}, {"en-US": "did"}, {"en": "One"}),
        ("vi;q=0.1, EN-us", {"vi": "Bài kiểm tra"}, {"en-US": "did"}, {"en": "One"}),
        ("", {"vi": "Bài kiểm tra"}, {"vi": "đã làm"}, {"vi": "Một"}),
        ("fr", {"vi": "Bài kiểm tra"}, {"vi": "đã làm"}, {"vi": "Một"}),
    ],
)
def test_canonical_has_one_language_in_each_map(
    store: Store, accept_language: str, name: dict[str, str], display: dict[str, str], choice: dict[str, str]
) -> None:
    store.stored(statement(object=DEFINED, verb=DISPLAY))
    found = shown(store, accept_language, format="canonical")
    assert found["object"]["definition"]["name"] == name
    assert found["object"]["definition"]["description"] == {"en": "Three questions"}
    assert found["object"]["definition"]["choices"] == [{"id": "a", "description": choice}]
    assert found["verb"]["display"] == display


def test_canonical_has_what_all_statements_said_of_an_activity(store: Store) -> None:
    store.stored(
        statement(object=QUIZ | {"definition": {"name": {"vi": "Cũ", "en": "Quiz"}, "type": "http://x.org/a"}})
    )
    store.stored(statement(object=QUIZ | {"definition": {"name": {"vi": "Mới"}}}))
    store.stored(statement(object=QUIZ))
    [newest, *_] = said(store.get(format="canonical", headers={"Accept-Language": "en"}))["statements"]
    assert newest["object"]["definition"] == {"name": {"en": "Quiz"}, "type": "http://x.org/a"}
    assert shown(store, "vi", format="canonical")["object"]["definition"]["name"] == {"vi": "Mới"}


def test_only_who_may_define_changes_what_is_canonical(store: Store) -> None:
    writer = store_with("statements/write", name="writer")
    store.stored(statement(object=QUIZ | {"definition": {"name": {"vi": "Đúng"}}}))
    writer.stored(statement(object=QUIZ | {"definition": {"name": {"vi": "Sai"}}}))
    assert shown(store, format="canonical")["object"]["definition"]["name"] == {"vi": "Đúng"}


def test_our_own_activities_are_defined_by_us(store: Store) -> None:
    ours = {"id": "http://testserver/activities/courses/so"}
    record([statement(object=ours | {"definition": {"name": {"vi": "Đúng"}}})])
    store.stored(statement(object=ours | {"definition": {"name": {"vi": "Sai"}}}))
    assert shown(store, format="canonical")["object"]["definition"]["name"] == {"vi": "Đúng"}


def test_languages_of_a_header() -> None:
    assert languages("vi-VN, en;q=0.8,fr;q=0, de;q=x, ;q=1, *;q=0.9") == ["vi-vn", "*", "en"]
