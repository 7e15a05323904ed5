"""The learner's own page and data."""

import json
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.identity import id_base
from lms import learning
from lms.courses import publish_course
from lms.enrolment import enrol
from people.models import ActorIdentifier, AudienceMembership, User, UserAlias
from xapi import documents
from xapi.documents import Content, Place
from xapi.models import Document
from xapi.statements import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    """Has gone through one lesson of two."""
    user = User.objects.create(username="pao", full_name="Giàng A Páo", birth_year=1980)
    AudienceMembership.objects.create(person=user, audience="village_heads", since=date(2026, 1, 1))
    course = publish_course(
        key="thu",
        title="Khóa học thử",
        lessons=[{"key": f"bai-{n}", "title": f"Bài {n}", "minutes": 5, "blocks": []} for n in (1, 2)],
    )
    enrolment = enrol(learner=user, course=course)
    learning.begin(enrolment)
    learning.go_on(enrolment, course.lessons.get(key="bai-1"))
    return user


def test_page_shows_courses_and_where_to_go_on(client, learner):
    """Half of the course is done."""
    client.force_login(learner)
    text = client.get("/my/").content.decode()
    assert "Chào Giàng A Páo" in text
    assert "Đã học 1 trên 2 bài" in text
    assert 'href="/courses/thu/bai-2/">Học tiếp: Bài 2 (Khóa học thử)' in text


def test_page_makes_as_many_queries_for_many_courses_as_for_one(client, learner, django_assert_num_queries):
    """No query per course."""
    client.force_login(learner)
    client.get("/my/")  # the addresses of pages are cached from now on
    with CaptureQueriesContext(connection) as one:
        client.get("/my/")
    for number in range(5):
        lessons = [{"key": "bai-1", "title": "Bài 1", "minutes": 5, "blocks": []}]
        enrol(learner=learner, course=publish_course(key=f"khac-{number}", title="Khác", lessons=lessons))
    with django_assert_num_queries(len(one)):
        client.get("/my/")


def test_data_holds_everything_about_the_learner_and_nobody_else(client, learner):
    """The row, the audiences, the enrolment and both statements."""
    other = User.objects.create(username="khac", full_name="Người Khác")
    ActorIdentifier.objects.create(person=learner, kind="mbox", value="mailto:pao@lop.example.vn")
    ActorIdentifier.objects.create(person=other, kind="mbox", value="mailto:khac@lop.example.vn")
    client.force_login(learner)
    response = client.get("/my/data.json")
    text = b"".join(response.streaming_content).decode()
    data = json.loads(text)
    assert response["Content-Disposition"] == 'attachment; filename="nha-san-du-lieu-cua-toi.json"'
    assert data["full_name"] == "Giàng A Páo"
    assert [row["audience"] for row in data["audiences"]] == ["village_heads"]
    assert data["identifiers"] == [{"kind": "mbox", "home_page": "", "value": "mailto:pao@lop.example.vn"}]
    assert [row["course__title"] for row in data["enrolments"]] == ["Khóa học thử"]
    verbs = [statement["verb"]["id"].rsplit("/", 1)[-1] for statement in data["statements"]]
    assert verbs == ["initialized", "experienced"]
    assert str(other.uuid) not in text


@pytest.mark.parametrize("path", ["/my/", "/my/data.json"])
def test_nobody_is_sent_to_sign_in(client, db, path):
    """And comes back after that."""
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


def test_data_leaves_out_what_is_about_others_under_the_same_registration(client, learner):
    """A statement that names another actor is not the learner's."""
    registration = learner.enrolments.get().registration
    record(
        [
            {
                "actor": {"account": {"homePage": "https://khac.example.vn", "name": "nguoi-la"}},
                "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
                "object": {"id": "https://khac.example.vn/bai"},
                "context": {"registration": str(registration)},
            }
        ]
    )
    client.force_login(learner)
    data = json.loads(b"".join(client.get("/my/data.json").streaming_content))
    assert len(data["statements"]) == 2


def test_data_holds_what_other_systems_keep_about_the_learner(client, learner):
    """States and profiles under every actor of theirs, and nobody else's."""
    merged, other = uuid.uuid4(), uuid.uuid4()
    UserAlias.objects.create(uuid=merged, person=learner)
    ActorIdentifier.objects.create(person=learner, kind="mbox", value="mailto:pao@example.org")
    ActorIdentifier.objects.create(person=learner, kind="openid", value="no IRI")
    home, registration = id_base(), uuid.uuid4()
    places = [
        Place(
            Document.Kind.STATE,
            agent=f"account {home} {learner.uuid}",
            activity="https://x.org/a",
            registration=registration,
        ),
        Place(Document.Kind.AGENT_PROFILE, agent=f"account {home} {merged}"),
        Place(Document.Kind.AGENT_PROFILE, agent="mbox mailto:pao@example.org"),
        Place(Document.Kind.AGENT_PROFILE, agent=f"account {home} {other}"),
        Place(Document.Kind.ACTIVITY_PROFILE, activity="https://x.org/a"),
    ]
    for number, place in enumerate(places):
        content = "đang học".encode() if number else b"\xff"
        documents.put(place, f"số {number}", Content("text/plain", content), check=lambda _etag: None)
    client.force_login(learner)
    kept = json.loads(b"".join(client.get("/my/data.json").streaming_content))["documents"]
    assert [(row["kind"], row["id"]) for row in kept] == [
        ("state", "số 0"),
        ("agent profile", "số 1"),
        ("agent profile", "số 2"),
    ]
    first, second, _ = kept
    assert (first["activity"], first["registration"], first["content_base64"]) == (
        "https://x.org/a",
        str(registration),
        "/w==",
    )
    assert (second["content"], second["content_type"]) == ("đang học", "text/plain")
