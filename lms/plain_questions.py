"""Questions as plain data, in and out: what course files, GIFT and the bank have in common.

    {"kind": "ordering", "text": "…", "steps": ["…", "…"], "hint": "", "feedback": ""}

The fields of a kind are those of its block. An item of a list is a text or a table; its key, if any, is its id.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from wagtail.blocks import ListBlock, StructBlockValidationError
from wagtail.models import Locale

from lms.exceptions import InvalidCourse
from lms.models import Question
from lms.questions import KINDS


def save(plain: Mapping[str, Any], *, key: str, tags: Sequence[str] = (), publish: bool = True) -> Question:
    """Make or change the question of this key; what is unchanged gets no new revision. Raises InvalidCourse."""
    locale = Locale.get_default()
    question = Question.objects.filter(key=key, locale=locale).first() or Question(key=key, locale=locale, live=False)
    before = _words(question)
    question.text, question.hint = plain["text"], plain.get("hint", "")
    question.feedback, question.answer = plain.get("feedback", ""), [_answer(plain)]
    _check_answer(question)
    question.full_clean()
    if question.pk and question.live and before == _words(question):
        return question
    question.save()
    if tags:
        question.tags.add(*tags)
        question.save()
    revision = question.save_revision()
    if publish:
        revision.publish()
    return question


def as_plain(question: Question) -> dict[str, Any]:
    """The question as it stands, without the ids of its items."""
    block = question.answer.get_prep_value()[0]
    found = {"kind": block["type"], "text": question.text}
    for name, said in block["value"].items():
        found[name] = [item["value"] for item in said] if _is_list(block["type"], name) else said
    if question.hint:
        found["hint"] = question.hint
    return found | {"feedback": question.feedback}


def _words(question: Question) -> tuple[Any, ...]:
    return question.text, question.hint, question.feedback, question.answer.get_prep_value()


def _is_list(kind: str, name: str) -> bool:
    return isinstance(KINDS[kind].block().child_blocks[name], ListBlock)


def _answer(plain: Mapping[str, Any]) -> dict[str, Any]:
    kind = KINDS.get(plain["kind"])
    if kind is None:
        raise InvalidCourse(f"unknown kind of question {plain['kind']!r}; known are {', '.join(KINDS)}")
    value = {}
    for name, child in kind.block().child_blocks.items():
        if isinstance(child, ListBlock):
            value[name] = [_item(number, each) for number, each in enumerate(plain.get(name, []), start=1)]
        else:
            value[name] = plain.get(name, child.get_prep_value(child.get_default()))
    return {"type": kind.name, "value": value, "id": "answer"}


def _item(number: int, item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        return {"type": "item", "value": item, "id": str(number)}
    value = {name: said for name, said in item.items() if name != "key"}
    return {"type": "item", "value": value, "id": item.get("key", str(number))}


def _check_answer(question: Question) -> None:
    """As the admin's form does: a model's own check does not look into its streams."""
    block = question.answer[0]
    try:
        block.block.clean(block.value)
    except StructBlockValidationError as error:
        said = [getattr(field, "messages", [str(field)]) for field in error.block_errors.values()]
        raise InvalidCourse(" ".join(chain.from_iterable(said))) from error
