r"""Questions as GIFT text, in and out.

    // comment
    $CATEGORY: An toàn/OTP
    ::Mã OTP:: Ai được hỏi mã OTP? { =Không ai #Đúng rồi. ~Ngân hàng #Không bao giờ. ~Gia đình }

A question is plain data as in a course file: kind, text, and the fields of its kind. What GIFT cannot say (hints, what
is forgiven, steps in order, scales, files) stands in a comment of ours, so that our own exports come back whole and
other programs read the rest. What our kinds cannot say (an option worth half, a second number) is told in a warning. A
backslash before ~ = # { } : makes it a plain sign.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from lms.gift_text import HELD, NotUnderstood, escaped, given_back, held, plain
from lms.questions.short import read_number

Plain = dict[str, Any]
OURS = "// nhasan: "  # and a JSON object: what else there is to say of the question that follows
COMMENT = "//"
TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")  # in Moodle's comment before a question
TOLD = ("single", "multiple", "true_false", "matching", "fill_in", "number", "written")


@dataclass(frozen=True)
class Read:
    """One question of the text: the line where it begins, and what it is or why it was not understood."""

    line: int
    question: Plain | None = None
    problem: str = ""
    tags: list[str] = field(default_factory=list)
    key: str = ""
    text: str = ""  # as it stands in the file
    warnings: list[str] = field(default_factory=list)


def read(text: str) -> list[Read]:
    """Every question, in order; one that is not understood does not hold up the others."""
    found = []
    tags: list[str] = []
    for line, own_tags, part in _parts(text):
        if part.startswith("$CATEGORY:"):
            tags = _category(part.removeprefix("$CATEGORY:"))
            continue
        try:
            found.append(_read(line, _question(part), [*tags, *own_tags], part))
        except NotUnderstood as error:
            found.append(Read(line, problem=str(error), tags=tags, text=given_back(part)))
    return found


def _read(line: int, question: Plain, tags: list[str], part: str) -> Read:
    key, own, warnings = question.pop("key", ""), question.pop("tags", []), question.pop("warnings", [])
    if not isinstance(key, str) or not isinstance(own, list):
        raise NotUnderstood(_("Dòng ghi chú của Nhà Sàn trước câu này bị hỏng. Hãy xóa dòng đó."))
    tags = list(dict.fromkeys([*tags, *map(str, own)]))
    return Read(line, question, tags=tags, key=key, text=given_back(part), warnings=warnings)


def _category(path: str) -> list[str]:
    """Its names, without the program's own: $course$, and the "top" that Moodle puts above all."""
    names = [name.replace("//", "/").strip() for name in re.split(r"(?<!/)/(?!/)", path)]
    if len(names) > 1 and names[0].startswith("$") and names[1] == "top":
        del names[1]
    return [name for name in names if name and not name.startswith("$")]


def write(questions: Iterable[Mapping[str, Any]]) -> str:
    """The text of plain questions, each of which may also have a key and tags."""
    return "\n".join(map(_written, questions))


def _written(question: Mapping[str, Any]) -> str:
    if question["kind"] not in TOLD:
        return f"{OURS}{json.dumps(question, ensure_ascii=False)}\n"
    told = f"{escaped(question['text'])} {{{_answers(question)}}}"
    if told.startswith((COMMENT, "$CATEGORY:")) or re.search("[<&]", told):  # no comment, and no HTML
        told = f"[plain]{told}"
    understood = _question(held(told))
    more = {
        name: said for name, said in question.items() if (said or name in understood) and understood.get(name) != said
    }
    return f"{OURS}{json.dumps(more, ensure_ascii=False)}\n{told}\n" if more else f"{told}\n"


