"""MARCXML: hostile, broken and wrapped files; characters that XML forbids."""

import io

import pytest
from lxml import etree

from library import marcxml
from library.marc import ControlField, DataField, MarcRecord
from library.reading import Read, Refused, Repair
from tests.library.books import book

ONE = marcxml.to_xml(book())


def read(data: bytes) -> list[Read | Refused]:
    return list(marcxml.read(io.BytesIO(data)))


def test_the_written_form() -> None:
    marc = MarcRecord("0" * 24, [ControlField("001", "a&b"), DataField.of("245", "1 ", [("a", "<Ê-đê>"), ("b", "x")])])
    assert marcxml.to_xml(marc).decode() == (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>000000000000000000000000</leader>'
        '<controlfield tag="001">a&amp;b</controlfield><datafield tag="245" ind1="1" ind2=" ">'
        '<subfield code="a">&lt;Ê-đê&gt;</subfield><subfield code="b">x</subfield></datafield></record>'
    )


@pytest.mark.parametrize("tag", ['<&"', "a<b", "24&"])
def test_a_tag_and_indicators_are_escaped(tag: str) -> None:
    root = etree.fromstring(
        marcxml.to_xml(MarcRecord("0" * 24, [DataField(tag, '<"\x1fax'), DataField(tag, "1 \x1fax")]))
    )
    found = [(each.get("tag"), each.get("ind1"), each.get("ind2")) for each in root[1:]]
    assert found == [(tag, "<", '"'), (tag, "1", " ")]


def test_characters_that_xml_forbids_come_out_as_the_replacement_character() -> None:
    marc = MarcRecord("0" * 24, [DataField.of("245", "10", [("a", "tr\x1bước\x00sau\x0b\uffff")])])
    [item] = read(marcxml.to_xml(marc))
    assert isinstance(item, Read)
    assert item.marc.fields[0].content == "10\x1fatr\ufffdước\ufffdsau\ufffd\ufffd"


def test_line_ends_are_kept() -> None:
    marc = MarcRecord("0" * 24, [DataField.of("520", "  ", [("a", "một\r\nhai\tba\n")])])
    [item] = read(marcxml.to_xml(marc))
    assert isinstance(item, Read)
    assert item.marc.fields == marc.fields


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.loc.gov/MARC21/slim"'])
def test_records_are_found_inside_oai_pmh(namespace: str) -> None:
    inner = marcxml.to_xml(book(), namespace=False).replace(b"<record>", f"<record{namespace}>".encode())
    header = b"<header><identifier>oai:x:1</identifier></header>"
    deleted = b'<record><header status="deleted"/></record>'
    data = b"<OAI-PMH><ListRecords><record>%b<metadata>%b</metadata></record>%b</ListRecords></OAI-PMH>"
    [item] = read(data % (header, inner, deleted))
    assert isinstance(item, Read)
    assert item.marc == book()


def test_records_of_another_vocabulary_are_refused() -> None:
    [item] = read(b'<r><record xmlns="info:pica"><datafield tag="021"/></record></r>')
    assert isinstance(item, Refused)
    assert item.reason == "a record of info:pica, not of MARC"


def test_a_dtd_is_refused_and_no_entity_is_read() -> None:
    data = b'<!DOCTYPE record [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ONE.replace(b"Quy", b"&x;")
    assert read(data) == [Refused(b"", "the file declares a DTD, which MARCXML has no use for")]


def many(*inner: bytes, opening: bytes = marcxml.OPENING) -> list[Read | Refused]:
    """Records 1, 2 … of one file, with what is given for each instead of its title's first word."""
    made = [
        marcxml.to_xml(book(str(number)), namespace=False).replace("Truyện".encode(), each)
        for number, each in enumerate(inner, start=1)
    ]
    return read(opening + b"\n".join(made) + marcxml.CLOSING)


def titles(items: list[Read | Refused]) -> list[str]:
    return [
        item.marc.first("245").first("a") if isinstance(item, Read) else "–"  # type: ignore[union-attr]
        for item in items
    ]


@pytest.mark.parametrize(
    ("damage", "title"),
    [
        (b"A\x1fB", "A\ufffdB"),
        (b"A&#x1f;B", "A\ufffdB"),
        (b"A & B", "A & B"),
        (b"A&nbsp;B&eacute;&khong;", "A\u00a0Bé&khong;"),
        (b"A\xff", "A\ufffd"),
    ],
)
def test_bad_text_is_mended_and_the_rest_of_the_file_goes_on(damage: bytes, title: str) -> None:
    items = many(b"Mot", damage, b"Ba")
    assert titles(items) == ["Mot cổ Tày /", f"{title} cổ Tày /", "Ba cổ Tày /"]
    assert [item.repairs for item in items if isinstance(item, Read)] == [(), (Repair.BYTES,), ()]


