"""https://www.openarchives.org/OAI/openarchivesprotocol.html#Identify"""

from datetime import timedelta

from django.utils import timezone

from oai import datestamps
from tests.oai.conftest import DAY, OAI

IDENTIFIER = "{http://www.openarchives.org/OAI/2.0/oai-identifier}"


def test_says_all_that_the_protocol_requires_in_its_order(ask, shelve):
    shelve("1", changed=DAY)
    shelve("2", changed=DAY + timedelta(days=1))
    answer = ask({"verb": "Identify"})
    told = [(each.tag.removeprefix(OAI), each.text) for each in answer.root.find(f"{OAI}Identify")]
    assert told[:8] == [
        ("repositoryName", "Nhà Sàn"),
        ("baseURL", "http://testserver/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", "thuvien@nhasan.example.vn"),
        ("earliestDatestamp", "2026-03-01T08:00:00Z"),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    ]
    assert [name for name, _text in told[8:]] == ["description", "description"]


def test_describes_its_identifiers(ask):
    described = ask({"verb": "Identify"}).root.find(f".//{IDENTIFIER}oai-identifier")
    assert [each.text for each in described] == [
        "oai",
        "testserver.nhasan.invalid",
        ":",
        "oai:testserver.nhasan.invalid:1",
    ]


def test_says_that_harvested_records_are_not_passed_on(ask):
    [text] = ask({"verb": "Identify"}).root.iter("{http://purl.org/dc/elements/1.1/}description")
    assert "harvested from other repositories are not passed on" in text.text


def test_an_empty_repository_has_an_earliest_datestamp_too(ask):
    [text] = ask({"verb": "Identify"}).texts("earliestDatestamp")
    assert timedelta() <= timezone.now() - datestamps.parse(text) < timedelta(minutes=1)


def test_response_date_is_utc_in_whole_seconds(ask):
    [text] = ask({"verb": "Identify"}).texts("responseDate")
    assert len(text) == 20
    assert timedelta() <= timezone.now() - datestamps.parse(text) < timedelta(minutes=1)


def test_post_gives_the_same(ask, shelve):
    shelve("1", changed=DAY)
    by_get = ask({"verb": "Identify"}).root.find(f"{OAI}Identify")
    by_post = ask({"verb": "Identify"}, post=True).root.find(f"{OAI}Identify")
    assert [each.text for each in by_get] == [each.text for each in by_post]
