"""Between people and actors, with merges and identifiers of other systems."""

import uuid

import pytest

from core.identity import id_base
from people import actors
from people.exceptions import IdentifierTaken
from people.models import ActorIdentifier, User, UserAlias
from tests.people.conftest import person

pytestmark = pytest.mark.django_db


HERE = "http://testserver"


def account(name: str, home_page: str = HERE) -> dict[str, object]:
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


def test_an_actor_names_nobody() -> None:
    user = person("cho", phone="0912345678", email="cho@example.vn")
    assert id_base() == HERE
    assert actors.actor_of(user) == account(str(user.uuid))
    assert actors.person_of(actors.actor_of(user)) == user


@pytest.mark.parametrize(
    "actor",
    [
        account("không phải uuid"),
        account(str(uuid.uuid4())),
        {"mbox": "mailto:ai@example.vn"},
        {"objectType": "Group", "member": []},
        {"account": "sai"},
        {},
    ],
)
def test_actors_of_nobody(actor: dict[str, object]) -> None:
    person("cho")
    assert actors.person_of(actor) is None


def test_our_uuid_under_another_home_page_is_not_ours() -> None:
    user = person("cho")
    assert actors.person_of(account(str(user.uuid), "https://other.example")) is None


def test_a_merge_is_followed_and_can_be_undone() -> None:
    kept, merged = person("kept"), person("merged")
    alias = UserAlias.objects.create(uuid=merged.uuid, person=kept)
    assert actors.person_of(actors.actor_of(merged)) == kept
    alias.delete()
    assert actors.person_of(actors.actor_of(merged)) == merged


def test_identifiers_of_other_systems() -> None:
    user = person("cho")
    for kind, home_page, value in (
        ("mbox", "", "mailto:cho@example.vn"),
        ("mbox_sha1sum", "", "0123456789abcdef0123456789abcdef01234567"),
        ("openid", "", "https://id.example/cho"),
        ("account", "https://other.example", "cho"),
    ):
        ActorIdentifier.objects.create(person=user, kind=kind, home_page=home_page, value=value)
    known = [
        {"mbox": "mailto:Cho@example.vn"},
        {"mbox_sha1sum": "0123456789ABCDEF0123456789abcdef01234567"},
        {"openid": "https://id.example/cho"},
        account("cho", "https://other.example"),
    ]
    unknown = [{"openid": "https://id.example/Cho"}, account("cho", "https://third.example"), {"mbox": "mailto:x@y.vn"}]
    assert actors.persons_of([*known, *unknown]) == [user] * 4 + [None] * 3


def test_many_actors_cost_four_queries(django_assert_num_queries: object) -> None:
    people = [person(f"p{number}") for number in range(30)]
    ActorIdentifier.objects.create(person=people[0], kind="openid", value="https://id.example/cho")
    asked = [*(actors.actor_of(user) for user in people), {"openid": "https://id.example/cho"}]
    with django_assert_num_queries(4):
        found = actors.persons_of(asked)
    assert found == [*people, people[0]]
    assert User.objects.count() == 30


def test_an_identifier_is_attached_to_one_person_and_detached() -> None:
    user, other = person("cho"), person("khac")
    for identifier in (
        actors.Identifier("mbox", "", "mailto:cho@example.vn"),
        actors.Identifier("account", "https://other.example", "cho"),
        actors.Identifier("account", HERE, str(uuid.uuid4())),  # a uuid of ours that nobody has
    ):
        actor = actors.actor_with(identifier)
        assert actors.identifier_of(actor) == identifier
        actors.attach(identifier, user)
        actors.attach(identifier, user)
        assert actors.person_of(actor) == user
        assert actor in actors.actors_of(user)
        with pytest.raises(IdentifierTaken):
            actors.attach(identifier, other)
        actors.detach(identifier)
        assert actors.person_of(actor) is None
    assert (ActorIdentifier.objects.count(), UserAlias.objects.count()) == (0, 0)