@pytest.mark.parametrize("damage", [b"</subfield>", b"A < B", b'<subfield code="x">', b"</datafield>"])
def test_a_record_whose_tags_do_not_fit_is_set_aside_and_the_rest_goes_on(damage: bytes) -> None:
    items = many(b"Mot", damage, b"Ba", damage, b"Nam")
    assert titles(items) == ["Mot cổ Tày /", "–", "Ba cổ Tày /", "–", "Nam cổ Tày /"]
    first, second = (item for item in items if isinstance(item, Refused))
    assert first.reason.startswith("no XML from line ")
    assert second.reason.startswith("a damaged record in XML: ")
    assert (b">2</controlfield>" in first.raw, b">4</controlfield>" in second.raw) == (True, True)


def test_a_record_that_lost_its_end_takes_no_other_with_it() -> None:
    one, two, three = (marcxml.to_xml(book(number), namespace=False) for number in "123")
    items = read(marcxml.OPENING + one + two.removesuffix(b"</record>") + three + marcxml.CLOSING)
    assert [item.marc.control("001") if isinstance(item, Read) else "–" for item in items] == ["1", "3", "–"]
    assert b">2</controlfield>" in items[2].raw


def test_records_in_oai_and_with_prefixes_are_cut_out_too() -> None:
    inner = '<m:record><m:leader>00000nam a2200000 i 4500</m:leader><m:datafield tag="245" ind1="1" ind2="0">'
    inner += '<m:subfield code="a">%s</m:subfield></m:datafield></m:record>'
    outer = "<record><header/><metadata>" + inner + "</metadata></record>"
    gone = '<record><header status="deleted"/></record>'
    opening = '\n<?xml version="1.0" encoding="UTF-8"?><OAI xmlns:m="http://www.loc.gov/MARC21/slim">'
    items = read((opening + outer % "Một" + gone + outer % "Hai & ba" + "</OAI>").encode())
    assert titles(items) == ["Một", "Hai & ba"]


def test_what_breaks_behind_the_last_record_is_said() -> None:
    data = marcxml.OPENING + marcxml.to_xml(book(), namespace=False)
    first, second = read(data + b"\n<record><leader x")
    assert isinstance(first, Read)
    assert isinstance(second, Refused)
    assert second.reason.startswith("no XML from line 4 on")
    assert second.raw == b"<record><leader x"
    [first, second] = read(data + b"\n<<<")
    assert isinstance(first, Read)
    assert second.reason.startswith("no XML from line 4 on")  # type: ignore[union-attr]


def test_damaged_tags_indicators_codes_and_leaders_are_mended() -> None:
    [item] = read(
        b'<record><leader>short</leader><controlfield>x</controlfield><controlfield tag="001">1</controlfield>'
        b'<datafield tag="245" ind1="" ind2="10"><subfield>a</subfield><sub code="b">b</sub></datafield></record>'
    )
    assert isinstance(item, Read)
    assert item.marc == MarcRecord("short".ljust(24), [ControlField("001", "1"), DataField("245", " 1\x1f a")])
    assert set(item.repairs) == {Repair.FIELD, Repair.LEADER}


def test_a_tag_is_letters_and_digits_and_a_leader_ascii() -> None:
    [item] = read(
        '<record><leader>00000nam a22ế0000 i 4500</leader><datafield tag="a&lt;b" ind1="1" ind2=" ">'
        '<subfield code="a">x</subfield></datafield><controlfield tag="24 ">y</controlfield></record>'.encode()
    )
    assert isinstance(item, Read)
    fields = [DataField("aXb", "1 \x1fax"), DataField("24X", "y")]
    assert item.marc.leader == "00000nam a22 0000 i 4500"
    assert [(each.tag, each.content) for each in item.marc.fields] == [(each.tag, each.content) for each in fields]
    assert item.repairs == (Repair.FIELD, Repair.LEADER)
    assert b'tag="a&lt;b"' in item.raw


def test_memory_stays_bounded() -> None:
    """Read elements are freed: at the end the tree holds only the last record."""
    stream = io.BytesIO(marcxml.OPENING + marcxml.to_xml(book(), namespace=False) * 500 + marcxml.CLOSING)
    sizes = []
    for item in marcxml.read(stream):
        assert isinstance(item, Read)
        sizes.append(len(item.raw))
    assert (len(sizes), len(set(sizes))) == (500, 1)


def test_the_raw_bytes_stand_by_themselves() -> None:
    data = b'<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">' + ONE + b"</m:collection>"
    [item] = read(data)
    assert isinstance(item, Read)
    assert etree.fromstring(item.raw).tag == "{http://www.loc.gov/MARC21/slim}record"
