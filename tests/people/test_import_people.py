"""Rosters: what is read, who is meant, what is written, what is refused and why."""

import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import table_imports
from core.models import AuditEntry, TableImport
from people import accounts, merging, roles
from people.models import (
    AudienceMembership,
    Consent,
    Household,
    ManagerAssignment,
    Organisation,
    Representation,
    User,
)
from tests.people.conftest import person, unit

pytestmark = pytest.mark.django_db
BASIS = {"basis": "law", "purpose": "Thống kê", "document": "QĐ 1087"}
HEADINGS = {
    "full_name": "Họ và tên", "phone": "Số điện thoại", "email": "Email", "username": "Tên đăng nhập",
    "birth": "Ngày sinh", "gender": "Giới tính", "ethnic_group": "Dân tộc", "languages": "Ngôn ngữ",
    "national_id": "CCCD", "province": "Tỉnh", "commune": "Xã", "village": "Thôn", "organisation": "Cơ quan",
    "audiences": "Nhóm đối tượng", "since": "Từ ngày", "decision_number": "Số quyết định",
    "decision_date": "Ngày quyết định", "household": "Hộ gia đình",
}  # fmt: skip
SU = {"full_name": "Mùa A Sử", "phone": "0912 345 678", "birth": "1985", "province": "Lào Cai", "commune": "Tú Lệ"}


def sheet(*rows: dict[str, str], columns: list[str] | None = None) -> bytes:
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([HEADINGS[name] for name in names])
    for row in rows:
        book.active.append([row.get(name, "") for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(*rows: dict[str, str], by: User | None = None, **arguments: str) -> TableImport:
    made = table_imports.start(
        kind="people",
        file=ContentFile(sheet(*rows), name="danh-sach.xlsx"),
        by=by.uuid if by else None,
        arguments=arguments,
        in_background=False,
    )
    list(table_imports.check(made))
    return made


def imported(*rows: dict[str, str], by: User | None = None, **arguments: str) -> TableImport:
    made = checked(*rows, by=by, **arguments)
    table_imports.accept(made, in_background=False)
    list(table_imports.write(made))
    return made


def problems(made: TableImport) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.text) for row in made.problems.order_by("line", "id")]


def said(*rows: dict[str, str], **arguments: Any) -> str:
    """The one problem of the rows."""
    [(_line, column, text)] = problems(checked(*rows, **arguments))
    return f"{column}: {text}"


def test_a_whole_person(land: SimpleNamespace) -> None:
    village = unit("v1", "village", "Bản Lìm Mông", land.tu_le)
    office = Organisation.objects.create(name="UBND xã Tú Lệ", kind="agency", unit=land.tu_le, since="2026-01-01")
    made = imported(
        {
            **SU, "email": "Su@Example.vn", "username": "Mua.A.Su", "birth": "12/03/1985", "gender": "Nam",
            "ethnic_group": "H'Mông", "languages": "Mông; Việt", "national_id": "010085000123", "village": "lim mong",
            "organisation": "ubnd xã tú lệ", "audiences": "Trưởng thôn; NCUT", "since": "01/01/2026",
            "decision_number": "12/QĐ-UBND", "decision_date": "15/12/2025", "household": "Hộ Mùa A Sử",
        },
        **BASIS,
    )  # fmt: skip
    assert problems(made) == []
    assert made.came == {"add": 1}
    su = User.objects.get(phone="+84912345678")
    assert (su.full_name, su.email, su.username, su.birth_year, su.gender, su.ethnic_group) == (
        "Mùa A Sử", "su@example.vn", "mua.a.su", 1985, "male", "08",
    )  # fmt: skip
    assert (su.languages, su.national_id, su.unit, su.organisation) == (["hmn", "vi"], "010085000123", village, office)
    assert [group.name for group in su.groups.all()] == [roles.LEARNER]
    assert sorted(AudienceMembership.objects.values_list("audience", "since", "decision_number", "decision_date")) == [
        (audience, date(2026, 1, 1), "12/QĐ-UBND", date(2025, 12, 15))
        for audience in ("persons_of_influence", "village_heads")
    ]
    assert [(row.person, row.household.name, row.household.unit) for row in Representation.objects.all()] == [
        (su, "Hộ Mùa A Sử", village)
    ]
    assert list(Consent.objects.values_list("person", "purpose", "basis", "document")) == [
        (su.pk, "Thống kê", "law", "QĐ 1087")
    ]
    assert AuditEntry.objects.get(action="people.enter_sensitive").detail == {"count": 1, "basis": "law"}


