"""The three names of a person, each unique in one spelling."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from people import accounts, roles
from people.models import Unit, User
from people.models.name_fields import validate_username

pytestmark = pytest.mark.django_db


def test_names_are_stored_in_one_spelling() -> None:
    user = accounts.create(
        full_name="Giàng A Chơ", username=" GiangAChơ".replace("ơ", "o"), phone="0912 345 678", email="Cho@Example.VN "
    )
    user.refresh_from_db()
    assert (user.username, user.phone, user.email) == ("giangacho", "+84912345678", "cho@example.vn")


def test_a_full_name_is_stored_composed() -> None:
    """As some telephones and copied texts have it otherwise: lists of a class look it up letter by letter."""
    user = accounts.create(full_name=unicodedata.normalize("NFD", " Giàng  A Chờ "), username="cho")
    user.refresh_from_db()
    assert user.full_name == "Giàng A Chờ"


def test_names_are_found_in_any_spelling() -> None:
    user = accounts.create(full_name="Giàng A Chơ", username="giang.cho", phone="0912345678", email="cho@example.vn")
    for name in ("GIANG.CHO", "0912.345.678", "84912345678", "CHO@example.vn", "  cho@example.vn "):
        assert list(User.objects.named(name)) == [user], name
    for name in ("", "  ", "giang", "0912345679"):
        assert list(User.objects.named(name)) == [], name


@pytest.mark.parametrize("second", [{"username": "CHO"}, {"phone": "+84912345678"}, {"email": "CHO@EXAMPLE.VN"}])
def test_another_spelling_is_the_same_name(second: dict[str, str]) -> None:
    accounts.create(full_name="A", username="cho", phone="0912345678", email="cho@example.vn")
    with pytest.raises(ValidationError) as error:
        accounts.create(full_name="B", **second)
    assert list(error.value.message_dict) == list(second)
    assert User.objects.count() == 1


def test_absent_names_do_not_collide() -> None:
    accounts.create(full_name="A", username="a1")
    accounts.create(full_name="B", username="b1", phone="", email="")
    assert list(User.objects.order_by("username").values_list("phone", "email")) == [(None, None), (None, None)]


def test_an_open_account_needs_a_name() -> None:
    with pytest.raises(ValidationError):
        accounts.create(full_name="Không Tên")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(full_name="Không Tên")
    User.objects.create(full_name="Đã xóa", is_active=False)
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["0912345678", "a@b.vn", "có dấu", "Hoa", "-a", "a b", ""])
def test_user_names_are_no_numbers_and_no_addresses(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_username(name)


@pytest.mark.parametrize("fields", [{"phone": "12345"}, {"email": "không phải"}, {"username": "0912345678"}])
def test_a_bad_name_is_refused_by_field(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as error:
        accounts.create(full_name="A", **fields)
    assert list(error.value.message_dict) == list(fields)


def test_roles_of_a_new_account() -> None:
    learner = accounts.create(full_name="A", username="a1")
    trainer = accounts.create(full_name="B", username="b1", roles=[roles.TRAINER, roles.EDITOR])
    assert roles.has(learner, roles.LEARNER)
    assert not roles.has(learner, roles.TRAINER)
    assert not learner.is_staff
    assert roles.has(trainer, roles.TRAINER)
    assert trainer.is_staff
    assert trainer.has_perm("wagtailadmin.access_admin")
    assert not learner.has_perm("wagtailadmin.access_admin")
    with pytest.raises(ValueError, match="No such role: king"):
        accounts.create(full_name="C", username="c1", roles=["king"])
    assert not User.objects.filter(username="c1").exists()


def test_lists_find_names_without_marks() -> None:
    user = accounts.create(full_name="Đường Thị Ngọc Ánh", phone="0912345678")
    for words in ("duong anh", "ĐƯỜNG", "ngoc", "0912345"):
        assert list(User.objects.found_by(words)) == [user], words
    assert not User.objects.found_by("duong binh").exists()
    lao_cai = Unit.objects.create(
        code="15", level="province", name="Tỉnh Lào Cai", short_name="Lào Cai", valid_from="2025-07-01"
    )
    assert list(Unit.objects.found_by("lao cai 15")) == [lao_cai]
