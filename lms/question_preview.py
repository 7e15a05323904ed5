"""A question as it will be, for the eyes of who takes it in: what is offered, and what is right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.models import ImportedRow
from core.table_kinds import Verdict
from lms.question_columns import FILES, kind_word
from lms.questions import KINDS


@dataclass(frozen=True)
class Part:
    """An option, pair, step, accepted answer or criterion; is_right None: nothing here is right or wrong."""

    text: str
    is_right: bool | None = None
    remark: str = ""


@dataclass(frozen=True)
class Preview:
    """One question of the file."""

    line: int
    text: str
    kind: str = ""
    outcome: str = ""
    parts: list[Part] = field(default_factory=list)
    hint: str = ""
    feedback: str = ""
    problems: Sequence[str] = ()
    is_wrong: bool = False


def preview(
    line: int, text: str, question: Mapping[str, Any] | None, verdict: Verdict, problems: Sequence[str]
) -> Preview:
    """With its problems; what was not understood has its words only."""
    if question is None or verdict.is_wrong:
        return Preview(line, text, problems=problems, is_wrong=True)
    return Preview(
        line,
        question["text"],
        kind=kind_word(question["kind"]),
        outcome=str(ImportedRow.Outcome(verdict.outcome).label),
        parts=list(_parts(question)),
        hint=question.get("hint") or "",
        feedback=question.get("feedback") or "",
        problems=problems,
    )


def _parts(question: Mapping[str, Any]) -> Iterator[Part]:
    kind = question["kind"]
    for each in question.get("options", ()):
        yield Part(each["text"], bool(each.get("right")), each.get("why") or "")
    for each in question.get("pairs", ()):
        yield Part(f"{each['left']} → {each['right']}", True)
    for each in question.get("others", ()):
        yield Part(each, False)
    for number, each in enumerate(question.get("steps", ()) if kind == "ordering" else (), start=1):
        yield Part(f"{number}. {each}", True)
    for each in question.get("accepted", ()):
        share = each.get("share", 100)
        said = each["text"] if share == 100 else f"{each['text']} ({share} %)"
        yield Part(said, True, each.get("why") or "")
    for each in question.get("rubric", ()):
        yield Part(
            _("%(title)s (tối đa %(n)d điểm)") % {"title": each["title"], "n": each["points"]},
            None,
            each.get("note") or "",
        )
    yield from _alone(kind, question)


def _alone(kind: str, question: Mapping[str, Any]) -> Iterator[Part]:
    """Of kinds that have no list."""
    if kind == "true_false":
        labels = dict(KINDS[kind].block().child_blocks["right"].field.choices)
        yield Part(str(labels[question["right"]]), True, question.get("why") or "")
    elif kind == "number":
        off = f" ± {question['tolerance']}" if question.get("tolerance") not in {None, "", "0"} else ""
        yield Part(f"{question['number']}{off} {question.get('unit') or ''}".strip(), True, question.get("why") or "")
    elif kind == "scale":
        yield Part(f"1: {question['low']}" if "low" in question else "1")
        yield Part(
            f"{question.get('steps', 5)}: {question['high']}" if "high" in question else str(question.get("steps", 5))
        )
    elif kind == "written" and question.get("model"):
        yield Part(_("Bài mẫu: %(model)s") % {"model": question["model"]})
    elif kind == "upload" and question.get("kinds"):
        yield Part(_("Nhận: %(kinds)s") % {"kinds": ", ".join(str(FILES[each]) for each in question["kinds"])})
