"""Attachments in multipart/mixed (Data 2.4.11, Communication 1.5.2)."""

import hashlib
import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import jobs
from core.models import Job
from tests.xapi.conftest import Store, new_id, said, statement, store_with
from xapi import attachments, body, statements, tidy
from xapi.attachments import CHUNK
from xapi.models import Attachment, AttachmentChunk, Statement, StatementAttachment

pytestmark = pytest.mark.django_db

TEXT = b"here is a simple attachment\r\n--not the boundary\r\n"
TYPE = 'multipart/mixed; boundary="abcABC0123\'()+_,-./:=?"'
BOUNDARY = b"abcABC0123'()+_,-./:=?"


def attachment(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "usageType": "http://example.org/usage",
        "display": {"vi": "Bài làm"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
    } | changes


def part(content: bytes, **headers: str | None) -> bytes:
    named = {
        "Content_Type": "text/plain",
        "Content_Transfer_Encoding": "binary",
        "X_Experience_API_Hash": hashlib.sha256(content).hexdigest(),
    } | headers
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value is not None]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def first(data: Any, content_type: str | None = "application/json") -> bytes:
    header = f"Content-Type: {content_type}\r\n".encode() if content_type else b""
    return header + b"\r\n" + json.dumps(data).encode()


def multipart(*parts: bytes) -> bytes:
    return b"".join(b"--" + BOUNDARY + b"\r\n" + each + b"\r\n" for each in parts) + b"--" + BOUNDARY + b"--\r\n"


