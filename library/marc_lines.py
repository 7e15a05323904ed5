r"""A record as lines of text: what the editor and its plain form show, and what people paste.

    LDR 00000nam#a2200000#i#4500
    008 240101s2024####vm############000#0#vie#d
    245 10 $aTruyện cổ Tày$cHoàng Quyết sưu tầm

Blanks are "#" in the leader, in indicators and in 006, 007 and 008. In values {dollar} is $, {lcub} is {, and {u000a} a
character by its number: control characters, and spaces at the ends, which would else be lost. Other ways to write are
understood: "=245", "\" or "_" for blanks, "|a" or "‡a" for "$a", a space behind the code.
"""

import re

from django.utils.translation import gettext as _

from library.exceptions import LibraryError
from library.marc import SUBFIELD, TAG, ControlField, DataField, Field, MarcRecord

LEADER = "LDR"
FIXED = frozenset({"006", "007", "008"})
DELIMITERS = "$|‡ǂ"
TO_ESCAPE = re.compile(r"[{$\x00-\x1f\x7f-\x9f\u2028\u2029]|^ +| +$")
ESCAPED = re.compile(r"\{(dollar|lcub|u[0-9a-f]{4,6})\}")
HEAD = re.compile(r"=?(?P<tag>\S{3})(?P<rest>.*)", re.DOTALL)
VALUE = re.compile(r"(?: {1,2}|\t)?(.*)", re.DOTALL)
DATA = re.compile(r"(?P<between>[^$|‡ǂ]{0,6})(?P<mark>[$|‡ǂ])(?P<rest>.*)", re.DOTALL)
SEPARATORS = re.compile(r"[\x1d-\x1f]")  # what MARC itself divides records, fields and subfields by
LINKED = re.compile(SUBFIELD + r"6\d{3}-\d\d/")
EAST_ASIAN = re.compile(r"1(?:/r)? *$")  # in $6245-01/$1 the script's name is $1, no subfield begins
LIMIT = 5_000  # lines


class NotALine(LibraryError):
    """Raised for lines that are no field. `problems` holds pairs of line number, from 1, and what is wrong there."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"{number}: {text}" for number, text in problems))
        self.problems = problems


def write(marc: MarcRecord) -> str:
    """The whole record, a line per field."""
    return "\n".join([f"{LEADER} {marc.leader.replace(' ', '#')}", *map(line, marc.fields)])


def line(field: Field) -> str:
    """One field."""
    if isinstance(field, ControlField):
        value = field.value.replace(" ", "#") if field.tag in FIXED else field.value
        return f"{field.tag} {_escaped(value)}"
    parts = "".join(f"${code}{_escaped(value)}" for code, value in field.subfields)
    return f"{field.tag} {field.indicators.replace(' ', '#')} {parts}"


def parse(text: str, *, keep: MarcRecord | None = None) -> MarcRecord:
    """The record behind lines; raises NotALine.

    A line that stands for a field of `keep` yields that very field, so what nobody touched stays as it was to the byte.
    """
    lines = [each for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if each.strip()]
    kept: dict[str, list[Field]] = {}
    for field in reversed(keep.fields if keep else []):
        kept.setdefault(line(field), []).append(field)
    leader, fields, problems = "", [], []
    if len(lines) > LIMIT:
        raise NotALine([(LIMIT, _("Biểu ghi có quá nhiều trường."))])
    for number, each in enumerate(lines, start=1):
        try:
            if SEPARATORS.search(each):
                raise ValueError(_("Có ký tự phân cách của MARC trong dòng: hãy viết $ và xuống dòng thay cho nó."))  # noqa: TRY301
            if each.lstrip("=")[:3].upper() in {LEADER, "000"}:
                leader = _leader(each)
            else:
                fields.append(kept[each].pop() if kept.get(each) else _field(each))
        except ValueError as error:
            problems.append((number, str(error)))
    if not leader:
        problems.insert(0, (1, _("Thiếu đầu biểu: dòng LDR với 24 ký tự.")))
    if problems:
        raise NotALine(problems)
    return MarcRecord(keep.leader if keep and _same_leader(leader, keep.leader) else leader, fields)


def _same_leader(typed: str, kept: str) -> bool:
    return typed == kept or typed == kept.replace("#", " ")


def _leader(each: str) -> str:
    head = HEAD.fullmatch(each)
    return _blanks(_value(head["rest"]) if head else "").ljust(24)


def _value(rest: str) -> str:
    """A control field's value behind what divides it from its tag."""
    found = VALUE.fullmatch(rest)
    return found[1] if found else ""


def _blanks(value: str) -> str:
    return value.replace("#", " ").replace("\\", " ")


def _field(each: str) -> Field:
    head = HEAD.fullmatch(each)
    if not head or not TAG.fullmatch(head["tag"]):
        raise ValueError(_("“%(start)s” không bắt đầu bằng nhãn trường ba ký tự.") % {"start": each[:12]})
    tag, rest = head["tag"], head["rest"]
    data = DATA.fullmatch(rest)
    if tag[:2] == "00" or (not data and not tag.isdecimal()):
        value = _value(rest)
        return ControlField(tag, _unescaped(_blanks(value) if tag in FIXED else value.strip(" \t")))
    if not data:
        raise ValueError(_("Trường %(tag)s thiếu trường con: hãy viết như 245 10 $aNhan đề.") % {"tag": tag})
    return DataField(
        tag, _indicators(tag, data["between"].replace("\t", " ")) + _subfields(tag, data["mark"], data["rest"])
    )


def _indicators(tag: str, between: str) -> str:
    """The two characters among what stands between tag and first subfield; a blank may have been typed as a space."""
    if len(between) < 3:
        found, rest = between.ljust(2), ""
    else:
        start = 2 if between[:2] == "  " and between[3:4].strip() else 1 if between[0] == " " else 0
        found, rest = between[start : start + 2], between[start + 2 :]
    if rest.strip():
        raise ValueError(_("Trường %(tag)s có nhiều hơn hai chỉ thị: “%(said)s”.") % {"tag": tag, "said": between})
    return _blanks(found).replace("_", " ")


def _subfields(tag: str, mark: str, rest: str) -> str:
    """The subfields as MARC writes them. Spaces around values are the writer's; the record's own are escaped."""
    content: list[str] = []
    for part in rest.split(mark):
        if mark == "$" and content and EAST_ASIAN.match(part) and LINKED.fullmatch(content[-1]):
            content[-1] += f"${part.rstrip(' ')}"
            continue
        if not part or part[0].isspace() or not part[0].isprintable():
            raise ValueError(_("Trường %(tag)s có dấu $ mà không có mã trường con theo sau.") % {"tag": tag})
        content.append(f"{SUBFIELD}{part[0]}{_unescaped(part[1:].strip(' '))}")
    return "".join(content)


def _escaped(value: str) -> str:
    return TO_ESCAPE.sub(_escape, value)


def _escape(found: re.Match[str]) -> str:
    names = {"{": "{lcub}", "$": "{dollar}"}
    return "".join(names.get(each) or f"{{u{ord(each):04x}}}" for each in found[0])


def _unescaped(value: str) -> str:
    return ESCAPED.sub(_unescape, value)


def _unescape(found: re.Match[str]) -> str:
    name = found[1]
    if name in {"dollar", "lcub"}:
        return "$" if name == "dollar" else "{"
    number = int(name[1:], 16)
    if number >= 0x110000 or 0xD800 <= number < 0xE000 or SEPARATORS.match(chr(number)):
        return found[0]
    return chr(number)
