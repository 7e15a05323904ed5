"""Match pairs, put in order."""

from random import Random
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.questions.kind import Chosen, Files, Grade, QuestionKind, Value, component, items, shuffled

PARTIAL = gettext_lazy("Cho điểm từng phần")


class PairBlock(blocks.StructBlock):
    """Two that belong together."""

    left = blocks.CharBlock(label=gettext_lazy("Vế trái"))
    right = blocks.CharBlock(label=gettext_lazy("Vế phải"))

    class Meta:
        label = gettext_lazy("Cặp")


class MatchingBlock(blocks.StructBlock):
    """The right sides are shuffled when they are asked."""

    pairs = blocks.ListBlock(PairBlock(), min_num=2, max_num=10, label=gettext_lazy("Các cặp đúng"))
    others = blocks.ListBlock(
        blocks.CharBlock(label=gettext_lazy("Vế phải thừa")),
        max_num=5,
        default=[],
        label=gettext_lazy("Các vế phải thừa, không ghép với vế nào"),
    )
    partial = blocks.BooleanBlock(required=False, default=True, label=PARTIAL)


class Matching(QuestionKind):
    """For each left side choose the right one. Sides are known by the id of the pair they come from."""

    name = "matching"
    label = gettext_lazy("Ghép cặp")
    icon = "link"
    interaction = "matching"
    blank: Any = []

    def block(self) -> blocks.StructBlock:
        return MatchingBlock(label=self.label, icon=self.icon)

    def asked(self, value: Value, random: Random) -> dict[str, Any]:
        return {
            "lefts": [(each, pair["left"]) for each, pair in items(value, "pairs")],
            "rights": shuffled(self._rights(value), random),
        }

    def read(self, value: Value, post: QueryDict, files: Files) -> list[list[str]]:
        known = {each for each, _text in self._rights(value)}
        said = [[each, post.get(f"left-{each}", "")] for each, _pair in items(value, "pairs")]
        if any(not right for _left, right in said):
            raise EmptyAnswer(_("Ông, bà chưa ghép hết các cặp. Hãy chọn vế phải cho từng dòng."))
        if unknown := {right for _left, right in said} - known:
            raise InvalidAnswer(f"no such side: {', '.join(sorted(unknown))}")
        return said

    def grade(self, value: Value, response: list[list[str]]) -> Grade:
        rights = dict(self._rights(value))
        hits = sum(rights[left] == rights.get(right) for left, right in response if left in rights)
        share = hits / len(items(value, "pairs"))
        return Grade.of(share if value.get("partial") else float(share == 1))

    def reviewed(self, value: Value, response: list[list[str]]) -> dict[str, Any]:
        rights, said = dict(self._rights(value)), dict(response)
        return {
            "pairs": [
                {
                    "left": pair["left"],
                    "said": rights.get(said.get(each, ""), ""),
                    "right": pair["right"],
                    "is_right": rights.get(said.get(each, "")) == pair["right"],
                }
                for each, pair in items(value, "pairs")
            ]
        }

    def chosen(self, value: Value, response: list[list[str]]) -> list[Chosen]:
        rights, pairs = dict(self._rights(value)), dict(items(value, "pairs"))
        return [
            Chosen(
                f"{left} {right}",
                f"{pairs[left]['left']} – {rights.get(right, '')}",
                rights[left] == rights.get(right),
            )
            for left, right in response
            if left in pairs
        ]

    def said(self, response: list[list[str]]) -> str:
        return "[,]".join(f"{left}[.]{right}" for left, right in response)

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        pairs = items(value, "pairs")
        return {
            "correctResponsesPattern": ["[,]".join(f"{each}[.]{each}" for each, _pair in pairs)],
            "source": [component(each, pair["left"], language) for each, pair in pairs],
            "target": [component(each, text, language) for each, text in self._rights(value)],
        }

    def _rights(self, value: Value) -> list[tuple[str, str]]:
        return [*((each, pair["right"]) for each, pair in items(value, "pairs")), *items(value, "others")]


class OrderingBlock(blocks.StructBlock):
    """Written in the right order, asked in another."""

    steps = blocks.ListBlock(
        blocks.CharBlock(label=gettext_lazy("Bước")),
        min_num=2,
        max_num=10,
        label=gettext_lazy("Các bước, theo thứ tự đúng"),
    )
    partial = blocks.BooleanBlock(required=False, default=True, label=PARTIAL)


class Ordering(QuestionKind):
    """Give each step its number."""

    name = "ordering"
    label = gettext_lazy("Sắp thứ tự")
    endless = True
    icon = "list-ol"
    interaction = "sequencing"
    blank: Any = []

    def block(self) -> blocks.StructBlock:
        return OrderingBlock(label=self.label, icon=self.icon)

    def asked(self, value: Value, random: Random) -> dict[str, Any]:
        right = items(value, "steps")
        steps = shuffled(right, random)
        if steps == right:  # never asked in the right order
            steps = [*right[1:], right[0]]
        return {"steps": steps, "places": range(1, len(steps) + 1)}

    def read(self, value: Value, post: QueryDict, files: Files) -> list[str]:
        steps = [each for each, _text in items(value, "steps")]
        places = {each: post.get(f"place-{each}", "") for each in steps}
        if not all(places.values()):
            raise EmptyAnswer(_("Ông, bà chưa đánh số hết các bước. Hãy chọn thứ tự cho từng bước."))
        wanted = [str(place) for place in range(1, len(steps) + 1)]
        if not set(places.values()) <= set(wanted):
            raise InvalidAnswer("a place that is none")
        if sorted(places.values(), key=int) != wanted:
            raise EmptyAnswer(_("Có hai bước cùng một số thứ tự. Hãy cho mỗi bước một số khác nhau."))
        return sorted(steps, key=lambda each: int(places[each]))

    def grade(self, value: Value, response: list[str]) -> Grade:
        right = [each for each, _text in items(value, "steps")]
        share = sum(said == wanted for said, wanted in zip(response, right, strict=False)) / len(right)
        return Grade.of(share if value.get("partial") else float(share == 1))

    def reviewed(self, value: Value, response: list[str]) -> dict[str, Any]:
        texts = dict(items(value, "steps"))
        right = list(texts)
        return {
            "steps": [(texts.get(each, ""), each == wanted) for each, wanted in zip(response, right, strict=False)],
            "right": list(texts.values()),
        }

    def chosen(self, value: Value, response: list[str]) -> list[Chosen]:
        texts = dict(items(value, "steps"))
        return [Chosen(" ".join(response), " → ".join(texts.get(each, "") for each in response), response == [*texts])]

    def said(self, response: list[str]) -> str:
        return "[,]".join(response)

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        steps = items(value, "steps")
        return {
            "correctResponsesPattern": ["[,]".join(each for each, _text in steps)],
            "choices": [component(each, text, language) for each, text in sorted(steps)],
        }