def test_a_second_import_changes_only_what_changed(land: SimpleNamespace) -> None:
    rows = [
        {"full_name": f"Người {word}", "birth": str(1960 + at), "commune": "Tú Lệ", "audiences": "Trưởng thôn",
         "phone": f"09123450{at:02}" if at % 2 else "", "since": "01/01/2026", "household": f"Hộ {word}"}
        for at, word in enumerate(["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"])
    ]  # fmt: skip
    assert imported(*rows).came == {"add": 6}
    before = list(User.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as captured:
        assert imported(*rows).came == {"same": 6}
    writes = [each["sql"] for each in captured if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if "people_" in sql] == []
    assert list(User.objects.order_by("pk").values()) == before
    rows[1] |= {"gender": "Nữ"}
    rows[2] |= {"phone": "0987654321"}
    rows[3] |= {"decision_number": "7/QĐ"}
    assert imported(*rows).came == {"same": 3, "change": 3}
    assert User.objects.count() == 6
    assert AudienceMembership.objects.count() == 6
    assert Household.objects.count() == 6
    assert User.objects.get(name_key="nguoi ba").phone == "+84987654321"
    assert list(AudienceMembership.objects.exclude(decision_number="").values_list("person__name_key")) == [
        ("nguoi bon",)
    ]


def test_who_has_no_number_gets_a_user_name(land: SimpleNamespace) -> None:
    made = imported(*({"full_name": name, "birth": "1970", "commune": "Tú Lệ"} for name in ("Đỗ Thị Ẩm", "Lò Á")))
    am, lo = User.objects.order_by("pk")
    assert am.username is not None
    assert am.username[:4] == "amdt"
    assert am.username[4:].isdecimal()
    assert not am.has_usable_password()
    assert [row.detail for row in made.outcomes.order_by("line")] == [
        f"Đăng nhập bằng: {am.username}",
        f"Đăng nhập bằng: {lo.username}",
    ]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"full_name": ""}, "Họ và tên: Hãy ghi họ và tên."),
        ({"full_name": "0912345678"}, "Họ và tên: Họ và tên chỉ gồm chữ"),
        ({"phone": "12345"}, "Số điện thoại: Số điện thoại chưa đúng"),
        ({"email": "su@"}, "Thư điện tử: Thư điện tử chưa đúng"),
        ({"username": "mùa"}, "Tên đăng nhập: Tên đăng nhập gồm chữ cái không dấu"),
        ({"birth": "1585"}, "Năm sinh: Năm sinh phải từ"),
        ({"birth": "hai mươi"}, "Năm sinh: Hãy ghi ngày sinh như 12/03/1985"),
        ({"gender": "x"}, "Giới tính: Giới tính ghi là Nam"),
        ({"ethnic_group": "Mongg"}, "Có phải: Mông"),
        ({"ethnic_group": "Xá Lá Vàng"}, "là tên gọi của nhiều dân tộc: Thổ, La Hủ, Chứt, Mảng"),
        ({"languages": "Na'vi"}, "Ngôn ngữ: Chưa biết ngôn ngữ “Na'vi”"),
        ({"national_id": "010185"}, "Số căn cước: Số căn cước có 12 chữ số"),
        ({"national_id": "010086000123"}, "là của người sinh năm 1986, nhưng năm sinh ghi là 1985"),
        ({"province": "Lao Cia"}, "Có phải: Tỉnh Lào Cai?"),
        ({"commune": "Pung Lung"}, "Tỉnh Lào Cai không có xã, phường nào tên “Pung Lung”. Có phải: Xã Púng Luông?"),
        ({"village": "Lìm"}, "Xã Tú Lệ chưa có thôn, bản tên “Lìm”"),
        ({"organisation": "HTX Chè"}, "Chưa có cơ quan, tổ chức này"),
        ({"audiences": "Giáo viên"}, "Chưa biết nhóm đối tượng “Giáo viên”"),
        ({"audiences": "NCUT", "since": "31/02/2026"}, "Từ ngày: Hãy ghi ngày như"),
        ({"audiences": "NCUT", "since": "01/01/2100"}, "Từ ngày: Ngày này chưa đến"),
        ({"decision_number": "12/QĐ"}, "Số quyết định: Hãy ghi nhóm đối tượng"),
    ],
)
def test_each_mistake_says_what_to_do(land: SimpleNamespace, row: dict[str, str], text: str) -> None:
    assert text in said({**SU, **row}, **BASIS)


