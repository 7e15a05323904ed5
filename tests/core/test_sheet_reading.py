"""Reading tables that people hand in: what is read, and what is refused with a reason."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sheet_reading
from core.sheet_reading import LARGEST_FILE, Line, Unreadable, sheets
from tests.core.handed_in import saved, with_part, xlsx

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOO_LONG = "Bảng dài hơn 200 000 dòng, kể cả dòng trống. Hãy xóa các dòng trống hoặc chia nhỏ tệp."


def read(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """(line number, cells) of the first sheet."""
    _name, lines = next(sheets(io.BytesIO(content)))
    return [(line.number, line.cells) for line in lines]


def why_not(content: bytes) -> str:
    """The reason for which the file is refused."""
    with pytest.raises(Unreadable) as refused:
        for _name, lines in sheets(io.BytesIO(content)):
            for _line in lines:
                pass
    return str(refused.value)


def test_values_of_an_xlsx_become_text() -> None:
    """Whole numbers without a point, days by the calendar, marks composed, spaces in order, empty lines counted."""
    decomposed = "Lo\u0300 A\u0301 Pa\u0301o"
    content = xlsx(["Tên", "Số"], [], [f"  {decomposed}\u200b \n x ", 912345678.0], [date(1980, 5, 2), 1.5])
    assert read(content) == [
        (1, ("Tên", "Số")),
        (3, ("Lò Á Páo x", "912345678")),
        (4, ("1980-05-02", "1.5")),
    ]


def test_times_of_an_xlsx() -> None:
    """A time of day is kept to the minute."""
    assert read(xlsx([datetime(2026, 3, 1, 8, 30), "x"])) == [(1, ("2026-03-01 08:30", "x"))]  # noqa: DTZ001 - Excel knows no zones


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_in_utf8_with_any_delimiter(mark, sign) -> None:
    """As spreadsheet programs of either country write it."""
    content = mark + sign.join(["Tên", "Số"]).encode() + b"\r\n" + sign.join(['"Lò, A; B"', "1"]).encode()
    assert read(content) == [(1, ("Tên", "Số")), (2, ("Lò, A; B", "1"))]


def test_csv_in_utf16() -> None:
    """Excel's “Unicode text”."""
    assert read("Tên\tSố\r\nLò\t1\r\n".encode("utf-16")) == [(1, ("Tên", "Số")), (2, ("Lò", "1"))]


def test_csv_in_another_encoding_is_refused_with_its_line() -> None:
    """Windows-1258 is not guessed: the owner saves it again."""
    content = b"Ten,So\r\n" + b"M\xfd\xf2ng,1"
    assert why_not(content) == (
        "Từ dòng 1, tệp CSV không phải mã Unicode (UTF-8). Hãy lưu lại dạng “CSV UTF-8” hoặc .xlsx."
    )


def test_formulas_are_not_computed() -> None:
    """The value that the program stored counts; a formula that was never computed is empty."""
    assert read(xlsx(["=1+1", "a"])) == [(1, ("", "a"))]


def test_macros_are_refused() -> None:
    """With a word on how to save without."""
    assert "macro" in why_not(with_part(xlsx(["a"]), "xl/vbaProject.bin", b"x"))


def test_an_old_or_locked_workbook_is_refused() -> None:
    """Both are the same container."""
    assert ".xls đời cũ hoặc tệp có mật khẩu" in why_not(bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"<html><table>", b"{\\rtf1", b"GIF89a\x00\x01"])
def test_what_is_no_table_is_refused(content) -> None:
    """Whatever the name says."""
    assert why_not(content) == "Đây không phải bảng tính. Hãy dùng tệp .xlsx hoặc .csv."


