"""Launch tokens: one learner, one registration, one activity, for a while; nothing else."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import jobs
from core.identity import id_base
from core.models import Job
from people import accounts
from people.actors import actor_of
from people.models import User
from tests.xapi.conftest import ANNA, PASSED, VOIDED, Store, about, new_id, said, statement, store_with
from tests.xapi.documents import ACTIVITY_PROFILE, AGENT_PROFILE, STATE, Documents
from xapi import activities, credentials, keys, launch, verbs
from xapi.calls import Call
from xapi.exceptions import Refused
from xapi.models import Credential, LaunchToken, Statement
from xapi.resources import needs
from xapi.statements import record

pytestmark = pytest.mark.django_db
REGISTRATION = UUID("6c1b3f0e-1f5e-4c55-9f43-0f8a1de3a001")
COMPLETED = {"id": verbs.COMPLETED.id}


class Content(Store):
    """What content does that was launched with a token."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "1.0.3"}
        self.client = Client()


@pytest.fixture
def learner() -> User:
    return accounts.create(full_name="Giàng Thị Mỷ", username="my")


@pytest.fixture
def credential() -> Credential:
    return Credential.create(name="Nội dung", scopes=["all"], counts=["so"])[0]


@pytest.fixture
def lesson() -> str:
    return f"{id_base()}/activities/courses/so/lessons/mot"


@pytest.fixture
def token(credential: Credential, learner: User, lesson: str) -> str:
    return issue(credential, learner, lesson)


@pytest.fixture
def content(token: str) -> Content:
    return Content(token)


@pytest.fixture
def does(learner: User, lesson: str) -> Any:
    """Makes a statement that the token may write, with changes."""

    def make(**changes: Any) -> dict[str, Any]:
        usual = {"actor": actor_of(learner), "object": {"id": lesson}, "context": {"registration": str(REGISTRATION)}}
        return statement(**usual | changes)

    return make


def issue(credential: Credential, person: User, activity: str, hours: float = 1) -> str:
    return launch.issue(
        credential=credential,
        person=person,
        registration=REGISTRATION,
        activity=activity,
        lifetime=timedelta(hours=hours),
    )


def the_token() -> LaunchToken:
    return LaunchToken.objects.select_related("credential").get()


def around(lesson: str, kind: str = "parent") -> dict[str, Any]:
    return {"registration": str(REGISTRATION), "contextActivities": {kind: [{"id": lesson}]}}


def test_the_token_is_key_and_secret_and_kept_as_a_hash_only(token: str) -> None:
    key, _colon, secret = base64.b64decode(token).decode().partition(":")
    assert (key, len(secret)) == ("launch", 43)
    assert secret not in str(LaunchToken.objects.values().get())


def test_its_statement_has_the_authority_of_its_credential(content: Content, does: Any, credential: Credential) -> None:
    response = content.post(does())
    assert response.status_code == 200
    row = Statement.objects.get()
    assert row.credential == credential
    assert row.data["authority"]["account"]["name"] == credential.key
    assert (row.counts_for("so"), row.counts_for("khac")) == (True, False)
    assert content.put(does(), statementId=new_id()).status_code == 204


@pytest.mark.parametrize("below", ["/questions/mot", "#trang-2"])
def test_below_the_activity(content: Content, does: Any, lesson: str, below: str) -> None:
    assert content.post(does(object={"id": lesson + below})).status_code == 200


@pytest.mark.parametrize("kind", ["parent", "grouping"])
def test_a_foreign_object_with_the_activity_around_it(content: Content, does: Any, lesson: str, kind: str) -> None:
    foreign = {"id": "https://content.example.org/slide-3"}
    assert content.post(does(object=foreign, context=around(lesson, kind))).status_code == 200
    assert content.post(does(object=foreign, context=around(lesson, "other"))).status_code == 403
    assert content.post(does(object=foreign, context=around(f"{lesson}/x", kind))).status_code == 200
    single = around(lesson, kind)
    single["contextActivities"][kind] = {"id": lesson}
    assert content.post(does(object=foreign, context=single)).status_code == 200
    assert content.post(does(object=ANNA, context=around(lesson, kind))).status_code == 200


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"actor": ANNA}, "the actor must be the learner's account"),
        ({"context": None}, "context.registration must be 6c1b3f0e-1f5e-4c55-9f43-0f8a1de3a001"),
        ({"context": {"registration": str(uuid4())}}, "context.registration must be"),
        ({"object": {"id": "https://content.example.org/x"}}, "the object, or a parent or grouping"),
        ({"verb": VOIDED, "object": about(uuid4())}, "the object, or a parent or grouping"),
        ({"verb": COMPLETED}, "only this site says http://adlnet.gov/expapi/verbs/completed of its own activities"),
        ({"verb": PASSED}, "only this site says http://adlnet.gov/expapi/verbs/passed of its own activities"),
        ({"id": str(uuid5(REGISTRATION, "x"))}, "ids of UUID version 5 are those of this site's conclusions"),
    ],
)
def test_what_it_may_not_say(content: Content, does: Any, change: dict[str, Any], reason: str) -> None:
    response = content.post(does(**change))
    assert response.status_code == 403
    assert said(response)["error"].startswith(f"statement: {reason}")
    assert content.post([does(), does(**change)]).status_code == 403
    if "id" not in change:
        assert content.put(does(**change), statementId=new_id()).status_code == 403
    assert not Statement.objects.exists()