def _parts(text: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, tags, text) of what stands between empty lines, comments taken out; an answer may hold empty lines."""
    lines: list[str] = []
    tags: list[str] = []
    begun = depth = 0
    for number, raw in enumerate([*re.split(r"\r\n?|\n", text.removeprefix("\ufeff")), ""], start=1):
        line = held(raw)
        if raw.lstrip().startswith(COMMENT) and not raw.startswith(OURS):
            tags += [] if depth else [tag.replace("\\]", "]").strip() for tag in TAG.findall(raw)]
            continue
        if line.startswith("$CATEGORY:"):
            if lines:
                yield begun, tags, "\n".join(lines)
            yield number, [], line
            begun, lines, tags, depth = 0, [], [], 0
            continue
        if not line.startswith(OURS):
            depth = max(0, depth + line.count("{") - line.count("}"))
        if line.strip() or (lines and depth):
            begun = begun or number
            lines.append(line)
        elif lines and not raw.strip():
            yield begun, tags, "\n".join(lines)
            begun, lines, tags = 0, [], []
    if lines:
        yield begun, tags, "\n".join(lines)


def _question(part: str) -> Plain:
    if part.startswith(OURS):
        more, _line_end, part = part.removeprefix(OURS).partition("\n")
        return (_question(part) if part.strip() else {}) | _more(more)
    title = re.match(r"\s*::(.*?)::", part, re.DOTALL)
    part = part[title.end() :] if title else part
    if part.count("{") != 1 or part.count("}") != 1 or part.index("{") > part.index("}"):
        raise NotUnderstood(_("Mỗi câu cần đúng một cặp { } chứa đáp án. Dấu ngoặc trong lời phải viết là \\{ và \\}."))
    before, rest = part.split("{", 1)
    inside, after = rest.split("}", 1)
    text = plain(before + (" ______ " + after if after.strip() else ""))
    if not text:
        raise NotUnderstood(_("Câu này không có lời hỏi."))
    answer, _sign, feedback = inside.partition("####")
    return {"text": text, "feedback": plain(feedback), **_kind(answer.strip())}


def _more(text: str) -> Plain:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotUnderstood(_("Dòng ghi chú của Nhà Sàn trước câu này bị hỏng. Hãy xóa dòng đó."))
    found.pop("warnings", None)  # only what is read here warns
    return found


def _kind(answer: str) -> Plain:
    if not answer:
        return {"kind": "written"}
    if answer.startswith("#"):
        return _number(answer[1:].strip())
    if said := re.fullmatch(r"(T|TRUE|F|FALSE)\s*(?:#(.*?))?(?:#(.*))?", answer, re.DOTALL | re.IGNORECASE):
        why = " ".join(filter(None, [plain(said[2] or ""), plain(said[3] or "")]))
        return {"kind": "true_false", "right": "true" if said[1].upper().startswith("T") else "false", "why": why}
    options = [_option(*found) for found in re.findall(r"([~=])([^~=]*)", answer)]
    if not options or not answer.startswith(("~", "=")):
        raise NotUnderstood(_("Mỗi phương án phải bắt đầu bằng = (đúng) hoặc ~ (sai)."))
    if "~" in answer:
        return _choice(options)
    return _matching(options) if all("->" in each["text"] for each in options) else _fill_in(options)


def _option(sign: str, text: str) -> Plain:
    weight = re.match(r"\s*%(-?[\d.,]+)%", text)
    text = text[weight.end() :] if weight else text
    said, _sign, why = text.partition("#")
    number = read_number(weight[1]) if weight else None
    share = round(float(number)) if number is not None else 100 if sign == "=" else 0
    if not plain(said):
        raise NotUnderstood(_("Có phương án không có lời."))
    return {"sign": sign, "text": plain(said), "right": share > 0, "share": share, "why": plain(why)}


def _fill_in(options: list[Plain]) -> Plain:
    told = [each for each in options if each["text"] != "*" or each["share"] > 0]
    if not any(each["share"] > 0 for each in told):
        raise NotUnderstood(_("Không có phương án nào đúng. Phương án đúng bắt đầu bằng dấu =."))
    accepted = [{"text": each["text"], "share": max(0, each["share"]), "why": each["why"]} for each in told]
    lost = [each for each in options if each not in told and each["why"]]
    warnings = [_("Không giữ được nhận xét cho mọi câu trả lời khác (dấu *).")] if lost else []
    if any("*" in each["text"] for each in told):
        warnings.append(_("Dấu * trong câu trả lời được hiểu là chính dấu *, không thay cho chữ nào khác."))
    return {"kind": "fill_in", "accepted": accepted, **_warned(warnings)}


def _warned(warnings: list[str]) -> Plain:
    return {"warnings": warnings} if warnings else {}


def _choice(options: list[Plain]) -> Plain:
    warnings = []
    best = [each for each in options if each["sign"] == "="]
    if len(best) == 1 and any(
        each["right"] for each in options if each not in best
    ):  # one is chosen, some worth a part
        options = [each | {"right": each in best} for each in options]
        warnings.append(_("Phương án được một phần điểm nay tính là sai: câu chọn một chỉ có đúng hoặc sai."))
    right = [each for each in options if each["right"]]
    if not right:
        raise NotUnderstood(_("Không có phương án nào đúng. Phương án đúng bắt đầu bằng dấu =."))
    if len(options) < 2:
        raise NotUnderstood(_("Cần ít nhất hai phương án."))
    several = len(right) > 1
    chosen = [{name: each[name] for name in ("text", "right", "why")} for each in options]
    partial = {"partial": any(each["share"] not in {0, 100} for each in options)} if several else {}
    if several and max(each["share"] for each in right) - min(each["share"] for each in right) > 1:
        warnings.append(_("Các phương án đúng có tỷ lệ điểm khác nhau; nay mỗi phương án đúng được điểm như nhau."))
    return {"kind": "multiple" if several else "single", "options": chosen, **partial, **_warned(warnings)}


def _matching(options: list[Plain]) -> Plain:
    sides = [[side.strip() for side in each["text"].split("->", 1)] for each in options]
    pairs = [{"left": left, "right": right} for left, right in sides if left]
    if len(pairs) < 2 or any(not right for _left, right in sides):
        raise NotUnderstood(_("Câu ghép cặp cần ít nhất hai cặp viết là: = vế trái -> vế phải."))
    return {"kind": "matching", "pairs": pairs, "others": [right for left, right in sides if not left]}


def _number(answer: str) -> Plain:
    """The first answer that has all marks decides."""
    found = [
        _number_answer(text) for sign, text in re.findall(r"([~=]?)([^~=]+)", answer) if sign != "~" and text.strip()
    ]
    best = next((each for each in found if each[0] == 100), None)
    if best is None:
        raise NotUnderstood(_("Đáp số phải viết là {#12}, {#12:0.5} hoặc {#11..13}."))
    _share, middle, tolerance, why = best
    warnings = [_("Chỉ giữ được một đáp số, là đáp số được đủ điểm.")] if len(found) > 1 else []
    return {
        "kind": "number",
        "number": f"{middle:f}",
        "tolerance": f"{abs(tolerance):f}",
        "why": why,
        **_warned(warnings),
    }


def _number_answer(text: str) -> tuple[Decimal, Decimal, Decimal, str]:
    """(share, number, tolerance, remark). Raises NotUnderstood."""
    weight = re.match(r"\s*%([\d.,]+)%", text)
    said, _sign, why = (text[weight.end() :] if weight else text).partition("#")
    share = read_number(weight[1]) if weight else Decimal(100)
    middle: Decimal | None = None
    tolerance: Decimal | None = Decimal(0)
    if ".." in said:
        low, high = (read_number(each) for each in said.split("..", 1))
        if low is not None and high is not None and low <= high:
            middle, tolerance = (low + high) / 2, (high - low) / 2
    else:
        number, _sign, off = said.replace(HELD[":"], ":").partition(":")
        middle, tolerance = read_number(number), read_number(off) if off.strip() else Decimal(0)
    if share is None or middle is None or tolerance is None:
        raise NotUnderstood(_("Đáp số phải viết là {#12}, {#12:0.5} hoặc {#11..13}."))
    return share, middle, tolerance, plain(why)


def _answers(question: Mapping[str, Any]) -> str:
    """What stands between the braces."""
    kind = question["kind"]
    feedback = f"####{escaped(question['feedback'])}" if question.get("feedback") else ""
    if kind == "written":
        return feedback
    if kind == "true_false":
        why = f"#{escaped(question['why'])}" if question.get("why") else ""
        return ("T" if question["right"] == "true" else "F") + why + feedback
    if kind == "number":
        why = f"#{escaped(question['why'])}" if question.get("why") else ""
        return f"#{question['number']}:{question.get('tolerance') or 0}{why}{feedback}"
    return "\n" + "".join(f"  {line}\n" for line in _lines(question)) + feedback


def _lines(question: Mapping[str, Any]) -> Iterator[str]:
    if question["kind"] == "matching":
        for pair in question["pairs"]:
            yield f"={escaped(pair['left'])} -> {escaped(pair['right'])}"
        for other in question.get("others", ()):
            yield f"= -> {escaped(other)}"
    elif question["kind"] == "fill_in":
        for each in question["accepted"]:
            yield f"=%{each['share']}%{escaped(each['text'])}{_why(each)}"
    else:
        right = sum(bool(option["right"]) for option in question["options"])
        share = f"{100 / right:.5f}".rstrip("0").rstrip(".")  # as Moodle knows it: it refuses 33 for a third
        wrong = f"-{share}" if question.get("partial") else "-100"
        for option in question["options"]:
            weight = share if option["right"] else wrong
            sign = f"~%{weight}%" if question["kind"] == "multiple" else "=" if option["right"] else "~"
            yield f"{sign}{escaped(option['text'])}{_why(option)}"


def _why(option: Mapping[str, Any]) -> str:
    return f"#{escaped(option['why'])}" if option.get("why") else ""
