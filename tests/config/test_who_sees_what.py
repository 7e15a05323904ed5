"""Every address of the site is opened as each role: no error of the site, and nobody hidden from it shows anywhere."""

from typing import Any

import pytest
from django.test import Client

from people import accounts, roles
from people.models import Group, GroupMembership, ManagerAssignment
from tests.config.hidden_person import DAY, SECRETS, addresses, hide, unit
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db

# Public by design: who has the code printed on a certificate may read what is printed on it.
PUBLIC = {"certificates:verify", "certificates:pdf"}
# Protocols with credentials of their own, tested there; a sign-out would end the walk; two that answer 5xx on purpose.
LEFT_OUT = {
    "account_logout",
    "wagtailadmin_logout",
    "xapi:statements",
    "xapi:state",
    "core:media",
    "core:healthz",
    "wagtailadmin_error_test",
}


@pytest.fixture(scope="module")
def paths() -> list[tuple[str, str]]:
    """(name, path) of all addresses."""
    return [(name, path) for name, path in addresses() if name not in LEFT_OUT]


def visitor(role: str) -> Client:
    """Signed in with the role, with all that staff have to give, in a province of their own."""
    client = Client(raise_request_exception=False)
    if role == "nobody":
        return client
    here = unit("15", "Tỉnh Gần", "province")
    person = accounts.create(full_name="Trần Thị Gần", username="gan", unit=here, roles=[role])
    group = Group.objects.create(name="Lớp Gần")
    GroupMembership.objects.create(group=group, person=person, leader=role == roles.TRAINER, since=DAY)
    if role == roles.MANAGER:
        ManagerAssignment.objects.create(person=person, unit=here, since=DAY)
    if role == roles.LEARNER:
        client.force_login(person)
        return client
    return sign_in_staff(client, person)


def content(answer: Any) -> str:
    """The body as text, streamed or not."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("role", ["nobody", *roles.ALL])
def test_no_address_fails_or_shows_somebody_hidden(role: str, paths: list[tuple[str, str]]) -> None:
    """Whatever is asked for by its key: 404 or 403, and in no list, chooser, export or page."""
    hide()
    client = visitor(role)
    failed, shown = [], []
    for name, path in paths:
        answer = client.get(path)
        if answer.status_code >= 500:
            failed.append((name, answer.status_code))
        text = content(answer)
        if name not in PUBLIC and any(secret in text for secret in SECRETS):
            shown.append(name)
    assert failed == []
    if role == roles.ADMINISTRATOR:
        assert {"wagtailusers_users:index", "people_households:index", "xapi_admin:statements"} <= set(shown)
        reports = ("grid", "learners_csv", "questions", "questions_csv", "question", "question_csv")
        assert {"lms_grading:queue", "lms_grading:grading_csv", *(f"lms_progress:{each}" for each in reports)} <= set(
            shown
        )
    else:
        assert shown == []


@pytest.mark.parametrize("role", roles.STAFF)
def test_staff_without_a_second_factor_reach_nothing_of_the_admin(role: str, paths: list[tuple[str, str]]) -> None:
    """Every address below /admin/ sends them to set it up."""
    person = accounts.create(full_name="Trần Thị Gần", username="gan", roles=[role])
    client = Client()
    client.force_login(person)
    reached = []
    for name, path in paths:
        if path.startswith("/admin/") and name != "wagtailadmin_login":
            answer = client.get(path)
            if answer.status_code != 302 or not answer.url.startswith("/accounts/"):
                reached.append((name, answer.status_code))
    assert reached == []
