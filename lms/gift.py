r"""Questions as GIFT text, in and out.

    // comment
    $CATEGORY: An toàn/OTP
    ::Mã OTP:: Ai được hỏi mã OTP? { =Không ai #Đúng rồi. ~Ngân hàng #Không bao giờ. ~%50%Gia đình }

A question is plain data as in a course file: kind, text, and the fields of its kind. What GIFT cannot say (hints, what
is forgiven, steps in order, scales, files) stands in a comment of ours, so that our own exports come back whole and
other programs read the rest. A backslash before ~ = # { } : makes it a plain sign.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from lms.questions.short import read_number

Plain = dict[str, Any]
HELD = {sign: chr(0xE000 + place) for place, sign in enumerate("~=#{}:\\n")}  # escaped signs, out of the parser's way
GIVEN_BACK = {held: "\n" if sign == "n" else sign for sign, held in HELD.items()}
OURS = "// nhasan: "  # and a JSON object: what else there is to say of the question that follows
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


class NotUnderstood(Exception):
    """Raised when a question is not written as GIFT wants it; the text tells its author what to mend."""


def read(text: str) -> list[Read]:
    """Every question, in order; one that is not understood does not hold up the others."""
    found = []
    tags: list[str] = []
    for line, part in _parts(text):
        if part.startswith("$CATEGORY:"):
            path = part.removeprefix("$CATEGORY:").splitlines()[0]
            tags = [word.strip() for word in path.split("/") if word.strip() and not word.strip().startswith("$")]
            continue
        try:
            found.append(_read(line, _question(part), tags, part))
        except NotUnderstood as error:
            found.append(Read(line, problem=str(error), tags=tags, text=_given_back(part)))
    return found


def _read(line: int, question: Plain, tags: list[str], part: str) -> Read:
    key, own = question.pop("key", ""), question.pop("tags", [])
    if not isinstance(key, str) or not isinstance(own, list):
        raise NotUnderstood(_("Dòng ghi chú của Nhà Sàn trước câu này bị hỏng. Hãy xóa dòng đó."))
    return Read(line, question, tags=[*tags, *map(str, own)], key=key, text=_given_back(part))


def write(questions: Iterable[Mapping[str, Any]]) -> str:
    """The text of plain questions, each of which may also have a key and tags."""
    return "\n".join(map(_written, questions))


def _written(question: Mapping[str, Any]) -> str:
    if question["kind"] not in TOLD:
        return f"{OURS}{json.dumps(question, ensure_ascii=False)}\n"
    told = f"{_escaped(question['text'])} {{{_answers(question)}}}"
    understood = _question(_held(told))
    more = {
        name: said for name, said in question.items() if (said or name in understood) and understood.get(name) != said
    }
    return f"{OURS}{json.dumps(more, ensure_ascii=False)}\n{told}\n" if more else f"{told}\n"


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of what stands between empty lines, comments taken out; an answer may hold empty lines."""
    lines: list[str] = []
    begun = depth = 0
    for number, raw in enumerate([*text.removeprefix("\ufeff").splitlines(), ""], start=1):
        line = _held(raw)
        if depth == 0 and raw.lstrip().startswith("//"):
            line = raw if raw.startswith(OURS) else ""
        if line.startswith("$CATEGORY:"):
            if lines:
                yield begun, "\n".join(lines)
            yield number, line
            begun, lines, depth = 0, [], 0
            continue
        if not line.startswith(OURS):
            depth = max(0, depth + line.count("{") - line.count("}"))
        if line.strip() or (lines and depth):
            begun = begun or number
            lines.append(line)
        elif lines and not raw.strip():
            yield begun, "\n".join(lines)
            begun, lines = 0, []
    if lines:
        yield begun, "\n".join(lines)


def _held(line: str) -> str:
    return re.sub(r"\\([~=#{}:\\n])", lambda found: HELD[found[1]], line)


def _plain(text: str) -> str:
    """What a reader sees: no mark of format, no HTML, the signs back that were escaped."""
    html = re.match(r"\s*\[(\w+)\]", text)
    text = text[html.end() :] if html else text
    text = re.sub(r"(?i)<br\s*/?>|</p>\s*(?=<p)", "\n", text) if "<" in text else text
    text = strip_tags(text) if html is None or html[1] in {"html", "moodle"} else text
    return "\n".join(" ".join(line.split()) for line in _given_back(text).strip().splitlines())


def _given_back(text: str) -> str:
    return "".join(GIVEN_BACK.get(sign, sign) for sign in text)


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
    text = _plain(before + (" ______ " + after if after.strip() else ""))
    if not text:
        raise NotUnderstood(_("Câu này không có lời hỏi."))
    answer, _sign, feedback = inside.partition("####")
    return {"text": text, "feedback": _plain(feedback), **_kind(answer.strip())}


def _more(text: str) -> Plain:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotUnderstood(_("Dòng ghi chú của Nhà Sàn trước câu này bị hỏng. Hãy xóa dòng đó."))
    return found


