"""Questions as plain data, in and out: what course files, GIFT and the bank have in common.

    {"kind": "ordering", "text": "…", "steps": ["…", "…"], "hint": "", "feedback": ""}

The fields of a kind are those of its block. An item of a list is a text or a table; its key, if any, is its id.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, count
from typing import Any

from wagtail.blocks import Block, BooleanBlock, ListBlock, StructBlockValidationError
from wagtail.models import Locale

from lms.exceptions import InvalidCourse
from lms.models import Question
from lms.questions import KINDS
from people.models import User


def save(
    plain: Mapping[str, Any], *, key: str, tags: Sequence[str] = (), publish: bool = True, by: User | None = None
) -> Question:
    """Make or change the question of this key; what is unchanged gets no new revision. Raises InvalidCourse.

    With publish off a published question keeps its wording: the new one waits as a draft.
    """
    locale = Locale.get_default()
    row = Question.objects.filter(key=key, locale=locale).select_related("latest_revision").first()
    question = _draft(row) if row else Question(key=key, locale=locale, live=False)
    before = _words(question)
    _write(question, plain)
    question.full_clean()
    is_new_wording = row is None or before != _words(question)
    if row and not is_new_wording and (row.live or not publish):
        if not set(tags) <= set(row.tags.names()):
            row.tags.add(*tags)
            row.save()
        return row
    if tags:
        question.tags.add(*tags)
    if row is None or not row.live:
        question.save()
    revision = question.save_revision(user=by)
    if publish:
        revision.publish(user=by)
    return question


def standing(question: Question) -> Question:
    """The question as its editors see it: with the words of the draft that waits, if any. Never to be saved."""
    if not (question.latest_revision and question.has_unpublished_changes):
        return question
    content = question.latest_revision.content
    words = {name: content[name] for name in ("key", "text", "hint", "feedback")}
    return Question(**words, locale_id=question.locale_id, answer=json.loads(content["answer"]))


def would_change(question: Question, plain: Mapping[str, Any]) -> bool:
    """Whether saving this would make another wording. Raises InvalidCourse."""
    before = _words(question)
    other = Question(answer=question.answer)
    _write(other, plain)
    return before != _words(other)


def check(plain: Mapping[str, Any]) -> None:
    """Raise InvalidCourse where the question is none that the bank takes."""
    _write(Question(), plain)


def merged(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said over what is known: fields, and remarks of options, that are not said stay."""
    if known["kind"] != said["kind"]:
        return dict(said)
    whole = {**known, **said}
    for name, items in said.items():
        if isinstance(items, list) and all(isinstance(item, Mapping) for item in items):
            before = {_label(item): item for item in known.get(name, [])}
            whole[name] = [{**before.get(_label(item), {}), **item} for item in items]
    return whole


def _write(question: Question, plain: Mapping[str, Any]) -> None:
    known = question.answer.get_prep_value() if question.answer else []
    question.text, question.hint = plain["text"], plain.get("hint", "")
    question.feedback, question.answer = plain.get("feedback", ""), [_answer(plain, known)]
    _check_answer(question)


def as_plain(question: Question) -> dict[str, Any]:
    """The question as it stands, without the ids of its items."""
    block = question.answer.get_prep_value()[0]
    found = {"kind": block["type"], "text": question.text}
    for name, said in block["value"].items():
        found[name] = [item["value"] for item in said] if _is_list(block["type"], name) else said
    if question.hint:
        found["hint"] = question.hint
    return found | {"feedback": question.feedback}


def _draft(question: Question) -> Question:
    if question.latest_revision and question.has_unpublished_changes:
        found: Question = question.latest_revision.as_object()
        return found
    return question


def _words(question: Question) -> tuple[Any, ...]:
    """What makes one wording another; how a number is stored, and what an empty field is stored as, does not."""
    block: dict[str, Any] = question.answer.get_prep_value()[0] if question.answer else {"type": "", "value": {}}
    value = {
        name: [(item["id"], _said(item["value"])) for item in said]
        if _is_list(block["type"], name)
        else Decimal(str(said or 0))
        if name in {"number", "tolerance"}
        else said or ""
        for name, said in block["value"].items()
    }
    return question.text, question.hint, question.feedback, block["type"], value


def _said(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    return {name: said for name, said in item.items() if said is not False and said not in {None, ""}}


def _is_list(kind: str, name: str) -> bool:
    return isinstance(KINDS[kind].block().child_blocks[name], ListBlock)


def _answer(plain: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kind = KINDS.get(plain["kind"])
    if kind is None:
        raise InvalidCourse(f"unknown kind of question {plain['kind']!r}; known are {', '.join(KINDS)}")
    before = known[0]["value"] if known and known[0]["type"] == kind.name else {}
    value = {}
    for name, child in kind.block().child_blocks.items():
        if isinstance(child, ListBlock):
            value[name] = _items(plain.get(name, []), before.get(name, []), child)
        else:
            value[name] = plain.get(name, _default(child))
    return {"type": kind.name, "value": value, "id": known[0]["id"] if before else "answer"}


def _items(said: Sequence[Any], known: Sequence[Mapping[str, Any]], block: ListBlock) -> list[dict[str, Any]]:
    """Each with its key; without one, with the id of the known item that says the same, since answers name it."""
    ids: dict[str, list[str]] = {}
    for item in known:
        ids.setdefault(_label(item["value"]), []).append(item["id"])
    taken = {item["id"] for item in known} | {str(item["key"]) for item in said if _has_key(item)}
    free = (number for number in map(str, count(1)) if number not in taken)
    return [_item(item, ids, free, block) for item in said]


def _item(item: Any, ids: Mapping[str, list[str]], free: Iterator[str], block: ListBlock) -> dict[str, Any]:
    value = item
    if isinstance(item, Mapping):
        whole = {name: _default(child) for name, child in block.child_block.child_blocks.items()}
        value = whole | {name: said for name, said in item.items() if name != "key"}
    if _has_key(item):
        return {"type": "item", "value": value, "id": str(item["key"])}
    same = ids.get(_label(item))
    return {"type": "item", "value": value, "id": same.pop(0) if same else next(free)}


def _default(block: Block) -> Any:
    """What the admin's form would store."""
    default = block.get_prep_value(block.get_default())
    if default is None:
        return False if isinstance(block, BooleanBlock) else ""
    return default


def _has_key(item: Any) -> bool:
    return isinstance(item, Mapping) and "key" in item


def _label(item: Any) -> str:
    """What an item of a list is known by to who writes it."""
    if not isinstance(item, Mapping):
        return str(item)
    return str(next((item[name] for name in ("text", "left", "title") if name in item), item))


def _check_answer(question: Question) -> None:
    """As the admin's form does: a model's own check does not look into its streams."""
    block = question.answer[0]
    try:
        block.block.clean(block.value)
    except StructBlockValidationError as error:
        said = [getattr(field, "messages", [str(field)]) for field in error.block_errors.values()]
        raise InvalidCourse(" ".join(chain.from_iterable(said))) from error