def test_an_id_of_a_conclusion_is_not_taken_by_put(content: Content, does: Any) -> None:
    taken = str(uuid5(REGISTRATION, f"{verbs.COMPLETED.id} x 1"))
    assert content.put(does(), statementId=taken).status_code == 403


def test_a_group_with_the_learners_account_is_not_the_learner(content: Content, does: Any, learner: User) -> None:
    group = actor_of(learner) | {"objectType": "Group", "member": [ANNA]}
    assert content.post(does(actor=group)).status_code == 403


def test_it_voids_nothing_not_even_its_own(content: Content, does: Any, lesson: str) -> None:
    [own] = content.stored(does())
    response = content.post(does(verb=VOIDED, object=about(own), context=around(lesson)))
    assert (response.status_code, said(response)["error"]) == (403, "statement: a launch token voids nothing")
    assert not Statement.objects.get().voided


@pytest.mark.parametrize("other", ["/lessons/hai", "/lessons/mot-2", ""])
def test_other_activities_of_ours_are_out_of_reach(content: Content, does: Any, lesson: str, other: str) -> None:
    """Else a learner could go through all lessons of the course from within one."""
    activity = {"id": f"{id_base()}/activities/courses/so{other}"}
    assert content.post(does(object=activity, context=around(lesson))).status_code == 403


def test_of_its_own_activities_content_says_what_it_likes(content: Content, does: Any, lesson: str) -> None:
    own = {"id": "https://content.example.org/package"}
    assert content.post(does(verb=COMPLETED, object=own, context=around(lesson))).status_code == 200


def test_it_defines_no_activities(content: Content, does: Any, lesson: str) -> None:
    defined = {"id": "https://content.example.org/x", "definition": {"name": {"vi": "Của tôi"}}}
    content.stored(does(object=defined, context=around(lesson)))
    assert activities.definition_of(defined["id"]) is None


def test_it_reads_what_belongs_to_its_registration_only(content: Content, does: Any, credential: Credential) -> None:
    other = str(uuid4())
    record([does(context={"registration": other}), does(actor=ANNA)])
    [mine] = content.stored(does())
    site_said = str(Statement.objects.exclude(statement_id=mine).get(registration=REGISTRATION).statement_id)
    elsewhere = str(Statement.objects.get(registration=other).statement_id)
    record([statement(actor=ANNA, object=about(mine))])  # about it, and found by its registration
    assert sorted(content.found()) == sorted([mine, site_said])
    assert sorted(content.found(registration=str(REGISTRATION))) == sorted([mine, site_said])
    assert content.found(agent=ANNA) == [site_said]
    assert content.get(registration=other).status_code == 403
    assert content.get(statementId=mine).status_code == 200
    assert content.get(statementId=elsewhere).status_code == 404


def test_a_list_goes_on_within_the_registration(content: Content, does: Any) -> None:
    sent = content.stored(*[does() for _ in range(5)])
    record([statement(object=about(sent[0])), statement()])
    answer = said(content.get(limit=2))
    seen = [each["id"] for each in answer["statements"]]
    while answer["more"]:
        answer = said(content.client.get(answer["more"], headers=content.headers))
        seen += [each["id"] for each in answer["statements"]]
    assert sorted(seen) == sorted(sent)


def test_where_no_handler_lets_it_in_it_gets_403(token: str) -> None:
    @needs("all")
    def handler(call: Call) -> None:
        raise AssertionError

    call = Call("GET", {}, {}, b"", launch=the_token())
    call.credential = launch.voice_of(call.launch)
    with pytest.raises(Refused, match="a launch token may not do this") as refused:
        handler(call)
    assert refused.value.status == 403


def test_expired_and_revoked_is_401(credential: Credential, learner: User, lesson: str, does: Any) -> None:
    for end in (
        lambda: LaunchToken.objects.update(expires_at=timezone.now()),
        lambda: launch.revoke(registration=REGISTRATION),
        lambda: launch.revoke(registration=REGISTRATION, activity=lesson),
        lambda: credentials.revoke(credential, by=None),
    ):
        content = Content(issue(credential, learner, lesson))
        assert content.get().status_code == 200
        end()
        response = content.post(does())
        assert response.status_code == 401
        assert said(response) == {"error": "the launch token is unknown, revoked or has expired"}
    assert not Statement.objects.exists()


def test_revoking_one_leaves_the_others(credential: Credential, learner: User, lesson: str) -> None:
    kept = Content(issue(credential, learner, "https://content.example.org/x"))
    gone = Content(issue(credential, learner, lesson))
    assert launch.revoke(registration=REGISTRATION, activity=lesson) == 1
    assert (kept.get().status_code, gone.get().status_code) == (200, 401)
    assert launch.revoke(registration=uuid4()) == 0


