"""sickle, another's harvester, against our provider over HTTP: it gets exactly what is stored."""

import pytest
from lxml import etree
from sickle import Sickle

from library import dublin_core, records
from library.marcxml import from_element
from library.models import Record
from tests.oai.books import book
from tests.oai.conftest import DC, MARC, identifier


@pytest.fixture
def stored(transactional_db):
    """250 books, one of them deleted: three pages."""
    incoming = [
        book(str(number), f"Sách số {number} & <chữ>", subjects="Người Tày|Người Nùng") for number in range(250)
    ]
    for start in range(0, 250, 50):
        records.save_many(
            [
                records.Incoming(marc, f"{start + at}".encode(), "iso2709")
                for at, marc in enumerate(incoming[start : start + 50])
            ]
        )
    records.delete(Record.objects.get(title="Sách số 7 & <chữ>"), by=None)
    return {identifier(record): record for record in Record.objects.all()}


def test_marc21(live_server, stored):
    harvested = list(Sickle(f"{live_server.url}/oai").ListRecords(metadataPrefix="marc21"))
    assert sorted(each.header.identifier for each in harvested) == sorted(stored)
    assert [each.header.identifier for each in harvested if each.deleted] == [
        key for key, record in stored.items() if record.deleted_at
    ]
    for each in harvested:
        if not each.deleted:
            [marc] = each.xml.iter(f"{MARC}record")
            assert from_element(marc).marc == stored[each.header.identifier].marc


def test_oai_dc(live_server, stored):
    harvested = list(Sickle(f"{live_server.url}/oai").ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))
    alive = {key: record for key, record in stored.items() if not record.deleted_at}
    assert sorted(each.header.identifier for each in harvested) == sorted(alive)
    for each in harvested:
        [root] = each.xml.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
        record = alive[each.header.identifier]
        page = ("identifier", f"http://testserver/library/records/{record.pk}/")
        told = [(etree.QName(part).localname, part.text) for part in root]
        assert told == [*dublin_core.elements(record.marc), page]
        assert [part.text for part in root.iter(f"{DC}title")] == [record.title]


def test_the_other_verbs(live_server, stored):
    sickle = Sickle(f"{live_server.url}/oai", http_method="POST")
    assert sickle.Identify().deletedRecord == "persistent"
    assert [each.metadataPrefix for each in sickle.ListMetadataFormats()] == ["oai_dc", "marc21"]
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
    assert sorted(each.identifier for each in headers) == sorted(stored)
    key, record = next((key, record) for key, record in stored.items() if not record.deleted_at)
    assert sickle.GetRecord(identifier=key, metadataPrefix="oai_dc").metadata["title"] == [record.title]