def _kind(answer: str) -> Plain:
    if not answer:
        return {"kind": "written"}
    if answer.startswith("#"):
        return _number(answer[1:].strip())
    if said := re.fullmatch(r"(T|TRUE|F|FALSE)\s*(?:#(.*?))?(?:#(.*))?", answer, re.DOTALL | re.IGNORECASE):
        why = " ".join(filter(None, [_plain(said[2] or ""), _plain(said[3] or "")]))
        return {"kind": "true_false", "right": "true" if said[1].upper().startswith("T") else "false", "why": why}
    options = [_option(*found) for found in re.findall(r"([~=])([^~=]*)", answer)]
    if not options or not answer.startswith(("~", "=")):
        raise NotUnderstood(_("Mỗi phương án phải bắt đầu bằng = (đúng) hoặc ~ (sai)."))
    if all("->" in each["text"] for each in options):
        return _matching(options)
    if all(each["share"] > 0 for each in options) and "~" not in answer:
        accepted = [{"text": each["text"], "share": each["share"], "why": each["why"]} for each in options]
        return {"kind": "fill_in", "accepted": accepted}
    return _choice(options)


def _option(sign: str, text: str) -> Plain:
    weight = re.match(r"\s*%(-?[\d.,]+)%", text)
    text = text[weight.end() :] if weight else text
    said, _sign, why = text.partition("#")
    number = read_number(weight[1]) if weight else None
    share = round(float(number)) if number is not None else 100 if sign == "=" else 0
    if not _plain(said):
        raise NotUnderstood(_("Có phương án không có lời."))
    return {"text": _plain(said), "right": share > 0, "share": share, "why": _plain(why)}


def _choice(options: list[Plain]) -> Plain:
    right = [each for each in options if each["right"]]
    if not right:
        raise NotUnderstood(_("Không có phương án nào đúng. Phương án đúng bắt đầu bằng dấu =."))
    if len(options) < 2:
        raise NotUnderstood(_("Cần ít nhất hai phương án."))
    several = len(right) > 1
    chosen = [{name: each[name] for name in ("text", "right", "why")} for each in options]
    partial = {"partial": any(each["share"] not in {0, 100} for each in options)} if several else {}
    return {"kind": "multiple" if several else "single", "options": chosen, **partial}


def _matching(options: list[Plain]) -> Plain:
    sides = [[side.strip() for side in each["text"].split("->", 1)] for each in options]
    pairs = [{"left": left, "right": right} for left, right in sides if left]
    if len(pairs) < 2 or any(not right for _left, right in sides):
        raise NotUnderstood(_("Câu ghép cặp cần ít nhất hai cặp viết là: = vế trái -> vế phải."))
    return {"kind": "matching", "pairs": pairs, "others": [right for left, right in sides if not left]}


def _number(answer: str) -> Plain:
    first = re.match(r"=?\s*(?:%100%)?\s*([^#=]+)(?:#([^=]*))?", answer)
    said = first[1].strip() if first else ""
    middle: Decimal | None = None
    tolerance: Decimal | None = Decimal(0)
    if ".." in said:
        low, high = (read_number(each) for each in said.split("..", 1))
        if low is not None and high is not None and low <= high:
            middle, tolerance = (low + high) / 2, (high - low) / 2
    else:
        number, _sign, off = said.replace(HELD[":"], ":").partition(":")
        middle, tolerance = read_number(number), read_number(off) if off else Decimal(0)
    if middle is None or tolerance is None:
        raise NotUnderstood(_("Đáp số phải viết là {#12}, {#12:0.5} hoặc {#11..13}."))
    why = _plain(first[2] or "") if first else ""
    return {"kind": "number", "number": f"{middle:f}", "tolerance": f"{abs(tolerance):f}", "why": why}


def _answers(question: Mapping[str, Any]) -> str:
    """What stands between the braces."""
    kind = question["kind"]
    feedback = f"####{_escaped(question['feedback'])}" if question.get("feedback") else ""
    if kind == "written":
        return feedback
    if kind == "true_false":
        why = f"#{_escaped(question['why'])}" if question.get("why") else ""
        return ("T" if question["right"] == "true" else "F") + why + feedback
    if kind == "number":
        why = f"#{_escaped(question['why'])}" if question.get("why") else ""
        return f"#{question['number']}:{question.get('tolerance') or 0}{why}{feedback}"
    return "\n" + "".join(f"  {line}\n" for line in _lines(question)) + feedback


def _lines(question: Mapping[str, Any]) -> Iterator[str]:
    if question["kind"] == "matching":
        for pair in question["pairs"]:
            yield f"={_escaped(pair['left'])} -> {_escaped(pair['right'])}"
        for other in question.get("others", ()):
            yield f"= -> {_escaped(other)}"
    elif question["kind"] == "fill_in":
        for each in question["accepted"]:
            yield f"=%{each['share']}%{_escaped(each['text'])}{_why(each)}"
    else:
        right = sum(bool(option["right"]) for option in question["options"])
        wrong = -round(100 / right) if question.get("partial") else -100
        for option in question["options"]:
            share = round(100 / right) if option["right"] else wrong
            sign = f"~%{share}%" if question["kind"] == "multiple" else "=" if option["right"] else "~"
            yield f"{sign}{_escaped(option['text'])}{_why(option)}"


def _why(option: Mapping[str, Any]) -> str:
    return f"#{_escaped(option['why'])}" if option.get("why") else ""


def _escaped(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text.strip()).replace("\n", "\\n")
