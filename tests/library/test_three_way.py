"""Two people changed one record: nothing that only one of them did is lost or asked about."""

from hypothesis import given
from hypothesis import strategies as st

from library import marc_lines, three_way
from library.marc import MarcRecord

LDR = "LDR 00000nam#a2200000#i#4500"
BASE = [LDR, "020 ## $a1", "245 10 $aTruyện cổ", "300 ## $a359 tr.", "650 #4 $aTày", "650 #4 $aNùng"]


def marc(lines: list[str]) -> MarcRecord:
    return marc_lines.parse("\n".join(lines))


def merge(mine: list[str], theirs: list[str], base: list[str] = BASE) -> list[three_way.Entry]:
    return three_way.merge(marc(base), marc(mine), marc(theirs))


def replaced(old: str, new: str, lines: list[str] = BASE) -> list[str]:
    return [line.replace(old, new) for line in lines]


def test_changes_of_different_fields_are_joined() -> None:
    mine = [*replaced("cổ", "cổ tích"), "653 ## $aCủa tôi"]
    theirs = [LDR, *replaced("359", "360")[2:], "653 ## $aCủa họ"]  # 020 is gone
    assert three_way.settled(merge(mine, theirs)) == (
        f"{LDR}\n245 10 $aTruyện cổ tích\n300 ## $a360 tr.\n650 #4 $aTày\n650 #4 $aNùng\n"
        "653 ## $aCủa họ\n653 ## $aCủa tôi"
    )


def test_the_same_change_is_made_once() -> None:
    both = [*replaced("359", "360"), "653 ## $aMới"]
    assert three_way.settled(merge(both, both)) == "\n".join(both)


def test_a_field_that_both_changed_is_asked_about_and_only_that() -> None:
    entries = merge(replaced("cổ", "của tôi", replaced("359", "360")), replaced("cổ", "của họ"))
    assert three_way.settled(entries) is None
    [asked] = [entry for entry in entries if entry.agreed is None]
    assert asked == three_way.Entry("245 10 $aTruyện cổ", "245 10 $aTruyện của tôi", "245 10 $aTruyện của họ", None)
    assert "300 ## $a360 tr." in [entry.agreed for entry in entries]


def test_deleting_what_the_other_changed_is_asked_about_both_ways() -> None:
    without = [line for line in BASE if line[:3] != "300"]
    changed = replaced("359", "360")
    for mine, theirs in ((without, changed), (changed, without)):
        [asked] = [entry for entry in merge(mine, theirs) if entry.agreed is None]
        assert {asked.mine, asked.theirs} == {"", "300 ## $a360 tr."}


def test_deleting_what_the_other_left_is_done() -> None:
    without = [line for line in BASE if line != "650 #4 $aNùng"]
    for mine, theirs in ((without, BASE), (BASE, without)):
        assert three_way.settled(merge(mine, theirs)) == "\n".join(without)


def test_the_time_of_saving_is_no_conflict() -> None:
    base, mine, theirs = ([*BASE, f"005 2024010100000{number}.0"] for number in (0, 1, 2))
    assert three_way.settled(merge(mine, theirs, base)) == "\n".join(mine)


LINES = st.lists(st.sampled_from([f"{tag} ## $a{text}" for tag in ("500", "650") for text in "abcd"]), max_size=6)


@given(LINES, LINES)
def test_who_alone_changed_something_gets_it(base: list[str], mine: list[str]) -> None:
    base, mine = [LDR, *base], [LDR, *mine]
    assert three_way.settled(merge(mine, base, base)) == "\n".join(mine)
    theirs = three_way.settled(merge(base, mine, base))
    assert theirs is not None
    assert sorted(theirs.split("\n")) == sorted(mine)


@given(LINES, LINES, LINES)
def test_nothing_is_lost(base: list[str], mine: list[str], theirs: list[str]) -> None:
    entries = merge([LDR, *mine], [LDR, *theirs], [LDR, *base])
    shown = [line for entry in entries for line in (entry.mine, entry.theirs, entry.base)]
    assert set(shown) - {""} == {LDR, *base, *mine, *theirs}
    for line in set(mine) - set(base):
        assert any(entry.mine == line and entry.agreed in {line, None} for entry in entries)
    for line in set(theirs) - set(base):
        assert any(entry.theirs == line and entry.agreed in {line, None} for entry in entries) or line in mine
