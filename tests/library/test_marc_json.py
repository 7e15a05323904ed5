"""MARC-in-JSON."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import marc_files, marc_json
from library.exceptions import Unreadable
from library.marc import ControlField, DataField, MarcRecord
from library.reading import Read, Refused, Repair
from tests.library.books import book

LEADER = "00000nam a2200000 i 4500"


def test_the_written_form() -> None:
    marc = MarcRecord(LEADER, [ControlField("001", "1"), DataField.of("245", "1 ", [("a", "Chăm"), ("a", "")])])
    assert marc_json.to_json(marc).decode() == (
        '{"leader":"00000nam a2200000 i 4500","fields":[{"001":"1"},'
        '{"245":{"ind1":"1","ind2":" ","subfields":[{"a":"Chăm"},{"a":""}]}}]}'
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"leader":"x","fields":[]}',
        b'{"leader":"00000nam a2200000 i 4500","fields":[{"1":"x"}]}',
        b'{"leader":"00000nam a2200000 i 4500","fields":[{"245":{"ind1":" "}}]}',
        b'{"leader":"00000nam a2200000 i 4500","fields":[{"245":{"ind1":" ","ind2":" ","subfields":[{"ab":"x"}]}}]}',
        b'{"leader":"00000nam a2200000 i 4500","fields":[{"245":5}]}',
    ],
)
def test_what_is_none_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        marc_json.from_json(data)


def test_marcs_own_marks_cannot_be_smuggled_in() -> None:
    marc = marc_json.from_json(
        b'{"leader":"00000nam a2200000 i 4500","fields":[{"001":"a\\u001e002b"},'
        b'{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"x\\u001fby"}]}}]}'
    )
    assert marc.fields == [ControlField("001", "a\ufffd002b"), DataField.of("245", "10", [("a", "x\ufffdby")])]


SHELF = [book("1", 'Trích "dẫn" {a} \\ và }'), book("2", "Ê-đê"), book("3", "\\")]


class Trickle(io.BytesIO):
    """A stream that gives so many bytes at a time."""

    step = 1

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.step)


@pytest.mark.parametrize(
    ("opening", "between", "closing"), [("[", ",", "]"), ("", "\n", "\n"), ("[\n ", " ,\r\n", "]"), ("", "", "")]
)
@given(step=st.integers(1, 900))
def test_records_are_read_from_arrays_and_lines_in_any_pieces(
    opening: str, between: str, closing: str, step: int
) -> None:
    data = opening.encode() + between.encode().join(map(marc_json.to_json, SHELF)) + closing.encode()
    stream = Trickle(data)
    stream.step = step
    items = list(marc_json.read(stream))
    assert [item.marc for item in items if isinstance(item, Read)] == SHELF
    assert [item.raw for item in items] == list(map(marc_json.to_json, SHELF))


def test_a_file_is_known_by_its_beginning() -> None:
    assert marc_files.form_of(io.BytesIO(b"\xef\xbb\xbf [{}]")) == "json"


def test_damage_is_mended_or_set_aside_and_the_rest_goes_on() -> None:
    short = b'{"leader":"00000nam","fields":[{"245":{"subfields":[{"a":"x"}]}}]}'
    wrong = b'{"leader":"00000nam a2200000 i 4500","fields":[{"245":5}]}'
    data = b"[" + short + b"," + wrong + b"," + marc_json.to_json(SHELF[1]) + b',{"leader":'
    mended, refused, good, cut = marc_json.read(io.BytesIO(data))
    assert isinstance(mended, Read)
    assert (mended.repairs, mended.marc.leader) == ((Repair.LEADER,), "00000nam".ljust(24))
    assert mended.marc.fields == [DataField.of("245", "  ", [("a", "x")])]
    assert isinstance(refused, Refused)
    assert refused.raw == wrong
    assert isinstance(good, Read)
    assert good.marc == SHELF[1]
    assert isinstance(cut, Refused)
    assert cut.reason.startswith("cut off")


def test_an_endless_object_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marc_json, "LIMIT", 1000)
    [item] = marc_json.read(io.BytesIO(b'[{"leader":"' + b"x" * 200_000))
    assert isinstance(item, Refused)
    assert len(item.raw) == 1000
