"""https://www.openarchives.org/OAI/openarchivesprotocol.html#ListMetadataFormats"""

from tests.oai.conftest import identifier

FORMATS = [
    "oai_dc",
    "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
    "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "marc21",
    "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd",
    "http://www.loc.gov/MARC21/slim",
]


def _formats(answer):
    return [part.text for each in answer.root.iter("{*}metadataFormat") for part in each]


def test_names_both_formats(ask):
    assert _formats(ask({"verb": "ListMetadataFormats"})) == FORMATS


def test_an_item_has_both(ask, shelve):
    record = shelve("1")
    answer = ask({"verb": "ListMetadataFormats", "identifier": identifier(record)})
    assert _formats(answer) == FORMATS
    assert answer.request.attrib == {"verb": "ListMetadataFormats", "identifier": identifier(record)}


def test_an_unknown_item_has_none(ask):
    answer = ask({"verb": "ListMetadataFormats", "identifier": "oai:testserver.nhasan.invalid:1"})
    assert answer.code == "idDoesNotExist"


def test_takes_no_prefix(ask):
    assert ask({"verb": "ListMetadataFormats", "metadataPrefix": "oai_dc"}).code == "badArgument"
