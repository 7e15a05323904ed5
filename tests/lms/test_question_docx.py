"""Questions in Word files as trainers write them: numbered, options A to D, the right one marked in many ways."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from core.office_files import Unreadable
from lms import question_docx
from lms.marked_questions import Read


def read(document: Any) -> list[Read]:
    """As it is handed in."""
    room = io.BytesIO()
    document.save(room)
    return question_docx.read(room)


def written(text: str) -> Any:
    """A document of these lines; **bold**, __underlined__."""
    document = docx.Document()
    for line in text.strip().splitlines():
        paragraph = document.add_paragraph()
        for number, piece in enumerate(line.split("**")):
            for place, part in enumerate(piece.split("__")):
                run = paragraph.add_run(part)
                run.bold = number % 2 == 1 or None
                run.underline = place % 2 == 1 or None
    return document


def key(found: Read) -> tuple[str, str]:
    """(number, the letters of the right options)."""
    assert found.question, found.problems
    return found.number, "".join("ABCDEFGHIJ"[n] for n, each in enumerate(found.question["options"]) if each["right"])


def test_the_usual_layout() -> None:
    """Bold, a line of the answer, an explanation and a hint."""
    first, second = read(
        written(
            """
ĐỀ KIỂM TRA CUỐI KHÓA
Câu 1. Ai được hỏi mã OTP?
A. Ngân hàng
**B. Không ai**
C. Công an
D. Nhà mạng
Câu 2: Mất máy
thì làm gì?
a) Khóa sim
b) Chờ
c) Khóa tài khoản
Đáp án: a, c
Giải thích: Làm ngay.
Càng sớm càng tốt.
Gợi ý: Kẻ gian cần sim.
"""
        )
    )
    assert first.question == {
        "kind": "single",
        "text": "Ai được hỏi mã OTP?",
        "options": [
            {"text": "Ngân hàng", "right": False},
            {"text": "Không ai", "right": True},
            {"text": "Công an", "right": False},
            {"text": "Nhà mạng", "right": False},
        ],
    }
    assert second.question == {
        "kind": "multiple",
        "text": "Mất máy\nthì làm gì?",
        "options": [
            {"text": "Khóa sim", "right": True},
            {"text": "Chờ", "right": False},
            {"text": "Khóa tài khoản", "right": True},
        ],
        "feedback": "Làm ngay.\nCàng sớm càng tốt.",
        "hint": "Kẻ gian cần sim.",
    }


@pytest.mark.parametrize(
    "lines",
    [
        "1. Hỏi?\nA. Một\n__B__. Hai\nC. Ba",
        "1. Hỏi?\n**A.** Một\n**__B.__** Hai\n**C.** Ba",
        "1) Hỏi?\nA) Một\n*B) Hai\nC) Ba",
        "Câu 1: Hỏi?\nA. Một\tB. **Hai**\tC. Ba",
        "Câu 1: Hỏi?\nA. Một   *B. Hai   C. Ba",
        "Câu 1: Hỏi?\nA. Một B. Hai C. Ba\nĐáp án đúng là: B",
        "Câu hỏi 1. Hỏi?\na. Một\nb. Hai\nc. Ba\nĐA: b",
        "Câu 1. **Hỏi?**\n**A. Một**\n**__B. Hai__**\n**C. Ba**",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\nBẢNG ĐÁP ÁN\n1.B 2.C",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\nĐÁP ÁN\n1-B; 2-C",
        "Câu 1. Hỏi?\nA. Một\nB. Hai (*)\nC. Ba",
        "Câu 1. Hỏi?\nA. Một\nB. Hai *\nC. Ba",
        "Bài 1: Hỏi?\nA. Một\n**B. Hai**\nC. Ba",
        "1/ Hỏi?\na/ Một\n**b/ Hai**\nc/ Ba",
        "Câu 1. Hỏi?\tA. Một\tB. Hai\tC. Ba\nĐáp án: B",
        "Câu 1. Hỏi?   A. Một\t**B. Hai**\nC. Ba",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\n=> Đáp án: B",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\n→ B",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\nChọn B.",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\nPhương án đúng: B",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\nĐáp án: câu B",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\n\nĐÁP ÁN THAM KHẢO\nCâu 1: B\nCâu 2: C",
        "Câu 1. Hỏi?\nA. Một\nB. Hai\nC. Ba\nĐáp án đúng:\n1. B\n2. C",
        "Câu 1. Hỏi?\nA. Một\n**B. Hai**\nC. Ba\n--- HẾT ---",
        "Câu 1. Hỏi?\nA: Một\nB: Hai\nC: Ba\nĐáp án: B",
        "Câu 1. Hỏi?\nA- Một\n**B- Hai**\nC- Ba",
        "Câu 1. Hỏi?\na – Một\n**b – Hai**\nc – Ba\nPHẦN II. TỰ LUẬN",
        "Câu 1. Hỏi?\n[A] Một\n[B] Hai\n[C] Ba\n=> B",
        "Câu 1. Hỏi?\nA: Một\t**B: Hai**\tC: Ba",
        "1. Hỏi?\n(A): Một   (B): Hai   (C): Ba\nĐáp án: B",
        "\u200bCâu 1. Hỏi?\n\u200bA. Một\n**\ufeffB. Hai**\nC. Ba",
        "Phần I. Trắc nghiệm\nCâu 1. Hỏi?\nA. Một\n**B. Hai**\nC. Ba\nPHẦN II. ĐÚNG HAY SAI",
    ],
)
def test_each_way_to_number_and_to_mark(lines: str) -> None:
    """What all options have in common marks none."""
    (found,) = read(written(lines))
    assert key(found) == ("1", "B")
    assert [each["text"] for each in found.question["options"]] == ["Một", "Hai", "Ba"]


def test_colour_highlight_and_shading_mark() -> None:
    """Each by itself; black is no colour."""
    document = docx.Document()
    for number in range(1, 4):
        document.add_paragraph(f"Câu {number}. Hỏi {number}?")
        for place, text in enumerate(("A. Một", "B. Hai")):
            run = document.add_paragraph().add_run(text)
            run.font.color.rgb = RGBColor(0, 0, 0)
            if place == 1 and number == 1:
                run.font.color.rgb = RGBColor(255, 0, 0)
            if place == 1 and number == 2:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            if place == 1 and number == 3:
                run._r.get_or_add_rPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:fill="FFFF00"/>'))
    assert [key(each) for each in read(document)] == [("1", "B"), ("2", "B"), ("3", "B")]


def test_numbers_and_letters_that_word_makes() -> None:
    """Automatic numbering: its printed numbers, letters beginning anew below each question."""
    document = docx.Document()
    root = document.part.numbering_part.element
    levels = (("decimal", "Câu %1."), ("upperLetter", "%2."))
    shape = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{shape}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))

    def numbered(text: str, depth: int, *, bold: bool = False) -> None:
        paragraph = document.add_paragraph()
        paragraph.add_run(text).bold = bold or None
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
        )

    for number in (1, 2):
        numbered(f"Hỏi {number}?", 0)
        for option in (1, 2, 3):
            numbered(f"Phương án {option}", 1, bold=option == number)
    first, second = read(document)
    assert (key(first), key(second)) == (("1", "A"), ("2", "B"))
    assert second.question["text"] == "Hỏi 2?"


def numbered_document(*lines: tuple[str, int], lists: str, bold: int) -> Any:
    """Of (words, id of their list); every one at a place bold + n · 3 is bold."""
    document = docx.Document()
    root = document.part.numbering_part.element
    for each in reversed(list(parse_xml(f"<w:numbering {nsdecls('w')}>{lists}</w:numbering>"))):
        root.insert(0, each) if each.tag == qn("w:abstractNum") else root.append(each)
    for place, (text, number) in enumerate(lines):
        paragraph = document.add_paragraph()
        paragraph.add_run(text).bold = place % 3 == bold or None
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
        )
    return document


def shape(number: int, form: str) -> str:
    """An abstract numbering of one level."""
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="{form}"/><w:lvlText w:val="%1."/></w:lvl>'
    return f'<w:abstractNum w:abstractNumId="{number}">{level}</w:abstractNum>'


def of_shape(number: int, shape: int, anew: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{shape}"/>{anew}</w:num>'


ANEW = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'


@pytest.mark.parametrize(
    ("lists", "ids"),
    [
        (of_shape(70, 70) + of_shape(71, 71), (70, 71, 70, 71)),  # the options of all questions are one list
        (of_shape(70, 70) + of_shape(71, 71) + of_shape(72, 71, ANEW), (70, 71, 70, 72)),  # as Word begins anew
        (of_shape(70, 70) + of_shape(71, 71) + of_shape(72, 70) + of_shape(73, 71), (70, 71, 72, 73)),  # goes on
    ],
)
def test_numbers_of_lists_that_share_a_shape(lists: str, ids: tuple[int, int, int, int]) -> None:
    """Questions count on, options begin anew below each."""
    one, its, two, others = ids
    lines = [("Hỏi?", one), ("Một", its), ("Hai", its), ("Hỏi nữa?", two), ("Ba", others), ("Bốn", others)]
    shapes = shape(70, "decimal") + shape(71, "upperLetter")
    first, second = read(numbered_document(*lines, lists=shapes + lists, bold=2))
    assert (key(first), key(second)) == (("1", "B"), ("2", "B"))
    assert [each["text"] for each in second.question["options"]] == ["Ba", "Bốn"]


def test_options_and_answers_in_tables() -> None:
    """Two columns of options, letters in cells of their own, the answers as numbers above letters."""
    document = docx.Document()
    document.add_paragraph("Câu 1. Hỏi?")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("A. Một", "B. Hai", "C. Ba", "D. Bốn"), strict=True):
        cell.text = text
    document.add_paragraph("Câu 2. Hỏi nữa?")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("A", "Một", "B", "Hai"), strict=True):
        cell.text = text
    document.add_paragraph("BẢNG ĐÁP ÁN")
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ("Câu", "1", "2", "Đáp án", "C", "A"), strict=True):
        cell.text = text
    first, second = read(document)
    assert (key(first), key(second)) == (("1", "C"), ("2", "A"))
    assert [each["text"] for each in second.question["options"]] == ["Một", "Hai"]


@pytest.mark.parametrize(
    ("lines", "question"),
    [
        ("Câu 1. Nước sôi ở 100 °C. (Đúng/Sai)\nĐáp án: Sai", {"kind": "true_false", "right": "false"}),
        ("Câu 1. Nước sôi ở 100 °C.\n**Đúng** / Sai", {"kind": "true_false", "right": "true"}),
        ("Câu 1. Nước sôi ở 100 °C.\nA. Đúng\n**B. Sai**", {"kind": "true_false", "right": "false"}),
        ("Câu 1. 12 × 45 = ……\nĐáp án: 540", {"kind": "number", "number": "540"}),
        (
            "Câu 1. Tỉnh Hòa Bình nay thuộc ……\nĐáp án: Phú Thọ",
            {"kind": "fill_in", "accepted": [{"text": "Phú Thọ", "share": 100}]},
        ),
        ("Câu 1. (Tự luận) Hãy kể lại.", {"kind": "written"}),
    ],
)
def test_kinds_without_options(lines: str, question: dict[str, Any]) -> None:
    """True or false in three ways, a number, words, an essay."""
    (found,) = read(written(lines))
    assert found.problems == []
    assert question.items() <= found.question.items()
    assert "(" not in found.question["text"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("Câu 7. Hỏi?\nA. Một\nB. Hai", "chưa có đáp án"),
        ("Câu 7. Hỏi?\n**A. Một**\n**B. Hai**", "chưa có đáp án"),
        ("Câu 7. Hỏi?", "chưa có đáp án"),
        ("Câu 7. Hỏi?\nA. Một\nB. Hai\nĐáp án: D", "đáp án “D” không phải phương án nào"),
        ("Câu 7. Hỏi?\n**A. Một**", "cần ít nhất hai phương án"),
        ("Câu 7.\n**A. Một**\nB. Hai", "không có lời hỏi"),
    ],
)
def test_what_is_wrong_is_told_and_holds_up_nothing(lines: str, problem: str) -> None:
    """The question after it is read."""
    wrong, right = read(written(f"{lines}\nCâu 8. Đúng?\nA. Một\n**B. Hai**"))
    assert (wrong.number, wrong.question) == ("7", None)
    assert problem in wrong.problems[0]
    assert key(right) == ("8", "B")


def test_an_answer_line_against_a_mark_is_told() -> None:
    """The line is believed."""
    (found,) = read(written("Câu 1. Hỏi?\n**A. Một**\nB. Hai\nĐáp án: B"))
    assert key(found) == ("1", "B")
    assert "dòng đáp án nói B" in found.warnings[0]


def test_lists_inside_a_question_are_its_words() -> None:
    """Numbers that do not go on are no questions."""
    first, second = read(written("5. Xếp:\n1. Một\n2. Hai\nA. 1, 2\n**B. 2, 1**\n6. Hỏi?\n**A. x**\nB. y"))
    assert first.question["text"] == "Xếp:\n1. Một\n2. Hai"
    assert key(second) == ("6", "A")


def test_words_that_look_like_an_answer_in_a_question_are_its_own() -> None:
    """“Chọn phương án đúng:” asks."""
    (found,) = read(written("Câu 1. Chọn phương án đúng:\nA. Một\n**B. Hai**"))
    assert key(found) == ("1", "B")
    assert found.question["text"] == "Chọn phương án đúng:"


def test_a_talk_between_a_and_b_is_the_question_where_options_follow() -> None:
    """Or where words are to be filled in."""
    talk = "Điền vào:\nA: Chào bác!\nB: ……"
    first, second = read(written(f"Câu 1. {talk}\nA. Chào cháu\n**B. Không**\nCâu 2. {talk}\nĐáp án: Chào cháu"))
    assert (first.question["text"], key(first)) == (talk, ("1", "B"))
    assert second.question["text"] == talk
    assert second.question["accepted"] == [{"text": "Chào cháu", "share": 100}]


@pytest.mark.parametrize("lines", [" A. Hà Nội   B. Huế\nĐáp án: A", "\n**1. Hà Nội**\n2. Huế", "\n**Hà Nội**\nHuế"])
def test_options_that_are_not_known_as_such_are_told(lines: str) -> None:
    """Else the letter would be the words to fill in; that nothing is marked would not be true."""
    (found,) = read(written(f"Câu 1. Thủ đô?{lines}"))
    assert found.problems == ["không nhận ra các phương án. Hãy viết mỗi phương án một dòng, bắt đầu bằng “A.”, “B.”…"]


def test_thousands_are_written_with_a_point_in_viet_nam() -> None:
    """And the trainer is asked to look."""
    (found,) = read(written("Câu 1. 12 kg × 45.000 đồng là bao nhiêu đồng?\nĐáp án: 540.000"))
    assert found.question is not None
    assert found.question["number"] == "540000"
    assert found.warnings == ["đáp số 540.000 được hiểu là 540000; hãy xem lại."]


def test_questions_of_the_essay_part_are_written() -> None:
    """Under its heading; what follows another heading is not."""
    lines = "I. TRẮC NGHIỆM\nCâu 1. X?\n**A. a**\nB. b\nII. TỰ LUẬN (4 điểm)\nCâu 2. Trình bày."
    first, second, third = read(written(f"{lines}\nPhần III. Khác\nCâu 3. Hãy nêu."))
    assert first.question["options"][1]["text"] == "b"
    assert second.question == {"kind": "written", "text": "Trình bày."}
    assert "chưa có đáp án" in third.problems[0]


def test_parts_with_answers_of_their_own() -> None:
    """Answers in the middle of a file do not end it."""
    found = read(written("Câu 1. Hỏi?\nA. x\nB. y\nĐÁP ÁN\n1.A\nCâu 2. Hỏi nữa?\nA. x\nB. y\nĐÁP ÁN\n2.B"))
    assert [key(each) for each in found] == [("1", "A"), ("2", "B")]


PICTURE = f"<w:r {nsdecls('w')}><w:drawing/></w:r>"
EQUATION = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/>'


@pytest.mark.parametrize(("part", "said"), [(PICTURE, "có ảnh"), (EQUATION, "có công thức")])
def test_pictures_and_equations_are_told(part: str, said: str) -> None:
    """The question stays out; it would be asked without them."""
    document = written("Câu 1. Hình nào?\n**A. Một**\nB. Hai\nCâu 2. Hỏi?\n**A. Một**\nB. Hai")
    document.paragraphs[2]._p.append(parse_xml(part))
    first, second = read(document)
    assert first.question is None
    assert said in first.problems[0]
    assert key(second) == ("2", "A")


def test_deleted_words_are_gone_and_inserted_ones_are_there() -> None:
    """Of tracked changes."""
    document = written("Câu 1. Hỏi\n**A. Một**\nB. Hai")
    deleted = f"<w:del {nsdecls('w')}><w:r><w:t>cũ</w:t></w:r></w:del>"
    inserted = f'<w:ins {nsdecls("w")}><w:r><w:t xml:space="preserve"> mới?</w:t></w:r></w:ins>'
    for change in (deleted, inserted):
        document.paragraphs[0]._p.append(parse_xml(change))
    (found,) = read(document)
    assert found.question["text"] == "Hỏi mới?"


def test_a_deleted_paragraph_is_no_option_and_a_deleted_end_joins_two() -> None:
    """Of tracked changes; its automatic letter goes with it, and its picture."""
    lines = [("Hỏi", 70), ("gì?", 70), ("Cũ", 71), ("Một", 71), ("Hai", 71)]
    shapes = shape(70, "decimal") + shape(71, "upperLetter") + of_shape(70, 70) + of_shape(71, 71)
    document = numbered_document(*lines, lists=shapes, bold=1)
    gone = f"<w:rPr {nsdecls('w')}><w:del w:id='1' w:author='x'/></w:rPr>"
    for place in (0, 2):
        document.paragraphs[place]._p.pPr.append(parse_xml(gone))
    old = document.paragraphs[2]._p
    deleted = parse_xml(f"<w:del {nsdecls('w')} w:id='2'><w:r><w:delText>Cũ</w:delText><w:drawing/></w:r></w:del>")
    old.replace(old.r_lst[0], deleted)
    (found,) = read(document)
    assert found.question["text"] == "Hỏigì?"
    assert [each["text"] for each in found.question["options"]] == ["Một", "Hai"]


def test_raised_and_lowered_figures_mean_what_they_mean() -> None:
    """10² is not 102; what Word hides is not asked."""
    document = written("Câu 1. H\n**A. 10**\nB. 5")
    document.paragraphs[0].add_run("2").font.subscript = True
    document.paragraphs[0].add_run("O là gì?")
    document.paragraphs[0].add_run("ẩn").font.hidden = True
    document.paragraphs[1].add_run("2").font.superscript = True
    document.paragraphs[1].runs[-1].bold = True
    document.paragraphs[2].add_run("th").font.superscript = True
    (found,) = read(document)
    assert found.question["text"] == "H₂O là gì?"
    assert [each["text"] for each in found.question["options"]] == ["10²", "5th"]


@pytest.mark.parametrize(
    ("font", "question", "option"),
    [
        (".VnTime", "C©u 1. ViÖt Nam cã bao nhiªu d©n téc?", "N¨m m­¬i t­"),
        ("VNI-Times", "Caâu 1. Vieät Nam coù bao nhieâu daân toäc?", "Naêm möôi tö"),
    ],
)
def test_older_encodings_are_known_by_their_fonts(font: str, question: str, option: str) -> None:
    """TCVN3 and VNI, as old Word files have them."""
    document = docx.Document()
    document.styles["Normal"].font.name = font
    document.add_paragraph(question)
    document.add_paragraph(f"A. {option}").runs[0].bold = True
    document.add_paragraph("B. 12")
    (found,) = read(document)
    assert found.question["text"] == "Việt Nam có bao nhiêu dân tộc?"
    assert found.question["options"][0]["text"] == "Năm mươi tư"


def test_decomposed_vietnamese_is_composed() -> None:
    """As from a Mac."""
    (found,) = read(written("Câu 1. Ai?\n**A. Mẹ**\nB. Bố".replace("ẹ", "e\u0323").replace("â", "a\u0302")))
    assert found.question["options"][0]["text"] == "Mẹ"


def packed(parts: dict[str, bytes]) -> io.BytesIO:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return room


def parts_of(document: Any) -> dict[str, bytes]:
    room = io.BytesIO()
    document.save(room)
    with zipfile.ZipFile(room) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"word/document.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document/>'}, "nội dung lạ"),
        ({"word/vbaProject.bin": b"x"}, "macro"),
        ({"word/media/bomb.bin": b"\0" * (25 * 1024 * 1024)}, "quá lớn"),
        ({"word/document.xml": b"<w:document>"}, "bị hỏng"),
        ({"[Content_Types].xml": b"<x/>"}, "bị hỏng"),
    ],
)
def test_hostile_files_are_refused_with_a_reason(change: dict[str, bytes], said: str) -> None:
    """Before anything of them is used."""
    with pytest.raises(Unreadable, match=said):
        question_docx.read(packed(parts_of(written("Câu 1. Hỏi?")) | change))


def test_a_file_without_questions_says_so() -> None:
    """And what a question looks like."""
    with pytest.raises(Unreadable, match="Không thấy câu hỏi nào"):
        read(written("Báo cáo tháng 3"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30), max_size=12))
def test_any_lines_are_understood_or_told(lines: list[str]) -> None:
    """Never an error; each question has either its words or a reason."""
    try:
        found = read(written("Câu 1. Hỏi?\n" + "\n".join(lines)))
    except Unreadable:
        return
    for each in found:
        assert bool(each.question) != bool(each.problems)


def test_loops_of_styles_end() -> None:
    """A style based on itself."""
    document = written("Câu 1. Hỏi?\n**A. Một**\nB. Hai")
    based = OxmlElement("w:basedOn")
    based.set(qn("w:val"), "Normal")
    document.styles["Normal"].element.append(based)
    assert key(read(document)[0]) == ("1", "A")
