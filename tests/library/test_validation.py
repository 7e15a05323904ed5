"""What is wrong with a record is said where it is; good records are left in peace."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from library import marc21, marc_lines, marcxml, record_templates, starter_authorities, validation
from library.marc import ControlField, DataField, MarcRecord
from library.problems import Problem, Severity
from tests.library.books import book

AUTHORITY = """LDR 00000nz##a2200000n##4500
008 240101n||aznnnaabn##########|a#aaa#####d
040 ## $aVN-NhaSan$bvie
100 1# $aVi Hồng$d1936-2011"""


def of(*lines: str) -> list[Problem]:
    """The problems of a good small book with these lines instead of those with their tags, or besides."""
    tags = {line[:3] for line in lines}
    kept = [line for line in marc_lines.write(book()).split("\n") if line[:3] not in tags]
    text = "\n".join(sorted([*kept, *lines], key=lambda line: (line[:3] != "LDR", line[:3])))
    return validation.problems(marc_lines.parse(text))


def said(*lines: str) -> list[tuple[str, str, str]]:
    return [(each.place, str(each.severity), each.text) for each in of(*lines)]


def test_a_good_record_has_no_problems() -> None:
    assert validation.problems(book()) == []
    assert validation.problems(marc_lines.parse(AUTHORITY)) == []


@pytest.mark.parametrize(
    ("line", "place", "severity", "text"),
    [
        ("246 35 $aX", "246", "", ""),
        ("658 ## $aX$zY", "658 $z", "warning", "MARC 21 không có trường con này ở đây."),
        ("022 ## $a0866-7632$l0866-7632", "022 $l", "warning", "Trường con này không còn dùng trong MARC 21."),
        ("245 10 $aX$dY", "245 $d", "warning", "Trường con này không còn dùng trong MARC 21."),
        ("668 ## $aX", "668", "warning", "MARC 21 không có trường này."),
        ("007 sd#fsngnnmmned", "007", "", ""),
        ("007 sd#fsngnnmmne", "007", "warning", "Phải có 14 ký tự, đang có 13."),
        ("007 cr#|||", "007", "", ""),
        ("007 cr#||||", "007", "warning", "Phải có 14 ký tự, đang có 7."),
        ("007 ta#", "007", "warning", "Phải có 2 ký tự, đang có 3."),
        ("007 xx", "007", "warning", "Vị trí 00 (Loại tài liệu) không có mã “x”."),
        ("650 #7 $aX", "650 $2", "warning", "Chỉ thị 2 là “7” nên phải ghi nguồn ở $2."),
        ("650 #7 $aX$2lcsh", "650", "", ""),
        ("024 7# $aX", "024 $2", "warning", "Chỉ thị 1 là “7” nên phải ghi nguồn ở $2."),
        ("049 ## $aX", "049", "", ""),
        ("300 ## $a1 tr.$y1", "300 $y", "warning", "MARC 21 không có trường con này ở đây."),
        ("245 13 $aX", "245", "", ""),
        ("245 20 $aX", "245", "warning", "Chỉ thị 1 không có giá trị “2”."),
        ("300 1# $a1 tr.", "300", "warning", "Chỉ thị 1 không xác định nên phải để trống, đang là “1”."),
        ("245 10 $aX$aY", "245 $a", "warning", "Trường con này chỉ được có một."),
        ("500 ## $a", "500 $a", "warning", "Trường con rỗng."),
        ("500 ## $aX{u0007}", "500 $a", "error", "Có ký tự điều khiển trong nội dung."),
        ("020 ## $a978-604-3-00000-1", "020 $a", "warning",
         "ISBN “978-604-3-00000-1” sai số kiểm tra hoặc sai độ dài."),
        ("020 ## $a9786043000009 (bìa cứng)", "020 $a", "", ""),
        ("022 ## $a0866-7633", "022 $a", "warning", "ISSN “0866-7633” sai số kiểm tra hoặc sai dạng."),
        ("022 ## $a0866-7632", "022 $a", "", ""),
        ("022 ## $a0866-7632 ;", "022 $a", "warning", "ISSN “0866-7632 ;” sai số kiểm tra hoặc sai dạng."),
        ("490 1# $aX,$x0866-7632 ;$v1", "490 $x", "", ""),
        ("490 1# $aX,$x0866-7633 ;$v1", "490 $x", "warning", "ISSN “0866-7633 ;” sai số kiểm tra hoặc sai dạng."),
        ("773 0# $tX.$x0866-7632.", "773 $x", "", ""),
        ("041 0# $avn", "041 $a", "warning", "Mã ngôn ngữ “vn” phải có ba chữ cái."),
        ("041 0# $aviz", "041 $a", "warning", "MARC không có mã ngôn ngữ “viz”."),
        ("041 0# $acam", "041 $a", "warning", "Mã “cam” đã bị thay trong danh mục của MARC."),
        ("041 07 $atyz$2iso639-3", "041 $a", "", ""),
        ("044 ## $avn", "044 $a", "warning", "Mã “vn” đã bị thay trong danh mục của MARC."),
        ("700 1# $aX$4aux", "700 $4", "warning", "MARC không có mã vai trò “aux”."),
        ("700 1# $aX$4trl", "700 $4", "", ""),
        ("008 240101s2024", "008", "error", "Phải có 40 ký tự, đang có 11."),
        ("008 24a101s2024####vm############000#0#vie#d", "008", "warning",
         "Vị trí 00-05 (Ngày nhập tệp) không có mã “24a101”."),
        ("008 240101s20x4####vm############000#0#vie#d", "008", "warning",
         "Vị trí 07-10 (Năm 1) không có mã “20x4”."),
        ("008 240101e202405##vm############000#0#vie#d", "008", "", ""),
        ("008 240101m19uu202#vm############000#0#vie#d", "008", "warning",
         "Vị trí 11-14 (Năm 2) không có mã “202#”."),
        ("008 240101s2024####zz############000#0#vie#d", "008", "warning", "MARC không có mã nước “zz ”."),
        ("008 240101s2024####vm############000#0#viz#d", "008", "warning", "MARC không có mã ngôn ngữ “viz”."),
        ("440 #0 $aTủ sách", "440", "warning", "Trường này không còn dùng trong MARC 21."),
        ("880 10 $6246-01$aX", "880 $6", "warning", "Không có trường liên kết ngược lại: 246 $6880-01."),
        ("880 10 $6245-00/{dollar}1$aX", "880 $6", "", ""),
    ],
)  # fmt: skip
def test_each_rule(line: str, place: str, severity: str, text: str) -> None:
    found = [(where, how, what) for where, how, what in said(line) if where.startswith(line[:3])]
    assert found == ([(place, severity, text)] if text else [])


