"""Actors of other systems wait until staff say whom they mean."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import jobs, outbox
from core.models import AuditEntry, Job
from lms.enrolment import enrol
from lms.models import Course, Enrolment
from people import accounts, actors, roles
from people.actors import actor_of
from people.exceptions import IdentifierTaken
from people.models import ActorIdentifier, User, UserAlias
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import ANNA, BINH, VOIDED, Store, about, statement, store_with
from xapi import foreign_actors, verbs
from xapi.models import ActorsGathered, Credential, ForeignActor, Statement
from xapi.statements import record

# What a test's own open transaction has written is not "through" on PostgreSQL.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
State = ForeignActor.State


@pytest.fixture
def boss() -> User:
    return accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)


@pytest.fixture
def admin(client: Client, boss: User) -> Client:
    return sign_in_staff(client, boss)


@pytest.fixture
def learner() -> User:
    return accounts.create(full_name="Lò Thị Mai", username="mai", email="mai@example.vn", phone="0912345678")


@pytest.fixture
def course() -> Course:
    made = Course.objects.create(
        key="thu", title="Khóa học thử", rule={"lessons": [{"key": "bai-1", "questions": []}], "pass_mark": 0}
    )
    made.lessons.create(key="bai-1", title="Bài 1", position=1)
    return made


def gather() -> Job:
    job = jobs.start(foreign_actors.GATHER, {}, by=None, title="gather")
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def waiting() -> list[tuple[str, str, int]]:
    rows = ForeignActor.objects.filter(state=State.WAITING).order_by("-last")
    return list(rows.values_list("value", "name", "statements"))


def actor() -> ForeignActor:
    return ForeignActor.objects.get()


def page(client: Client, name: str = "actors", *args: Any, **parameters: Any) -> str:
    response = client.get(reverse(f"xapi_admin:{name}", args=args), parameters)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_actors_of_credentials_who_are_nobody_wait(store: Store, learner: User) -> None:
    ActorIdentifier.objects.create(person=learner, kind="openid", value="https://id.example/mai")
    record([statement(actor={"mbox": "mailto:own@example.org"})])  # this site's own
    first, *_rest = store.stored(
        statement(),
        statement(actor=actor_of(learner)),
        statement(actor={"openid": "https://id.example/mai"}),
        statement(actor={"objectType": "Group", "mbox": "mailto:lop@example.org", "member": [BINH]}),
        statement(actor={"objectType": "Group", "member": [BINH]}),
        statement(actor=BINH | {"name": " Bình "}),
        statement(actor=BINH),
        statement(actor={"account": {"homePage": "https://x.org", "name": "n" * 501}}),
    )
    assert gather().done == 8
    assert waiting() == [("binh", "Bình", 2), ("mailto:anna@example.org", "Anna", 1)]
    anna = ForeignActor.objects.get(kind="mbox")
    example = Statement.objects.get(statement_id=first)
    assert (anna.first, anna.last, anna.credential) == (example.pk, example.pk, store.credential)
    known = ForeignActor.objects.get(kind="openid")
    assert (known.state, known.statements) == (State.ATTACHED, 1)


def test_each_statement_is_looked_at_once(store: Store) -> None:
    store.stored(*[statement() for _ in range(3)])
    assert (gather().done, gather().done) == (3, 0)
    other = store_with("all", name="other")
    other.stored(statement(actor=ANNA | {"name": "Anna B"}))
    store.stored(statement(actor=BINH))
    assert gather().done == 2
    assert waiting() == [("binh", "", 1), ("mailto:anna@example.org", "Anna B", 4)]
    assert ForeignActor.objects.get(kind="mbox").credential == other.credential
    assert ActorsGathered.objects.count() == 2


def test_a_killed_run_goes_on_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_actors, "STEP", 2)
    store.stored(*[statement() for _ in range(5)])
    steps = iter([None, RuntimeError("killed")])
    advance = Job.advance

    def once(self: Job, **kept: Any) -> None:
        if error := next(steps, None):
            raise error
        advance(self, **kept)

    monkeypatch.setattr(Job, "advance", once)
    jobs.start(foreign_actors.GATHER, {}, by=None, title="gather")
    jobs.run_all()
    assert waiting() == [("mailto:anna@example.org", "Anna", 2)]
    gather()
    assert waiting() == [("mailto:anna@example.org", "Anna", 5)]


def test_storing_writes_nothing_for_it(store: Store) -> None:
    store.stored(statement())
    with CaptureQueriesContext(connection) as captured:
        store.stored(statement(actor=BINH))
    assert "foreignactor" not in " ".join(query["sql"] for query in captured)
    assert ForeignActor.objects.count() == 0


def test_a_step_makes_the_same_queries_however_many_actors(store: Store) -> None:
    def counted(count: int, start: int) -> int:
        store.stored(*[statement(actor={"mbox": f"mailto:a{start + n}@example.org"}) for n in range(count)])
        with CaptureQueriesContext(connection) as captured:
            assert gather().done == count
        return len(captured)

    counted(1, 0)
    assert counted(2, 10) == counted(60, 100)


def test_the_list_shows_what_helps_to_recognise(admin: Client, learner: User) -> None:
    store = store_with("all", name="Lớp học Mường Lò")
    store.stored(statement(actor={"mbox": "mailto:MAI@example.vn", "name": "Mai <3"}), statement(actor=BINH))
    gather()
    found = page(admin)
    assert found.index("binh</strong>") < found.index("Mai &lt;3</strong></a> mai@example.vn")
    assert "Lớp học Mường Lò · 1 bản ghi, từ" in found
    assert "Mai &lt;3 (MAI@example.vn) đã trả lời" in found
    assert found.count("có lẽ là Lò Thị Mai") == 1
    assert "binh</strong>" not in page(admin, q="mai")
    assert "Không có định danh nào khớp trong danh sách này." in page(admin, q="xyz")
    assert "Danh sách này còn trống." in page(admin, state="ignored")


def test_lists_go_on_by_key_with_the_same_queries(admin: Client, store: Store) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(admin)
        return len(captured)

    store.stored(statement(), statement(actor=BINH))
    gather()
    page(admin)
    few = counted()
    store.stored(*[statement(actor={"mbox": f"mailto:a{n}@example.org"}) for n in range(60)])
    gather()
    assert counted() == few
    below = re.search(r"below=(\d+)", page(admin))
    assert below
    assert page(admin, below=below[1]).count("<li> <p>") == 12
    assert admin.get(reverse("xapi_admin:actors"), {"state": "x"}).status_code == 404
    assert admin.get(reverse("xapi_admin:actors"), {"below": "x"}).status_code == 404
    assert admin.get(reverse("xapi_admin:actors"), {"below": "9" * 19}).status_code == 200


def sent_in_course(course: Course, learner: User, store: Store, who: dict[str, Any]) -> Enrolment:
    """Another system says that the learner went through the lesson; nobody knows yet who that is."""
    Credential.objects.filter(pk=store.credential.pk).update(counts=[course.key])
    enrolment = enrol(learner=learner, course=course)
    lesson = course.lessons.get()
    store.stored(
        statement(
            actor=who,
            verb=verbs.COMPLETED.as_data(),
            object={"id": lesson.iri},
            context={"registration": str(enrolment.registration)},
        )
    )
    outbox.drain_all()
    return enrolment


def lessons_done(enrolment: Enrolment) -> int:
    jobs.run_all()
    outbox.drain_all()
    enrolment.refresh_from_db()
    return enrolment.lessons_done


def test_attaching_counts_and_detaching_takes_it_back(
    admin: Client, boss: User, learner: User, course: Course, store: Store
) -> None:
    enrolment = sent_in_course(course, learner, store, BINH)
    gather()
    assert lessons_done(enrolment) == 0
    pk = actor().pk
    assert admin.post(reverse("xapi_admin:attach", args=[pk]), {"person": learner.pk}).status_code == 302
    assert lessons_done(enrolment) == 1
    assert actor().state == State.ATTACHED
    assert "Lò Thị Mai" in page(admin, "actor", pk)
    assert "binh" not in page(admin)
    assert "→ <strong>Lò Thị Mai</strong>" in page(admin, state="attached")
    assert admin.post(reverse("xapi_admin:detach", args=[pk])).status_code == 302
    assert ActorIdentifier.objects.count() == 0
    assert waiting() == [("binh", "", 1)]
    log = AuditEntry.objects.filter(subject=f"actor:{pk}").order_by("id")
    assert [(entry.action, entry.by, entry.detail) for entry in log] == [
        ("xapi.actor.attached", boss.uuid, {"person": str(learner.uuid)}),
        ("xapi.actor.waiting", boss.uuid, {}),
    ]


def test_what_comes_later_is_theirs_at_once(learner: User, boss: User, course: Course, store: Store) -> None:
    store.stored(statement(actor=BINH))
    gather()
    foreign_actors.attach(actor(), person=learner, by=boss)
    enrolment = sent_in_course(course, learner, store, BINH)
    assert lessons_done(enrolment) == 1
    gather()
    assert (actor().state, actor().statements) == (State.ATTACHED, 2)


def test_a_credential_that_does_not_count_still_does_not(
    learner: User, boss: User, course: Course, store: Store
) -> None:
    enrolment = sent_in_course(course, learner, store, BINH)
    Credential.objects.update(counts=[])
    gather()
    foreign_actors.attach(actor(), person=learner, by=boss)
    assert lessons_done(enrolment) == 0


def test_spellings_of_one_address_go_together(admin: Client, learner: User, boss: User, store: Store) -> None:
    store.stored(statement(actor={"mbox": "mailto:Mai@Example.vn"}), statement(actor={"mbox": "mailto:mai@example.vn"}))
    gather()
    assert ForeignActor.objects.count() == 2
    foreign_actors.attach(ForeignActor.objects.latest("last"), person=learner, by=boss)
    assert waiting() == []
    found = admin.get(reverse("xapi_admin:statements"), {"who": "Lò Thị Mai"})
    assert [line.person for line in found.context["lines"]] == ["Lò Thị Mai"] * 2


def test_a_uuid_of_ours_that_nobody_has_becomes_an_alias(learner: User, boss: User, store: Store) -> None:
    lost = uuid4()
    store.stored(statement(actor={"account": {"homePage": "http://testserver", "name": str(lost)}}))
    gather()
    foreign_actors.attach(actor(), person=learner, by=boss)
    assert UserAlias.objects.get().uuid == lost
    assert actors.person_of(Statement.objects.get().data["actor"]) == learner
    foreign_actors.detach(actor(), by=boss)
    assert actors.person_of(Statement.objects.get().data["actor"]) is None


def test_an_identifier_means_one_person(admin: Client, learner: User, boss: User, store: Store) -> None:
    store.stored(statement(actor=BINH))
    gather()
    other = accounts.create(full_name="Người Khác", username="khac")
    foreign_actors.attach(actor(), person=learner, by=boss)
    foreign_actors.attach(actor(), person=learner, by=boss)
    with pytest.raises(IdentifierTaken):
        foreign_actors.attach(actor(), person=other, by=boss)
    response = admin.post(reverse("xapi_admin:attach", args=[actor().pk]), {"person": other.pk}, follow=True)
    assert "Định danh này đã gắn với người khác. Hãy gỡ ra trước." in response.content.decode()
    assert ActorIdentifier.objects.get().person == learner


def test_ignored_ones_stay_ignored_until_they_are_wanted_again(admin: Client, store: Store) -> None:
    store.stored(statement(actor=BINH))
    gather()
    pk = actor().pk
    assert admin.post(reverse("xapi_admin:ignore", args=[pk])).status_code == 302
    store.stored(statement(actor=BINH))
    gather()
    assert (waiting(), actor().statements) == ([], 2)
    assert admin.post(reverse("xapi_admin:ignore", args=[pk])).status_code == 404
    assert admin.post(reverse("xapi_admin:detach", args=[pk])).status_code == 404
    assert admin.post(reverse("xapi_admin:restore", args=[pk])).status_code == 302
    assert waiting() == [("binh", "", 2)]


def test_voided_before_anyone_looked_is_not_waited_for(store: Store) -> None:
    [first] = store.stored(statement())
    store.stored(statement(actor=BINH, verb=VOIDED, object=about(first)))
    gather()
    assert waiting() == [("binh", "", 1)]


def test_the_page_offers_the_likely_person_and_the_statement_leads_here(
    admin: Client, learner: User, store: Store
) -> None:
    [first] = store.stored(statement(actor={"account": {"homePage": "https://x.org", "name": "0912 345 678"}}))
    gather()
    found = page(admin, "actor", actor().pk)
    assert "Đúng, đây là Lò Thị Mai" in found
    assert f'name="person" value="{learner.pk}"' in found
    assert reverse("xapi_admin:actor", args=[actor().pk]) in page(admin, "statement", first)
    assert len(admin.get(reverse("xapi_admin:statements"), {"who": "https://x.org 0912 345 678"}).context["lines"]) == 1


def test_staff_attach_only_whom_they_may_see(learner: User, store: Store) -> None:
    store.stored(statement(actor=BINH))
    gather()
    auditor = accounts.create(full_name="Kiểm Tra", username="kiem", roles=[roles.AUDITOR])
    client = sign_in_staff(Client(), auditor)
    address = reverse("xapi_admin:attach", args=[actor().pk])
    assert "Gắn với người này" not in page(client, "actor", actor().pk)
    for name in ("attach", "detach", "ignore", "restore"):
        response = client.post(reverse(f"xapi_admin:{name}", args=[actor().pk]), {"person": learner.pk})
        assert (response.status_code, response["Location"]) == (302, "/admin/")  # Wagtail's answer to a refusal
    assert (actor().state, AuditEntry.objects.filter(subject__startswith="actor:").count()) == (State.WAITING, 0)
    auditor.user_permissions.add(Permission.objects.get(codename="change_foreignactor"))
    client = sign_in_staff(Client(), User.objects.get(pk=auditor.pk))
    response = client.post(address, {"person": learner.pk}, follow=True)
    assert "Hãy chọn một người trong danh sách mà ông, bà được xem." in response.content.decode()
    assert ActorIdentifier.objects.count() == 0
    assert client.post(address, {"person": "x"}).status_code == 302
    assert client.get(address).status_code == 405
    trainer = sign_in_staff(Client(), accounts.create(full_name="Cô Giáo", username="co", roles=[roles.TRAINER]))
    assert trainer.get(reverse("xapi_admin:actors")).status_code in {302, 403}