def test_sensitive_columns_need_a_basis(land: SimpleNamespace) -> None:
    assert "Dân tộc: Dữ liệu nhạy cảm" in said({**SU, "ethnic_group": "Mông"})
    made = imported({**SU, "ethnic_group": "Mông"})
    assert made.came == {"wrong": 1}
    assert not User.objects.exists()


def test_doubles_inside_the_file(land: SimpleNamespace) -> None:
    made = checked(
        SU,
        {**SU, "full_name": "Giàng A Páo", "birth": "1990"},
        {**SU, "full_name": "Mua A Su", "phone": ""},
        {**SU, "phone": "0987654321"},
    )
    assert [(line, column, text[:30]) for line, column, text in problems(made)] == [
        (3, "Số điện thoại", "Trùng với dòng 2 của tệp. Mỗi "),
        (4, "Họ và tên", "Cùng họ tên, năm sinh và địa b"),
        (5, "Họ và tên", "Cùng họ tên, năm sinh và địa b"),
    ]
    assert made.found == {"add": 2, "wrong": 2, "warned": 1}


def test_the_order_of_matching(land: SimpleNamespace) -> None:
    su = accounts.create(
        full_name="Mùa A Sử", phone="0912345678", email="su@example.vn", username="su", unit=land.tu_le,
        birth_year=1985, national_id="010085000123",
    )  # fmt: skip
    for row in (
        {"full_name": "Mùa A Sử (Sùng)", "national_id": "010085000123", "commune": "Tú Lệ"},
        {"full_name": "Mùa A Sử", "phone": "0912345678", "commune": "Tú Lệ"},
        {"full_name": "Mùa A Sử", "email": "SU@example.vn", "commune": "Tú Lệ"},
        {"full_name": "Mùa A Sử", "username": "SU", "commune": "Tú Lệ"},
        {"full_name": "mùa a sử", "birth": "1985", "commune": "Tú Lệ"},
    ):
        assert checked(row, **BASIS).found.get("add") is None, row
    assert checked({"full_name": "Mùa A Sử", "birth": "1986", "commune": "Tú Lệ"}).found == {"add": 1}
    assert checked({"full_name": "Mùa A Sử", "birth": "1985", "commune": "Mộc Châu"}).found == {"add": 1}
    text = "Họ và tên: Có thể đã có: Mùa A Sử, 1985"
    assert text in said({"full_name": "Mùa A Sử", "commune": "Tú Lệ"})
    assert "Số điện thoại: Đang là của Mùa A Sử (Xã Tú Lệ)" in said({**SU, "full_name": "Giàng Thị Mỷ", "birth": ""})
    other = person("khac", unit=land.tu_le, phone="0987654321")
    assert "Số điện thoại: Đang là của Khac" in said(
        {"full_name": "Mùa A Sử", "national_id": "010085000123", "phone": "0987654321", "commune": "Tú Lệ"}, **BASIS
    )
    merging.merge(kept=su, merged=other, by=su)
    assert imported({"full_name": "Mùa A Sử", "phone": "0987654321", "commune": "Tú Lệ"}).came == {"same": 1}


