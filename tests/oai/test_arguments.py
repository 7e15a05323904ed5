"""Illegal requests: https://www.openarchives.org/OAI/openarchivesprotocol.html#ErrorConditions"""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oai.arguments import VERBS
from tests.oai.conftest import Answer

CODES = {
    None,
    "badArgument",
    "badResumptionToken",
    "badVerb",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noRecordsMatch",
    "noSetHierarchy",
}


@pytest.mark.parametrize(
    "query", ["", "verb=", "verb=identify", "verb=Identify&verb=Identify", "verb=%00", "metadataPrefix=oai_dc"]
)
def test_a_bad_verb(client, db, query):
    answer = Answer(client.get(f"/oai?{query}").content)
    assert answer.code == "badVerb"
    assert answer.request.attrib == {}
    assert answer.request.text == "http://testserver/oai"


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify&x=1",
        "verb=Identify&metadataPrefix=oai_dc",
        "verb=GetRecord",
        "verb=GetRecord&identifier=oai:testserver.nhasan.invalid:1",
        "verb=GetRecord&metadataPrefix=oai_dc",
        "verb=GetRecord&identifier=a&metadataPrefix=oai_dc&set=x",
        "verb=GetRecord&identifier=a&identifier=a&metadataPrefix=oai_dc",
        "verb=GetRecord&identifier=&metadataPrefix=oai_dc",
        "verb=GetRecord&identifier=%00&metadataPrefix=oai_dc",
        "verb=GetRecord&identifier=a&metadataPrefix=oai dc",
        "verb=ListRecords",
        "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x",
        "verb=ListIdentifiers&resumptionToken=x&from=2026-01-01",
        "verb=ListIdentifiers",
        "verb=ListSets&set=x",
        "verb=ListSets&Verb=ListSets",
    ],
)
def test_a_bad_argument(client, db, query):
    answer = Answer(client.get(f"/oai?{query}").content)
    assert answer.code == "badArgument"
    assert answer.request.attrib == {}


def test_an_argument_in_query_and_form_is_repeated(client, db):
    response = client.post("/oai?verb=ListRecords&metadataPrefix=oai_dc", {"metadataPrefix": "oai_dc"})
    assert Answer(response.content).code == "badArgument"


def test_other_errors_repeat_the_request(client, db):
    answer = Answer(client.get("/oai?verb=ListRecords&metadataPrefix=mods&from=2026-01-01").content)
    assert answer.code == "cannotDisseminateFormat"
    assert answer.request.attrib == {"verb": "ListRecords", "metadataPrefix": "mods", "from": "2026-01-01"}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_only_get_and_post(client, db, method):
    response = getattr(client, method)("/oai?verb=Identify")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"


def test_a_form_of_another_kind_is_no_verb(client, db):
    assert Answer(client.post("/oai", b'{"verb": "Identify"}', "application/json").content).code == "badVerb"


NAMES = st.sampled_from(["verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken", "x"])
VALUES = st.one_of(
    st.sampled_from([*VERBS, "oai_dc", "marc21", "oai:testserver.nhasan.invalid:1", "2026-01-01", "9999-12-31"]),
    st.sampled_from(["0001-01-01", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30", "٢٠٢٦-01-01"]),
    st.text(max_size=20),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_every_request_gets_a_well_formed_answer(client, shelve, pairs):
    query = urlencode([(name, value.encode(errors="surrogatepass")) for name, value in pairs])
    response = client.get(f"/oai?{query}")
    assert response.status_code == 200
    assert Answer(response.content).code in CODES


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.binary(max_size=60))
def test_every_query_string_gets_a_well_formed_answer(client, db, query):
    response = client.get("/oai", QUERY_STRING=query.decode("latin-1"))
    assert response.status_code == 200
    assert Answer(response.content).code in CODES


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(["ListRecords", "ListIdentifiers"]),
    since=st.one_of(st.none(), st.dates().map(str)),
    until=st.one_of(st.none(), st.dates().map(str)),
)
def test_every_date_is_answered(client, db, verb, since, until):
    dates = {name: value for name, value in (("from", since), ("until", until)) if value}
    answer = Answer(client.get("/oai", {"verb": verb, "metadataPrefix": "oai_dc", **dates}).content)
    late = bool(since and until and since > until)
    assert answer.code == ("badArgument" if late else "noRecordsMatch")
