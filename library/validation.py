"""Is this record good MARC 21? A pure function over the record; the rules are the data of library.marc21."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from library import linked_fields, marc21, standard_numbers
from library.columns import AUTHORITY_HEADING
from library.fixed_checks import control_problems, leader_problems
from library.marc import NOT_IN_TAG, SUBFIELD, ControlField, DataField, MarcRecord
from library.marc21 import Field, Indicator
from library.problems import Problem, Severity

EMPTY = gettext_noop("Trường con rỗng.")
IN_SUBFIELD_2 = "specified in subfield $2"  # as the format names such a value
MAIN_ENTRY = {"100", "110", "111", "130"}
RELATORS = {"100", "110", "111", "600", "610", "611", "700", "710", "711", "720", "800", "810", "811"}


def problems(marc: MarcRecord) -> list[Problem]:
    """Everything to look at, in the order of the fields."""
    kind = "authority" if marc.leader[6:7] == "z" else "bib"
    found = list(leader_problems(marc, kind))
    seen: Counter[str] = Counter()
    for index, each in enumerate(marc.fields):
        seen[each.tag] += 1
        rule = _rule(kind, each)
        if isinstance(each, ControlField):
            checks = control_problems(each, marc.leader, rule)
        else:
            checks = _data_problems(each, rule)
        found += [_at(problem, seen[each.tag], index) for problem in checks]
        if rule and not rule.repeatable and seen[each.tag] == 2:
            message = gettext_noop("Trường này chỉ được có một.")
            found.append(Problem(each.tag, message, Severity.ERROR, 2, index=index))
    return found + _missing(kind, seen) + linked_fields.problems(marc)


def errors(marc: MarcRecord) -> list[Problem]:
    """Only what keeps a record from being published."""
    return [problem for problem in problems(marc) if problem.severity == Severity.ERROR]


def _rule(kind: str, each: ControlField | DataField) -> Field | None:
    """The format's rule; an 880 with a link obeys that of the field it belongs to, another has none but its own."""
    rule = marc21.field(kind, each.tag)
    if each.tag != linked_fields.ALTERNATE or not rule or isinstance(each, ControlField):
        return rule
    linked = marc21.field(kind, each.first("6")[:3])
    if linked is None or not linked.subfields:
        return rule._replace(indicators=(_ANY, _ANY), subfields={})
    return linked._replace(tag=each.tag, repeatable=True)


_ANY = Indicator("", dict.fromkeys(" 0123456789", ""))


def _at(problem: Problem, occurrence: int, index: int) -> Problem:
    return Problem(problem.tag, problem.message, problem.severity, occurrence, problem.subfield, index, problem.said)


def _missing(kind: str, seen: Counter[str]) -> list[Problem]:
    """What every record has."""
    found = [
        Problem(tag, gettext_noop("Thiếu trường bắt buộc này."), Severity.ERROR if tag != "040" else Severity.WARNING)
        for tag, rule in marc21.fields(kind).items()
        if rule.required and not seen[tag]
    ]
    headings = MAIN_ENTRY if kind == "bib" else set(AUTHORITY_HEADING) | {"147"}
    number = sum(seen[tag] for tag in headings)
    if kind == "authority" and not number:
        found.append(Problem("1XX", gettext_noop("Biểu ghi tiêu đề chuẩn phải có một tiêu đề 1XX."), Severity.ERROR))
    if number > 1:
        found.append(Problem("1XX", gettext_noop("Chỉ được có một tiêu đề chính 1XX."), Severity.ERROR))
    return found


def _data_problems(field: DataField, rule: Field | None) -> Iterator[Problem]:
    tag = field.tag
    head, *parts = field.content.split(SUBFIELD)
    if NOT_IN_TAG.search(tag) or tag == "000":
        yield Problem(tag, gettext_noop("Nhãn trường phải là ba chữ số."), Severity.ERROR)
    if len(head) != 2:
        yield Problem(tag, gettext_noop("Trường phải có đúng hai chỉ thị."), Severity.ERROR)
    if not parts:
        yield Problem(tag, gettext_noop("Trường không có trường con nào."), Severity.ERROR)
    yield from _values(tag, parts)
    if rule is None:
        if not marc21.is_local(tag):
            yield Problem(tag, gettext_noop("MARC 21 không có trường này."))
        return
    if rule.old:
        yield Problem(tag, gettext_noop("Trường này không còn dùng trong MARC 21."))
    yield from _indicators(field, rule)
    yield from _subfields(field, rule)
    yield from _contents(field)


def _values(tag: str, parts: list[str]) -> Iterator[Problem]:
    for part in parts:
        code, value = part[:1], part[1:]
        if not code or code.isspace():
            yield Problem(tag, gettext_noop("Có dấu trường con mà không có mã theo sau."), Severity.ERROR)
        elif not value.strip():
            yield Problem(tag, EMPTY, subfield=code)
        if any(each < " " or "\x7f" <= each <= "\x9f" for each in value):
            yield Problem(tag, gettext_noop("Có ký tự điều khiển trong nội dung."), Severity.ERROR, subfield=code)
        if "\ufffd" in value:
            yield Problem(tag, gettext_noop("Có ký tự bị hỏng (�)."), subfield=code)