def test_another_archive_is_refused() -> None:
    """A ZIP that is no workbook."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr("a.txt", "x")
    assert why_not(room.getvalue()) == "Đây không phải tệp Excel .xlsx. Hãy lưu lại dạng .xlsx hoặc .csv."


@pytest.mark.parametrize("size", [10, 500, 3000])
def test_a_cut_workbook_is_refused(size) -> None:
    """Half a download."""
    assert "bị hỏng" in why_not(xlsx(["a", "b"])[:size])


def test_an_empty_file_is_refused() -> None:
    """Nothing in it."""
    assert why_not(b" \n") == "Tệp trống."


def test_a_large_file_is_refused() -> None:
    """Before anything of it is parsed."""
    assert why_not(b"a,b\n" * (LARGEST_FILE // 4 + 1)) == "Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp."


def test_a_zip_bomb_is_refused_in_little_memory() -> None:
    """500 MB of zeros in half a megabyte; nothing of it is unpacked."""
    bomb = with_part(xlsx(["a"]), "xl/media/bomb.bin", bytes(500 * 1024 * 1024))
    assert "quá lớn" in why_not(bomb)


@pytest.mark.parametrize("row", [b"<row>" + b"<c/>" * 2_000_000 + b"</row>", b"<row><c><v>" + b"9" * 9_000_000])
def test_an_endless_row_is_refused_in_little_memory(row) -> None:
    """A parser holds a row whole."""
    content = with_part(xlsx(["a"]), "xl/worksheets/sheet1.xml", sheet_xml(row))
    tracemalloc.start()
    assert "quá lớn" in why_not(content)
    assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.parametrize("hostile", [b"<si><t>x</t></si>" * 2_000_000, b'<!DOCTYPE x [<!ENTITY a "b">]>'])
def test_strings_under_another_name_are_looked_at_too(hostile) -> None:
    """A workbook may call its parts as it likes."""
    content = xlsx(["a", "b"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = b'<Override PartName="/xl/strings.dat" ContentType="%s"/></Types>' % kind
    content = with_part(content, "[Content_Types].xml", types.replace(b"</Types>", named))
    begin = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    text = hostile + begin if hostile.startswith(b"<!") else begin + hostile
    assert why_not(with_part(content, "xl/strings.dat", text + b"</sst>"))


def test_an_endless_table_of_strings_is_refused() -> None:
    """It would be held in memory."""
    assert "quá lớn" in why_not(with_part(xlsx(["a"]), "xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 6_000_000))


def test_entities_are_refused() -> None:
    """No document type in any part, so nothing expands."""
    part = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + b"c" * 100 + b'">]><a>&b;</a>'
    assert "nội dung lạ" in why_not(with_part(xlsx(["a"]), "xl/sharedStrings.xml", part))


def sheet_xml(rows: bytes) -> bytes:
    """A worksheet's part."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<?xml version="1.0"?><worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def empty_rows(count: int) -> bytes:
    """A workbook with so many formatted but empty rows, as people leave them, and a full one after them."""
    empty = b"".join(b'<row r="%d"/>' % number for number in range(1, count + 1))
    last = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>' % (count + 1, count + 1)
    return with_part(xlsx(["a"]), "xl/worksheets/sheet1.xml", sheet_xml(empty + last))


def test_empty_rows_are_walked_and_the_row_after_them_is_found() -> None:
    """It keeps its number."""
    assert read(empty_rows(50_000)) == [(50_001, ("x",))]


def test_a_million_empty_rows_are_refused_in_little_memory() -> None:
    """With a word on what to do."""
    content = empty_rows(1_000_000)
    tracemalloc.start()
    assert why_not(content) == TOO_LONG
    assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    tracemalloc.stop()


def test_a_row_number_beyond_the_limit_is_refused() -> None:
    """A file may say that its only row is the two thousand millionth."""
    row = b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'
    content = with_part(xlsx(["a"]), "xl/worksheets/sheet1.xml", sheet_xml(row))
    assert why_not(content) == TOO_LONG


