"""Tables of villages and attributes: every problem by row and column, nothing twice."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.management import call_command

from core import table_imports
from core.models import TableImport
from core.table_kinds import TableRow
from people import accounts, roles, villages
from people.exceptions import NotPossible
from people.models import ManagerAssignment, Unit, UnitAttribute
from people.place_finding import Finder, NotFound
from people.regions import Region
from people.unit_rows import read_day
from people.units import unit_today
from tests.core.handed_in import file, xlsx
from tests.people.conftest import NEW, unit

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)
HEADINGS = ["Tỉnh/TP", "Xã/Phường", "Thôn", "Thôn cũ", "Từ ngày", "Khu vực", "Thôn ĐBKK", "Biên giới", "Vùng"]


def hand_in(*rows: list[object], by: UUID | None = None, headings: list[str] = HEADINGS) -> TableImport:
    made = table_imports.start(
        kind="units",
        file=file(xlsx(headings, *rows)),
        by=by,
        arguments={"since": "2026-01-01", "document": "NQ 1"},
        in_background=False,
    )
    for _done in table_imports.check(made):
        pass
    return made


def write(made: TableImport) -> TableImport:
    table_imports.accept(made, in_background=False)
    for _done in table_imports.write(made):
        pass
    return made


def said(made: TableImport) -> list[tuple[int, str, str]]:
    return list(made.problems.order_by("line", "pk").values_list("line", "column", "text"))


ROWS = [
    ["Lào Cai", "Púng Luông", "Bản Một", "", "", "", "x", "", ""],
    ["", "xã tú lệ", "thôn 2", "", "01/03/2026", "", "", "", ""],
    ["Yên Bái", "La Pán Tẩn", "Bản Ba", "", "", "", "", "", ""],
    ["Tỉnh Lào Cai", "Tú Lệ", "", "", "", "khu vực III", "", "có", ""],
    ["Lào Cai", "", "", "", "", "", "", "", "Trung du và miền núi phía Bắc"],
]


def test_villages_and_attributes_are_written_once(land: SimpleNamespace) -> None:
    made = hand_in(*ROWS)
    assert made.found == {"add": 3, "change": 2, "warned": 1}, said(made)
    assert said(made) == [(4, "Xã, phường", "Xã cũ; được ghi vào Xã Púng Luông.")]
    assert not Unit.objects.filter(level="village").exists()
    assert write(made).came == {"add": 3, "change": 2}
    rows = Unit.objects.filter(level="village").order_by("name").values_list("name", "parent", "code", "valid_from")
    assert list(rows) == [
        ("Bản Ba", land.pung_luong.pk, "04489-002", DAY),
        ("Bản Một", land.pung_luong.pk, "04489-001", DAY),
        ("Thôn 2", land.tu_le.pk, "04636-001", date(2026, 3, 1)),
    ]
    attributes = UnitAttribute.objects.order_by("unit__name", "kind").values_list("unit__name", "kind", "value")
    assert set(attributes) == {
        ("Bản Một", "hardship", ""), ("Xã Tú Lệ", "zone", "3"), ("Xã Tú Lệ", "border", ""),
        ("Tỉnh Lào Cai", "region", "north"),
    }  # fmt: skip
    assert set(UnitAttribute.objects.values_list("document", "since")) == {("NQ 1", DAY)}
    assert hand_in(*ROWS).found == {"same": 5, "warned": 1}


def test_every_problem_by_row_and_column(land: SimpleNamespace) -> None:
    unit("9", "commune", "Xã Tú Lệ", land.son_la)
    villages.add(commune=land.tu_le, name="Bản Cũ", since=DAY, by=None)
    made = hand_in(
        ["", "Tú Lệ", "Bản A", "", "", "", "", "", ""],
        ["Lào Cai", "Cao Phạ", "Bản A", "", "", "", "", "", ""],
        ["Hà Nội", "Xa Lạ", "Mông", "", "31/02/2026", "IV", "nhiều", "", "Tây Bắc"],
        ["Lào Cai", "Púng Luông", "Bản A", "", "", "", "", "x", ""],
        ["Lào Cai", "Púng Luông", "BẢN A", "", "", "", "", "", ""],
        ["Lào Cai", "Tú Lệ", "Bản Mới", "Bản Cũ; Bản Nào", "", "", "", "", ""],
        ["Lào Cai", "Tú Lệ", "Bản X", "", "2025-06-30", "", "", "", ""],
        ["Lào Cai", "", "Bản X", "", "", "", "", "", ""],
        ["", "", "", "", "01/01/2026", "", "", "", ""],
    )
    assert said(made) == [
        (
            2,
            "Xã, phường",
            "“Tú Lệ” có thể là: Xã Tú Lệ, Tỉnh Lào Cai (04636); Xã Tú Lệ, Tỉnh Sơn La (9). Hãy ghi thêm tỉnh, hoặc ghi mã.",  # noqa: E501
        ),
        (3, "Xã, phường", "Xã Cao Phạ là đơn vị cũ đã được chia. Hãy ghi đơn vị hiện nay."),
        (4, "Tỉnh, thành phố", "Không có tỉnh, thành phố nào tên “Hà Nội”."),
        (4, "Xã, phường", "Không có xã, phường nào tên “Xa Lạ”."),
        (4, "Thôn, bản", "Hãy viết đầy đủ, ví dụ “Bản Lìm Mông”, “Thôn 3”, “Tổ dân phố số 5”, nhiều nhất 120 ký tự."),
        (4, "Từ ngày", "Hãy ghi ngày như 31/12/2026."),
        (4, "Xã khu vực", "Hãy ghi I, II hoặc III."),
        (4, "Vùng kinh tế – xã hội", f"Hãy ghi một trong: {', '.join(map(str, Region.labels))}."),
        (4, "Thôn đặc biệt khó khăn", "Hãy ghi x (có) hoặc để trống."),
        (5, "Xã biên giới", "Chỉ ghi cho: Xã, phường, đặc khu."),
        (6, "Thôn, bản", "Trùng với dòng 5."),
        (7, "Thôn cũ", "“Bản Cũ” có từ ngày 01/01/2026, không trước ngày thay đổi."),
        (7, "Thôn cũ", "Xã Tú Lệ không có “Bản Nào” hiện nay."),
        (8, "Từ ngày", "Xã này có từ ngày 01/07/2025."),
        (9, "Xã, phường", "Hãy ghi xã của thôn, bản này."),
        (10, "", "Dòng này không ghi tỉnh, xã hay thôn nào."),
    ]  # fmt: skip
    assert made.found == {"wrong": 9}


def test_new_names_and_mergers(land: SimpleNamespace) -> None:
    old = [villages.add(commune=land.tu_le, name=f"Bản {n}", since=NEW, by=None) for n in ("A", "B", "C")]
    rows = [
        ["Lào Cai", "Tú Lệ", "Bản D", "Bản A", "", "", "", "", ""],
        ["Lào Cai", "Tú Lệ", "Bản C", "Bản B; Bản C", "", "", "", "", ""],
    ]
    made = hand_in(*rows)
    assert made.found == {"change": 2}, said(made)
    write(made)
    for each in old:
        each.refresh_from_db()
    assert [(unit_today(each)[0].name, each.valid_to) for each in old] == [
        ("Bản D", date(2025, 12, 31)), ("Bản C", date(2025, 12, 31)), ("Bản C", date(2025, 12, 31)),
    ]  # fmt: skip
    assert Unit.objects.current().filter(parent=land.tu_le).count() == 2
    assert hand_in(*rows).found == {"same": 2}


def test_a_village_of_a_split_commune_is_taken_up_again(land: SimpleNamespace) -> None:
    """What the job cannot know a table says: to which of the new communes each village went."""
    old = unit("v", "village", "Bản Trống Tông", land.cao_pha, ended=True)
    assert unit_today(old) == (land.lao_cai, False)
    rows = [["Lào Cai", "Tú Lệ", "Bản Trống Tông", "Bản Trống Tông", "01/07/2025", "", "", "", ""]]
    early = hand_in(["Lào Cai", "Tú Lệ", "Bản Trống Tông", "Bản Trống Tông", "30/06/2025", "", "", "", ""])
    assert [problem[1] for problem in said(early)] == ["Từ ngày", "Từ ngày"]
    made = hand_in(*rows)
    assert made.found == {"change": 1}, said(made)
    write(made)
    old.refresh_from_db()
    heir, settled = unit_today(old)
    assert (heir.name, heir.parent, heir.valid_from, settled) == ("Bản Trống Tông", land.tu_le, NEW, True)
    assert hand_in(*rows).found == {"same": 1}


def test_a_village_that_ends_twice_in_one_table(land: SimpleNamespace) -> None:
    villages.add(commune=land.tu_le, name="Bản A", since=NEW, by=None)
    made = hand_in(
        ["Lào Cai", "Tú Lệ", "Bản B", "Bản A", "", "", "", "", ""],
        ["Lào Cai", "Tú Lệ", "Bản C", "Bản A", "", "", "", "", ""],
    )
    assert said(made) == [(3, "Thôn cũ", "“Bản A” đã được nhập ở dòng 2.")]


def test_codes(land: SimpleNamespace) -> None:
    villages.add(commune=land.tu_le, name="Bản Cũ", since=NEW, by=None, code="T1")
    made = hand_in(
        ["4489", "", "Bản A", "T2"],
        ["04489", "Púng Luông", "Bản B", "T2"],
        ["04489", "Tú Lệ", "Bản C", ""],
        ["99999", "", "Bản D", ""],
        ["04636", "", "Bản Cũ", "T3"],
        ["04636", "", "Bản E", "T1"],
        headings=["Mã xã", "Xã", "Thôn", "Mã thôn"],
    )
    assert said(made) == [
        (3, "Mã thôn", "Trùng với dòng 2."),
        (4, "Xã, phường", "Mã 04489 là của Xã Púng Luông."),
        (5, "Mã xã", "Không có xã, phường nào mang mã 99999."),
        (6, "Mã thôn", "Bản Cũ đã có mã T1."),
        (7, "Mã thôn", "Mã này đã dùng cho một đơn vị khác."),
    ]
    assert write(made).came == {"add": 1, "wrong": 5}
    assert Unit.objects.get(name="Bản A").code == "T2"


def test_a_manager_writes_only_where_they_manage(land: SimpleNamespace) -> None:
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.pung_luong)
    made = hand_in(
        ["Lào Cai", "Púng Luông", "Bản A", "", "", "", "", "", ""],
        ["Lào Cai", "Tú Lệ", "Bản A", "", "", "", "", "", ""],
        ["Lào Cai", "", "", "", "", "", "", "", "Bắc Trung Bộ"],
        by=manager.uuid,
    )
    assert said(made) == [
        (3, "Xã, phường", "Ông, bà không quản lý địa bàn này."),
        (4, "Tỉnh, thành phố", "Ông, bà không quản lý địa bàn này."),
    ]
    write(made)
    assert Unit.objects.get(level="village").parent == land.pung_luong


def test_queries_do_not_grow_with_the_batch(land: SimpleNamespace, django_assert_num_queries: object) -> None:
    made = hand_in(["Lào Cai", "Tú Lệ", "Bản A", "", "", "", "", "", ""])
    villages.add(commune=land.tu_le, name="Bản 0", since=NEW, by=None)
    work = table_imports.kind_named("units").work(made)
    rows = [
        TableRow(n, {"commune": "Tú Lệ", "village": f"Bản {n}", "hardship": "x", "code": f"04636-{n:03}"})
        for n in range(20)
    ]
    with django_assert_num_queries(4):  # type: ignore[operator]
        work.check(rows)


def test_the_command(land: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "thon.csv"
    path.write_text("Commune code,Village\n04636,Bản A\n04636,Mông\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("import_units", path, "--document", "NQ 2", "--since", "2026-02-01")
    said_there = capsys.readouterr()
    assert said_there.out == "added 1, changed 0, unchanged 0, rejected 1\n"
    assert "row 3, Thôn, bản “Mông”" in said_there.err
    assert Unit.objects.get(level="village").valid_from == date(2026, 2, 1)


@pytest.mark.parametrize("text", ["31/12/2026", "31-12-2026", "31.12.2026", "2026-12-31"])
def test_days(text: str) -> None:
    assert read_day(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["", "2026", "12/31/2026", "31/12/26", "01/01/0001", "45292"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(NotPossible):
        read_day(text)


def test_names_of_places(land: SimpleNamespace) -> None:
    finder = Finder.load()
    for text in ("Lào Cai", "tỉnh lào cai", "LAO CAI", "Yên Bái"):
        assert finder.of_today(finder.commune(text, ""), "province").pk == land.lao_cai.pk
    for text in ("Púng Luông", "xã Púng Luông", "pung luong"):
        assert finder.commune("", text).pk == land.pung_luong.pk
    former = finder.commune("Lào Cai", "La Pán Tẩn")
    assert (former.ended, finder.of_today(former, "commune").pk) == (True, land.pung_luong.pk)
    with pytest.raises(NotFound, match="Tỉnh Lào Cai không có xã"):
        finder.commune("Lào Cai", "Mộc Châu")
