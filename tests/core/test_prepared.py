"""A read whose SQL is made once gives what its query gives, for whatever keys it is asked."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from core.prepared import Prepared
from people.models import User, UserAlias
from tests.people.conftest import person

pytestmark = pytest.mark.django_db


def of_person(key: int, name: str) -> QuerySet[User]:
    """A key that occurs twice, one in the SELECT, a text, a constant, an order and a limit."""
    aliases = UserAlias.objects.filter(account=OuterRef("pk"), person=key)
    rows = User.objects.filter(Q(pk=key) | Q(merged_as__person=key), username__gte=name, is_active=True)
    return rows.annotate(is_merged=Exists(aliases)).order_by(F("username").desc())[:2]


def test_the_same_rows_as_the_query_for_each_keys() -> None:
    anna, binh = person("anna"), person("binh")
    for name in ("chi", "dua", "em"):
        UserAlias.objects.create(account=person(name), person=anna, uuid=uuid4())
    prepared = Prepared(of_person)
    for key, name in [(anna.pk, "a"), (binh.pk, "a"), (anna.pk, "dua"), (anna.pk, "zz"), (0, "%s'\"")]:
        rows, wanted = prepared(key, name), list(of_person(key, name))
        assert rows == wanted
        assert [vars(row) | {"_state": None} for row in rows] == [vars(row) | {"_state": None} for row in wanted]
    assert [each.username for each in prepared(anna.pk, "a")] == ["em", "dua"]
    assert [bool(each.is_merged) for each in prepared(binh.pk, "a")] == [False]


def test_one_query_of_one_text() -> None:
    anna = person("anna")
    prepared = Prepared(of_person)
    with CaptureQueriesContext(connection) as captured:
        [first] = prepared(anna.pk, "anna")
        prepared(-1, "zz")
    assert len(captured) == 2
    assert first.uuid == anna.uuid  # as the model's fields say, not as the database keeps them
    assert first.created_at == anna.created_at
    first.full_name = "Anna Thị"
    first.save()
    anna.refresh_from_db()
    assert anna.full_name == "Anna Thị"


def test_the_query_is_built_once() -> None:
    built: list[int] = []

    def rows(key: int) -> QuerySet[User]:
        built.append(key)
        return User.objects.filter(pk=key)

    prepared = Prepared(rows)
    anna, binh = person("anna"), person("binh")
    assert [prepared(each.pk) for each in (anna, binh, anna)] == [[anna], [binh], [anna]]
    assert len(built) == 1
