"""Answers that a trainer grades: a text, a file, a voice recording."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from lms.exceptions import EmptyAnswer
from lms.questions.kind import Files, Grade, QuestionKind, Value, items

LARGEST = 20  # MB
OFFICE = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt")
KINDS = {
    "document": (gettext_lazy("tài liệu (PDF, Word, Excel, PowerPoint)"), OFFICE),
    "picture": (gettext_lazy("ảnh"), ("jpg", "jpeg", "png", "webp")),
    "voice": (gettext_lazy("ghi âm"), ("mp3", "m4a", "ogg", "oga", "opus", "wav", "webm", "3gp", "amr", "aac")),
}


class CriterionBlock(blocks.StructBlock):
    """One line of the rubric."""

    title = blocks.CharBlock(label=gettext_lazy("Tiêu chí"))
    points = blocks.IntegerBlock(default=1, min_value=1, max_value=100, label=gettext_lazy("Điểm tối đa"))
    note = blocks.TextBlock(required=False, label=gettext_lazy("Thế nào là tốt"))

    class Meta:
        label = gettext_lazy("Tiêu chí")


def rubric_block() -> blocks.ListBlock:
    """By what the trainer grades; without it one mark from 0 to 10."""
    return blocks.ListBlock(CriterionBlock(), max_num=10, default=[], label=gettext_lazy("Tiêu chí chấm"))


class ByPerson(QuestionKind):
    """A trainer grades it by its rubric."""

    by_person = True

    def grade(self, value: Value, response: Any) -> Grade:
        return Grade(None, None)

    def definition(self, value: Value, language: str) -> dict[str, Any]:
        return {}

    def rubric(self, value: Value) -> list[dict[str, Any]]:
        """The criteria, each with its id, title, points and note."""
        found = [{"id": each, **criterion} for each, criterion in items(value, "rubric")]
        return found or [{"id": "whole", "title": _("Cả bài"), "points": 10, "note": ""}]


class WrittenBlock(blocks.StructBlock):
    """Some sentences."""

    longest = blocks.IntegerBlock(default=2000, min_value=50, max_value=20_000, label=gettext_lazy("Tối đa (ký tự)"))
    rubric = rubric_block()
    model = blocks.TextBlock(
        required=False,
        label=gettext_lazy("Bài mẫu"),
        help_text=gettext_lazy("Học viên chỉ thấy sau khi bài được chấm."),
    )


class Written(ByPerson):
    """A free text."""

    name = "written"
    label = gettext_lazy("Tự luận")
    icon = "pilcrow"
    interaction = "long-fill-in"

    def block(self) -> blocks.StructBlock:
        return WrittenBlock(label=self.label, icon=self.icon)

    def asked(self, value: Value, random: Any) -> dict[str, Any]:
        return {"longest": value["longest"]}

    def read(self, value: Value, post: QueryDict, files: Files) -> str:
        said = post.get("text", "").replace("\r\n", "\n").strip()
        if not said:
            raise EmptyAnswer(_("Ông, bà chưa ghi gì. Hãy ghi câu trả lời rồi bấm “Trả lời”."))
        if len(said) > value["longest"]:
            raise EmptyAnswer(
                _("Bài viết dài %(length)d ký tự, tối đa là %(most)d. Hãy rút ngắn lại.")
                % {"length": len(said), "most": value["longest"]}
            )
        return said

    def reviewed(self, value: Value, response: str) -> dict[str, Any]:
        return {"response": response, "model": value.get("model") or ""}

    def said(self, response: str) -> str:
        return response


class UploadBlock(blocks.StructBlock):
    """Which files are taken."""

    kinds = blocks.MultipleChoiceBlock(
        label=gettext_lazy("Nhận"),
        choices=[(name, label) for name, (label, _endings) in KINDS.items()],
        default=["document", "picture"],
    )
    rubric = rubric_block()


class Upload(ByPerson):
    """A file or a recording; the answer keeps the file beside its name and size."""

    name = "upload"
    label = gettext_lazy("Nộp tệp, ảnh hoặc ghi âm")
    icon = "upload"
    interaction = "other"

    def block(self) -> blocks.StructBlock:
        return UploadBlock(label=self.label, icon=self.icon)

    def asked(self, value: Value, random: Any) -> dict[str, Any]:
        return {
            "accept": ",".join(f".{ending}" for ending in self._endings(value)),
            "labels": [str(KINDS[kind][0]) for kind in value["kinds"]],
            "largest": LARGEST,
            "voice": "voice" in value["kinds"],
        }

    def read(self, value: Value, post: QueryDict, files: Files) -> dict[str, Any]:
        file = files.get("file")
        if file is None or not file.size:
            raise EmptyAnswer(_("Ông, bà chưa chọn tệp. Hãy chọn tệp rồi bấm “Trả lời”."))
        name = (file.name or "").rsplit("/", 1)[-1]
        if file.size > LARGEST * 1024 * 1024:
            raise EmptyAnswer(_("Tệp lớn hơn %(most)d MB. Hãy chọn tệp nhỏ hơn.") % {"most": LARGEST})
        if name.rpartition(".")[2].lower() not in self._endings(value):
            wanted = ", ".join(str(KINDS[kind][0]) for kind in value["kinds"])
            raise EmptyAnswer(_("Câu này chỉ nhận %(kinds)s.") % {"kinds": wanted})
        return {"name": name[:200], "size": file.size}

    def reviewed(self, value: Value, response: dict[str, Any]) -> dict[str, Any]:
        return dict(response)

    def said(self, response: dict[str, Any]) -> str:
        return str(response["name"])

    def _endings(self, value: Value) -> list[str]:
        return [ending for kind in value["kinds"] for ending in KINDS[kind][1]]