def test_links_of_another_script_lead_both_ways() -> None:
    assert of("245 10 $6880-01$aX", "880 10 $6245-01$a布岱") == []
    found = of("245 10 $6880-01$aX", "880 10 $6245-02$a布岱")
    assert [(each.place, each.said["other"]) for each in found] == [
        ("245 $6", "880 $6245-01"),
        ("880 $6", "245 $6880-02"),
    ]


def test_an_880_obeys_the_field_it_belongs_to() -> None:
    found = of("245 10 $6880-01$aX", "880 50 $6245-01$a布$y岱")
    assert [(each.place, each.message[:9]) for each in found] == [("880", "Chỉ thị %"), ("880 $y", "MARC 21 k")]


def test_what_every_record_must_have() -> None:
    without = MarcRecord(book().leader, [each for each in book().fields if each.tag not in {"245", "008"}])
    assert [(each.tag, each.severity) for each in validation.problems(without)] == [
        ("008", Severity.ERROR),
        ("245", Severity.ERROR),
    ]
    heading = "\n".join(line for line in AUTHORITY.split("\n") if line[:3] != "100")
    assert [each.tag for each in validation.errors(marc_lines.parse(heading))] == ["1XX"]


def test_what_may_stand_only_once() -> None:
    found = of("245 10 $aX", "245 10 $aY", "100 1# $aA", "110 2# $aB")
    assert [(each.place, each.text) for each in found] == [
        ("245[2]", "Trường này chỉ được có một."),
        ("1XX", "Chỉ được có một tiêu đề chính 1XX."),
    ]


@pytest.mark.parametrize(
    ("leader", "text"),
    [
        ("00000nam a22", "Đầu biểu phải có 24 ký tự."),
        ("00000nxm a2200000 i 4500", "Vị trí 06 (Loại biểu ghi) không có mã “x”."),
    ],
)
def test_the_leader(leader: str, text: str) -> None:
    [problem] = validation.errors(MarcRecord(leader, book().fields))
    assert (problem.tag, problem.index, problem.text) == ("LDR", -1, text)


def test_messages_are_in_the_language_of_the_page() -> None:
    [problem] = of("500 ## $a")
    assert problem.text == "Trường con rỗng."
    with translation.override("en"):
        assert problem.text == "The subfield is empty."


@pytest.mark.parametrize(
    "field",
    [DataField("650", ""), DataField("650", " 4\x1f"), DataField("24", "10\x1faX"), ControlField("008", "\x00" * 40),
     DataField("6\x1f0", "\x1f"), ControlField("006", ""), ControlField("007", "")],
)  # fmt: skip
def test_damage_is_said_and_never_breaks(field: Any) -> None:
    assert validation.problems(MarcRecord(book().leader, [*book().fields, field]))


def test_the_records_that_the_site_starts_with_have_no_problems() -> None:
    with (Path(__file__).resolve().parents[2] / "home/starter/records.xml").open("rb") as stream:
        read = list(marcxml.read(stream))
    assert len(read) > 10
    assert [str(found.text) for each in read for found in validation.problems(each.marc)] == []
    assert [str(found.text) for marc in starter_authorities.authorities() for found in validation.problems(marc)] == []


def test_templates_say_no_obsolete_country() -> None:
    lines = [line for each in record_templates.templates().values() for line in each.lines().split("\n")]
    countries = {line[4:][15:18].replace("#", "") for line in lines if line.startswith("008") and line[10] != "|"}
    assert "vm" in countries
    assert countries.isdisjoint(marc21.codes("old countries"))