@pytest.mark.parametrize("lifetime", [timedelta(), timedelta(days=-1), timedelta(days=8)])
def test_it_is_short_lived(credential: Credential, learner: User, lifetime: timedelta) -> None:
    with pytest.raises(ValueError, match="at most 7 days"):
        launch.issue(
            credential=credential, person=learner, registration=REGISTRATION, activity="x:y", lifetime=lifetime
        )


def test_expired_tokens_are_tidied(credential: Credential, learner: User, lesson: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(launch, "BATCH", 2)
    for _ in range(5):
        issue(credential, learner, lesson)
    LaunchToken.objects.update(expires_at=timezone.now())
    issue(credential, learner, lesson)
    jobs.start(launch.TIDY, {}, by=None, title="x")
    jobs.run_all()
    job = Job.objects.get()
    assert (job.state, job.done, LaunchToken.objects.count()) == (Job.State.DONE, 5, 1)
    jobs.keep_schedules()
    assert launch.TIDY in {planned.kind for planned in jobs._planned.values()}


def test_signing_in_is_one_query(content: Content) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert content.get(statementId=new_id()).status_code == 404
    about_tokens = [
        each["sql"] for each in captured if "xapi_launchtoken" in each["sql"] or 'xapi_credential"' in each["sql"]
    ]
    assert len(about_tokens) == 1


def test_the_credentials_scopes_stay(content: Content, does: Any, credential: Credential) -> None:
    content.stored(does())
    credential.refresh_from_db()
    assert credential.scopes == ["all"]


def test_state_of_its_own_only(token: str, lesson: str) -> None:
    row = the_token()
    own = {"activity": lesson, "agent": row.actor_identifier, "registration": REGISTRATION}
    launch.check_state(row, **own)
    launch.check_state(None, activity=None, agent=None, registration=None)
    for name, value in (
        ("activity", f"{lesson}/x"),
        ("activity", None),
        ("agent", "mbox a@example.org"),
        ("agent", None),
        ("registration", uuid4()),
        ("registration", None),
    ):
        with pytest.raises(Refused) as refused:
            launch.check_state(row, **own | {name: value})
        assert refused.value.status == 403


def test_agent_profile_of_its_own_to_read(token: str) -> None:
    row = the_token()
    launch.check_agent_profile(row, agent=row.actor_identifier, method="GET")
    launch.check_agent_profile(row, agent=row.actor_identifier, method="HEAD")
    launch.check_agent_profile(None, agent=None, method="DELETE")
    for agent, method in ((None, "GET"), ("openid x:y", "GET"), (row.actor_identifier, "PUT")):
        with pytest.raises(Refused) as refused:
            launch.check_agent_profile(row, agent=agent, method=method)
        assert refused.value.status == 403


def test_no_credential_is_called_like_a_token() -> None:
    store = store_with("all")
    assert store.credential.key != launch.KEY
    Credential.objects.update(key=launch.KEY)
    store.credential.refresh_from_db()
    assert Content(base64.b64encode(b"launch:x").decode()).get().status_code == 401


@given(st.text(alphabet="a/#.?%", max_size=8))
def test_within_never_reaches_beside(rest: str) -> None:
    above = "https://x.org/a"
    assert launch._within(above + rest, above) == (rest == "" or rest[0] in "/#")
    assert keys.activity(above + rest)


def test_bodies_that_are_no_statements_are_400(content: Content) -> None:
    assert content.post(json.dumps([1]).encode()).status_code == 400
    assert content.post(b"{").status_code == 400


def test_its_state_is_that_of_its_learner_activity_and_registration(
    content: Content, learner: User, lesson: str
) -> None:
    own = {"agent": actor_of(learner), "activityId": lesson, "registration": str(REGISTRATION), "stateId": "resume"}
    state = Documents(content, STATE, **own)
    assert state.put({"page": 3}).status_code == 204
    assert said(state.get()) == {"page": 3}
    for other in (
        {"agent": ANNA},
        {"activityId": f"{lesson}/khac"},
        {"registration": new_id()},
        {"registration": None},
    ):
        elsewhere = Documents(content, STATE, **own | other)
        assert [elsewhere.get().status_code, elsewhere.put({}).status_code, elsewhere.delete().status_code] == [403] * 3
    assert said(state.get()) == {"page": 3}


def test_of_profiles_it_reads_that_of_its_learner_alone(content: Content, learner: User, lesson: str) -> None:
    own = Documents(content, AGENT_PROFILE, agent=actor_of(learner), profileId="cmi5LearnerPreferences")
    assert (own.get().status_code, own.put({}).status_code) == (404, 403)
    assert Documents(content, AGENT_PROFILE).get().status_code == 403
    assert Documents(content, ACTIVITY_PROFILE, activityId=lesson).get().status_code == 403