def sections(response: Any) -> list[tuple[str, bytes]]:
    """Headers and content of each part of an answer."""
    boundary = response["Content-Type"].partition("boundary=")[2].encode()
    _, *pieces, last = response.getvalue().split(b"--" + boundary)
    assert last == b"--\r\n"
    split = [piece.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n") for piece in pieces]
    return [(head.decode(), content) for head, _, content in split]


def test_a_file_is_stored_with_its_statement_and_comes_back(store: Store) -> None:
    sent = statement(id=new_id(), attachments=[attachment(TEXT)])
    response = store.post(multipart(first(sent), part(TEXT)), TYPE)
    assert (response.status_code, said(response)) == (200, [sent["id"]])
    answer = store.get(statementId=sent["id"], attachments="true")
    assert answer["Content-Type"].startswith("multipart/mixed; boundary=")
    (head, data), (file_head, content) = sections(answer)
    assert head == "Content-Type: application/json"
    assert json.loads(data)["id"] == sent["id"]
    assert content == TEXT
    assert file_head.split("\r\n") == [
        "Content-Type: text/plain",
        "Content-Transfer-Encoding: binary",
        f"X-Experience-API-Hash: {hashlib.sha256(TEXT).hexdigest()}",
    ]


@pytest.mark.parametrize("parameters", [{}, {"attachments": "false"}])
def test_files_come_only_when_asked_for(store: Store, parameters: dict[str, str]) -> None:
    store.post(multipart(first(statement(attachments=[attachment(TEXT)])), part(TEXT)), TYPE)
    answer = store.get(**parameters)
    assert answer["Content-Type"] == "application/json"
    assert said(answer)["statements"][0]["attachments"] == [attachment(TEXT)]


def test_a_list_with_files(store: Store) -> None:
    other = b"another"
    batch = [statement(attachments=[attachment(TEXT), attachment(other)]), statement(attachments=[attachment(TEXT)])]
    store.post(multipart(first(batch), part(TEXT), part(other)), TYPE)
    (_, data), *files = sections(store.get(attachments="true"))
    assert len(json.loads(data)["statements"]) == 2
    assert {content for _, content in files} == {TEXT, other}
    assert Attachment.objects.count() == 2


def test_asked_for_files_where_there_are_none(store: Store) -> None:
    store.stored(statement())
    [(_, data)] = sections(store.get(attachments="true"))
    assert len(json.loads(data)["statements"]) == 1


def test_put_with_a_file(store: Store) -> None:
    body = multipart(first(statement(attachments=[attachment(TEXT)])), part(TEXT))
    assert store.put(body, TYPE, statementId=new_id()).status_code == 204
    assert Attachment.objects.get().length == len(TEXT)


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1])
def test_files_of_any_size(store: Store, size: int) -> None:
    content = (b"\r\n--x\x00\xff" * (size // 7 + 1))[:size]
    response = store.post(multipart(first(statement(attachments=[attachment(content)])), part(content)), TYPE)
    assert response.status_code == 200
    assert AttachmentChunk.objects.count() == (size + CHUNK - 1) // CHUNK
    assert sections(store.get(attachments="true"))[1][1] == content


@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
def test_all_lengths_of_sha_2(store: Store, algorithm: str) -> None:
    sha2 = hashlib.new(algorithm, TEXT).hexdigest()
    body = multipart(
        first(statement(attachments=[attachment(TEXT, sha2=sha2)])), part(TEXT, X_Experience_API_Hash=sha2)
    )
    assert store.post(body, TYPE).status_code == 200


def test_a_file_of_a_sub_statement(store: Store) -> None:
    nested = {"objectType": "SubStatement", **statement(attachments=[attachment(TEXT)])}
    assert store.post(multipart(first(statement(object=nested)), part(TEXT)), TYPE).status_code == 200
    assert sections(store.get(attachments="true"))[1][1] == TEXT


def test_a_file_url_needs_no_file(store: Store) -> None:
    elsewhere = attachment(TEXT, fileUrl="http://example.org/file")
    assert store.post(statement(attachments=[elsewhere])).status_code == 200
    assert store.post(multipart(first(statement(attachments=[elsewhere]))), TYPE).status_code == 200


def test_multipart_without_attachments(store: Store) -> None:
    assert store.post(multipart(first(statement())), TYPE).status_code == 200


def test_json_with_an_attachment_that_is_nowhere(store: Store) -> None:
    response = store.post([statement(), statement(attachments=[attachment(TEXT)])])
    assert response.status_code == 400
    expected = "statements[1].attachments[0]: has neither a fileUrl nor a part with its sha2 in the request"
    assert said(response)["error"] == expected
    assert Statement.objects.count() == 0


SENT = statement(attachments=[attachment(TEXT)])
GOOD = multipart(first(SENT), part(TEXT))

BROKEN: list[tuple[bytes, str, str]] = [
    (GOOD, "multipart/mixed", "multipart/mixed needs a boundary in its Content-Type"),
    (GOOD, "multipart/mixed; boundary=ä", "multipart/mixed needs a boundary in its Content-Type"),
    (
        GOOD,
        "multipart/mixed; boundary=other",
        "the multipart body does not hold parts between its boundaries, or has no end",
    ),
    (GOOD[:-4] + b"\r\n", TYPE, "the multipart body does not hold parts between its boundaries, or has no end"),
    (b"{}", TYPE, "the multipart body does not hold parts between its boundaries, or has no end"),
    (GOOD.replace(b"?\r\nContent", b"?Content", 1), TYPE, "part 1 does not begin on the line after its boundary"),
    (multipart(b"Content-Type: application/json"), TYPE, "part 1 has no empty line after its headers"),
    (multipart(b"Content-Type\r\n\r\n{}"), TYPE, "part 1 has a header without a colon"),
    (
        multipart(first(SENT, "text/plain"), part(TEXT)),
        TYPE,
        "the first part must be the statements, with the type application/json",
    ),
    (
        multipart(first(SENT, None), part(TEXT)),
        TYPE,
        "the first part must be the statements, with the type application/json",
    ),
    (
        multipart(first(SENT), part(TEXT, X_Experience_API_Hash=None)),
        TYPE,
        "part 2 needs the header X-Experience-API-Hash",
    ),
    (
        multipart(first(SENT), part(TEXT, Content_Transfer_Encoding=None)),
        TYPE,
        "part 2 needs the header Content-Transfer-Encoding: binary",
    ),
    (
        multipart(first(SENT), part(TEXT, Content_Transfer_Encoding="base64")),
        TYPE,
        "part 2 needs the header Content-Transfer-Encoding: binary",
    ),
    (
        multipart(first(SENT), part(TEXT + b".", X_Experience_API_Hash=hashlib.sha256(TEXT).hexdigest())),
        TYPE,
        "the content of part 2 does not have its X-Experience-API-Hash",
    ),
    (
        multipart(first(SENT), part(TEXT, X_Experience_API_Hash="md5")),
        TYPE,
        "a part of the request belongs to no attachment: md5",
    ),
    (
        multipart(first(SENT), part(TEXT), part(b"more")),
        TYPE,
        f"a part of the request belongs to no attachment: {hashlib.sha256(b'more').hexdigest()}",
    ),
    (
        multipart(first(SENT), part(TEXT, Content_Type="image/png")),
        TYPE,
        "statements[0].attachments[0].contentType: the part says Content-Type: image/png",
    ),
    (
        multipart(first(SENT), part(TEXT, Content_Length="7")),
        TYPE,
        "statements[0].attachments[0].length: the part says Content-Length: 7",
    ),
    (multipart(first(SENT), part(TEXT, Content_Type="text")), TYPE, "part 2.Content-Type: not a media type"),
    (
        multipart(first(SENT), part(TEXT, Content_Type="text/plain;\nX: y")),
        TYPE,
        "part 2 has a control character in a header",
    ),
    (
        multipart(b"Content-Type: application/json\r\n\r\n{"),
        TYPE,
        "not JSON: unexpected end of data: line 1 column 2 (char 1)",
    ),
]


@pytest.mark.parametrize(("body", "content_type", "error"), BROKEN)
def test_a_broken_multipart_answers_400_and_stores_nothing(
    store: Store, body: bytes, content_type: str, error: str
) -> None:
    response = store.post(body, content_type)
    assert (response.status_code, said(response)["error"]) == (400, error)
    assert Statement.objects.count() == 0
    assert Attachment.objects.count() == 0


def test_a_conflict_stores_no_file(store: Store) -> None:
    taken = new_id()
    store.stored(statement(id=taken))
    batch = [statement(id=taken, attachments=[attachment(TEXT)], verb={"id": "http://x.org/v"})]
    assert store.post(multipart(first(batch), part(TEXT)), TYPE).status_code == 409
    assert Attachment.objects.count() == 0
    assert AttachmentChunk.objects.count() == 0


def put_with(store: Store, content: bytes = TEXT, **changes: Any) -> str:
    """The id of a new statement that came with a file."""
    statement_id = new_id()
    body = multipart(first(statement(attachments=[attachment(content, **changes)])), part(content))
    assert store.put(body, TYPE, statementId=statement_id).status_code == 204
    return statement_id


@pytest.mark.parametrize("scope", ["statements/read/mine", "all/read"])
def test_naming_a_file_of_others_does_not_show_it(store: Store, scope: str) -> None:
    put_with(store)
    other = store_with("statements/write", scope, name="other")
    [named] = other.stored(statement(attachments=[attachment(TEXT, fileUrl="http://example.org/file")]))
    [(_, data)] = sections(other.get(statementId=named, attachments="true"))
    assert json.loads(data)["id"] == named


def test_a_file_shows_with_each_statement_that_it_came_with(store: Store) -> None:
    other = store_with("statements/write", "statements/read/mine", name="other")
    put_with(store)
    theirs = put_with(other)
    assert [content for _, content in sections(other.get(statementId=theirs, attachments="true"))[1:]] == [TEXT]
    assert [content for _, content in sections(other.get(attachments="true"))[1:]] == [TEXT]
    assert (Attachment.objects.count(), StatementAttachment.objects.count()) == (1, 2)


def test_of_a_page_only_the_files_of_its_statements(store: Store) -> None:
    for content in (b"one", b"two", b"three"):
        put_with(store, content)
    found = sections(store.get(attachments="true", limit=2))[1:]
    assert {content for _, content in found} == {b"two", b"three"}


def test_a_page_with_files_asks_for_them_once(store: Store) -> None:
    for number in range(5):
        put_with(store, b"%d" % number)
    counts = []
    for limit in (1, 5):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = store.get(attachments="true", limit=limit)
        counts.append(len(queries))
        assert len(sections(response)) == limit + 1
    assert counts[0] == counts[1]


def test_the_same_statement_again_leaves_no_second_copy(store: Store) -> None:
    sent = statement(id=new_id(), attachments=[attachment(TEXT)])
    for _ in range(2):
        assert store.post(multipart(first(sent), part(TEXT)), TYPE).status_code == 200
    assert [row.complete for row in Attachment.objects.all()] == [True]
    assert AttachmentChunk.objects.count() == 1


def test_one_file_named_twice_may_come_twice(store: Store) -> None:
    batch = [statement(attachments=[attachment(TEXT)]), statement(attachments=[attachment(TEXT)] * 2)]
    assert store.post(multipart(first(batch), part(TEXT), part(TEXT)), TYPE).status_code == 200
    assert (Attachment.objects.count(), StatementAttachment.objects.count()) == (1, 2)


def test_a_digest_in_capitals_is_the_same(store: Store) -> None:
    capitals = hashlib.sha256(TEXT).hexdigest().upper()
    body = multipart(first(statement(attachments=[attachment(TEXT, sha2=capitals)])), part(TEXT))
    assert store.post(body, TYPE).status_code == 200
    assert sections(store.get(attachments="true"))[1][1] == TEXT


def test_files_are_written_before_the_transaction_of_their_statements(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(*arguments: Any) -> None:
        seen.append([(row.complete, row.chunks.count()) for row in Attachment.objects.all()])
        keep(*arguments)
        seen.append([row.complete for row in Attachment.objects.all()])

    keep = attachments.keep
    monkeypatch.setattr(statements.attachments, "keep", look)
    put_with(store, b"x" * (3 * CHUNK))
    assert seen == [[(False, 3)], [True]]


def test_what_a_killed_request_leaves_is_seen_by_nobody_and_thrown_away_after_a_day(store: Store) -> None:
    with attachments.written({}):
        pass
    sha2 = hashlib.sha256(TEXT).hexdigest()
    left = [Attachment.objects.create(sha2=sha2, content_type="text/plain", length=len(TEXT)) for _ in range(2)]
    for row in left:
        AttachmentChunk.objects.bulk_create(
            AttachmentChunk(attachment=row, number=number, content=TEXT) for number in range(20)
        )
    Attachment.objects.filter(pk=left[0].pk).update(begun_at=timezone.now() - timedelta(days=1, minutes=1))
    kept = put_with(store)
    jobs.start(tidy.KIND, {}, by=None, title="tidy")
    assert jobs.run_all() == 1
    assert Job.objects.get().result == {"attachments_forgotten": 1}
    assert set(Attachment.objects.values_list("pk", "complete")) == {
        (left[1].pk, False),
        (Attachment.objects.get(complete=True).pk, True),
    }
    assert AttachmentChunk.objects.count() == 21
    assert sections(store.get(statementId=kept, attachments="true"))[1][1] == TEXT


def test_tidying_is_scheduled_daily() -> None:
    jobs.keep_schedules()
    from core.models import Schedule

    assert Schedule.objects.get(name=tidy.KIND).every_seconds == 86_400


def test_a_request_with_files_that_is_too_large_answers_413(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "LARGEST", len(GOOD) - 1)
    response = store.post(GOOD, TYPE)
    assert (response.status_code, said(response)["error"]) == (413, "the request is larger than this store takes")
    monkeypatch.setattr(body, "LARGEST", len(GOOD))
    assert store.post(GOOD, TYPE).status_code == 200


def test_files_may_be_larger_than_what_fits_into_memory_but_not_their_statements(store: Store, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    put_with(store, b"x" * 2_000)
    long = statement(result={"response": "x" * 1_000}, attachments=[attachment(TEXT)])
    response = store.post(multipart(first(long), part(TEXT)), TYPE)
    assert (response.status_code, said(response)["error"]) == (413, "the request is larger than this store takes")
    assert Statement.objects.count() == 1


def test_head_of_a_statement_with_files_has_no_body(store: Store) -> None:
    statement_id = put_with(store)
    answer = store.client.head(
        "/xapi/statements", headers=store.headers, query_params={"statementId": statement_id, "attachments": "true"}
    )
    assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert answer["Content-Type"].startswith("multipart/mixed; boundary=")


def test_files_stored_before_links_were_kept_stay_with_the_statements_that_needed_them(store: Store) -> None:
    """Without a fileUrl a statement was taken only with its file; with one it cannot be told."""
    needed, other = put_with(store), put_with(store, b"other")
    nested = {"objectType": "SubStatement", **statement(attachments=[attachment(TEXT)])}
    assert store.post(multipart(first(statement(object=nested)), part(TEXT)), TYPE).status_code == 200
    store.stored(statement(), statement(attachments=[attachment(TEXT, fileUrl="http://example.org/file")]))
    before = set(StatementAttachment.objects.values_list("statement_id", "attachment_id"))
    assert len(before) == 3
    StatementAttachment.objects.all().delete()
    import_module("xapi.migrations.0004_attachments_with_their_statements").link(apps, None)
    assert set(StatementAttachment.objects.values_list("statement_id", "attachment_id")) == before
    assert sections(store.get(statementId=needed, attachments="true"))[1][1] == TEXT
    assert sections(store.get(statementId=other, attachments="true"))[1][1] == b"other"
