"""The columns of questions in a table, and how the cells say what a question has.

One row is one question. What belongs to one option, pair, step or criterion stands in the columns A, B, C…; its remark
in the column of the same letter. Two things in one cell have an arrow between them: "Mông → khèn". A backslash before
an arrow, a comma or a semicolon makes it a plain sign.
"""

import re
from collections.abc import Iterator, Sequence

from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.folding import fold
from core.table_columns import Column
from lms.questions import KINDS, by_person, spelling

LETTERS = "ABCDEFGHIJKLMNOPQRST"  # the most that a kind holds: 20 accepted answers
SHOWN = "ABCDEF"  # in the template
YES, NO = _("có"), _("không")
SHORT = {"upload": _("Nộp tệp")}  # a drop-down list splits at commas

# What people write for a kind beside its label, folded (core.folding).
ALSO_KINDS = {
    "single": ("single", "single choice", "trac nghiem", "tn", "mot dap an", "chon 1", "mcq", "multiple choice"),
    "multiple": ("multiple", "multiple response", "nhieu dap an", "chon nhieu dap an", "multiple answers"),
    "true_false": ("true_false", "true false", "dung sai", "true or false"),
    "matching": ("matching", "ghep doi", "noi", "noi cot", "match"),
    "ordering": ("ordering", "sap xep", "sap xep thu tu", "order", "sequence"),
    "fill_in": ("fill_in", "fill in", "dien khuyet", "dien vao cho trong", "tra loi ngan", "short answer"),
    "number": ("number", "numeric", "so", "tinh toan"),
    "scale": ("scale", "likert", "khao sat", "thang do"),
    "written": ("written", "essay", "tra loi dai", "free text"),
    "upload": ("upload", "nop bai", "tep", "file", "nop tep anh hoac ghi am"),
}
FORGIVEN = {
    spelling.CASE: _("chữ hoa"),
    spelling.TONE_PLACE: _("vị trí dấu thanh"),
    spelling.I_OR_Y: _("i và y"),
    spelling.PUNCTUATION: _("dấu câu"),
    spelling.MARKS: _("mọi dấu"),
}
FILES = {"document": _("tài liệu"), "picture": _("ảnh"), "voice": _("ghi âm")}
assert set(FILES) == set(by_person.KINDS)


def kind_word(kind: str) -> str:
    """What stands in the column of kinds."""
    return str(SHORT.get(kind, KINDS[kind].label))


def spellings(label: object) -> set[str]:
    """A word of ours in each language of the files, folded."""
    found = set()
    for language in ("vi", "en"):
        with translation.override(language):
            found.add(fold(str(label).replace(",", " ")))
    return found


def option(letter: str) -> str:
    """The name of the column of an option."""
    return f"option_{letter.lower()}"


def remark(letter: str) -> str:
    """The name of the column of its remark."""
    return f"why_{letter.lower()}"


def _options(letters: str) -> Iterator[Column]:
    for letter in letters:
        also = (f"Phương án {letter}", f"Lựa chọn {letter}", f"Đáp án {letter}", f"Option {letter}")
        yield Column(option(letter), letter, also=also, note=_OPTION_NOTE if letter == "A" else "")


def _remarks(letters: str) -> Iterator[Column]:
    for letter in letters:
        heading = format_lazy("{} {}", _("Nhận xét"), letter)
        also = (f"Nhận xét {letter}", f"Vì sao {letter}", f"Feedback {letter}", f"Remark {letter}")
        yield Column(remark(letter), heading, also=also, note=_REMARK_NOTE if letter == "A" else "")


_OPTION_NOTE = _(
    "Mỗi phương án một cột, từ A trở đi (thêm được đến T). Ghép cặp: vế trái → vế phải; vế phải thừa: → vế phải. "
    "Sắp thứ tự: các bước theo thứ tự đúng. Điền từ: mỗi cột một câu trả lời được nhận, thêm → 50 nếu chỉ "
    "được 50 % điểm. Thang đánh giá: A là mức thấp nhất, B là mức cao nhất. Tự luận, nộp tệp: tiêu chí chấm → điểm "
    "tối đa. Mũi tên viết là → hoặc ->."
)
_REMARK_NOTE = _(
    "Hiện ra cho người chọn phương án cùng chữ cái. Đúng hay sai, điền số: ghi lời giải thích ở Nhận xét A. "
    "Tự luận, nộp tệp: thế nào là tốt."
)


