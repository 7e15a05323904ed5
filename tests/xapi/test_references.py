"""Statements about statements are found by the filters of what they are about (Communication 2.1.3)."""

from itertools import pairwise
from typing import Any

import pytest

from tests.xapi.conftest import ANNA, BINH, PASSED, QUIZ, VOIDED, Store, about, new_id, statement, store_with
from tests.xapi.index_entries import entries
from xapi.references import DEPTH, links
from xapi.rules.broken import read_as
from xapi.rules.statement import Statement as Model

pytestmark = pytest.mark.django_db
CONFIRMED = {"id": "http://example.org/verbs/confirmed"}


def chain(last: str) -> list[dict]:
    """Bình confirmed that Bình confirmed what Anna did."""
    middle = new_id()
    return [
        statement(id=last, verb=PASSED, context={"registration": new_id()}),
        statement(id=middle, actor=BINH, verb=CONFIRMED, object=about(last)),
        statement(id=new_id(), actor=BINH, verb=CONFIRMED, object=about(middle)),
    ]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1]])
@pytest.mark.parametrize("together", [True, False])
def test_a_chain_is_found_in_whatever_order_it_comes(store: Store, order: list[int], together: bool) -> None:
    statements = chain(new_id())
    in_order = [statements[number] for number in order]
    if together:
        store.stored(*in_order)
    else:
        for each in in_order:
            store.stored(each)
    everything = {each["id"] for each in statements}
    assert set(store.found(agent=ANNA)) == everything
    assert set(store.found(verb=PASSED["id"])) == everything
    assert set(store.found(activity=QUIZ["id"])) == everything
    assert set(store.found(registration=statements[0]["context"]["registration"])) == everything
    assert set(store.found(agent=BINH)) == everything - {statements[0]["id"]}


def test_statements_about_each_other_end(store: Store) -> None:
    one, two = new_id(), new_id()
    store.stored(statement(id=one, object=about(two)))
    store.stored(statement(id=two, actor=BINH, object=about(one)))
    assert set(store.found(agent=BINH)) == {one, two}
    assert set(store.found(agent=ANNA)) == {one, two}


def test_what_is_about_a_voided_statement_is_still_found(store: Store) -> None:
    target, comment, late = new_id(), new_id(), new_id()
    store.stored(statement(id=target, verb=PASSED), statement(id=comment, actor=BINH, object=about(target)))
    [voider] = store.stored(statement(actor=BINH, verb=VOIDED, object=about(target)))
    store.stored(statement(id=late, actor=BINH, object=about(target)))
    assert set(store.found(verb=PASSED["id"])) == {comment, voider, late}


def test_a_voided_statement_gets_no_keys_from_what_it_is_about(store: Store) -> None:
    target, comment = new_id(), new_id()
    store.stored(statement(id=comment, actor=BINH, object=about(target)))
    [voider] = store.stored(statement(actor=BINH, verb=VOIDED, object=about(comment)))
    store.stored(statement(id=target))
    assert set(store.found(agent=ANNA)) == {target, voider}


def test_time_and_order_are_those_of_the_statement_itself(store: Store) -> None:
    [target] = store.stored(statement(verb=PASSED))
    comments = [store.stored(statement(actor=BINH, object=about(target)))[0] for _ in range(3)]
    assert store.found(verb=PASSED["id"], limit=2) == [comments[2], comments[1]]
    assert store.found(verb=PASSED["id"], ascending="true") == [target, *comments]


def test_a_reference_in_the_context_finds_nothing(store: Store) -> None:
    [target] = store.stored(statement(verb=PASSED))
    store.stored(statement(actor=BINH, context={"statement": about(target)}))
    assert store.found(verb=PASSED["id"]) == [target]


def test_whoever_reads_only_its_own_does_not_read_what_is_about_it(store: Store) -> None:
    mine = store_with("statements/write", "statements/read/mine", name="mine")
    [target] = mine.stored(statement())
    store.stored(statement(object=about(target)))
    assert mine.found() == [target]


def test_a_reference_costs_no_double_keys(store: Store) -> None:
    statements = chain(new_id())
    store.stored(*statements)
    before = entries()
    store.stored(*statements)
    assert entries() == before


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("together", [True, False])
def test_a_long_chain_is_found_by_its_next_ten(store: Store, order: int, together: bool) -> None:
    """Whatever order it comes in; and a new link costs the same however long the chain is."""
    ids = [new_id() for _ in range(25)]
    statements = [statement(id=ids[0], verb=PASSED)]
    statements += [statement(id=each, actor=BINH, object=about(last)) for last, each in pairwise(ids)]
    in_order = statements[::order]
    for part in [in_order] if together else [in_order[:8], in_order[8:9], in_order[9:]]:
        store.stored(*part)
    assert DEPTH == 10
    assert set(store.found(verb=PASSED["id"])) == set(ids[:11])


def test_a_batch_looks_up_a_step_of_all_at_once(store: Store, django_assert_num_queries: Any) -> None:
    chains = [chain(new_id()) for _ in range(20)]
    store.stored(*(each for one in chains for each in one))
    models = [read_as(Model, statement(object=about(one[2]["id"]))) for one in chains]
    with django_assert_num_queries(3):
        assert len(links(models, {}, "")) == 60
