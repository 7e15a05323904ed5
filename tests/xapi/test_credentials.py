"""Credentials change: what they may do, what counts, when they were used last; each change is in the audit log."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs, outbox
from core.models import AuditEntry, Job
from lms.models import ProgressQueue
from people import accounts, roles
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import Store, new_id, said, statement, store_with
from xapi import credentials
from xapi.models import Credential, Statement

pytestmark = pytest.mark.django_db
GIVEN = {"name": "partner", "scopes": ["all"], "counts": [], "requests_a_minute": None}


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("lrs_credential", *arguments, stdout=out)
    return out.getvalue()


def queued() -> set[str]:
    return set(ProgressQueue.objects.values_list("key", flat=True))


def edit(client: Client, credential: Credential, **changes: Any) -> Any:
    sent = {"name": credential.name, "scopes": credential.scopes, "counts": " ".join(credential.counts)} | changes
    return client.post(reverse("xapi_admin:credential", args=[credential.pk]), sent)


def test_a_change_is_audited_with_what_was_and_is(store: Store) -> None:
    assert credentials.change(store.credential, **GIVEN | {"scopes": ["state"], "requests_a_minute": 60}, by=None)
    assert store.get().status_code == 403
    entry = AuditEntry.objects.get(action="xapi.credential.change")
    assert entry.subject == f"credential:{store.credential.key}"
    assert entry.detail == {"scopes": [["all"], ["state"]], "requests_a_minute": [None, 60]}


def test_no_change_is_no_entry(store: Store) -> None:
    assert not credentials.change(store.credential, **GIVEN, by=None)
    assert not AuditEntry.objects.exists()


def test_other_courses_count_then_progress_is_looked_at_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "STEP", 2)
    registrations = {new_id() for _ in range(5)}
    store.stored(statement(), *[statement(context={"registration": each}) for each in registrations])
    store_with("all", name="other").stored(statement(context={"registration": new_id()}))
    ProgressQueue.objects.all().delete()
    credentials.change(store.credential, **GIVEN | {"counts": ["so"]}, by=None)
    assert queued() == set()
    assert jobs.run_all() == 1
    assert queued() == registrations
    job = Job.objects.get(kind=credentials.RECOUNT)
    assert (job.state, job.done) == (Job.State.DONE, 6)


def test_another_name_recounts_nothing(store: Store) -> None:
    credentials.change(store.credential, **GIVEN | {"name": "new name"}, by=None)
    assert not Job.objects.exists()


def test_a_recount_goes_on_where_it_was_killed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "STEP", 1)
    first, second = new_id(), new_id()
    store.stored(statement(context={"registration": first}), statement(context={"registration": second}))
    ProgressQueue.objects.all().delete()
    done = Statement.objects.order_by("pk").first()
    Job.objects.create(
        kind=credentials.RECOUNT, arguments={"credential": store.credential.pk}, cursor={"after": done.pk}
    )
    jobs.run_all()
    assert queued() == {second}


def test_counting_follows_the_change(client: Client) -> None:
    """From a foreign statement that did not count to progress, through the queue that is there."""
    from lms.models import Course, Enrolment, Lesson
    from people.actors import actor_of

    rule = {"lessons": [{"key": "mot", "questions": []}], "pass_mark": 0}
    course = Course.objects.create(key="so", title="Số", rule=rule)
    lesson = Lesson.objects.create(course=course, key="mot", title="Một")
    learner = accounts.create(full_name="Giàng Thị Mỷ", username="my")
    entered = Enrolment.objects.create(
        course=course, learner=learner, enrolled_at=timezone.now(), enrolled_by=learner.uuid
    )
    store = store_with("all")
    done = {"id": "http://adlnet.gov/expapi/verbs/experienced"}
    store.stored(
        statement(
            actor=actor_of(learner),
            verb=done,
            object={"id": lesson.iri},
            context={"registration": str(entered.registration)},
        )
    )
    outbox.drain_all()
    entered.refresh_from_db()
    assert entered.lessons_done == 0
    credentials.change(store.credential, **GIVEN | {"counts": ["so"]}, by=None)
    jobs.run_all()
    outbox.drain_all()
    entered.refresh_from_db()
    assert (entered.lessons_done, entered.status) == (1, Enrolment.Status.COMPLETED)


def test_signing_in_is_one_query_and_the_day_one_write(store: Store) -> None:
    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert store.get(statementId=new_id()).status_code == 404
        return [each["sql"] for each in captured if "xapi_credential" in each["sql"]]

    # the row is read each time, and once more where it is not the one known
    assert [sql.split()[0] for sql in queries()] == ["SELECT", "SELECT", "UPDATE"]
    assert [sql.split()[0] for sql in queries()] == ["SELECT", "SELECT"]
    assert [sql.split()[0] for sql in queries()] == ["SELECT"]
    assert Credential.objects.get().last_used_on == timezone.localdate()
    Credential.objects.update(last_used_on=timezone.localdate() - timedelta(days=1))
    assert [sql.split()[0] for sql in queries()] == ["SELECT", "SELECT", "UPDATE"]


def test_a_change_of_the_row_counts_from_the_next_request_on(store: Store) -> None:
    assert store.get().status_code == store.get().status_code == 200
    Credential.objects.update(scopes=["statements/write"])
    assert store.get().status_code == 403
    Credential.objects.update(revoked_at=timezone.now())
    assert store.get().status_code == 401


def test_a_wrong_secret_is_no_use(store: Store) -> None:
    store.headers["Authorization"] = "Basic eDp5"
    assert store.get().status_code == 401
    assert Credential.objects.get().last_used_on is None


def test_the_list_shows_the_day_of_last_use(admin: Client) -> None:
    Credential.create(name="chưa", scopes=["all"], counts=[])
    used, _secret = Credential.create(name="rồi", scopes=["all"], counts=[])
    Credential.objects.filter(pk=used.pk).update(last_used_on=date(2026, 3, 9))
    found = admin.get(reverse("xapi_admin:credentials")).content.decode()
    assert 'data-label="Dùng gần nhất">09/03/2026</td>' in found
    assert 'data-label="Dùng gần nhất">Chưa dùng</td>' in found


def test_edit_in_the_admin(admin: Client, store: Store) -> None:
    answer = edit(admin, store.credential, name="Mới", scopes=["state"], counts="so, khac so", requests_a_minute="90")
    assert (answer.status_code, answer["Location"]) == (302, reverse("xapi_admin:credentials"))
    row = Credential.objects.get()
    assert (row.name, row.scopes, row.counts, row.requests_a_minute) == ("Mới", ["state"], ["so", "khac"], 90)
    assert row.key == store.credential.key
    assert Job.objects.get(kind=credentials.RECOUNT).arguments == {"credential": row.pk}
    entry = AuditEntry.objects.get(action="xapi.credential.change")
    assert entry.by is not None
    shown = admin.get(reverse("xapi_admin:credentials")).content.decode()
    assert "Đã sửa khóa truy cập “Mới”. Tiến độ của những người học liên quan đang được tính lại." in shown


@pytest.mark.parametrize(
    "changes", [{"name": "taken"}, {"name": ""}, {"scopes": ["everything"]}, {"requests_a_minute": "0"}]
)
def test_what_makes_no_sense_changes_nothing(admin: Client, store: Store, changes: dict[str, Any]) -> None:
    Credential.create(name="taken", scopes=["all"], counts=[])
    answer = edit(admin, store.credential, **changes)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)
    row = Credential.objects.get(pk=store.credential.pk)
    assert (row.name, row.scopes, row.requests_a_minute) == ("partner", ["all"], None)
    assert not AuditEntry.objects.exists()


def test_the_page_of_one_shows_what_it_has(admin: Client) -> None:
    row, _secret = Credential.create(name="x", scopes=["state"], counts=["so", "khac"], requests_a_minute=77)
    found = admin.get(reverse("xapi_admin:credential", args=[row.pk])).content.decode()
    assert 'value="so khac"' in found
    assert 'value="77"' in found
    assert "Để trống: 120.000, đủ cho hầu hết các hệ thống." in found


def test_a_revoked_one_is_not_edited(admin: Client, store: Store) -> None:
    credentials.revoke(store.credential, by=None)
    assert edit(admin, store.credential, name="y").status_code == 404


def test_only_those_with_the_permission_edit(client: Client, store: Store) -> None:
    address = reverse("xapi_admin:credential", args=[store.credential.pk])
    assert client.get(address).status_code == 302
    auditor = sign_in_staff(client, accounts.create(full_name="Kiểm Tra", username="kiem", roles=[roles.AUDITOR]))
    assert auditor.get(address).status_code == 302  # Wagtail sends those without the right back to its home
    edit(auditor, store.credential, name="y")
    assert Credential.objects.get().name == "partner"


def test_command_changes_only_what_is_given() -> None:
    run("x", "--scope", "state", "--counts", "so", "--limit", "50")
    key = Credential.objects.get().key
    assert run("x", "--change", "--scope", "profile", "--scope", "state") == f"changed: {key}\n"
    assert run("x", "--change", "--scope", "profile", "--scope", "state") == f"unchanged: {key}\n"
    row = Credential.objects.get()
    assert (row.scopes, row.counts, row.requests_a_minute) == (["profile", "state"], ["so"], 50)
    assert run("x", "--change", "--counts", "--limit", "0", "--rename", "y") == f"changed: {key}\n"
    row = Credential.objects.get()
    assert (row.name, row.counts, row.requests_a_minute) == ("y", [], None)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["xapi.credential.create", "xapi.credential.change", "xapi.credential.change"]


def test_command_lists_without_secrets(store: Store) -> None:
    run("x", "--scope", "state", "--counts", "so", "khac", "--limit", "50")
    store.get()
    credentials.revoke(store.credential, by=None)
    key = Credential.objects.get(name="x").key
    assert run("--list") == (
        f"{store.credential.key}\tpartner\tall\tcounts: -\tusual limit\tused {timezone.localdate()}"
        f"\trevoked {timezone.now():%Y-%m-%d}\n"
        f"{key}\tx\tstate\tcounts: so,khac\t50 a minute\tnever used\tworks\n"
    )


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "Say which credential"),
        (("x", "--limit", "-1"), "--limit takes a whole number"),
        (("x", "--rename", "y"), "--rename goes with --change"),
        (("nobody", "--change", "--limit", "3"), "There is no credential called 'nobody' that still works"),
        (("x", "--change", "--rename", "taken"), "There is a credential called 'taken' already"),
        (("x", "--change", "--revoke"), "not allowed with"),
    ],
)
def test_command_says_what_is_wrong(arguments: tuple[str, ...], text: str) -> None:
    Credential.create(name="x", scopes=["all"], counts=[])
    Credential.create(name="taken", scopes=["all"], counts=[])
    with pytest.raises(CommandError, match=text):
        run(*arguments)
    assert set(Credential.objects.values_list("name", flat=True)) == {"x", "taken"}


def test_scopes_are_those_of_the_specification(admin: Client) -> None:
    found = admin.get(reverse("xapi_admin:credentials")).context["form"].fields["scopes"].choices
    assert [value for value, _label in found] == [
        "all",
        "all/read",
        "statements/write",
        "statements/read",
        "statements/read/mine",
        "state",
        "profile",
        "define",
    ]


def test_revoking_keeps_what_was_sent(store: Store) -> None:
    [sent] = store.stored(statement())
    credentials.revoke(store.credential, by=None)
    assert said(store.get())["error"] == "unknown key or wrong secret"
    assert [str(row.statement_id) for row in Statement.objects.all()] == [sent]
    assert AuditEntry.objects.get().action == "xapi.credential.revoke"
