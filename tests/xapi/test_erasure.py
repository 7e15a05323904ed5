"""What other systems keep about an erased person goes."""

import pytest

from core.identity import id_base
from people import accounts, erasure, roles
from people.models import ActorIdentifier
from tests.xapi.conftest import Store
from tests.xapi.documents import Documents
from xapi.models import Document

pytestmark = pytest.mark.django_db


def test_documents_of_the_person_go_and_others_stay(store: Store) -> None:
    """By our own account and by identifiers of other systems; statements are never touched."""
    su = accounts.create(full_name="Mùa A Sử", username="su")
    ActorIdentifier.objects.create(person=su, kind="mbox", value="mailto:su@example.vn")
    own = {"objectType": "Agent", "account": {"homePage": id_base(), "name": str(su.uuid)}}
    for agent in (own, {"mbox": "mailto:su@example.vn"}, {"mbox": "mailto:khac@example.vn"}):
        assert Documents(store).put({"trang": 3}, agent=agent).status_code == 204
    admin = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    erasure.erase(su, by=admin)
    assert Document.objects.count() == 1
    assert Documents(store).get(agent={"mbox": "mailto:khac@example.vn"}).status_code == 200
