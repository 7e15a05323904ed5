"""A plain question as the cells of its row; lms.question_rows reads them back without loss."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.table_columns import Column
from lms import question_columns
from lms.question_columns import FILES, FORGIVEN, LETTERS, NO, YES, escaped, escaped_word, kind_word, option, remark
from lms.questions import KINDS

LISTS = {
    "single": "options",
    "multiple": "options",
    "matching": "pairs",
    "ordering": "steps",
    "fill_in": "accepted",
    "written": "rubric",
    "upload": "rubric",
}


def cells(question: Mapping[str, Any], *, key: str = "", tags: Sequence[str] = ()) -> dict[str, str]:
    """By the names of the columns; what the question has not, or is not known, is left out."""
    kind = question["kind"]
    found = {"key": key, "kind": kind_word(kind), "text": question["text"], "tags": "; ".join(map(escaped_word, tags))}
    found |= {name: question.get(name) or "" for name in ("hint", "feedback", "unit", "model")}
    for name in ("partial", "shuffle"):
        if name in question:
            found[name] = str(YES if question[name] else NO)
    if question.get("tolerance") is not None:
        found["tolerance"] = _number(question["tolerance"])
    if question.get("longest") is not None:
        found["longest"] = str(question["longest"])
    found |= _own(kind, question)
    for letter, (said, why) in zip(LETTERS, _parts(kind, question), strict=False):
        found[option(letter)], found[remark(letter)] = said, why
    if kind in {"true_false", "number"}:
        found[remark("A")] = question.get("why") or ""
    return {name: said for name, said in found.items() if said}


def used_columns(rows: Sequence[Mapping[str, str]]) -> list[Column]:
    """The columns in which a row says something, in their order, and those that every table of questions has."""
    said = {"kind", "text", "right"}.union(*rows)
    return [column for column in question_columns.COLUMNS if column.name in said]


def width(question: Mapping[str, Any]) -> int:
    """How many lettered columns the question needs."""
    return len(list(_parts(question["kind"], question)))


def _own(kind: str, question: Mapping[str, Any]) -> dict[str, str]:
    """What only some kinds have."""
    found = {}
    if "options" in question:
        options = zip(LETTERS, question["options"], strict=False)
        found["right"] = ", ".join(letter for letter, each in options if each.get("right"))
    if kind == "true_false":
        labels = dict(KINDS[kind].block().child_blocks["right"].field.choices)
        found["right"] = str(labels[question["right"]])
    if kind == "number":
        found["right"] = _number(question["number"])
    if kind == "scale" and "steps" in question:
        found["steps"] = str(question["steps"])
    if "forgiven" in question:
        found["forgiven"] = "; ".join(str(FORGIVEN[each]) for each in question["forgiven"]) or str(NO)
    if "kinds" in question:
        found["files"] = "; ".join(str(FILES[each]) for each in question["kinds"])
    return found


def _number(number: Any) -> str:
    """With a comma as in Viet Nam: 1.125 would be read as thousands."""
    return str(number).replace(".", ",")


def _parts(kind: str, question: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(cell, remark) of each lettered column."""
    if kind == "scale":
        yield from ((question[name], "") for name in ("low", "high") if name in question)
        return
    for each in question.get(LISTS.get(kind, ""), ()):
        if kind == "ordering":
            yield each, ""
        elif kind == "matching":
            yield f"{escaped(each['left'])} → {escaped(each['right'])}", ""
        elif kind == "fill_in":
            share = each.get("share", 100)
            yield escaped(each["text"]) + (f" → {share}" if share != 100 else ""), each.get("why") or ""
        elif kind in {"written", "upload"}:
            yield f"{escaped(each['title'])} → {each.get('points', 1)}", each.get("note") or ""
        else:
            yield each["text"], each.get("why") or ""
    if kind == "matching":
        yield from ((f"→ {escaped(other)}", "") for other in question.get("others", ()))
