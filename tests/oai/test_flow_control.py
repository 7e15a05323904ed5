"""Resumption tokens: https://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import signing
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import identity
from library import records
from library.models import Collection, Record
from oai import datestamps, resumption, verbs
from tests.oai.conftest import DAY, identifier

# collections, records, memberships; on PostgreSQL the horizon twice
QUERIES = 5 if connection.vendor == "postgresql" else 3

FIRST = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


@pytest.fixture
def five(shelve, monkeypatch):
    """Five records, pages of two; the third to the fifth changed in the same second."""
    monkeypatch.setattr(verbs, "PAGE", 2)
    return [shelve(str(number), changed=DAY + timedelta(seconds=min(number, 2))) for number in range(5)]


def _next(answer, verb="ListIdentifiers"):
    return {"verb": verb, "resumptionToken": answer.token.text}


def test_pages_of_a_list(ask, five):
    first = ask(FIRST)
    second = ask(_next(first))
    third = ask(_next(second))
    pages = [answer.identifiers for answer in (first, second, third)]
    assert pages == [[identifier(record) for record in part] for part in (five[:2], five[2:4], five[4:])]
    marks = [(answer.token.get("cursor"), answer.token.get("completeListSize")) for answer in (first, second, third)]
    assert marks == [("0", "5"), ("2", "5"), ("4", "5")]
    assert third.token.text is None
    assert third.token.get("expirationDate") is None


def test_a_page_holds_a_hundred(ask, shelve):
    for number in range(201):
        shelve(str(number))
    sizes, answer = [], ask(FIRST)
    sizes.append(len(answer.identifiers))
    while answer.token.text:
        answer = ask(_next(answer))
        sizes.append(len(answer.identifiers))
    assert sizes == [100, 100, 1]


def test_a_list_that_fits_on_a_page_has_no_token(ask, five, monkeypatch):
    monkeypatch.setattr(verbs, "PAGE", 5)
    assert ask(FIRST).token is None


def test_a_token_gives_the_same_page_again(ask, five):
    again = _next(ask(FIRST))
    assert ask(again).identifiers == ask(again).identifiers == [identifier(record) for record in five[2:4]]


def test_a_token_carries_the_arguments(ask, shelve, five):
    part = Collection.objects.create(slug="tay", name="Tày")
    inside = [shelve(f"in {number}", changed=DAY, collections=(part,)) for number in range(4)]
    shelve("late", changed=DAY + timedelta(days=1), collections=(part,))
    arguments = {"metadataPrefix": "marc21", "set": "tay", "from": "2026-03-01", "until": "2026-03-01"}
    first = ask({"verb": "ListRecords", **arguments})
    second = ask(_next(first, "ListRecords"))
    assert [*first.identifiers, *second.identifiers] == [identifier(record) for record in inside]
    assert len(list(second.root.iter("{http://www.loc.gov/MARC21/slim}record"))) == 2
    assert second.request.attrib == {"verb": "ListRecords", "resumptionToken": first.token.text}


def test_what_changes_during_the_harvest_comes_at_its_end(ask, shelve, five):
    first = ask(FIRST)
    records.save(marc=five[0].marc, identifier="")  # seen already, unchanged
    Record.objects.filter(pk__in=[five[0].pk, five[3].pk]).update(changed=DAY + timedelta(hours=1))
    records.delete(five[4], by=None)
    new = shelve("new")
    seen, answer = list(first.identifiers), first
    while answer.token.text:
        answer = ask(_next(answer))
        seen += answer.identifiers
    expected = [five[0], five[1], five[2], five[0], five[3], five[4], new]
    assert seen == [identifier(record) for record in expected]


def test_a_list_whose_rest_is_gone_begins_anew(ask, five):
    first = ask(FIRST)
    Record.objects.filter(pk__in=[record.pk for record in five[2:]]).delete()
    assert ask(_next(first)).code == "badResumptionToken"


def test_a_token_expires_after_a_day(ask, five, monkeypatch):
    first = ask(FIRST)
    expires = datestamps.parse(first.token.get("expirationDate"))
    assert timedelta(hours=23, minutes=59) < expires - timezone.now() <= timedelta(days=1)
    now = timezone.now().timestamp()
    monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda: now + 86_399))
    assert ask(_next(first)).code is None
    monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda: now + 86_402))
    assert ask(_next(first)).code == "badResumptionToken"


def test_a_token_of_another_verb(ask, five):
    assert ask(_next(ask(FIRST), "ListRecords")).code == "badResumptionToken"


def test_a_token_of_another_repository(ask, five, monkeypatch):
    token = ask(FIRST).token.text
    monkeypatch.setattr(identity, "domain", lambda: "elsewhere.example")
    assert ask({"verb": "ListIdentifiers", "resumptionToken": token}).code == "badResumptionToken"


def test_a_token_of_another_version(ask, five, monkeypatch):
    token = ask(FIRST).token.text
    monkeypatch.setattr(resumption, "VERSION", 2)
    assert ask({"verb": "ListIdentifiers", "resumptionToken": token}).code == "badResumptionToken"


@pytest.mark.parametrize("token", ["zzz", ".", "..", "a.b.c", "ý", "0"])
def test_what_is_no_token(ask, five, token):
    for verb in ("ListIdentifiers", "ListRecords"):
        assert ask({"verb": verb, "resumptionToken": token}).code == "badResumptionToken"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_token_is_refused(ask, five, data):
    token = ask(FIRST).token.text
    at = data.draw(st.integers(0, len(token) - 2))  # the last character of base64 has bits that say nothing
    other = data.draw(st.sampled_from("abcXYZ019-_.").filter(lambda character: character != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    assert ask({"verb": "ListIdentifiers", "resumptionToken": changed}).code == "badResumptionToken"


def test_a_token_needs_no_escaping_in_a_url(ask, five):
    assert set(ask(FIRST).token.text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_the_number_of_queries_does_not_grow_with_the_page(ask, shelve, monkeypatch, django_assert_num_queries, verb):
    part = Collection.objects.create(slug="tay", name="Tày")
    for number in range(30):
        shelve(str(number), changed=DAY, collections=(part,))
    arguments = {"verb": verb, "metadataPrefix": "marc21", "set": "tay"}
    ask(arguments)  # warms what is read once in a process
    for page in (1, 5, 25):
        monkeypatch.setattr(verbs, "PAGE", page)
        with django_assert_num_queries(QUERIES + 1):  # and one to count the whole list
            first = ask(arguments)
        with django_assert_num_queries(QUERIES):
            ask(_next(first, verb))
