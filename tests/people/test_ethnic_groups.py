"""The 54 groups and how they are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import ethnic_groups, languages


def test_the_list_is_whole() -> None:
    groups = ethnic_groups.groups()
    assert list(groups) == [f"{number:02}" for number in range(1, 55)]
    assert len({group.name for group in groups.values()}) == 54
    assert [code for code, group in groups.items() if not group.is_minority] == ["01"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kinh", "01"), ("Mông", "08"), ("Hmông", "08"), ("H'Mông", "08"), ("H’mông", "08"), ("Mèo", "08"),
        ("mong", "08"), ("dân tộc Mông", "08"), ("Người Tày", "02"), ("Khmer", "05"), ("Khơ me", "05"),
        ("KHO-ME", "05"), ("Ê Đê", "12"), ("ede", "12"), ("Rađê", "12"), ("Cao Lan", "15"), ("Gia Rai", "10"),
        ("jrai", "10"), ("Bru-Vân Kiều", "23"), ("Vân Kiều", "23"), ("Thổ", "24"), ("8", "08"), ("08", "08"),
        ("Mạ", "28"), ("Cơ Lao", "47"), ("Cống", "48"), ("Lào", "37"), ("Ơ-đu", "53"), ("M'nông", "20"),
        ("Kinh (Việt)", "01"), ("Hoa (Hán)", "04"), ("Mông (H'mông)", "08"), ("Dân tộc Thái (Thái Đen)", "03"),
    ],
)  # fmt: skip
def test_found_by_any_spelling(text: str, code: str) -> None:
    found = ethnic_groups.find(text)
    assert found is not None, ethnic_groups.candidates(text)
    assert found.code == code


@pytest.mark.parametrize("text", ["", "Pháp", "55", "0", "Mộngg", "99"])
def test_unknown(text: str) -> None:
    assert ethnic_groups.candidates(text) == []


def test_a_name_of_several_is_not_guessed() -> None:
    assert [group.code for group in ethnic_groups.candidates("Xá Lá Vàng")] == ["24", "41", "44", "45"]
    assert ethnic_groups.find("Xá Lá Vàng") is None


def test_every_own_name_is_found_with_its_marks() -> None:
    for group in ethnic_groups.groups().values():
        assert ethnic_groups.find(group.name) == group
        assert ethnic_groups.find(group.name.upper()) == group


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_an_answer(text: str) -> None:
    assert len({group.code for group in ethnic_groups.candidates(text)}) == len(ethnic_groups.candidates(text))


def test_languages_are_found_by_code_and_name() -> None:
    for text, code in {
        "hmn": "hmn",
        "Tiếng Mông": "hmn",
        "H'Mông": "hmn",
        "ê đê": "rad",
        "Khơ-me": "km",
        "tieng viet": "vi",
    }.items():
        assert languages.find(text) == code, text
    assert languages.find("Na'vi") is None
