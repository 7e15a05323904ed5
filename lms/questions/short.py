"""Fill in a word, give a number, say where on a scale."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.questions import spelling
from lms.questions.kind import Chosen, Files, Grade, QuestionKind, Value, component, items

LONGEST = 500  # characters of a short answer
EMPTY = gettext_lazy("Ông, bà chưa ghi gì. Hãy ghi câu trả lời rồi bấm “Trả lời”.")


class AcceptedBlock(blocks.StructBlock):
    """An answer, what it is worth, and what to say to who gave it."""

    text = blocks.CharBlock(label=gettext_lazy("Câu trả lời"))
    share = blocks.IntegerBlock(default=100, min_value=0, max_value=100, label=gettext_lazy("Được bao nhiêu % điểm"))
    why = blocks.TextBlock(required=False, label=gettext_lazy("Nhận xét"))

    class Meta:
        label = gettext_lazy("Câu trả lời")


class FillInBlock(blocks.StructBlock):
    """The first that matches decides."""

    accepted = blocks.ListBlock(AcceptedBlock(), min_num=1, max_num=20, label=gettext_lazy("Các câu trả lời được nhận"))
    forgiven = blocks.MultipleChoiceBlock(
        label=gettext_lazy("Bỏ qua khác biệt về"),
        required=False,
        default=[spelling.CASE, spelling.TONE_PLACE, spelling.I_OR_Y, spelling.PUNCTUATION],
        choices=[
            (spelling.CASE, gettext_lazy("chữ hoa, chữ thường")),
            (spelling.TONE_PLACE, gettext_lazy("vị trí dấu thanh (hòa, hoà)")),
            (spelling.I_OR_Y, gettext_lazy("i và y (kĩ, kỹ)")),
            (spelling.PUNCTUATION, gettext_lazy("dấu câu")),
            (spelling.MARKS, gettext_lazy("mọi dấu (ho tuong là hộ tương)")),
        ],
    )

    def clean(self, value: Any) -> Any:
        """Something is wholly right."""
        cleaned = super().clean(value)
        if not any(each["share"] == 100 for each in cleaned["accepted"]):
            complaint = ValidationError(_("Cần ít nhất một câu trả lời được 100 % điểm."))
            raise blocks.StructBlockValidationError({"accepted": complaint})
        return cleaned


class FillIn(QuestionKind):
    """A word or a few."""

    name = "fill_in"
    label = gettext_lazy("Điền từ")
    icon = "edit"
    interaction = "fill-in"
    endless = True

    def block(self) -> blocks.StructBlock:
        return FillInBlock(label=self.label, icon=self.icon)

    def read(self, value: Value, post: QueryDict, files: Files) -> str:
        said = post.get("text", "").strip()
        if not said:
            raise EmptyAnswer(EMPTY)
        if len(said) > LONGEST:
            raise EmptyAnswer(_("Câu trả lời quá dài. Hãy ghi ngắn lại."))
        return said

    def grade(self, value: Value, response: str) -> Grade:
        met = self._met(value, response)
        return Grade.of(met["share"] / 100 if met else 0)

    def reviewed(self, value: Value, response: str) -> dict[str, Any]:
        met = self._met(value, response)
        right = [each["text"] for _id, each in self._right(value)]
        return {"response": response, "right": right, "why": (met and met.get("why")) or ""}

    def chosen(self, value: Value, response: str) -> list[Chosen]:
        key = spelling.form(response, value.get("forgiven") or ())
        return [Chosen(key, response, self.grade(value, response).success)]

    def said(self, response: str) -> str:
        return response

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        case = "{case_matters=" + str(spelling.CASE not in (value.get("forgiven") or ())).lower() + "}"
        return {"correctResponsesPattern": [case + each["text"] for _id, each in self._right(value)]}

    def _met(self, value: Value, response: str) -> Value | None:
        """The first accepted text that the response is."""
        forgiven = value.get("forgiven") or ()
        accepted = (each for _id, each in items(value, "accepted"))
        return next((each for each in accepted if spelling.same(response, each["text"], forgiven)), None)

    def _right(self, value: Value) -> list[tuple[str, Any]]:
        return [(each, accepted) for each, accepted in items(value, "accepted") if accepted["share"] == 100]


class NumberBlock(blocks.StructBlock):
    """A number, give or take."""

    number = blocks.DecimalBlock(label=gettext_lazy("Đáp số"))
    tolerance = blocks.DecimalBlock(
        default=0, min_value=0, label=gettext_lazy("Sai số cho phép"), help_text=gettext_lazy("0: phải đúng hẳn.")
    )
    unit = blocks.CharBlock(required=False, max_length=30, label=gettext_lazy("Đơn vị"))
    why = blocks.TextBlock(required=False, label=gettext_lazy("Cách tính"))


class Number(QuestionKind):
    """Written with a comma or a point."""

    name = "number"
    label = gettext_lazy("Điền số")
    icon = "order"
    interaction = "numeric"
    endless = True

    def block(self) -> blocks.StructBlock:
        return NumberBlock(label=self.label, icon=self.icon)

    def asked(self, value: Value, random: Any) -> dict[str, Any]:
        return {"unit": value.get("unit") or ""}

    def read(self, value: Value, post: QueryDict, files: Files) -> str:
        said = post.get("text", "").strip()
        if not said:
            raise EmptyAnswer(EMPTY)
        meant = [format(number, "f") for number in readings(said)]
        if not meant:
            raise EmptyAnswer(_("Hãy ghi một con số, ví dụ 12 hoặc 12,5."))
        return next((each for each in meant if self.grade(value, each).success), meant[0])

    def grade(self, value: Value, response: str) -> Grade:
        off = abs(Decimal(response) - Decimal(str(value["number"])))
        return Grade.of(float(off <= Decimal(str(value.get("tolerance") or 0))))

    def reviewed(self, value: Value, response: str) -> dict[str, Any]:
        words = {name: value.get(name) or "" for name in ("unit", "why", "tolerance")}
        return words | {"number": _written(value["number"]), "response": _written(response) if response else ""}

    def chosen(self, value: Value, response: str) -> list[Chosen]:
        number = f"{Decimal(response).normalize():f}"
        words = f"{_written(number)} {value.get('unit') or ''}".strip()
        return [Chosen(number, words, self.grade(value, response).success)]

    def said(self, response: str) -> str:
        return response

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        number, tolerance = Decimal(str(value["number"])), Decimal(str(value.get("tolerance") or 0))
        return {"correctResponsesPattern": [f"{number - tolerance:f}[:]{number + tolerance:f}"]}


def _written(number: Any) -> str:
    """As the reader's language writes it: 12,5."""
    return str(formats.localize(Decimal(str(number))))


