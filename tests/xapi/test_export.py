"""What a search finds, as JSON Lines and as a table."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import spreadsheets
from core.models import AuditEntry
from people import accounts, roles
from people.actors import actor_of
from people.models import User
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import ANSWERED, BINH, PASSED, QUIZ, VOIDED, about, new_id, statement, store_with
from xapi import browsing, export
from xapi.browsing import Search
from xapi.models import Statement
from xapi.statements import record

pytestmark = pytest.mark.django_db
COURSE = {
    "id": "https://lms.example.org/c",
    "definition": {"type": "http://adlnet.gov/expapi/activities/course", "name": {"vi": "An toàn thông tin"}},
}
HEADINGS = [
    "Ghi nhận lúc", "Học lúc", "Định danh người học", "Họ và tên", "Động từ (IRI)", "Đã làm gì", "Đối tượng (IRI)",
    "Tên đối tượng", "Khóa học", "Mã lượt ghi danh", "Đúng hoặc đạt", "Đã xong", "Điểm từ -1 đến 1", "Điểm",
    "Điểm tối đa", "Thời lượng (ISO 8601)", "Nguồn", "Hiệu lực", "Mã bản ghi",
]  # fmt: skip


@pytest.fixture
def learner() -> User:
    return accounts.create(full_name="Giàng Thị Mỷ", username="my")


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


def fetched(client: Client, form: str, **parameters: Any) -> bytes:
    response = client.get(reverse(f"xapi_admin:export_{form}"), parameters)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Disposition"].endswith(f'.{form}"')
    assert response.streaming
    return response.getvalue()


def rows(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_json_lines_are_the_statements_as_kept_and_their_number(admin: Client) -> None:
    pretty = json.dumps(statement(result={"response": "a\nb", "score": {"raw": 1.50}}), indent=1).encode()
    store = store_with("all")
    assert store.post(pretty).status_code == 200
    record([statement(actor=BINH)])
    lines = fetched(admin, "jsonl").decode().splitlines()
    kept = [json.loads(bytes(row.body)) for row in Statement.objects.order_by("-id")]
    assert [json.loads(line) for line in lines] == [*kept, {"end": True, "count": 2}]


def test_the_table_says_what_the_list_says(admin: Client, learner: User) -> None:
    registration = new_id()
    result = {"success": True, "completion": False, "score": {"scaled": -0.5, "raw": 0, "max": 10}, "duration": "PT5M"}
    context = {"registration": registration, "contextActivities": {"parent": [COURSE]}}
    [first] = record([
        statement(actor=actor_of(learner), verb=PASSED, result=result, context=context,
                  timestamp="2026-03-12T08:30:00+07:00")
    ])  # fmt: skip
    store_with("all", name="Lớp học").stored(statement(actor=BINH | {"name": "Bình"}))
    head, second, mine, end = rows(fetched(admin, "csv"))
    stored = Statement.objects.get(statement_id=first).stored.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    assert head == HEADINGS
    assert mine == [
        stored, "2026-03-12 08:30:00", str(learner.uuid), "Giàng Thị Mỷ", PASSED["id"], "đã đạt", QUIZ["id"],
        QUIZ["id"], "An toàn thông tin", registration, "có", "không", "-0.5", "0", "10", "PT5M", "Nhà Sàn",
        "còn hiệu lực", str(first),
    ]  # fmt: skip
    assert (second[2], second[3], second[16]) == ("https://lms.example.org binh", "", "Lớp học")
    assert end == ["Hết: 2 bản ghi"]


def test_the_export_is_what_the_list_shows(admin: Client) -> None:
    [voided, _kept] = record([statement(), statement(actor=BINH)])
    record([statement(actor=BINH, verb=VOIDED, object=about(voided))])
    assert len(rows(fetched(admin, "csv"))) == 2 + 2
    shown = rows(fetched(admin, "csv", status="voided"))
    assert [(row[2], row[17]) for row in shown[1:-1]] == [("anna@example.org", "đã bị hủy")]
    found = fetched(admin, "jsonl", who="https://lms.example.org binh", verb=ANSWERED["id"]).splitlines()
    assert json.loads(found[-1]) == {"end": True, "count": 1}
    assert fetched(admin, "jsonl", verb=PASSED["id"]) == b'{"end":true,"count":0}\n'


def test_names_of_people_one_may_not_see_stay_out(learner: User) -> None:
    auditor = sign_in_staff(Client(), accounts.create(full_name="Kiểm Tra", username="kiem", roles=[roles.AUDITOR]))
    record([statement(actor=actor_of(learner))])
    assert rows(fetched(auditor, "csv"))[1][2:4] == [str(learner.uuid), ""]


def test_nothing_in_the_table_runs_as_a_formula(admin: Client) -> None:
    evil = '=HYPERLINK("http://x.org","y")'
    target = {"id": QUIZ["id"], "definition": {"name": {"vi": "+1+1"}}}
    actor = {"objectType": "Group", "member": [{"account": {"homePage": "https://x.org", "name": evil}}]}
    store_with("all", name="@SUM(A1)").stored(
        statement(actor=actor, object=target, verb={"id": "x:y", "display": {"vi": "-2"}})
    )
    row = rows(fetched(admin, "csv"))[1]
    assert (row[2], row[5], row[7], row[16]) == (f"'{evil}", "'-2", "'+1+1", "'@SUM(A1)")


@given(st.text())
def test_defused_texts_begin_no_formula(text: str) -> None:
    defused = spreadsheets.defused(text)
    assert not defused.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert defused.removeprefix("'") == text or defused == text


def test_numbers_stay_numbers() -> None:
    assert list(spreadsheets.lines([[-1.5, 'a,"b"', "", "-1.5"]])) == ['-1.5,"a,""b""",,\'-1.5\r\n']


