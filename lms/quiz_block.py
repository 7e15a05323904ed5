"""The form in which a trainer writes a lesson's quiz."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from lms.questions import KINDS


def tag_choices() -> list[tuple[str, str]]:
    """The tags of the bank, by slug."""
    from lms.models import QuestionTag

    return list(QuestionTag.objects.order_by("name").values_list("slug", "name"))


def drawable_kinds() -> list[tuple[str, Any]]:
    """Any kind, or one of those that the server grades."""
    by_server = [(kind.name, kind.label) for kind in KINDS.values() if not kind.by_person and not kind.survey]
    return [("", gettext_lazy("Mọi loại")), *by_server]


class DrawBlock(blocks.StructBlock):
    """Some questions of the bank, others for each learner and attempt."""

    tags = blocks.MultipleChoiceBlock(
        choices=tag_choices,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Nhãn"),
        help_text=gettext_lazy("Câu hỏi phải có đủ các nhãn được chọn. Nhãn được đặt ở kho câu hỏi."),
    )
    count = blocks.IntegerBlock(default=5, min_value=1, max_value=100, label=gettext_lazy("Rút mấy câu"))
    kind = blocks.ChoiceBlock(required=False, choices=drawable_kinds, label=gettext_lazy("Chỉ lấy loại"), default="")

    class Meta:
        label = gettext_lazy("Lượt rút")
        icon = "random"


class QuizBlock(blocks.StructBlock):
    """What the quiz asks and by which rules. Nothing of its questions stands on the lesson's page."""

    introduction = blocks.TextBlock(required=False, label=gettext_lazy("Lời dẫn"))
    questions = blocks.ListBlock(
        SnippetChooserBlock("lms.Question", label=gettext_lazy("Câu hỏi")),
        default=[],
        max_num=100,
        label=gettext_lazy("Câu hỏi cố định"),
    )
    draws = blocks.ListBlock(
        DrawBlock(),
        default=[],
        max_num=20,
        label=gettext_lazy("Rút ngẫu nhiên từ kho câu hỏi"),
        help_text=gettext_lazy("Lần làm sau ưu tiên những câu người học chưa gặp."),
    )
    shuffle = blocks.BooleanBlock(required=False, default=True, label=gettext_lazy("Xáo trộn thứ tự câu hỏi"))
    attempts = blocks.IntegerBlock(
        default=0,
        min_value=0,
        max_value=100,
        label=gettext_lazy("Số lần được làm"),
        help_text=gettext_lazy("0: không giới hạn."),
    )
    minutes = blocks.IntegerBlock(
        default=0,
        min_value=0,
        max_value=600,
        label=gettext_lazy("Thời gian làm bài (phút)"),
        help_text=gettext_lazy("0: không giới hạn. Hết giờ, hệ thống tự nộp những câu đã lưu."),
    )
    pass_mark = blocks.IntegerBlock(
        required=False,
        min_value=0,
        max_value=100,
        label=gettext_lazy("Điểm đạt (phần trăm)"),
        help_text=gettext_lazy("Để trống: như điểm đạt của khóa học. 0: không xét đạt hay không đạt."),
    )
    answers_shown = blocks.ChoiceBlock(
        default="each",
        choices=[
            ("each", gettext_lazy("Sau mỗi lần làm")),
            ("last", gettext_lazy("Khi đã đạt hoặc đã hết lượt làm")),
            ("never", gettext_lazy("Không hiện đáp án")),
        ],
        label=gettext_lazy("Người học được xem đáp án"),
    )

    class Meta:
        label = gettext_lazy("Bài kiểm tra")
        icon = "clipboard-list"

    def clean(self, value: Any) -> Any:
        """No question that a person grades, enough published questions for each draw, at least one that counts."""
        from lms import quizzes

        cleaned = super().clean(value)
        if errors := self._ungradable(cleaned["questions"]):
            raise blocks.StructBlockValidationError({"questions": ListBlockValidationError(block_errors=errors)})
        plan = quizzes.plan_of(cleaned)
        if errors := {short.draw: _too_few(short.wanted, short.found) for short in quizzes.shortages(plan)}:
            raise blocks.StructBlockValidationError({"draws": ListBlockValidationError(block_errors=errors)})
        if not quizzes.count(plan):
            complaint = ValidationError(
                _("Hãy chọn ít nhất một câu hỏi có tính điểm và đã xuất bản, hoặc thêm lượt rút.")
            )
            raise blocks.StructBlockValidationError({"questions": complaint})
        return cleaned

    def _ungradable(self, questions: Any) -> dict[int, ValidationError]:
        said = _(
            "Câu này do giảng viên chấm nên không đưa vào bài kiểm tra được. Hãy đặt nó thành câu hỏi của bài học."
        )
        return {
            place: ValidationError(said)
            for place, question in enumerate(questions)
            if question and KINDS[question.kind].by_person
        }


def _too_few(wanted: int, found: int) -> ValidationError:
    complaint = ngettext(
        "Cần %(wanted)d câu nhưng kho chỉ còn %(found)d câu đã xuất bản có đủ các nhãn này.",
        "Cần %(wanted)d câu nhưng kho chỉ còn %(found)d câu đã xuất bản có đủ các nhãn này.",
        found,
    )
    return blocks.StructBlockValidationError({"count": ValidationError(complaint % {"wanted": wanted, "found": found})})