def _indicators(field: DataField, rule: Field) -> Iterator[Problem]:
    for number, value, indicator in zip((1, 2), field.indicators, rule.indicators, strict=True):
        if indicator.allows(value):
            if (
                value == "7"
                and indicator.values.get(value, "").endswith(IN_SUBFIELD_2)
                and not field.first("2").strip()
            ):
                message = gettext_noop("Chỉ thị %(number)s là “%(value)s” nên phải ghi nguồn ở $2.")
                yield Problem(field.tag, message, subfield="2", said={"number": number, "value": value})
            continue
        message = gettext_noop("Chỉ thị %(number)s không có giá trị “%(value)s”.")
        if not indicator.name:
            message = gettext_noop("Chỉ thị %(number)s không xác định nên phải để trống, đang là “%(value)s”.")
        yield Problem(field.tag, message, said={"number": number, "value": value.replace(" ", "#")})


def _subfields(field: DataField, rule: Field) -> Iterator[Problem]:
    codes = Counter(each.code for each in field.subfields)
    for code, number in codes.items() if rule.subfields else ():
        known = rule.subfields.get(code)
        if known is None and code in rule.old_subfields:
            yield Problem(field.tag, gettext_noop("Trường con này không còn dùng trong MARC 21."), subfield=code)
        elif known is None and code != "9":
            yield Problem(field.tag, gettext_noop("MARC 21 không có trường con này ở đây."), subfield=code)
        elif known and number > 1 and not known.repeatable:
            yield Problem(field.tag, gettext_noop("Trường con này chỉ được có một."), subfield=code)
    if field.tag == "245" and not ({"a", "k"} & set(codes)):
        yield Problem("245", gettext_noop("Thiếu nhan đề chính $a."), subfield="a")


def _contents(field: DataField) -> Iterator[Problem]:
    """Numbers with check digits and codes of lists."""
    tag = field.tag
    for code, value in field.subfields:
        if not value.strip():
            continue  # said already
        if tag == "020" and code == "a" and not standard_numbers.is_isbn(standard_numbers.isbn_in(value)):
            yield Problem(
                tag,
                gettext_noop("ISBN “%(value)s” sai số kiểm tra hoặc sai độ dài."),
                subfield=code,
                said={"value": value},
            )
        elif code in _ISSN.get(tag, "") and not standard_numbers.is_issn(_without_sign(tag, value)):
            yield Problem(
                tag,
                gettext_noop("ISSN “%(value)s” sai số kiểm tra hoặc sai dạng."),
                subfield=code,
                said={"value": value},
            )
        elif tag == "041" and code.isalpha() and field.indicator2 == " ":
            yield from _languages(tag, code, value)
        elif tag == "044" and code == "a":
            yield from code_problem("countries", value.strip(), tag, code)
        elif code == "4" and tag in RELATORS and "/" not in value:
            yield from code_problem("relators", value.strip(" .,"), tag, code)


def _without_sign(tag: str, value: str) -> str:
    """An ISSN of a series or of another title without ISBD's sign for what follows: 0866-7632 ;"""
    return value if tag == "022" else value.rstrip(" ;:,.=/")


_ISSN = {"022": "a"} | {tag: "x" for tag in marc21.fields("bib") if tag in {"440", "490"} or "760" <= tag <= "787"}


def _languages(tag: str, code: str, value: str) -> Iterator[Problem]:
    """Codes of three letters, also run together as old records have them."""
    value = value.strip()
    if len(value) % 3:
        yield Problem(
            tag, gettext_noop("Mã ngôn ngữ “%(value)s” phải có ba chữ cái."), subfield=code, said={"value": value}
        )
        return
    for start in range(0, len(value), 3):
        yield from code_problem("languages", value[start : start + 3], tag, code)


def code_problem(codes: str, value: str, tag: str, subfield: str = "") -> Iterator[Problem]:
    """A problem where the code is not in its list, or no longer."""
    if value in marc21.codes(codes):
        return
    old = codes in {"languages", "countries"} and value in marc21.codes(f"old {codes}")
    message = gettext_noop("Mã “%(value)s” đã bị thay trong danh mục của MARC.") if old else _UNKNOWN[codes]
    yield Problem(tag, message, subfield=subfield, said={"value": value})


_UNKNOWN = {
    "languages": gettext_noop("MARC không có mã ngôn ngữ “%(value)s”."),
    "countries": gettext_noop("MARC không có mã nước “%(value)s”."),
    "relators": gettext_noop("MARC không có mã vai trò “%(value)s”."),
}
