"""References: RIS, BibTeX and text."""

from library import citing, ris
from library.marc import DataField, MarcRecord
from tests.library.books import LEADER, book


def test_ris() -> None:
    assert ris.to_ris(book(), url="https://x.vn/1").split("\r\n") == [
        "TY  - BOOK",
        "TI  - Truyện cổ Tày",
        "AU  - Hoàng Quyết",
        "PY  - 1974",
        "CY  - Hà Nội",
        "PB  - Văn hóa dân tộc",
        "KW  - Văn học dân gian – Việt Nam",
        "LA  - vie",
        "UR  - https://x.vn/1",
        "ER  - ",
        "",
    ]


def test_text() -> None:
    assert citing.vietnamese(book()) == "Hoàng Quyết (1974), Truyện cổ Tày, Văn hóa dân tộc, Hà Nội."
    assert citing.apa(book()) == "Hoàng Quyết. (1974). Truyện cổ Tày. Văn hóa dân tộc."


def test_text_of_a_record_with_a_title_only() -> None:
    marc = MarcRecord(LEADER, [DataField.of("245", "00", [("a", "Vô danh")])])
    assert citing.vietnamese(marc) == "Vô danh."
    assert citing.apa(marc) == "Vô danh. (n.d.)."


def test_bibtex() -> None:
    assert citing.bibtex(book(title="A {b}"), key="nhasan1", url="u") == (
        "@book{nhasan1,\n  author = {Hoàng Quyết},\n  year = {1974},\n  title = {A b},\n"
        "  publisher = {Văn hóa dân tộc},\n  address = {Hà Nội},\n  url = {u}\n}\n"
    )
