"""National identity numbers."""

import contextlib
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from people import national_id
from people.models import User
from tests.people.conftest import person


@pytest.mark.parametrize(
    ("text", "digits"),
    [("010085000123", "010085000123"), ("010 085 000 123", "010085000123"), ("123456789", "123456789")],
)
def test_read(text: str, digits: str) -> None:
    assert national_id.read(text, birth_year=1985 if len(digits) == 12 else None, gender="male") == digits


@pytest.mark.parametrize(
    ("text", "birth_year", "gender", "says"),
    [
        ("12345", None, "", "12 chữ số"),
        ("01008500012x", None, "", "12 chữ số"),
        ("003085000123", None, "", "mã tỉnh"),
        ("010985000123", None, "", "thứ tư"),
        ("010085000123", 1986, "", "1985"),
        ("010285000123", 1985, "", "2085"),
        ("010185000123", 1985, "male", "giới tính"),
    ],
)
def test_refused_with_a_reason(text: str, birth_year: int | None, gender: str, says: str) -> None:
    with pytest.raises(national_id.NotAnId, match=says):
        national_id.read(text, birth_year=birth_year, gender=gender)


@given(st.text(max_size=20))
def test_anything_typed_is_a_number_or_refused(text: str) -> None:
    with contextlib.suppress(national_id.NotAnId):
        assert len(national_id.read(text)) in {9, 12}


@pytest.mark.django_db
def test_stored_unreadable_and_found(settings: Any) -> None:
    su = person("su")
    su.national_id = "010085000123"
    su.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT national_id_sealed, national_id_key FROM people_user WHERE id = %s", [su.pk])
        assert "010085000123" not in str(cursor.fetchone())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "khóa mới", [settings.SECRET_KEY]
    found = User.objects.with_national_id("010085000123").get()
    assert (found, found.national_id, found.national_id_masked) == (su, "010085000123", "•••••••••123")
    settings.SECRET_KEY_FALLBACKS = []
    assert User.objects.get(pk=su.pk).national_id == ""
