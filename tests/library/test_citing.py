"""References: RIS, BibTeX and text."""

from library import citing, marc_lines, ris
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


ARTICLE = """LDR 00000nab#a2200000#i#4500
008 240101s2020####vm##u#p#######0###b0vie#d
100 1# $aTrần B$etác giả
245 10 $aVăn hóa & xã hội: 5_a #1
700 1# $aLê C,$etác giả
700 1# $aVũ D,$ebiên tập
773 0# $tTạp chí Dân tộc học.$gSố 5 (2020), tr. 12-20$x0866-7632."""
THESIS = """LDR 00000nam#a2200000#i#4500
008 240101s2021####vm############000#0#vie#d
020 ## $a978-604-3-00000-9 (bìa cứng)
110 2# $aMinistry of Culture, Sports and Tourism
245 10 $aLễ hội ~ 100%
502 ## $aLuận án tiến sĩ$cHọc viện Khoa học xã hội$d2021"""


def test_an_article_is_cited_with_its_place_in_the_journal() -> None:
    marc = marc_lines.parse(ARTICLE)
    assert ris.to_ris(marc, url="u").split("\r\n")[:11] == [
        "TY  - JOUR",
        "TI  - Văn hóa & xã hội: 5_a #1",
        "AU  - Trần B",
        "AU  - Lê C",
        "A2  - Vũ D",
        "PY  - 2020",
        "T2  - Tạp chí Dân tộc học",
        "IS  - Số 5 (2020)",
        "SP  - 12",
        "EP  - 20",
        "SN  - 0866-7632",
    ]
    assert citing.bibtex(marc, key="k", url="u/a_b").split("\n") == [
        "@article{k,",
        "  author = {Trần B and Lê C},",
        "  year = {2020},",
        r"  title = {Văn hóa \& xã hội: 5\_a \#1},",
        "  journal = {Tạp chí Dân tộc học},",
        "  number = {Số 5 (2020)},",
        "  pages = {12--20},",
        "  url = {u/a_b}",
        "}",
        "",
    ]


def test_a_thesis_is_cited_as_one_and_a_body_with_and_in_its_name_is_one_author() -> None:
    marc = marc_lines.parse(THESIS)
    found = ris.to_ris(marc, url="u").split("\r\n")
    assert found[0] == "TY  - THES"
    assert "SN  - 978-604-3-00000-9" in found
    assert citing.bibtex(marc, key="k", url="u").split("\n")[:5] == [
        "@phdthesis{k,",
        "  author = {{Ministry of Culture, Sports and Tourism}},",
        "  year = {2021},",
        r"  title = {Lễ hội \textasciitilde{} 100\%},",
        "  school = {Học viện Khoa học xã hội},",
    ]
    master = marc_lines.parse(THESIS.replace("Luận án tiến sĩ", "Luận văn thạc sĩ"))
    assert citing.bibtex(master, key="k", url="u").startswith("@mastersthesis{k,")


def test_titles_of_persons_printers_and_copyright_are_left_out() -> None:
    marc = marc_lines.parse(
        THESIS.split("\n110", maxsplit=1)[0]
        + "\n100 0# $aHồ Chí Minh,$cChủ tịch nước,$d1890-1969\n245 10 $aTuyển tập\n264 #4 $c©2019"
        "\n264 #1 $aHà Nội :$bSự thật,$c2021\n264 #3 $aHuế :$bNhà in B"
    )
    assert citing.apa(marc) == "Hồ Chí Minh. (2021). Tuyển tập. Sự thật."
    assert citing.vietnamese(marc) == "Hồ Chí Minh (2021), Tuyển tập, Sự thật, Hà Nội."
    found = ris.to_ris(marc, url="u").split("\r\n")
    assert [line for line in found if line[:2] in {"AU", "CY", "PB"}] == [
        "AU  - Hồ Chí Minh",
        "CY  - Hà Nội",
        "PB  - Sự thật",
    ]