def read_number(text: str) -> Decimal | None:
    """As people in Viet Nam and elsewhere write it: 1.234,5 or 1,234.5 or 1 234,5; None for what is no number."""
    compact = "".join(text.split())
    last = max(compact.rfind(","), compact.rfind("."))
    if "," in compact and "." in compact:
        whole, part = compact[:last].replace(",", "").replace(".", ""), compact[last + 1 :]
        compact = f"{whole}.{part}"
    elif compact.count(",") + compact.count(".") > 1:  # 1.234.567
        compact = compact.replace(",", "").replace(".", "")
    else:
        compact = compact.replace(",", ".")
    if len(compact) > 40:
        return None
    try:
        number = Decimal(compact)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e30") else None


def readings(text: str) -> list[Decimal]:
    """What the number may mean, the likeliest in Viet Nam first: 540.000 is 540 thousand, and to others just 540."""
    number = read_number(text)
    if number is None:
        return []
    if not re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", "".join(text.split())):
        return [number]
    thousands = (number * 1000).to_integral_value()
    return [thousands, number] if "." in text else [number, thousands]


class ScaleBlock(blocks.StructBlock):
    """From one word to another, in steps."""

    steps = blocks.IntegerBlock(default=5, min_value=2, max_value=10, label=gettext_lazy("Số mức"))
    low = blocks.CharBlock(label=gettext_lazy("Mức thấp nhất là"), default=gettext_lazy("Hoàn toàn không đồng ý"))
    high = blocks.CharBlock(label=gettext_lazy("Mức cao nhất là"), default=gettext_lazy("Hoàn toàn đồng ý"))


class Scale(QuestionKind):
    """What the learner thinks: nothing is right or wrong."""

    name = "scale"
    label = gettext_lazy("Thang đánh giá")
    icon = "sliders"
    interaction = "likert"
    survey = True

    def block(self) -> blocks.StructBlock:
        return ScaleBlock(label=self.label, icon=self.icon)

    def asked(self, value: Value, random: Any) -> dict[str, Any]:
        return {"steps": range(1, value["steps"] + 1), "low": value["low"], "high": value["high"]}

    def read(self, value: Value, post: QueryDict, files: Files) -> str:
        said = post.get("option", "")
        if not said:
            raise EmptyAnswer(_("Ông, bà chưa chọn mức nào. Hãy chọn rồi bấm “Trả lời”."))
        if said not in {str(step) for step in range(1, value["steps"] + 1)}:
            raise InvalidAnswer("no such step")
        return said

    def grade(self, value: Value, response: str) -> Grade:
        return Grade(None, None)

    def reviewed(self, value: Value, response: str) -> dict[str, Any]:
        return self.asked(value, None) | {"response": int(response)}

    def offered(self, value: Value) -> list[Chosen]:
        words = {1: f"1 ({value['low']})", value["steps"]: f"{value['steps']} ({value['high']})"}
        return [Chosen(str(step), words.get(step, str(step)), None) for step in range(1, value["steps"] + 1)]

    def chosen(self, value: Value, response: str) -> list[Chosen]:
        return [each for each in self.offered(value) if each.key == str(response)]

    def said(self, response: str) -> str:
        return f"step-{response}"

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        words = {1: value["low"], value["steps"]: value["high"]}
        steps = range(1, value["steps"] + 1)
        return {"scale": [component(f"step-{step}", words.get(step, str(step)), language) for step in steps]}
