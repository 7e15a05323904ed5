"""Choose one, choose several, true or false."""

from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.questions.kind import Chosen, Files, Grade, QuestionKind, Value, component, items, shuffled


class OptionBlock(blocks.StructBlock):
    """What the learner may choose, whether it is right, and what to say to who chose it."""

    text = blocks.CharBlock(label=gettext_lazy("Phương án"))
    right = blocks.BooleanBlock(required=False, label=gettext_lazy("Đúng"))
    why = blocks.TextBlock(
        required=False,
        label=gettext_lazy("Vì sao"),
        help_text=gettext_lazy("Hiện ra cho người đã chọn phương án này."),
    )

    class Meta:
        label = gettext_lazy("Phương án")
        icon = "radio-full"


class ChoiceBlock(blocks.StructBlock):
    """Options in the order in which they are asked, unless they are shuffled."""

    options = blocks.ListBlock(OptionBlock(), min_num=2, max_num=10, label=gettext_lazy("Các phương án"))
    shuffle = blocks.BooleanBlock(required=False, label=gettext_lazy("Xáo trộn các phương án"))

    rights = (1, 1)
    complaint = gettext_lazy("Câu hỏi chọn một cần đúng một phương án đúng.")

    def clean(self, value: Any) -> Any:
        """Exactly one is right, or at least one."""
        cleaned = super().clean(value)
        right = sum(bool(option.get("right")) for option in cleaned["options"])
        if not self.rights[0] <= right <= self.rights[1]:
            raise blocks.StructBlockValidationError({"options": ValidationError(self.complaint)})
        return cleaned


class SeveralBlock(ChoiceBlock):
    """Some are right."""

    partial = blocks.BooleanBlock(
        required=False,
        label=gettext_lazy("Cho điểm từng phần"),
        help_text=gettext_lazy("Mỗi phương án đúng được cộng, mỗi phương án sai bị trừ, không dưới 0."),
    )

    rights = (1, 10)
    complaint = gettext_lazy("Câu hỏi chọn nhiều cần ít nhất một phương án đúng.")


class _Choice(QuestionKind):
    interaction = "choice"
    template = "choice"
    blank: Any = []
    several = False

    def asked(self, value: Value, random: Random) -> dict[str, Any]:
        options = [(each, option["text"]) for each, option in items(value, "options")]
        return {
            "options": shuffled(options, random) if value.get("shuffle") else options,
            "several": self.several,
        }

    def read(self, value: Value, post: QueryDict, files: Files) -> list[str]:
        chosen = sorted(set(post.getlist("option")))
        if unknown := set(chosen) - {each for each, _option in items(value, "options")}:
            raise InvalidAnswer(f"no such option: {', '.join(sorted(unknown))}")
        if not chosen or (len(chosen) > 1 and not self.several):
            raise EmptyAnswer(_("Ông, bà chưa chọn phương án nào. Hãy chọn rồi bấm “Trả lời”."))
        return chosen

    def grade(self, value: Value, response: list[str]) -> Grade:
        right = self._right(value)
        if value.get("partial"):
            hits = len(right & set(response)) - len(set(response) - right)
            return Grade.of(max(0, hits) / len(right))
        return Grade.of(float(set(response) == right))

    def reviewed(self, value: Value, response: list[str]) -> dict[str, Any]:
        right = self._right(value)
        return {
            "options": [
                {
                    "text": option["text"],
                    "why": option.get("why") or "",
                    "chosen": each in response,
                    "mark": "right" if each in right else "wrong" if each in response else "",
                }
                for each, option in items(value, "options")
            ]
        }

    def offered(self, value: Value) -> list[Chosen]:
        return [Chosen(each, option["text"], bool(option.get("right"))) for each, option in items(value, "options")]

    def chosen(self, value: Value, response: list[str]) -> list[Chosen]:
        return [each for each in self.offered(value) if each.key in response]

    def said(self, response: list[str]) -> str:
        return "[,]".join(response)

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        options = items(value, "options")
        return {
            "correctResponsesPattern": ["[,]".join(sorted(self._right(value)))],
            "choices": [component(each, option["text"], language) for each, option in options],
        }

    def _right(self, value: Value) -> set[str]:
        return {each for each, option in items(value, "options") if option.get("right")}


class Single(_Choice):
    """One is right."""

    name = "single"
    label = gettext_lazy("Chọn một")
    icon = "radio-full"

    def block(self) -> blocks.StructBlock:
        return ChoiceBlock(label=self.label, icon=self.icon)


class Multiple(_Choice):
    """Some are right."""

    name = "multiple"
    label = gettext_lazy("Chọn nhiều")
    icon = "tick"
    several = True

    def block(self) -> blocks.StructBlock:
        return SeveralBlock(label=self.label, icon=self.icon)


class TrueFalseBlock(blocks.StructBlock):
    """A sentence that is so or not."""

    right = blocks.ChoiceBlock(
        label=gettext_lazy("Câu này"),
        choices=[("true", gettext_lazy("Đúng")), ("false", gettext_lazy("Sai"))],
        default="true",
    )
    why = blocks.TextBlock(required=False, label=gettext_lazy("Vì sao"))


class TrueFalse(QuestionKind):
    """The question's text is a sentence; is it so?"""

    name = "true_false"
    label = gettext_lazy("Đúng hay sai")
    icon = "check"
    interaction = "true-false"

    def block(self) -> blocks.StructBlock:
        return TrueFalseBlock(label=self.label, icon=self.icon)

    def read(self, value: Value, post: QueryDict, files: Files) -> str:
        said = post.get("option", "")
        if not said:
            raise EmptyAnswer(_("Ông, bà chưa chọn Đúng hay Sai. Hãy chọn rồi bấm “Trả lời”."))
        if said not in {"true", "false"}:
            raise InvalidAnswer("true or false")
        return said

    def grade(self, value: Value, response: str) -> Grade:
        return Grade.of(float(response == value["right"]))

    def reviewed(self, value: Value, response: str) -> dict[str, Any]:
        return {"response": response, "right": value["right"], "why": value.get("why") or ""}

    def offered(self, value: Value) -> list[Chosen]:
        return [
            Chosen(each, words, each == value["right"]) for each, words in (("true", _("Đúng")), ("false", _("Sai")))
        ]

    def chosen(self, value: Value, response: str) -> list[Chosen]:
        return [each for each in self.offered(value) if each.key == response]

    def said(self, response: str) -> str:
        return response

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        return {"correctResponsesPattern": [value["right"]]}
