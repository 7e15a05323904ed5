"""MARC-in-JSON."""

import pytest

from library import marc_json
from library.exceptions import Unreadable
from library.marc import ControlField, DataField, MarcRecord

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
    assert marc.fields == [ControlField("001", "a 002b"), DataField.of("245", "10", [("a", "x by")])]
