"""The labelled display."""

import pytest

from library import citing, headings, isbd, isbd_areas
from library.marc import DataField, MarcRecord
from tests.library.books import LEADER, book


def shown(*more: DataField) -> dict[str, list[isbd.Value]]:
    return {str(line.label): line.values for line in isbd.lines(book(more=more))}


def test_a_book() -> None:
    lines = {label: [value.text for value in values] for label, values in shown().items()}
    assert lines == {
        "Nhan đề": ["Truyện cổ Tày / Hoàng Quyết sưu tầm."],
        "Tác giả": ["Hoàng Quyết, 1929- (sưu tầm)"],
        "Xuất bản": ["Hà Nội : Văn hóa dân tộc, 1974."],
        "Mô tả vật lý": ["359 tr. ; 19 cm"],
        "Ngôn ngữ": ["Tiếng Việt"],
        "Chủ đề": ["Văn học dân gian – Việt Nam"],
        "Số kiểm soát": ["ns0001"],
    }


@pytest.mark.parametrize(
    ("title", "extent"),
    [(("Sử thi", "Đăm Săn", "Y Wang kể"), ("512 tr.", "ảnh", "21 cm")),
     (("Sử thi :", "Đăm Săn /", "Y Wang kể"), ("512 tr. :", "ảnh ;", "21 cm"))],
)  # fmt: skip
def test_signs_that_a_record_lacks_are_supplied_and_never_doubled(
    title: tuple[str, ...], extent: tuple[str, ...]
) -> None:
    fields = [
        DataField.of("245", "10", zip("abc", title, strict=True)),
        DataField.of("264", " 1", [("a", "Hà Nội"), ("b", "Thế giới"), ("c", "2003")]),
        DataField.of("300", "  ", zip("abc", extent, strict=True)),
        DataField.of("490", "0 ", [("a", "Kho tàng sử thi"), ("v", "tập 3")]),
        DataField.of("880", "10", [("6", "245-01/$1"), ("a", "史詩"), ("b", "Đăm Săn")]),
    ]
    marc = MarcRecord(LEADER, fields)
    texts = {str(line.label): [value.text for value in line.values] for line in isbd.lines(marc)}
    assert texts["Nhan đề"] == ["Sử thi : Đăm Săn / Y Wang kể", "史詩 : Đăm Săn"]
    assert texts["Xuất bản"] == ["Hà Nội : Thế giới, 2003"]
    assert texts["Mô tả vật lý"] == ["512 tr. : ảnh ; 21 cm"]
    assert texts["Tùng thư"] == ["Kho tàng sử thi ; tập 3"]
    assert isbd_areas.areas(marc)[0] == (
        "Sử thi : Đăm Săn / Y Wang kể. – Hà Nội : Thế giới, 2003. – 512 tr. : ảnh ; 21 cm. – (Kho tàng sử thi ; tập 3)"
    )
    assert "Sử thi : Đăm Săn," in citing.vietnamese(marc)


def test_where_and_when_it_was_recorded_and_in_what_script() -> None:
    lines = shown(
        DataField.of("518", "  ", [("o", "Ghi âm"), ("d", "2014"), ("p", "Cao Bằng")]),
        DataField.of("546", "  ", [("a", "Tiếng Việt"), ("b", "Chữ Nôm")]),
        DataField.of("310", "  ", [("a", "Hằng tháng"), ("b", "2010-")]),
        DataField.of("255", "  ", [("a", "Tỷ lệ 1:50.000"), ("b", "phép chiếu UTM"), ("c", "(Đ 103°30'/B 22°30')")]),
        DataField.of("880", "1 ", [("6", "700-01/$1"), ("a", "阮攸"), ("d", "1765-1820")]),
    )
    texts = {label: [value.text for value in values] for label, values in lines.items()}
    assert texts["Thời gian, địa điểm"] == ["Ghi âm, 2014, Cao Bằng"]
    assert texts["Ghi chú"] == ["Tiếng Việt ; Chữ Nôm"]
    assert texts["Kỳ xuất bản"] == ["Hằng tháng, 2010-"]
    assert texts["Tỷ lệ bản đồ"] == ["Tỷ lệ 1:50.000 ; phép chiếu UTM (Đ 103°30'/B 22°30')"]
    assert texts["Tác giả"][1] == "阮攸, 1765-1820"


def test_a_serial_says_how_often_it_comes_and_what_it_follows() -> None:
    lines = shown(
        DataField.of("310", "  ", [("a", "Hằng tháng,"), ("b", "2010-")]),
        DataField.of("362", "0 ", [("a", "Số 1 (1974)-")]),
        DataField.of("780", "00", [("t", "Thông báo dân tộc học"), ("x", "0866-7632"), ("w", "(VN)1")]),
        DataField.of("785", "00", [("t", "Nghiên cứu dân tộc")]),
    )
    texts = {label: [value.text for value in values] for label, values in lines.items()}
    assert texts["Kỳ xuất bản"] == ["Hằng tháng, 2010-"]
    assert texts["Số, năm phát hành"] == ["Số 1 (1974)-"]
    assert texts["Tiếp nối tài liệu"] == ["Thông báo dân tộc học 0866-7632"]
    assert texts["Được tiếp nối bởi"] == ["Nghiên cứu dân tộc"]


def test_subjects_and_names_lead_to_the_search() -> None:
    lines = shown(DataField.of("650", " 4", [("a", 'Nùng & "Tày"')]))
    assert lines["Chủ đề"][1].url == "/search/?kind=record&subject=N%C3%B9ng+%26+%22T%C3%A0y%22"
    assert lines["Tác giả"][0].url == "/search/?kind=record&q=%22Ho%C3%A0ng+Quy%E1%BA%BFt%22"


def test_years_of_a_person_stand_behind_a_comma() -> None:
    lines = shown(
        *[DataField.of("700", "1 ", [("a", name), ("d", "1938-")]) for name in ("Ma Khánh Bằng", "Ma Văn A,")]
    )
    assert [each.text for each in lines["Tác giả"][1:]] == ["Ma Khánh Bằng, 1938-", "Ma Văn A, 1938-"]


def test_the_same_in_another_script_stands_beside() -> None:
    lines = shown(DataField.of("880", "10", [("6", "245-01/$1"), ("a", "岱族故事")]))
    assert [value.text for value in lines["Nhan đề"]] == ["Truyện cổ Tày / Hoàng Quyết sưu tầm.", "岱族故事"]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://thuvien.example.vn/1", True),
        ("HTTP://thuvien.example.vn/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//khac.example.vn", False),
        ("http://[", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, safe: bool) -> None:
    [value] = isbd.addresses(book(more=(DataField.of("856", "40", [("u", url), ("y", "Toàn văn")]),)))
    assert value == isbd.Value("Toàn văn", link=url if safe else "")


def test_a_linked_heading_leads_to_its_authority() -> None:
    marc = book(more=(DataField.of("650", " 7", [("a", "Người Tày"), ("z", "Cao Bằng"), ("0", "(VN-NhaSan)dt02")]),))
    [line] = [line for line in isbd.lines(marc, {("subject", headings.key("người tày")): 17}) if line.label == "Chủ đề"]
    assert [value.text for value in line.values] == ["Văn học dân gian – Việt Nam", "Người Tày – Cao Bằng"]
    assert line.values[0].url.startswith("/search/")
    assert line.values[1].url == "/library/records/17/"