def test_hidden_sheets_are_left_out() -> None:
    """People hide lists of choices there."""
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("Ẩn").sheet_state = "hidden"
    assert [name for name, _lines in sheets(io.BytesIO(saved(book)))] == ["Sheet"]


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"a,b\n"]))
def test_any_bytes_are_read_or_refused(content, head) -> None:
    """Never another error."""
    try:
        for _name, lines in sheets(io.BytesIO(head + content)):
            assert all(isinstance(line, Line) for line in lines)
    except Unreadable as refused:
        reason = str(refused)
        assert reason.endswith(".")


def test_hidden_rows_are_read_and_marked() -> None:
    """By a filter or by hand; in whichever order and quotes the file says it."""
    book = openpyxl.Workbook()
    for number in range(1, 7):
        book.active.append([f"dòng {number}"])
    for number in (2, 3, 5):
        book.active.row_dimensions[number].hidden = True
    [(_name, lines)] = sheets(io.BytesIO(saved(book)))
    found = list(lines)
    assert [line.number for line in found] == [1, 2, 3, 4, 5, 6]
    assert [line.number for line in found if line.hidden] == [2, 3, 5]
    cell = b'<c t="inlineStr"><is><t>a</t></is></c></row>'
    heads = [b"<row hidden='true' r='1'>", b'<row r="2" hidden="0">', b'<row r="3" ht="5" hidden="1" spans="1:1">']
    content = with_part(xlsx(["a"]), "xl/worksheets/sheet1.xml", sheet_xml(b"".join(head + cell for head in heads)))
    [(_name, lines)] = sheets(io.BytesIO(content))
    assert [line.hidden for line in lines] == [True, False, True]


@pytest.mark.parametrize("size", [1, 7, 50, 4096])
def test_a_row_cut_between_two_pieces_is_seen_hidden(size: int) -> None:
    marks = {n: ' hidden="1"' if n % 3 == 0 else "" for n in range(1, 99)}
    content = "".join(f'<row r="{n}" spans="1:3"{mark} ht="15"></row>' for n, mark in marks.items()).encode()
    layout = sheet_reading.Layout()
    sheet_reading._check_rows([content[at : at + size] for at in range(0, len(content), size)], layout)
    assert layout.hidden == set(range(3, 99, 3))


def test_a_cell_merged_downwards_is_said_of_every_line_beside_it() -> None:
    """Lines that are empty otherwise stay empty; what is merged to the side stays where it is written."""
    book = openpyxl.Workbook()
    page = book.active
    for row in [["Xã", "Tên", "Hộ"], ["Tú Lệ", "Sử", "A"], [None, "Páo", None], [None, None, None], [None, "Dê", "B"]]:
        page.append(row)
    page["A7"], page["C7"], page["C8"] = "Mộc Châu", "D", "C"
    for cells in ("A2:A5", "A7:B8", "C2:C3"):
        page.merge_cells(cells)
    [(_name, lines)] = sheets(io.BytesIO(saved(book)))
    assert [(line.number, line.cells) for line in lines] == [
        (1, ("Xã", "Tên", "Hộ")),
        (2, ("Tú Lệ", "Sử", "A")),
        (3, ("Tú Lệ", "Páo", "A")),
        (5, ("Tú Lệ", "Dê", "B")),
        (7, ("Mộc Châu", "", "D")),
        (8, ("Mộc Châu", "", "C")),
    ]
    [(_name, lines)] = sheets(io.BytesIO(saved(book)), as_written=True)
    assert [line.cells for line in lines][2] == ("", "Páo")


def test_countless_merged_cells_are_borne() -> None:
    """Only so many are heeded, wherever a hostile file puts them; the lines are read all the same."""
    cells = "".join(f'<mergeCell ref="A{at}:A{at + 9}"/>' for at in range(1, 120_000))
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="2"/>'
    part = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData><mergeCells>{cells}</mergeCells></worksheet>'
    tracemalloc.start()
    assert read(with_part(xlsx(["x"]), "xl/worksheets/sheet1.xml", part.encode())) == [(1, ("x",))]
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 128 * 1024 * 1024
