"""One statement, part by part, for the page that shows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.actors import identifier_of
from xapi import activities, meanings, outcomes, sentences, verbs
from xapi.language_maps import said
from xapi.models import Attachment, ForeignActor, Statement
from xapi.sentences import Line, Words

ABOUT = 20  # statements about this one that are shown

Data = dict[str, Any]


@dataclass(slots=True)
class Value:
    """What is said of a part: words, the identifier behind them, and the query of the list of all like it."""

    words: str
    detail: str = ""
    query: str = ""


@dataclass(slots=True)
class Part:
    """A term and its values."""

    term: str
    values: list[Value]


@dataclass(slots=True)
class File:
    """An attachment. sha2 only where the store has its content; url where the sender says where it lies."""

    name: str
    description: str
    content_type: str
    length: int
    sha2: str
    url: str


@dataclass(slots=True)
class Particulars:
    """All that the page shows."""

    line: Line
    parts: list[Part]
    files: list[File]
    foreign_actor: ForeignActor | None
    voided_by: list[Line] = field(default_factory=list)
    voids: list[Line] = field(default_factory=list)
    about: list[Line] = field(default_factory=list)


def of(row: Statement, *, reader: Any) -> Particulars:
    """The statement, and the statements that it is about or that are about it, in a constant number of queries."""
    around = _around(row)
    line, *others = sentences.in_words([row, *around], reader=reader)
    found = Particulars(line, list(_parts(line, reader)), _files(row), _foreign_actor(row))
    for other in others:
        if other.row.voids == row.statement_id and row.voided:
            found.voided_by.append(other)
        elif other.row.statement_id == row.voids:
            found.voids.append(other)
        else:
            found.about.append(other)
    return found


def _around(row: Statement) -> list[Statement]:
    about = Statement.objects.filter(refers_to=row.statement_id).order_by("-pk")
    condition = Q(pk__in=list(about.values_list("pk", flat=True)[:ABOUT]))
    if row.voids:
        condition |= Q(statement_id=row.voids)
    return list(Statement.objects.filter(condition).exclude(pk=row.pk).select_related("credential").order_by("pk"))


def _parts(line: Line, reader: Any) -> Iterator[Part]:
    data, row = line.row.data, line.row
    context = data.get("context") or {}
    shown = [data["object"], *(each for kind in context.get("contextActivities", {}).values() for each in kind)]
    words = Words(activities.definitions_of({each["id"] for each in shown if _is_activity(each)}), {})
    typed = meanings.text_of(data["actor"])
    yield Part(_("Ai"), [Value(line.who, _full(data["actor"]), _query(who=typed))])
    yield Part(_("Đã làm gì"), [Value(line.did, row.verb, _query(verb=row.verb))])
    yield Part(_("Đối tượng"), [_object(line, words)])
    for kind, term in (
        ("parent", _("Nằm trong")),
        ("grouping", _("Thuộc")),
        ("category", _("Loại")),
        ("other", _("Liên quan")),
    ):
        if given := context.get("contextActivities", {}).get(kind):
            yield Part(term, [Value(words.titled(each), each["id"], _query(what=each["id"])) for each in given])
    yield from _result(data.get("result") or {}, row, words)
    yield from _circumstances(context, reader)
    yield Part(_("Học lúc"), [Value(_moment(line.happened))])
    yield Part(_("Ghi nhận lúc"), [Value(_moment(line.stored))])
    source = str(row.credential_id or "site")
    yield Part(_("Nguồn"), [Value(line.by or "Nhà Sàn", query=_query(source=source))])
    yield Part(_("Phiên bản xAPI"), [Value(str(data.get("version", "")))])
    yield Part(_("Mã bản ghi"), [Value("", str(row.statement_id))])
    if row.registration:
        yield Part(_("Mã lượt ghi danh"), [Value("", str(row.registration))])


def _object(line: Line, words: Words) -> Value:
    target = line.row.data["object"]
    if not _is_activity(target):
        return Value(line.what, str(target.get("id", "")))
    definition = words.definition(target)
    full = said(definition.get("description"))
    named = f"{line.what}. {full}" if definition.get("name") and full else full or line.what
    return Value(named, target["id"], _query(what=target["id"]))


def _result(result: Data, row: Statement, words: Words) -> Iterator[Part]:
    """Each part of the result under its own name, also where the verb says it already."""
    if "success" in result:
        answered = row.verb == verbs.ANSWERED.id
        judged = outcomes.right_or_wrong if answered else outcomes.passed_or_not
        yield Part(_("Kết quả"), [Value(judged(result["success"]))])
    if "completion" in result:
        yield Part(_("Hoàn thành"), [Value(_("có") if result["completion"] else _("không"))])
    if points := outcomes.score(result):
        scaled = (result.get("score") or {}).get("scaled")
        percent = f"{outcomes.number(scaled * 100)}%" if scaled is not None else ""
        yield Part(_("Điểm"), [Value(points, percent if percent != points else "")])
    if "response" in result:
        target = row.data["object"]
        definition = words.definition(target) if _is_activity(target) else {}
        yield Part(_("Câu trả lời"), [Value(outcomes.response(result["response"], definition))])
    if "duration" in result:
        yield Part(_("Thời lượng"), [Value(outcomes.duration(result["duration"]))])


def _circumstances(context: Data, reader: Any) -> Iterator[Part]:
    """Who else was there, and on what."""
    actors = [context[name] for name in ("instructor", "team") if name in context]
    actors += [each["agent"] for each in context.get("contextAgents", ())]
    actors += [each["group"] for each in context.get("contextGroups", ())]
    names = sentences.persons_named(actors, reader)
    values = [
        Value(name or _named(each, name), "" if name else _full(each), _query(who=meanings.text_of(each)))
        for name, each in zip(names, actors, strict=True)
    ]
    if "instructor" in context:
        yield Part(_("Người hướng dẫn"), [values.pop(0)])
    if values:
        yield Part(_("Cùng tham gia"), values)
    for name, term in (
        ("platform", _("Phần mềm")),
        ("language", _("Ngôn ngữ")),
        ("revision", _("Phiên bản nội dung")),
    ):
        if context.get(name):
            yield Part(term, [Value(str(context[name]))])


def _files(row: Statement) -> list[File]:
    given = _attachments(row.data)
    came = Attachment.objects.of_statements([row.statement_id]) if given else Attachment.objects.none()
    kept = set(came.values_list("sha2", flat=True))
    return [
        File(
            name=said(each.get("display")) or _("Tệp không tên"),
            description=said(each.get("description")),
            content_type=each["contentType"],
            length=each["length"],
            sha2=each["sha2"].lower() if each["sha2"].lower() in kept else "",
            url=each["fileUrl"] if each.get("fileUrl", "").startswith(("https://", "http://")) else "",
        )
        for each in given
    ]


def _attachments(data: Data) -> list[Data]:
    """What a statement and its sub-statement say of files."""
    inside = data["object"] if data["object"].get("objectType") == "SubStatement" else {}
    return [*data.get("attachments", ()), *inside.get("attachments", ())]


def _foreign_actor(row: Statement) -> ForeignActor | None:
    return ForeignActor.objects.filter(key=row.actor_key).first() if row.credential_id else None


def _named(actor: Data, name: str | None) -> str:
    return sentences.stranger(actor) if name is None else sentences.identifier(actor)


def _full(actor: Data) -> str:
    """The whole identifier."""
    found = identifier_of(actor)
    return f"{found.home_page} {found.value}".strip() if found else ""


def _is_activity(target: Data) -> bool:
    return target.get("objectType", "Activity") == "Activity"


def _query(**parameters: str) -> str:
    return urlencode({name: value for name, value in parameters.items() if value})


def _moment(time: datetime) -> str:
    return date_format(time, "d/m/Y H:i:s")
