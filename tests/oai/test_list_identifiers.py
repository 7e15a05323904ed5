"""https://www.openarchives.org/OAI/openarchivesprotocol.html#ListIdentifiers"""

from library import records
from tests.oai.conftest import DAY, OAI, identifier


def test_headers_only(ask, shelve):
    record, gone = shelve("1", changed=DAY), shelve("2", changed=DAY)
    records.delete(gone, by=None)
    listed = ask({"verb": "ListIdentifiers", "metadataPrefix": "marc21"}).root.find(f"{OAI}ListIdentifiers")
    assert [(each.tag, each.get("status"), each[0].text) for each in listed] == [
        (f"{OAI}header", None, identifier(record)),
        (f"{OAI}header", "deleted", identifier(gone)),
    ]


def test_the_format_must_be_one_of_ours(ask, shelve):
    shelve("1")
    assert ask({"verb": "ListIdentifiers", "metadataPrefix": "mods"}).code == "cannotDisseminateFormat"