def test_two_of_one_name_with_numbers_of_their_own_stay_two(land: SimpleNamespace) -> None:
    """However far apart their rows stand: the second is not taken for the first, which is in the register by then."""
    others = [{**SU, "full_name": f"Lò Thị {sign}", "phone": ""} for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    others += [{**row, "birth": "1970"} for row in others]
    rows = [SU, *others, {**SU, "phone": "0987654321"}]
    assert imported(*rows).came == {"add": 54}
    assert User.objects.filter(full_name="Mùa A Sử").count() == 2
    assert imported(*rows).came == {"same": 54}


@pytest.mark.parametrize(
    "written", ["912345678", "912 345 678", "912.345.678", "912345678.0", "0912345678.0", "'+84912345678"]
)
def test_a_telephone_without_its_zero(land: SimpleNamespace, written: str) -> None:
    """As Excel and programs that read it leave numbers, our own export among them."""
    imported({**SU, "phone": written})
    assert User.objects.get().phone == "+84912345678"


@pytest.mark.parametrize(
    ("written", "number"),
    [(10085000123, "010085000123"), ("1085000123", "001085000123"), ("'010085000123", "010085000123"),
     ("10085000123.0", "010085000123"), (63123456, "063123456")],
)  # fmt: skip
def test_an_identity_number_without_its_zeros(land: SimpleNamespace, written: Any, number: str) -> None:
    """As Excel has it in a cell of numbers; what it says of birth and gender is judged as ever."""
    assert imported({**SU, "gender": "Nam", "national_id": written}, **BASIS).came == {"add": 1}
    assert User.objects.get().national_id == number
    assert "không khớp với giới tính" in said({**SU, "gender": "Nữ", "national_id": "10085000123"}, **BASIS)


@pytest.mark.parametrize("name", ["Mïa A Sö", "Muøa A Söû", "Lß V¨n D¬ng", "NguyÔn ThÞ Lan"])
def test_names_of_old_fonts_are_refused(land: SimpleNamespace, name: str) -> None:
    """TCVN3 and VNI keep marks under other letters; names of all peoples are read."""
    assert "Họ và tên: Chữ gõ bằng phông cũ (TCVN3, VNI)" in said({**SU, "full_name": name})
    names = [{**SU, "full_name": "Y Bhăm Niê Kđăm"}, {**SU, "full_name": "H'Ñuôn Čil", "phone": ""}]
    assert problems(checked(*names)) == []


def test_two_of_one_name_are_not_guessed(land: SimpleNamespace) -> None:
    for name in ("su.1", "su.2"):
        accounts.create(full_name="Mùa A Sử", username=name, unit=land.tu_le, birth_year=1985)
    assert "Có nhiều người cùng họ tên, năm sinh, địa bàn" in said({**SU, "phone": ""})


def test_places_of_today_and_of_before(land: SimpleNamespace) -> None:
    for place, wanted in (
        ({"province": "Lào Cai", "commune": "Xã Tú Lệ"}, land.tu_le),
        ({"province": "15", "commune": "4636"}, land.tu_le),
        ({"commune": "tu le"}, land.tu_le),
        ({"province": "tỉnh Yên Bái", "commune": "La Pán Tẩn"}, land.la_pan_tan),
        ({"province": "Lào Cai", "commune": "Cao Phạ"}, land.cao_pha),
        ({"province": "Sơn La"}, land.son_la),
    ):
        made = imported({"full_name": "Lò Văn Thử", "phone": "0912345678", **place})
        assert problems(made) == [], place
        assert User.objects.get().unit == wanted, place
        User.objects.all().delete()


@pytest.mark.parametrize(
    ("province", "commune", "wanted"),
    [
        ("Sóc Trăng", "Buôn Hồ", "Phường Buôn Hồ"),  # each begins with a word for villages
        ("Tỉnh Sóc Trăng", "P. Buôn Hồ", "Phường Buôn Hồ"),
        ("Soc-Trang", "phường buôn hồ", "Phường Buôn Hồ"),
        ("Lào Cai", "X. Tú Lệ", "Xã Tú Lệ"),
        ("TP.HCM", "Bến-Thành", "Phường Bến Thành"),
        ("Thừa Thiên Huế", "Thuận Hóa", "Phường Thuận Hóa"),
        ("Yên Bái", "Tú Lệ", "Xã Tú Lệ"),  # the former province with a commune of today
        ("Yên Bái", "Xã Bến Thành", "Xã Bến Thành"),  # though elsewhere another bears the name
    ],
)
def test_places_as_people_write_them(land: SimpleNamespace, province: str, commune: str, wanted: str) -> None:
    soc_trang, hue = unit("94", "province", "Tỉnh Sóc Trăng"), unit("46", "province", "Thành phố Huế")
    city = unit("79", "province", "Thành phố Hồ Chí Minh")
    for code, name, parent in [
        ("24305", "Phường Buôn Hồ", soc_trang), ("26743", "Phường Bến Thành", city), ("19789", "Phường Thuận Hóa", hue),
        ("04000", "Xã Bến Thành", land.lao_cai),
    ]:  # fmt: skip
        unit(code, "commune", name, parent)
    assert imported({**SU, "province": province, "commune": commune}).came == {"add": 1}
    assert str(User.objects.get().unit) == wanted


def test_a_village_whose_name_begins_with_a_word_for_villages(land: SimpleNamespace) -> None:
    unit("v1", "village", "Thôn Bản Hồ", land.tu_le)
    unit("v2", "village", "Thôn Hồ", land.tu_le)
    for number, (written, wanted) in enumerate([("Bản Hồ", "Thôn Bản Hồ"), ("Hồ", "Thôn Hồ"), ("Xóm Hồ", "Thôn Hồ")]):
        imported({**SU, "phone": f"091234567{number}", "birth": str(1980 + number), "village": written})
        assert str(User.objects.get(birth_year=1980 + number).unit) == wanted


def test_an_ambiguous_commune_lists_the_choices(land: SimpleNamespace) -> None:
    unit("04000", "commune", "Xã Tú Lệ", land.son_la)
    text = said({"full_name": "Lò Văn Thử", "commune": "Tú Lệ"})
    assert "Xã Tú Lệ, Tỉnh Lào Cai (04636); Xã Tú Lệ, Tỉnh Sơn La (04000)" in text
    assert checked({**SU, "province": "Sơn La"}).found == {"add": 1}


def test_only_where_one_manages(land: SimpleNamespace) -> None:
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER], unit=land.lao_cai)
    ManagerAssignment.objects.create(person=manager, unit=land.pung_luong)
    assert checked({**SU, "commune": "Púng Luông", "ethnic_group": "Mông"}, by=manager, **BASIS).found == {"add": 1}
    assert checked({**SU, "commune": "La Pán Tẩn"}, by=manager).found == {"add": 1}
    assert "Xã Mộc Châu không thuộc địa bàn" in said({**SU, "province": "Sơn La", "commune": "Mộc Châu"}, by=manager)
    assert "Chưa ghi xã" in said({"full_name": "Mùa A Sử", "phone": ""}, by=manager)
    assert "Dân tộc: Chỉ người quản lý địa bàn" in said({**SU, "ethnic_group": "Mông"}, by=manager, **BASIS)
    far = person("xa", unit=land.moc_chau, phone="0912345678")
    assert "Một người ở địa bàn khác đang dùng" in said({**SU, "commune": "Púng Luông"}, by=manager)
    far.delete()
    chief = accounts.create(full_name="Mùa A Sử", phone="0912345678", roles=[roles.TRAINER], unit=land.pung_luong)
    text = said({**SU, "commune": "Púng Luông"}, by=manager)
    assert "Người này là cán bộ quản trị" in text
    chief.refresh_from_db()
    assert chief.birth_year is None


def test_a_batch_costs_the_same_for_two_and_for_forty(land: SimpleNamespace) -> None:
    def queries(count: int) -> int:
        rows = [
            {"full_name": f"Người {chr(97 + n // 26)}{chr(97 + n % 26)}", "phone": f"09123{n:05}", "birth": "1980",
             "commune": "Tú Lệ", "audiences": "NCUT", "household": f"Hộ {n}"}
            for n in range(count)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            checked(*rows)
        return len(captured)

    assert queries(2) == queries(40)


def test_the_command(land: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(sheet(SU, {**SU, "full_name": "Giàng A Páo", "phone": "12", "ethnic_group": "Mông"}))
    with pytest.raises(SystemExit) as ended:
        call_command("import_people", str(file), "--basis", "law")
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "added 1, changed 0, unchanged 0, rejected 1"
    assert "row 3" in err
    assert User.objects.get().full_name == "Mùa A Sử"
    with pytest.raises(CommandError):
        call_command("import_people", str(tmp_path / "khong-co.xlsx"))
