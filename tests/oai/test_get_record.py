"""https://www.openarchives.org/OAI/openarchivesprotocol.html#GetRecord"""

import pytest
from lxml import etree

from library import records
from library.marc import ControlField, DataField, MarcRecord
from library.marcxml import from_element
from library.models import Record, Source
from tests.oai.books import LEADER, book
from tests.oai.conftest import DAY, DC, MARC, OAI, identifier


def test_marc21_is_the_record_as_it_came(ask, shelve):
    record = shelve("1", "Chữ viết & <tiếng> Mông", changed=DAY)
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "marc21"})
    [marc] = answer.root.iter(f"{MARC}record")
    assert from_element(marc).marc == record.marc == book("1", "Chữ viết & <tiếng> Mông")
    assert marc.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation") == (
        "http://www.loc.gov/MARC21/slim http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
    )


def test_oai_dc_has_the_elements_and_the_readers_page(ask, shelve):
    record = shelve("1", "Chữ viết & <tiếng> Mông", subjects="Người Mông|Chữ viết", changed=DAY)
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "oai_dc"})
    [dc] = answer.root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    assert [each.text for each in dc.iter(f"{DC}title")] == ["Chữ viết & <tiếng> Mông"]
    assert [each.text for each in dc.iter(f"{DC}subject")] == ["Người Mông", "Chữ viết"]
    assert f"http://testserver/library/records/{record.pk}/" in [each.text for each in dc.iter(f"{DC}identifier")]
    assert {etree.QName(each).namespace for each in dc} == {"http://purl.org/dc/elements/1.1/"}


def test_header(ask, shelve):
    record = shelve("1", changed=DAY)
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "marc21"})
    header = answer.root.find(f"{OAI}GetRecord/{OAI}record/{OAI}header")
    assert header.attrib == {}
    assert [each.text for each in header] == [identifier(record), "2026-03-01T08:00:00Z"]


def test_the_request_is_repeated(ask, shelve):
    arguments = {"verb": "GetRecord", "identifier": identifier(shelve("1")), "metadataPrefix": "marc21"}
    answer = ask(arguments)
    assert answer.request.attrib == arguments
    assert answer.request.text == "http://testserver/oai"


def test_a_deleted_record_is_a_header_with_its_time_of_deletion(ask, shelve):
    record = shelve("1", changed=DAY)
    records.delete(record, by=None)
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "oai_dc"})
    [element] = answer.root.iter(f"{OAI}record")
    assert [each.tag for each in element] == [f"{OAI}header"]
    assert element[0].attrib == {"status": "deleted"}
    assert answer.texts("datestamp") == [f"{record.changed:%Y-%m-%dT%H:%M:%SZ}"]


def test_a_record_taken_back_to_draft_is_deleted_for_harvesters(ask, shelve):
    record = shelve("1", changed=DAY)
    Record.objects.filter(pk=record.pk).update(status="draft")
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "oai_dc"})
    [element] = answer.root.iter(f"{OAI}record")
    assert [each.tag for each in element] == [f"{OAI}header"]
    assert element[0].attrib == {"status": "deleted"}


@pytest.mark.parametrize(
    "name",
    [
        "oai:testserver.nhasan.invalid:0",
        "oai:testserver.nhasan.invalid:999999",
        "oai:testserver.nhasan.invalid:99999999999999999999999",
        "oai:testserver.nhasan.invalid:x",
        "oai:testserver.nhasan.invalid:-1",
        "oai:testserver.nhasan.invalid:²",
        "oai:testserver.nhasan.invalid:",
        "oai:elsewhere.example:1",
        "1",
        "http://testserver/library/records/1/",
        '"><x',
    ],
)
def test_an_unknown_identifier(ask, shelve, name):
    shelve("1")
    answer = ask({"verb": "GetRecord", "identifier": name, "metadataPrefix": "oai_dc"})
    assert answer.code == "idDoesNotExist"
    assert answer.request.get("identifier") == name


def test_an_identifier_has_one_spelling(ask, shelve):
    record = shelve("1")
    padded = f"oai:testserver.nhasan.invalid:0{record.pk}"
    assert ask({"verb": "GetRecord", "identifier": padded, "metadataPrefix": "oai_dc"}).code == "idDoesNotExist"


def test_an_unknown_format(ask, shelve):
    arguments = {"verb": "GetRecord", "identifier": identifier(shelve("1")), "metadataPrefix": "mods"}
    assert ask(arguments).code == "cannotDisseminateFormat"


def test_harvested_records_are_not_given_away(ask, shelve):
    harvested = shelve("1", source=Source.objects.create(key="lao-cai", name="Lào Cai"))
    answer = ask({"verb": "GetRecord", "identifier": identifier(harvested), "metadataPrefix": "marc21"})
    assert answer.code == "idDoesNotExist"


def test_authorities_come_in_both_formats(ask, db):
    marc = MarcRecord(
        LEADER[:6] + "z" + LEADER[7:],
        [
            ControlField("001", "dt-02"),
            ControlField("003", "NhaSan"),
            DataField.of("150", "  ", [("a", "Người Tày")]),
            DataField.of("377", " 7", [("a", "tyz"), ("2", "iso639-3")]),
            DataField.of("450", "  ", [("a", "Thổ")]),
            DataField.of("550", "  ", [("a", "Tiếng Tày"), ("0", "(NhaSan)nn-tyz")]),
        ],
    )
    record, _outcome = records.save(marc=marc)
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "marc21"})
    [given] = answer.root.iter(f"{MARC}record")
    assert from_element(given).marc == marc
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "oai_dc"})
    told = [(etree.QName(each).localname, each.text) for each in answer.root.iter() if DC in str(each.tag)]
    assert told == [
        ("title", "Người Tày"),
        ("title", "Thổ"),
        ("type", "Authority"),
        ("language", "tyz"),
        ("relation", "Tiếng Tày"),
        ("identifier", f"http://testserver/library/records/{record.pk}/"),
    ]


def test_where_files_are_not_for_everyone_their_addresses_stay_behind(ask, shelve):
    record, _outcome = records.save(
        marc=MarcRecord(
            LEADER,
            [
                *book("1").fields,
                DataField.of("506", "1 ", [("a", "Chỉ đọc tại chỗ.")]),
                DataField.of("856", "40", [("u", "https://x.example.vn/bi-mat.pdf")]),
            ],
        )
    )
    for prefix in ("marc21", "oai_dc"):
        answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": prefix})
        assert "Chỉ đọc tại chỗ" in answer.content.decode()
        assert "bi-mat.pdf" not in answer.content.decode()


def test_without_the_communitys_consent_a_record_is_deleted_for_harvesters(ask, db):
    marc = MarcRecord(LEADER, [*book("1").fields, DataField.of("655", " 4", [("a", "Tư liệu dân tộc học.")])])
    record, _outcome = records.save(marc=marc)
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "marc21"})
    [element] = answer.root.iter(f"{OAI}record")
    assert [each.tag for each in element] == [f"{OAI}header"]
    assert element[0].attrib == {"status": "deleted"}


@pytest.mark.parametrize("prefix", ["oai_dc", "marc21"])
def test_characters_that_xml_forbids_do_not_break_the_answer(ask, shelve, prefix):
    record = shelve("1", "Truyện\x0b cổ\x1b Tày\ufffe")
    answer = ask({"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": prefix})
    assert answer.identifiers[0] == identifier(record)
    assert "Truyện" in answer.content.decode()
