"""Records that are made here have a control number of this library, and keep it."""

import io
import re
from typing import Any

import pytest

from library import authorities, editing, iso2709, marc_lines, record_templates, starter_authorities
from library.importing import import_file
from library.marc import MarcRecord
from library.models import Record
from tests.library.books import book
from tests.library.test_record_table import EPIC, HEADINGS, hand_in, written

pytestmark = pytest.mark.django_db
NUMBER = re.compile("ns-[0-9a-f]{16}")


def made(marc: MarcRecord, by: Any) -> Record:
    return editing.create(marc=marc, by=by)


def tags(record: Record) -> list[str]:
    return [each.tag for each in record.marc.fields[:4]]


def test_a_new_record_begins_with_a_number_of_the_library(librarian: Any, settings: Any) -> None:
    settings.MARC_AGENCY = "VN-HVDT"
    first, second = (made(book(number="", agency=""), librarian) for _time in range(2))
    assert tags(first) == ["001", "003", "005", "008"]
    assert NUMBER.fullmatch(first.control_number)
    assert first.control_number != second.control_number
    assert first.control_agency == second.control_agency == "VN-HVDT"
    assert iso2709.parse(bytes(first.raw))[0].control("001") == first.control_number


def test_a_number_that_the_cataloguer_wrote_stays(librarian: Any) -> None:
    assert made(book(number="tv-17", agency="VN-TV"), librarian).marc.control("003") == "VN-TV"
    alone = made(book(number="tv-18", agency=""), librarian)
    assert (alone.control_number, alone.control_agency) == ("tv-18", "")
    without = made(book(number=" ", agency="VN-TV"), librarian)
    assert NUMBER.fullmatch(without.control_number)
    assert without.control_agency == "VN-NhaSan"
    assert [each.tag for each in without.marc.fields].count("001") == 1


def test_editing_publishing_and_copying_leave_the_number_alone(librarian: Any) -> None:
    record = made(book(number="", agency=""), librarian)
    number = record.control_number
    again = marc_lines.parse(marc_lines.write(record.marc).replace("Tày", "Nùng"))
    record = editing.change(record, marc=again, version=record.version, by=librarian)
    record = editing.publish(record, by=librarian)
    assert (record.title, record.control_number) == ("Truyện cổ Nùng", number)
    copy = made(editing.copied(record.marc), librarian)
    assert NUMBER.fullmatch(copy.control_number)
    assert copy.control_number != number


def test_an_edited_export_finds_its_record_again(librarian: Any) -> None:
    record = editing.publish(made(book(number="", agency=""), librarian), by=librarian)
    changed = marc_lines.parse(marc_lines.write(record.marc).replace("359 tr.", "360 tr."))
    import_file(io.BytesIO(iso2709.write(changed)), name="sua.mrc")
    assert Record.objects.count() == 1
    again = Record.objects.get()
    assert (again.pk, again.control_number) == (record.pk, record.control_number)
    assert again.marc.first("300").first("a") == "360 tr. ;"


def test_records_that_come_from_elsewhere_get_none() -> None:
    raw = iso2709.write(book(number="", agency=""))
    import_file(io.BytesIO(raw), name="cu.mrc")
    record = Record.objects.get()
    assert (record.control_number, bytes(record.raw)) == ("", raw)


def test_rows_of_a_table_get_numbers_by_which_the_same_row_is_known() -> None:
    written(hand_in(EPIC, match_on="number", on_match="overlay"))
    record = Record.objects.get()
    assert NUMBER.fullmatch(record.control_number)
    assert record.control_agency == "VN-NhaSan"
    assert written(hand_in(EPIC, match_on="number", on_match="overlay")).came == {"same": 1}
    assert Record.objects.count() == 1


def test_a_row_that_replaces_a_record_leaves_it_its_number() -> None:
    written(hand_in(EPIC))
    before = Record.objects.get()
    changed = ("Sử thi Đăm Săn", "Hà Công Tài", "2003", "Thế giới", *EPIC[4:])
    for _time in range(2):
        written(hand_in(changed, on_match="overlay"))
        after = Record.objects.get()
        assert (after.pk, after.control_number, after.match_key) == (before.pk, before.control_number, before.match_key)
        assert after.marc.first("264").first("b") == "Thế giới"


def test_a_row_with_a_number_of_its_own_keeps_it() -> None:
    headings = (*HEADINGS, "Số kiểm soát", "Mã cơ quan")
    written(hand_in((*EPIC, "ds-1", "VN-TV"), headings=headings))
    record = Record.objects.get()
    assert (record.control_number, record.control_agency) == ("ds-1", "VN-TV")


def test_a_new_authority_is_linked_to_by_its_number(librarian: Any) -> None:
    lines = record_templates.templates()["authority"].lines().replace("$a$d", "$aVi Hồng$d1936-2011")
    authority = made(marc_lines.parse(lines), librarian)
    assert authorities.link_to(authority) == f"(VN-NhaSan){authority.control_number}"
    own = {marc.control("001") for marc in starter_authorities.authorities()}
    assert not any(number.startswith("ns-") for number in own)


def test_templates_say_who_catalogued(settings: Any) -> None:
    settings.MARC_AGENCY = "VN-HVDT"
    for template in record_templates.templates().values():
        [source] = marc_lines.parse(template.lines()).data("040")
        assert (source.first("a"), source.first("b"), source.first("c")) == ("VN-HVDT", "vie", "VN-HVDT")
