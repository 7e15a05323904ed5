"""from and until: https://www.openarchives.org/OAI/openarchivesprotocol.html#Datestamp"""

from datetime import timedelta

import pytest

from tests.oai.conftest import DAY, identifier


@pytest.fixture
def three(shelve):
    """Changed at 8:00:00 on the first, second and third of March."""
    return [shelve(str(number), changed=DAY + timedelta(days=number)) for number in range(3)]


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [0, 1, 2]),
        ("2026-03-02", None, [1, 2]),
        ("2026-03-02T08:00:00Z", None, [1, 2]),
        ("2026-03-02T08:00:01Z", None, [2]),
        (None, "2026-03-02", [0, 1]),
        (None, "2026-03-02T08:00:00Z", [0, 1]),
        (None, "2026-03-02T07:59:59Z", [0]),
        ("2026-03-02", "2026-03-02", [1]),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", [1]),
        ("0001-01-01", "9999-12-31", [0, 1, 2]),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", [0, 1, 2]),
    ],
)
def test_both_ends_are_included(ask, three, verb, since, until, expected):
    dates = {name: value for name, value in (("from", since), ("until", until)) if value}
    answer = ask({"verb": verb, "metadataPrefix": "oai_dc", **dates})
    assert answer.identifiers == [identifier(three[index]) for index in expected]


@pytest.mark.parametrize(
    ("since", "until"), [("2026-03-04", None), (None, "2026-02-28"), ("2026-03-02T08:00:01Z", "2026-03-03T07:59:59Z")]
)
def test_an_empty_stretch(ask, three, since, until):
    dates = {name: value for name, value in (("from", since), ("until", until)) if value}
    assert ask({"verb": "ListRecords", "metadataPrefix": "oai_dc", **dates}).code == "noRecordsMatch"


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-02", "2026-03-02T08:00:00Z"),
        ("2026-03-02T08:00:00Z", "2026-03-03"),
        ("2026-03-03", "2026-03-02"),
        ("2026-03-02T08:00:00.5Z", None),
        ("2026-03-02T08:00:00", None),
        ("2026-03-02T08:00:00+07:00", None),
        ("2026-03-02 08:00:00Z", None),
        ("2026-03-02T08:00Z", None),
        ("2026-03", None),
        ("20260302", None),
        ("2026-02-30", None),
        ("2026-03-02T24:00:00Z", None),
        ("2026-03-02T08:00:60Z", None),
        ("0000-01-01", None),
        ("٢٠٢٦-03-02", None),
        ("", None),
    ],
)
def test_dates_that_are_none(ask, three, since, until):
    dates = {name: value for name, value in (("from", since), ("until", until)) if value is not None}
    assert ask({"verb": "ListRecords", "metadataPrefix": "oai_dc", **dates}).code == "badArgument"
