"""Storing: all of a batch or nothing, an id once and for ever, one signal."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from tincan import Activity, Agent, AgentAccount, Verb
from tincan import Statement as TinCanStatement

from core.identity import id_base
from tests.xapi.conftest import ANNA, ANSWERED, BINH, PASSED, QUIZ, VOIDED, about, new_id, statement
from tests.xapi.index_entries import entries
from xapi.exceptions import Conflict, InvalidStatement
from xapi.models import Credential, Statement
from xapi.signals import statements_stored
from xapi.statements import record, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Any:
    """What receivers of the signal got."""
    received: list[dict[str, Any]] = []

    def listen(sender: Any, statements: Any, registrations: Any, **_: Any) -> None:
        received.append({"statements": statements, "registrations": registrations})

    statements_stored.connect(listen, weak=False)
    yield received
    statements_stored.disconnect(listen)


def test_what_is_kept_of_a_statement() -> None:
    registration = new_id()
    sent = statement(
        id=new_id(), context={"registration": registration}, timestamp="2026-03-12T08:30:00.250+07:00", actor=BINH
    )
    [statement_id] = record([sent])
    row = Statement.objects.get()
    assert str(statement_id) == sent["id"] == str(row.statement_id)
    assert row.timestamp == datetime(2026, 3, 12, 1, 30, 0, 250_000, tzinfo=UTC)
    assert (row.verb, row.registration, row.voided, row.voids) == (ANSWERED["id"], UUID(registration), False, None)
    assert row.stored == datetime.fromtimestamp(row.pk // 1_000_000 / 1000, UTC)
    assert row.data == sent | {
        "stored": row.stored.strftime("%Y-%m-%dT%H:%M:%S.") + f"{row.stored.microsecond // 1000:03d}Z",
        "version": "1.0.0",
        "authority": {
            "objectType": "Agent",
            "name": "Nhà Sàn",
            "account": {"homePage": id_base(), "name": "lrs"},
        },
    }


def test_the_bytes_received_stay_as_they_came() -> None:
    sent = json.dumps(statement(id=new_id(), timestamp="2026-03-12T08:30Z", result={"score": {"raw": 7}}))
    sent = sent.replace('"raw": 7', '"raw":  7.10e0').replace("Anna", "\\u0041nna")
    store(sent.encode(), credential=None)
    assert bytes(Statement.objects.get().body).endswith(sent[1:].encode())


def test_a_statement_without_id_and_time_gets_both() -> None:
    [statement_id] = record([statement()])
    row = Statement.objects.get()
    assert row.data["id"] == str(statement_id)
    assert row.data["timestamp"] == row.data["stored"]
    assert row.timestamp == row.stored


def test_stored_and_authority_of_the_sender_are_replaced() -> None:
    record([statement(stored="2001-01-01T00:00:00Z", authority=ANNA, version="1.0.2")])
    data = Statement.objects.get().data
    assert data["stored"] > "2026"
    assert data["authority"]["name"] == "Nhà Sàn"
    assert data["version"] == "1.0.2"


def test_a_single_context_activity_is_kept_as_an_array() -> None:
    activities = {"contextActivities": {"parent": QUIZ, "other": [QUIZ]}}
    nested = {"objectType": "SubStatement", **statement(context=activities)}
    record([statement(context=activities), statement(object=nested)])
    first, second = Statement.objects.order_by("id")
    assert first.data["context"]["contextActivities"] == {"parent": [QUIZ], "other": [QUIZ]}
    assert second.data["object"]["context"]["contextActivities"] == {"parent": [QUIZ], "other": [QUIZ]}


def test_the_authority_is_the_credential() -> None:
    credential, _ = Credential.create(name="Phần mềm lớp học", scopes=["statements/write"], counts=["so"])
    store(json.dumps(statement()).encode(), credential=credential)
    row = Statement.objects.get()
    assert row.credential == credential
    assert row.data["authority"] == {
        "objectType": "Agent",
        "name": "Phần mềm lớp học",
        "account": {"homePage": f"{id_base()}/xapi", "name": credential.key},
    }


def test_statements_count_for_a_course_by_who_says_them() -> None:
    trusted, _ = Credential.create(name="trusted", scopes=["all"], counts=["so", "khac"])
    foreign, _ = Credential.create(name="foreign", scopes=["all"], counts=[])
    record([statement()])
    store(json.dumps(statement()).encode(), credential=trusted)
    store(json.dumps(statement()).encode(), credential=foreign)
    counted = [(row.counts_for("so"), row.counts_for("mot")) for row in Statement.objects.order_by("id")]
    assert counted == [(True, True), (True, False), (False, False)]


def test_statements_built_with_tincan_are_recorded() -> None:
    made = TinCanStatement(
        actor=Agent(account=AgentAccount(home_page="https://nhasan.example.vn", name="anna")),
        verb=Verb(id=PASSED["id"]),
        object=Activity(id=QUIZ["id"]),
    )
    [statement_id] = record([made])
    assert Statement.objects.get(statement_id=statement_id).data["actor"]["account"]["name"] == "anna"


def test_own_statements_are_validated_too() -> None:
    with pytest.raises(InvalidStatement, match=r"^statements\[0\]\.actor\.mbox: not a mailto IRI$"):
        record([statement(actor={"mbox": "anna"})])
    assert not Statement.objects.exists()


def test_one_wrong_statement_and_nothing_of_the_batch_is_stored() -> None:
    with pytest.raises(InvalidStatement):
        record([statement(), statement(), statement(verb={"id": "x"})])
    assert not Statement.objects.exists()
    assert entries() == set()


def test_the_order_of_a_batch_is_the_order_of_storing() -> None:
    ids = record([statement() for _ in range(50)])
    assert list(Statement.objects.order_by("id").values_list("statement_id", flat=True)) == ids


def test_a_statement_sent_again_changes_nothing(heard: list[dict[str, Any]]) -> None:
    sent = [statement(id=new_id()), statement(id=new_id())]
    record(sent)
    before = list(Statement.objects.order_by("id").values())
    assert record(sent) == [UUID(each["id"]) for each in sent]
    assert list(Statement.objects.order_by("id").values()) == before
    assert len(heard) == 1


def test_of_a_batch_only_what_is_new_is_stored(heard: list[dict[str, Any]]) -> None:
    old, new = statement(id=new_id()), statement(id=new_id(), verb=PASSED)
    record([old])
    assert [str(each) for each in record([new, old])] == [new["id"], old["id"]]
    assert Statement.objects.count() == 2
    assert [str(row.statement_id) for row in heard[1]["statements"]] == [new["id"]]


def test_another_statement_with_a_taken_id_is_a_conflict(heard: list[dict[str, Any]]) -> None:
    taken = new_id()
    record([statement(id=taken)])
    before = list(Statement.objects.values())
    with pytest.raises(Conflict) as raised:
        record([statement(id=new_id()), statement(id=taken, verb=PASSED)])
    assert raised.value.statement_id == UUID(taken)
    assert list(Statement.objects.values()) == before
    assert len(heard) == 1


def test_ids_are_taken_by_statements_of_other_credentials_too() -> None:
    credential, _ = Credential.create(name="other", scopes=["all"], counts=[])
    taken = new_id()
    record([statement(id=taken)])
    store(json.dumps(statement(id=taken)).encode(), credential=credential)
    assert Statement.objects.get().credential is None
    with pytest.raises(Conflict):
        store(json.dumps(statement(id=taken, verb=PASSED)).encode(), credential=credential)


def test_the_signal_brings_rows_and_registrations_inside_the_transaction(heard: list[dict[str, Any]]) -> None:
    one, two = uuid4(), uuid4()
    record(
        [
            statement(context={"registration": str(one)}),
            statement(context={"registration": str(two)}),
            statement(context={"registration": str(one)}),
            statement(),
        ]
    )
    [news] = heard
    assert [row.id for row in news["statements"]] == list(Statement.objects.order_by("id").values_list("pk", flat=True))
    assert news["registrations"] == {one, two}


def test_a_receiver_that_fails_undoes_the_batch() -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("no")

    statements_stored.connect(fail, weak=False)
    try:
        with pytest.raises(RuntimeError):
            record([statement()])
    finally:
        statements_stored.disconnect(fail)
    assert not Statement.objects.exists()


def test_statements_of_registrations_stand_and_do_not_void() -> None:
    registration = new_id()
    context = {"context": {"registration": registration}}
    first, second = record([statement(**context), statement(verb=PASSED, **context)])
    record(
        [
            statement(context={"registration": new_id()}),
            statement(verb=VOIDED, object=about(first), **context),
            statement(object=about(second)),
        ]
    )
    found = Statement.objects.of_registrations([UUID(registration)])
    assert [row.statement_id for row in found] == [second]


def test_queries_do_not_grow_with_the_batch(django_assert_num_queries: Any) -> None:
    """Savepoint and release, the clock, references. Definitions are known.

    Statements and keys go past Django's cursor.
    """
    for size in (1, 400):
        batch = [statement(id=new_id()) for _ in range(size)]
        with django_assert_num_queries(4):
            record(batch)


def test_json_types_of_python_are_written() -> None:
    registration = uuid4()
    moment = datetime(2026, 3, 12, tzinfo=UTC)
    record([statement(context={"registration": registration}, timestamp=moment)])
    data = orjson.loads(Statement.objects.get().body)
    assert (data["context"]["registration"], data["timestamp"]) == (str(registration), "2026-03-12T00:00:00+00:00")


def test_a_credential_that_counts_for_no_course_queues_no_progress(heard: list[dict[str, Any]]) -> None:
    one, two = new_id(), new_id()
    foreign, _secret = Credential.create(name="foreign", scopes=["all"], counts=[])
    trusted, _secret = Credential.create(name="trusted", scopes=["all"], counts=["so"])
    store(json.dumps(statement(context={"registration": one})).encode(), credential=foreign)
    store(json.dumps(statement(context={"registration": two})).encode(), credential=trusted)
    assert [each["registrations"] for each in heard] == [set(), {UUID(two)}]
