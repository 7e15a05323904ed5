"""Stored statements in words that a person understands: who did what, in which course, how it went, who says so."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from people.actors import persons_of
from people.models import User
from xapi import activities, authority, outcomes, verbs
from xapi.language_maps import current, said
from xapi.models import Statement

Data = dict[str, Any]

COURSE = "http://adlnet.gov/expapi/activities/course"
CALLED_COURSES = ("khóa", "course")  # how names begin that say themselves what they name
HERE = "Nhà Sàn"  # this site itself
LONGEST = 120  # characters of a text that stands for a name
_INNER = str.maketrans("“”", "‘’")  # quotes within quotes
AROUND = 8  # activities of a context that are looked at for the course


@dataclass(slots=True)
class Line:
    """One statement, said."""

    row: Statement
    person: str  # the name of a person of ours whom the reader may see, else empty
    actor: str  # the identifier in the statement, of nobody of ours with the name that was said
    did: str
    what: str
    course: str  # the name of what it belongs to, empty where it belongs to nothing
    in_course: str  # the same in a sentence
    outcome: list[str]
    by: str  # the credential's name; empty for this site itself

    @property
    def who(self) -> str:
        """The person's name, else what the statement says."""
        return self.person or self.actor

    @property
    def happened(self) -> datetime:
        """When the experience was, as a clock on the wall showed it."""
        return local(self.row.timestamp)

    @property
    def stored(self) -> datetime:
        """When it was stored."""
        return local(self.row.stored)

    @property
    def came_late(self) -> bool:
        """Whether it was stored on another day than it happened: a phone was without signal, or someone caught up."""
        return self.happened.date() != self.stored.date()

    @property
    def text(self) -> str:
        """The short sentence."""
        return f"{self.who} {self.did} {self.what}"


@dataclass(slots=True)
class Words:
    """What was looked up for a batch of statements."""

    definitions: dict[str, Data]
    about: dict[str, str]  # sentences of statements that others refer to

    def definition(self, activity: Data) -> Data:
        """The canonical definition, else what this statement says."""
        return self.definitions.get(activity["id"]) or activity.get("definition") or {}

    def name(self, activity: Data) -> str:
        """The activity's name, else the beginning of its description, else its IRI."""
        definition = self.definition(activity)
        return said(definition.get("name")) or _short(said(definition.get("description"))) or str(activity["id"])

    def titled(self, activity: Data) -> str:
        """The name in a sentence; a course is called one, the words of a question are quoted."""
        name = self.name(activity)
        definition = self.definition(activity)
        if definition.get("type") == COURSE and not name.casefold().startswith(CALLED_COURSES):
            return _("khóa %(name)s") % {"name": name}
        return f"“{name}”" if definition.get("description") and not definition.get("name") else name

    def object(self, target: Data) -> str:
        """The object of a statement in a sentence."""
        kind = target.get("objectType", "Activity")
        if kind == "Activity":
            return self.titled(target)
        if kind == "StatementRef":
            known = self.about.get(str(target["id"]).lower())
            return f"“{known.translate(_INNER)}”" if known else _("bản ghi %(id)s") % {"id": target["id"]}
        if kind == "SubStatement":
            return f"{identifier(target['actor'])} {verb(target['verb'])} {self.object(target['object'])}"
        return identifier(target)


def in_words(rows: Sequence[Statement], *, reader: Any) -> list[Line]:
    """The statements in the order given, by a constant number of queries.

    A person is named where the reader may see that person; otherwise by the identifier in the statement.
    """
    meant = _meant(rows)
    data = [row.data for row in [*rows, *meant]]
    names = persons_named([each["actor"] for each in data], reader)
    words = Words(activities.definitions_of({each["id"] for one in data for each in _activities(one)}), {})
    for row, person in zip(meant, names[len(rows) :], strict=True):
        words.about[str(row.statement_id)] = _line(row, person, words).text
    return [_line(row, person, words) for row, person in zip(rows, names[: len(rows)], strict=True)]


def persons_named(actors: Sequence[Data], reader: Any) -> list[str | None]:
    """For each actor the name of the person meant: empty where the reader may not see that person, None for nobody."""
    persons = persons_of(actors)
    pks = {person.pk for person in persons if person}
    visible = set(User.objects.visible_to(reader).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()
    return [None if person is None else str(person) if person.pk in visible else "" for person in persons]


def identifier(actor: Data) -> str:
    """What stands for an actor that we have no name for."""
    if actor.get("account") == authority.of(None)["account"]:
        return HERE
    if actor.get("member") and not any(name in actor for name in ("mbox", "mbox_sha1sum", "openid", "account")):
        return ", ".join(identifier(each) for each in actor["member"][:3])
    account = actor.get("account", {}).get("name")
    return (
        account
        or actor.get("mbox", "").removeprefix("mailto:")
        or actor.get("openid")
        or actor.get("mbox_sha1sum", "?")
    )


def stranger(actor: Data) -> str:
    """Nobody of ours: the name that was said, with the identifier."""
    name = " ".join(str(actor.get("name", "")).split())
    known = identifier(actor)
    return f"{_short(name)} ({known})" if name and known not in {name, HERE} else known


def local(time: datetime) -> datetime:
    """The site's time without its zone. What the calendar's last day would not hold stays in UTC."""
    try:
        return timezone.make_naive(time)
    except OverflowError:
        return time.replace(tzinfo=None)


def verb(given: Data) -> str:
    """What was done, in the reader's language where we know the verb, else as the sender says it."""
    if known := verbs.BY_ID.get(given["id"]):
        return known.vi if current() == "vi" else known.en
    return said(given.get("display")) or given["id"].rstrip("/").rpartition("/")[2]


def course_of(data: Data, words: Words) -> Data | None:
    """The activity that a statement belongs to: a course if there is one, else what groups it, else its parent."""
    around = list(_around(data))
    courses = (each for each in around if words.definition(each).get("type") == COURSE)
    return next(courses, next(iter(around), None))


def _line(row: Statement, person: str | None, words: Words) -> Line:
    data = row.data
    course = course_of(data, words)
    return Line(
        row=row,
        person=person or "",
        actor=stranger(data["actor"]) if person is None else identifier(data["actor"]),
        did=verb(data["verb"]),
        what=words.object(data["object"]),
        course=words.name(course) if course else "",
        in_course=words.titled(course) if course else "",
        outcome=outcomes.in_words(data.get("result") or {}, row.verb),
        by=row.credential.name if row.credential else "",
    )


def _meant(rows: Sequence[Statement]) -> list[Statement]:
    """The statements that these refer to."""
    targets = [row.data["object"] for row in rows]
    ids = {each["id"] for each in targets if each.get("objectType") == "StatementRef"}
    return list(Statement.objects.filter(statement_id__in=ids).select_related("credential")) if ids else []


def _activities(data: Data) -> Iterator[Data]:
    """The activities whose names a line needs."""
    target = data["object"]
    if target.get("objectType") == "SubStatement":
        target = target["object"]
    if target.get("objectType", "Activity") == "Activity":
        yield target
    yield from _around(data)


def _around(data: Data) -> Iterable[Data]:
    """What may be the course: the widest first."""
    context = data.get("context", {}).get("contextActivities", {})
    return [*context.get("grouping", [])[:AROUND], *context.get("parent", [])[:AROUND]]


def _short(long: str) -> str:
    return Truncator(" ".join(long.split())).chars(LONGEST)
