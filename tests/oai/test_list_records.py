"""https://www.openarchives.org/OAI/openarchivesprotocol.html#ListRecords"""

from datetime import timedelta

import pytest

from library import records
from library.marcxml import from_element
from library.models import Source
from tests.oai.books import LEADER
from tests.oai.conftest import DAY, DC, MARC, OAI, identifier


def test_all_records_in_the_order_of_their_change(ask, shelve):
    second, first = shelve("1", "Hai", changed=DAY + timedelta(seconds=1)), shelve("2", "Một", changed=DAY)
    answer = ask({"verb": "ListRecords", "metadataPrefix": "marc21"})
    assert answer.identifiers == [identifier(first), identifier(second)]
    assert [from_element(each).marc for each in answer.root.iter(f"{MARC}record")] == [first.marc, second.marc]
    assert answer.texts("datestamp") == ["2026-03-01T08:00:00Z", "2026-03-01T08:00:01Z"]


def test_dublin_core(ask, shelve):
    shelve("1", "Hai", changed=DAY)
    shelve("2", "Một", changed=DAY)
    answer = ask({"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    assert [each.text for each in answer.root.iter(f"{DC}title")] == ["Hai", "Một"]


def test_deleted_records_stay_in_the_list_without_metadata(ask, shelve):
    record, gone = shelve("1", changed=DAY), shelve("2", changed=DAY)
    records.delete(gone, by=None)
    answer = ask({"verb": "ListRecords", "metadataPrefix": "marc21"})
    found = [
        (each.findtext(f"{OAI}header/{OAI}identifier"), each.find(f"{OAI}header").get("status"), len(each))
        for each in answer.root.iter(f"{OAI}record")
    ]
    assert found == [(identifier(record), None, 2), (identifier(gone), "deleted", 1)]


def test_what_is_not_ours_is_not_in_the_list(ask, shelve):
    ours = shelve("1")
    shelve("2", source=Source.objects.create(key="lao-cai", name="Lào Cai"))
    authority = shelve("3", leader=LEADER[:6] + "z" + LEADER[7:])
    given = ask({"verb": "ListRecords", "metadataPrefix": "marc21"}).identifiers
    assert sorted(given) == sorted(map(identifier, (ours, authority)))


def test_a_new_record_is_in_the_list_at_once(ask, shelve):
    record = shelve("1")
    stamp = f"{record.changed:%Y-%m-%dT%H:%M:%SZ}"
    answer = ask({"verb": "ListRecords", "metadataPrefix": "marc21", "from": stamp, "until": stamp})
    assert answer.identifiers == [identifier(record)]


def test_who_goes_on_from_the_response_date_misses_nothing(ask, shelve):
    """A change stamped before an answer, and committed after it, is not earlier than the answer's date."""
    [date] = ask({"verb": "Identify"}).texts("responseDate")
    record = shelve("1")
    answer = ask({"verb": "ListRecords", "metadataPrefix": "marc21", "from": date})
    assert answer.identifiers == [identifier(record)]


@pytest.mark.parametrize("prefix", ["mods", "OAI_DC", "marcxml"])
def test_an_unknown_format(ask, shelve, prefix):
    shelve("1")
    assert ask({"verb": "ListRecords", "metadataPrefix": prefix}).code == "cannotDisseminateFormat"


def test_an_empty_repository(ask):
    assert ask({"verb": "ListRecords", "metadataPrefix": "oai_dc"}).code == "noRecordsMatch"


def test_gzip_for_those_who_take_it(client, shelve):
    for number in range(5):
        shelve(str(number))
    arguments = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    response = client.get("/oai", arguments, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/oai", arguments)
