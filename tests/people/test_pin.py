"""PINs: what they may be, how they are kept, and how often they may be tried."""

from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from people import accounts, pins, roles
from people.models import User

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PIN = "402917"


@pytest.fixture
def learner(db: None) -> User:
    user = accounts.create(full_name="Giàng A Chơ", phone="0912345678", birth_year=1971)
    user.set_pin(PIN, chosen=False)
    user.save()
    return user


def try_in(name: str, pin: str = PIN, address: str = "203.0.113.1", client: Client | None = None) -> Any:
    return (client or Client()).post(LOGIN, {"login": name, "password": pin}, REMOTE_ADDR=address)


@pytest.mark.parametrize("typed", ["402917", "402 917", " 402-917 ", "４０２９１７", "៤០២៩១៧"])
def test_it_signs_in_however_it_is_typed(learner: User, typed: str) -> None:
    assert try_in("0912 345 678", typed)["Location"].startswith("/")
    assert try_in("0912 345 678", typed).status_code == 302


@pytest.mark.parametrize("typed", ["402918", "40291", "4029177", "", "bốn không hai"])
def test_another_does_not(learner: User, typed: str) -> None:
    assert try_in("0912345678", typed).status_code == 200


@pytest.mark.parametrize(
    "weak",
    ["123456", "987654", "890123", "000000", "112211", "121212", "123123", "123321", "771971", "197105", "912345",
     "345678", "091234", "051971"],
)  # fmt: skip
def test_weak_ones_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        pins.validate(weak, birth_year=1971, phone="+84912345678")


@pytest.mark.parametrize("good", ["402917", "190517", "708112"])
def test_others_are_taken(good: str) -> None:
    assert pins.validate(good, birth_year=1971, phone="+84912345678") == good


@given(st.text(max_size=12))
def test_reading_never_fails_and_gives_six_digits(typed: str) -> None:
    pin = pins.read(typed)
    assert pin is None or (len(pin) == 6 and pin.isascii() and pin.isdigit())


def test_new_ones_are_good_and_differ(learner: User) -> None:
    made = {pins.new(learner) for _ in range(50)}
    assert len(made) > 45
    assert all(pins.weakness(pin, birth_year=1971, phone=learner.phone) is None for pin in made)


def test_it_is_kept_as_a_keyed_hash(learner: User, settings: Any) -> None:
    assert PIN not in learner.password
    assert learner.check_password(PIN)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert learner.check_password(PIN)
    settings.SECRET_KEY_FALLBACKS = []
    assert not learner.check_password(PIN)


def test_a_password_takes_its_place(learner: User) -> None:
    learner.set_password("nương ngô mới")
    learner.save()
    assert (learner.pin, learner.check_password(PIN), learner.check_password("nương ngô mới")) == ("", False, True)


def test_staff_have_none(learner: User) -> None:
    assert try_in("0912345678").status_code == 302
    roles.ensure()
    accounts.give_roles(learner, [roles.TRAINER])
    assert try_in("0912345678").status_code == 200


def test_five_failures_lock_for_a_quarter_of_an_hour_there_only(learner: User) -> None:
    for number in range(5):
        assert "Chưa đúng" in try_in("0912345678", f"40291{number}").content.decode()
    assert "Đã thử sai quá nhiều lần" in try_in("0912345678").content.decode()
    assert try_in("0912345678", address="203.0.113.2").status_code == 302


def test_twenty_failures_a_day_from_elsewhere_lock_the_account(learner: User) -> None:
    for number in range(20):
        try_in("0912345678", "531975", address=f"198.51.100.{number}")
    assert "Đã thử sai quá nhiều lần" in try_in("0912345678", address="203.0.113.77").content.decode()


def test_strangers_do_not_lock_out_where_it_signed_in_before(learner: User) -> None:
    assert try_in("0912345678").status_code == 302
    for number in range(25):
        try_in("0912345678", "531975", address=f"198.51.100.{number}")
    assert try_in("0912345678").status_code == 302


def test_many_accounts_cannot_be_tried_from_one_address(learner: User, rf: Any) -> None:
    for number in range(5):
        try_in(f"0987{number:06}", "531975", address="198.51.100.9")
    for _ in range(295):
        ratelimit.consume(rf.post("/"), app="allauth.account", action="pin_failed_from", key="198.51.100.9")
    assert "Đã thử sai quá nhiều lần" in try_in("0912345678", address="198.51.100.9").content.decode()


def test_a_class_that_errs_behind_one_address_still_gets_in(learner: User) -> None:
    for number in range(40):
        for _ in range(4):
            try_in(f"0987{number:06}", "531975")
    assert try_in("0912345678").status_code == 302


@pytest.mark.parametrize("secret", ["531975", "sai mật khẩu"])
def test_a_lock_tells_nothing_of_names(learner: User, secret: str) -> None:
    accounts.create(full_name="Có Mật Khẩu", username="mk", password="ruộng bậc thang")
    said = {
        name: [try_in(name, secret).content.decode().count("Đã thử sai") for _ in range(8)]
        for name in ("0912345678", "0999999999", "mk")
    }
    assert said["0912345678"] == said["0999999999"] == said["mk"] == [0] * 5 + [1] * 3
