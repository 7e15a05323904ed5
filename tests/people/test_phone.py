"""Telephone numbers come to one spelling however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("(091) 234-5678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("+84 (0) 912 345 678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("０９１２３４５６７８", "+84912345678"),
        ("02143 820 123", "+842143820123"),
        ("+856 20 5555 1234", "+8562055551234"),
    ],
)
def test_spellings_of_one_number(typed: str, stored: str) -> None:
    assert phone.normalise(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "0", "091234567", "0012", "912345678", "hocvien", "0912345678901", "09123456780", "+84", "+0912345678"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(phone.NotANumber):
        phone.normalise(typed)


@given(
    st.integers(300_000_000, 999_999_999) | st.integers(2_000_000_000, 2_999_999_999),
    st.lists(st.sampled_from(" .-()"), max_size=8),
    st.randoms(),
)
def test_separators_and_prefix_do_not_matter(number: int, separators: list[str], random: object) -> None:
    expected = f"+84{number}"
    for prefix in ("0", "84", "+84", "0084"):
        signs = list(f"{prefix}{number}")
        for separator in separators:
            signs.insert(random.randint(1, len(signs)), separator)  # type: ignore[attr-defined]
        assert phone.normalise("".join(signs)) == expected


@given(st.text(max_size=30))
def test_a_normalised_number_is_normal(text: str) -> None:
    try:
        once = phone.normalise(text)
    except phone.NotANumber:
        return
    assert phone.normalise(once) == once
    assert once.isascii()
    assert once[0] == "+"
    assert once[1:].isdigit()
