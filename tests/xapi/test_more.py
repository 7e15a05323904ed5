"""Pages and the link to the next one (Data 2.5)."""

from typing import Any
from unittest.mock import patch

import pytest

from tests.xapi.conftest import ANNA, ANSWERED, BINH, PASSED, VOIDED, Store, about, said, statement
from xapi import retrieval

pytestmark = pytest.mark.django_db


def walk(store: Store, **parameters: Any) -> list[list[str]]:
    """The ids of each page, following the links."""
    answer = said(store.get(**parameters))
    pages = [[each["id"] for each in answer["statements"]]]
    while answer["more"]:
        assert answer["more"].startswith("/xapi/statements?")
        answer = said(store.client.get(answer["more"], headers=store.headers))
        pages.append([each["id"] for each in answer["statements"]])
    return pages


@pytest.mark.parametrize("parameters", [{}, {"agent": ANNA}, {"agent": ANNA, "verb": ANSWERED["id"]}])
@pytest.mark.parametrize("ascending", ["true", "false"])
def test_a_walk_shows_each_statement_once(store: Store, parameters: dict[str, Any], ascending: str) -> None:
    ids = store.stored(*[statement() for _ in range(7)])
    pages = walk(store, limit=3, ascending=ascending, **parameters)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [each for page in pages for each in page] == (ids if ascending == "true" else ids[::-1])


def test_a_last_page_that_is_full_has_no_more(store: Store) -> None:
    store.stored(*[statement() for _ in range(6)])
    assert [len(page) for page in walk(store, limit=3)] == [3, 3]


def test_two_ways_to_be_related_show_a_statement_once(store: Store) -> None:
    ids = store.stored(*[statement(actor=BINH, context={"instructor": BINH}) for _ in range(5)])
    assert walk(store, agent=BINH, related_agents="true", limit=2) == [ids[:2:-1], ids[2:0:-1], ids[:1]]


def test_limit_0_and_large_limits_give_the_servers_page(store: Store) -> None:
    store.stored(*[statement() for _ in range(101)])
    for limit in ({}, {"limit": 0}, {"limit": 5_000}):
        assert [len(page) for page in walk(store, **limit)] == [100, 1]


def test_what_comes_meanwhile_does_not_shift_the_pages(store: Store) -> None:
    ids = store.stored(*[statement() for _ in range(4)])
    first = said(store.get(limit=2))
    store.stored(statement(), statement())
    second = said(store.client.get(first["more"], headers=store.headers))
    assert [each["id"] for each in second["statements"]] == [ids[1], ids[0]]


def test_what_is_voided_meanwhile_is_left_out(store: Store) -> None:
    ids = store.stored(*[statement() for _ in range(4)])
    first = said(store.get(limit=2, agent=ANNA))
    store.stored(statement(actor=BINH, verb=VOIDED, object=about(ids[1])))
    second = said(store.client.get(first["more"], headers=store.headers))
    assert ([each["id"] for each in second["statements"]], second["more"]) == ([ids[0]], "")


def test_the_link_keeps_format_and_filters(store: Store) -> None:
    store.stored(*[statement() for _ in range(3)])
    more = said(store.get(limit=1, agent=ANNA, format="ids"))["more"]
    answer = said(store.client.get(more, headers=store.headers))
    assert len(answer["statements"]) == 1
    assert answer["statements"][0]["actor"] == {"objectType": "Agent", "mbox": ANNA["mbox"]}


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_filters_that_hardly_fit_together_are_walked_in_stretches(store: Store, ascending: str) -> None:
    seldom = [PASSED if number % 9 == 0 else ANSWERED for number in range(30)]
    ids = store.stored(*[statement(verb=verb) for verb in seldom])
    found = ids[::9] if ascending == "true" else ids[::9][::-1]
    for stretch in (2, 4, 40):
        with patch.object(retrieval, "STRETCH", stretch):
            pages = walk(store, agent=ANNA, verb=PASSED["id"], ascending=ascending)
        assert [each for page in pages for each in page] == found
        assert (len(pages) > 1) == (stretch < 40)
