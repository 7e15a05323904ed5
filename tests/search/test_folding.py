"""One analysis of Vietnamese text for documents, queries and highlighting."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.folding import GAP, findable, fold, identifier, indexed, sort_key, words

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệ ìíỉĩịòóỏõọ’'-–ĐÊHMƠƯ \u0301\u0302\u0303"
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đường", "duong"), ("ƯƠNG", "uong"), ("Ðắk Lắk", "dak lak"), ("Lô Lô", "lo lo"), ("ភាសា", "ភាសា"), ("Øß", "oss")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text() | VIETNAMESE)
@example("A\u0300\u0300\u0302")  # two tones before the shape
@example("a \u0300 \u0300")
@example("a\u0300 \u0323\u0302")  # what moves before the space is not in its order there
@example("a\u0300\u0302\u0300\u0302")
def test_fold_and_compose_are_idempotent(text: str) -> None:
    assert findable(findable(text)) == findable(text)
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_any_normal_form_is_indexed_alike(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert indexed([unicodedata.normalize("NFD", text)]) == indexed([text])


@given(st.lists(st.text() | VIETNAMESE, max_size=3))
def test_indexed_text_is_words_parted_by_single_spaces(values: list[str]) -> None:
    """Engines split at spaces and at nothing else: every kind of space would be a difference between them."""
    for text in indexed(values):
        assert text == " ".join(text.split())
        assert "  " not in text


@given(st.text() | VIETNAMESE)
def test_words_are_where_they_say(text: str) -> None:
    text = findable(text)
    ends = [0]
    for word in words(text):
        assert word.start >= ends[-1]
        assert word.marked == text[word.start : word.end].lower()[:100]
        ends.append(word.end)


def test_signs_that_nobody_sees_part_no_word() -> None:
    assert findable("Hà\u200b N\u00adội\ufeff") == "Hà\u200b Nội"


@pytest.mark.parametrize("name", ["Ê-đê", "Ê đê", "Êđê", "E-de", "EDE", "Ê‑đê"])
def test_a_name_is_indexed_as_its_parts_and_as_one_word(name: str) -> None:
    assert indexed([name])[0] == f"e de {GAP} ede"


@pytest.mark.parametrize("name", ["H’Mông", "H'Mông", "Hʼmông", "Hmông", "H`mông"])
def test_apostrophes_of_all_kinds_join(name: str) -> None:
    assert indexed([name]) == (f"h mong {GAP} hmong", f"h mông {GAP} hmông")


@given(
    st.lists(st.text(alphabet="abHMONGedl0 -'`|.\x1e\n–·©") | st.sampled_from(["Hmong", "Ha Noi", "EDE"]), max_size=4)
)
def test_values_that_are_indexed_together_are_as_by_themselves(values: list[str]) -> None:
    """Words with a gap behind each value, then once each what is written as one, in any order."""
    parts = [indexed([value])[0].rpartition(GAP) for value in values]
    words, gap, joined = indexed(values)[0].rpartition(GAP)
    assert words + gap == " ".join(filter(None, (its_words + its_gap for its_words, its_gap, _joined in parts)))
    assert sorted(joined.split()) == sorted({one for _words, _gap, each in parts for one in each.split()})


def test_a_sign_that_ends_a_field_in_marc_is_a_space_like_others() -> None:
    assert indexed(["Ba\x1eBể"])[0] == indexed(["Ba\x1eBe"])[0] == f"ba be {GAP}"
    assert indexed(["Ba\x1eBe", "Na Hang"])[0] == f"ba be {GAP} na hang {GAP}"


def test_words_written_as_one_do_not_part_a_phrase() -> None:
    assert indexed(["người K’Brếu ở Tày-Nùng"])[0] == f"nguoi k breu o tay nung {GAP} kbreu taynung"


def test_values_are_kept_apart() -> None:
    assert indexed(["Ba Bể", "Na Hang"])[0] == f"ba be {GAP} na hang {GAP}"


def test_han_signs_are_words() -> None:
    assert [word.folded for word in words("漢喃 thư")] == ["漢", "喃", "thu"]


def test_identifier_keeps_letters_and_digits() -> None:
    assert identifier("(OCoLC)978-604-1 X") == "ocolc9786041x"


def test_titles_sort_as_in_a_vietnamese_dictionary() -> None:
    titles = ["Đá", "Ăn", "Dân", "An", "Ân", "Anh", "an toàn", "Da", "Áo"]
    assert sorted(titles, key=sort_key) == ["An", "an toàn", "Anh", "Áo", "Ăn", "Ân", "Da", "Dân", "Đá"]


MIXED = st.lists(
    st.sampled_from(
        [
            "h",
            "mong",
            "HMONG",
            "Ê",
            "đê",
            "ede",
            "K",
            "Ho",
            "Σ",
            "東",
            "京",
            "x_y",
            "a" * 101,
            "-",
            "'",
            "’",
            " ",
            "\u0301",
        ]
    )
).map("".join)


@given(st.text() | VIETNAMESE | MIXED)
def test_the_quick_ways_of_indexing_give_the_words(text: str) -> None:
    """English without marks and known words take shorter ways; the words are those that queries and marking see."""
    found = words(findable(text))
    folded, marked = (each.partition(f" {GAP}")[0].split(" ") if found else [] for each in indexed([text]))
    assert folded == [word.folded for word in found]
    assert marked == [word.marked for word in found]
    assert identifier(text) == "".join(folded)
