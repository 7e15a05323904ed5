"""What the template says beside its empty table: an example of each kind, and how each kind is written."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.spreadsheets import Heading, Sheet
from lms import question_cells
from lms.question_columns import TEMPLATE_COLUMNS, kind_word


def sheets() -> Iterator[Sheet]:
    """Two sheets; rows of the first may be copied into the table."""
    rows = [question_cells.cells(each, tags=[_("ví dụ")]) for each in examples()]
    headings = [
        Heading(str(column.heading), max(14, min(40, len(str(column.heading)) + 4)), column.as_text)
        for column in TEMPLATE_COLUMNS
    ]
    yield Sheet(_("Ví dụ"), headings, [[row.get(column.name, "") for column in TEMPLATE_COLUMNS] for row in rows])
    yield Sheet(_("Các loại câu"), [Heading(_("Loại"), 24), Heading(_("Cách ghi"), 110)], _guide())


def examples() -> list[dict[str, Any]]:
    """A question of each kind."""
    return [
        {
            "kind": "single",
            "text": _("Mã khóa màn hình nào khó đoán nhất?"),
            "options": [
                {"text": "123456", "right": False, "why": _("Ai cũng thử trước.")},
                {"text": _("Năm sinh"), "right": False, "why": _("Người quen biết cả.")},
                {"text": _("Số tự nghĩ ra"), "right": True, "why": _("Khó đoán nhất.")},
            ],
            "shuffle": True,
            "hint": _("Người khác không biết được."),
        },
        {
            "kind": "multiple",
            "text": _("Mất điện thoại thì làm gì?"),
            "options": [
                {"text": _("Khóa sim"), "right": True},
                {"text": _("Khóa tài khoản ngân hàng"), "right": True},
                {"text": _("Chờ vài ngày"), "right": False},
            ],
            "partial": True,
            "feedback": _("Làm ngay, càng sớm càng tốt."),
        },
        {
            "kind": "true_false",
            "text": _("Ngân hàng có thể hỏi mã OTP qua điện thoại."),
            "right": "false",
            "why": _("Không bao giờ."),
        },
        {
            "kind": "matching",
            "text": _("Nhạc cụ nào của dân tộc nào?"),
            "pairs": [
                {"left": "Mông", "right": _("khèn")},
                {"left": "Chăm", "right": _("trống ghi-năng")},
                {"left": "Tày", "right": _("đàn tính")},
            ],
            "others": [_("đàn bầu")],
            "partial": True,
        },
        {
            "kind": "ordering",
            "text": _("Bán một món hàng trên mạng gồm các bước nào?"),
            "steps": [_("Chụp ảnh"), _("Ghi giá và nơi giao"), _("Đăng lên"), _("Trả lời người hỏi mua")],
            "partial": True,
        },
        {
            "kind": "fill_in",
            "text": _("Tỉnh Hòa Bình nay thuộc tỉnh nào?"),
            "accepted": [{"text": "Phú Thọ", "share": 100}, {"text": "Vĩnh Phúc", "share": 50}],
            "forgiven": ["case", "tone_place"],
        },
        {
            "kind": "number",
            "text": _("Bán 12 kg miến, mỗi kg 45 000 đồng. Được bao nhiêu nghìn đồng?"),
            "number": "540",
            "tolerance": "0",
            "unit": _("nghìn đồng"),
            "why": "12 × 45 = 540.",
        },
        {
            "kind": "scale",
            "text": _("Bài học này dễ hiểu đến đâu?"),
            "steps": 5,
            "low": _("Rất khó"),
            "high": _("Rất dễ"),
        },
        {
            "kind": "written",
            "text": _("Ông, bà sẽ dạy lại điều gì cho gia đình?"),
            "rubric": [
                {"title": _("Nêu đúng ba dấu hiệu lừa đảo"), "points": 6, "note": _("Có ví dụ ở nơi mình sống.")}
            ],
            "longest": 2000,
            "model": _("Không đưa mã OTP cho ai."),
        },
        {"kind": "upload", "text": _("Chụp ảnh một sản phẩm của gia đình."), "kinds": ["picture"]},
    ]


def _guide() -> Iterator[tuple[str, str]]:
    yield kind_word("single"), _("Phương án ở các cột A, B, C…; cột Đáp án đúng ghi một chữ cái, ví dụ: C.")
    yield kind_word("multiple"), _("Như trên; cột Đáp án đúng ghi nhiều chữ cái, ví dụ: A, B.")
    yield kind_word("true_false"), _("Không cần phương án; cột Đáp án đúng ghi Đúng hoặc Sai.")
    yield kind_word("matching"), _("Mỗi cột A, B, C… một cặp: vế trái → vế phải. Vế phải thừa: → vế phải.")
    yield kind_word("ordering"), _("Mỗi cột A, B, C… một bước, theo thứ tự đúng; khi hỏi các bước được xáo trộn.")
    yield kind_word("fill_in"), _("Mỗi cột A, B, C… một câu trả lời được nhận; thêm → 50 nếu chỉ được 50 % điểm.")
    yield kind_word("number"), _("Cột Đáp án đúng ghi con số; Sai số và Đơn vị tính nếu cần.")
    yield kind_word("scale"), _("A là mức thấp nhất, B là mức cao nhất, Số mức từ 2 đến 10. Không tính điểm.")
    yield kind_word("written"), _("Mỗi cột A, B, C… một tiêu chí chấm: tiêu chí → điểm tối đa; có thể để trống.")
    yield kind_word("upload"), _("Cột Nhận tệp ghi: tài liệu; ảnh; ghi âm. Tiêu chí chấm như câu tự luận.")
    yield _("Ảnh, công thức"), _("Bảng này chỉ chứa chữ. Ảnh thì thêm trong bài học, trước câu hỏi.")