def columns(letters: str = LETTERS) -> Sequence[Column]:
    """All columns, with as many options as there are letters."""
    return (
        Column(
            "key",
            _("Mã câu"),
            also=("Mã", "Mã câu hỏi", "Key", "ID"),
            note=_("Để trống với câu mới. Câu xuất ra từ kho câu hỏi có mã, để nhập lại thì sửa đúng câu đó."),
            as_text=True,
        ),
        Column(
            "kind",
            _("Loại"),
            also=("Loại câu", "Loại câu hỏi", "Dạng", "Kind", "Type"),
            choices=tuple(SHORT.get(kind.name, kind.label) for kind in KINDS.values()),
            note=_("Để trống thì đoán theo các phương án và đáp án."),
        ),
        Column(
            "text",
            _("Câu hỏi"),
            also=("Nội dung", "Nội dung câu hỏi", "Question", "Text"),
            required=True,
            note=_("Lời hỏi, chỉ có chữ. Xuống dòng trong ô bằng Alt+Enter."),
        ),
        *_options(letters),
        Column(
            "right",
            _("Đáp án đúng"),
            also=("Đáp án", "Đáp án đúng là", "Phương án đúng", "Answer", "Right", "Correct", "Correct answer"),
            note=_("Chữ cái của phương án đúng, nhiều thì cách nhau bằng dấu phẩy; Đúng hoặc Sai; hoặc đáp số."),
            as_text=True,
        ),
        *_remarks(letters),
        Column("hint", _("Gợi ý"), also=("Hint",), note=_("Học viên mở ra khi cần, trước khi trả lời.")),
        Column(
            "feedback",
            _("Nhận xét chung"),
            also=("Giải thích", "Lời giải", "Feedback", "Explanation"),
            note=_("Hiện ra sau khi trả lời."),
        ),
        Column("tolerance", _("Sai số"), also=("Tolerance",), note=_("Điền số: được lệch bao nhiêu."), as_text=True),
        Column("unit", _("Đơn vị tính"), also=("Đơn vị", "Unit"), note=_("Điền số: kg, nghìn đồng…")),
        Column(
            "partial",
            _("Cho điểm từng phần"),
            also=("Partial credit",),
            choices=(YES, NO),
            note=_("Chọn nhiều, ghép cặp, sắp thứ tự."),
        ),
        Column(
            "shuffle",
            _("Xáo trộn"),
            also=("Xáo trộn các phương án", "Shuffle"),
            choices=(YES, NO),
            note=_("Chọn một, chọn nhiều."),
        ),
        Column(
            "forgiven",
            _("Bỏ qua khác biệt về"),
            also=("Forgiven",),
            note=_("Điền từ: chữ hoa; vị trí dấu thanh; i và y; dấu câu; mọi dấu. Ghi “không” nếu phải đúng từng chữ."),
        ),
        Column("steps", _("Số mức"), also=("Steps",), note=_("Thang đánh giá: từ 2 đến 10.")),
        Column("longest", _("Tối đa (ký tự)"), also=("Số ký tự", "Longest"), note=_("Tự luận: từ 50 đến 20 000.")),
        Column("model", _("Bài mẫu"), also=("Model answer",), note=_("Tự luận: hiện ra sau khi bài được chấm.")),
        Column(
            "files",
            _("Nhận tệp"),
            also=("Files",),
            note=_("Nộp tệp: tài liệu; ảnh; ghi âm."),
        ),
        Column("tags", _("Nhãn"), also=("Chủ đề", "Tags"), note=_("Cách nhau bằng dấu phẩy hoặc chấm phẩy.")),
    )


COLUMNS = columns()
TEMPLATE_COLUMNS = columns(SHOWN)

_ARROW = re.compile(r"\\([\\→=;,-])|(→|->|=>)")
_COMMA = re.compile(r"\\([\\→=;,-])|([;,])")


def escaped(text: str) -> str:
    """The text so that no arrow in it parts its cell."""
    return re.sub(r"\\|→|->|=>", lambda found: "\\" + found[0], text)


def escaped_word(text: str) -> str:
    """The text so that it is one thing of a list."""
    return re.sub(r"[\\;,]", lambda found: "\\" + found[0], text)


def split(cell: str) -> tuple[str, str | None]:
    """What stands before and behind the first arrow; None where there is no arrow."""
    for found in _ARROW.finditer(cell):
        if found[2]:
            return _plain(cell[: found.start()]), _plain(cell[found.end() :])
    return _plain(cell), None


def words(cell: str) -> list[str]:
    """The things of a list in a cell."""
    pieces, at = [], 0
    for found in _COMMA.finditer(cell):
        if found[2]:
            pieces.append(cell[at : found.start()])
            at = found.end()
    return [word for piece in [*pieces, cell[at:]] if (word := _plain(piece))]


def _plain(text: str) -> str:
    return re.sub(r"\\([\\→=;,-])", r"\1", text.strip())