def test_each_batch_makes_the_same_queries_and_holds_nothing_open(learner: User) -> None:
    """Statements come in between two batches: no cursor and no transaction is open while the client reads."""
    record([statement(actor=actor_of(learner), context={"contextActivities": {"parent": [COURSE]}}) for _ in range(12)])
    reader = accounts.create(full_name="Quản Trị", username="quan.tri", is_superuser=True)
    before = list(Statement.objects.order_by("-id").values_list("statement_id", flat=True))
    counts, chunks = [], []
    with patch.object(browsing, "BATCH", 4):
        stream = export.table(Search(), reader)
        chunks.append(next(stream))
        for _ in range(3):
            with CaptureQueriesContext(connection) as captured:
                chunks.append(next(stream))
            counts.append(len(captured))
            record([statement()])
        chunks += list(stream)
    assert counts == [counts[0]] * 3
    assert counts[0] < 10
    ids = [row[18] for row in rows(b"".join(chunks))[1:-1]]
    assert ids == [str(each) for each in before]


def test_oldest_first_ends_at_what_was_there_at_the_beginning(admin: Client) -> None:
    record([statement() for _ in range(3)])
    Statement.objects.update(stored=Statement.objects.first().stored)
    with patch.object(browsing, "BATCH", 2):
        stream = export.json_lines(browsing.until_now(Search(oldest_first=True)), None)
        first = next(stream)
        future = record([statement()])
        Statement.objects.filter(statement_id__in=future).update(id=2**62)
        assert len(first.splitlines() + b"".join(stream).splitlines()) == 3 + 1


def test_an_export_that_breaks_has_no_last_line(admin: Client) -> None:
    record([statement() for _ in range(6)])
    whole = browsing.batches

    def breaking(search: Search) -> Iterator[list[Statement]]:
        yield next(whole(search))
        raise ConnectionError

    got = []
    with patch.object(browsing, "BATCH", 2), patch.object(browsing, "batches", breaking):
        stream = export.json_lines(Search(), None)
        with pytest.raises(ConnectionError):
            got.extend(stream)
    assert b'"end"' not in b"".join(got)


def test_exports_are_in_the_audit_log_without_names(admin: Client, learner: User) -> None:
    fetched(admin, "csv", who="Giàng Thị Mỷ", verb=PASSED["id"], since="2026-03-01")
    fetched(admin, "jsonl", who="anna@example.org")
    second, first = AuditEntry.objects.filter(action="xapi.statement.export")
    by = User.objects.get(username="quan.tri").uuid
    assert (first.by, first.subject) == (by, "statements:csv")
    assert first.detail == {"who": str(learner.uuid), "verb": PASSED["id"], "since": "2026-03-01"}
    assert second.subject == "statements:jsonl"
    assert "anna" not in json.dumps(second.detail)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("parameters", [{"registration": "x"}, {"who": "Không Ai"}])
def test_what_is_not_clear_is_answered_on_the_list(admin: Client, form: str, parameters: dict[str, str]) -> None:
    response = admin.get(reverse(f"xapi_admin:export_{form}"), parameters)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("xapi_admin:statements") + "?")
    assert AuditEntry.objects.filter(action="xapi.statement.export").count() == 0


def test_only_get(admin: Client) -> None:
    assert admin.post(reverse("xapi_admin:export_csv")).status_code == 405


def test_the_language_of_the_reader_lasts_to_the_end(admin: Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield (translation.get_language() or "").encode()
        yield (translation.get_language() or "").encode()

    assert list(export.speaking("en", chunks())) == [b"en", b"en"]
    assert translation.get_language() == "vi"
