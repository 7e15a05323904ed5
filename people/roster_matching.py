"""Whom the rows of a roster mean, and what each would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.folding import fold
from core.models import ImportedRow
from core.table_kinds import Problem, Verdict
from people import access, duplicates, name_spelling, roles
from people.duplicates import Candidate, Sought, names_are_near
from people.models import AudienceMembership, Household, Representation, User
from people.roster_reading import ONE_PERSONS, Entry

Outcome = ImportedRow.Outcome
FIELDS = (
    "full_name", "phone", "email", "username", "birth_year", "gender", "ethnic_group", "national_id", "unit",
    "organisation",
)  # fmt: skip


@dataclass
class Plan:
    """What a row would write: the person it means (none: a new one), values that differ, and rows to add."""

    entry: Entry
    person: User | None = None
    known: list[str] = field(default_factory=list)  # numbers by which the person was found, perhaps a merged account's
    values: dict[str, Any] = field(default_factory=dict)
    audiences: list[AudienceMembership] = field(default_factory=list)
    household: Household | None = None
    represents: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is as the row says."""
        return not (self.values or self.audiences or self.represents)


class Matcher:
    """Finds whom rows mean, in the name of who hands in the file."""

    def __init__(self, *, by: User | None) -> None:
        self.by = by
        self.everywhere = by is None or access.sees_all(by)
        self.meant: dict[int, int] = {}  # person: line of the first row that means them
        self.to_add: list[Plan] = []  # of the batch before; once written they have their person

    def match(self, entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> None:
        """Give each verdict that is not wrong its plan and outcome."""
        self.meant.update({plan.person.pk: plan.entry.line for plan in self.to_add if plan.person})
        found = duplicates.candidates([_sought(entry) for entry in entries])
        changeable = self._changeable({each.person.pk for some in found for each in some})
        plans = []
        for entry, candidates, verdict in zip(entries, found, verdicts, strict=True):
            person = self._person(entry, candidates, verdict, changeable)
            known = next((each.reasons for each in candidates if each.person == person), [])
            verdict.plan = Plan(entry, person, known=known)
            plans.append((verdict, verdict.plan))
        self._compare([plan for verdict, plan in plans if not verdict.is_wrong])
        self.to_add = [plan for verdict, plan in plans if plan.person is None and not verdict.is_wrong]
        for verdict, plan in plans:
            if plan.person is None:
                verdict.outcome = Outcome.ADD
            else:
                verdict.outcome = Outcome.SAME if plan.is_empty else Outcome.CHANGE

    def recall(self, entries: Sequence[Entry]) -> None:
        """Whom rows meant that were written before this run.

        Who has the row's number; of a row without one, all of the same name, birth year and place whom no row with a
        number means: when it was written there was one at most, and a second row without a number is never written.
        """
        for entry, candidates in zip(entries, duplicates.candidates([_sought(each) for each in entries]), strict=True):
            if candidates and candidates[0].is_certain:
                self.meant[candidates[0].person.pk] = entry.line
                continue
            for person in _surely(entry, candidates):
                self.meant.setdefault(person.pk, entry.line)

    def _changeable(self, people: set[int]) -> tuple[set[int], set[int]]:
        """(those whom the user may see, those of them whom a roster of theirs may change: no staff)."""
        if self.everywhere:
            return people, people
        seen = User.objects.visible_to(self.by).filter(pk__in=people)
        rows = set(seen.values_list("pk", flat=True))
        staff = User.objects.filter(pk__in=rows, groups__name__in=roles.STAFF).values_list("pk", flat=True)
        return rows, rows - set(staff)

    def _person(
        self, entry: Entry, candidates: list[Candidate], verdict: Verdict, changeable: tuple[set[int], set[int]]
    ) -> User | None:
        """The one the row means; problems where that is not clear, or where it is somebody not to be changed here."""
        certain = [each for each in candidates if each.is_certain]
        if certain:
            person = self._certain(entry, certain, verdict, changeable[0])
        else:
            person = self._by_name(entry, candidates, verdict, changeable[0])
        if person is None:
            return None
        if person.pk not in changeable[1]:
            text = _("Người này là cán bộ quản trị, hoặc ở địa bàn khác. Hãy nhờ quản trị viên sửa.")
            verdict.problems.append(Problem("full_name", text))
        first = self.meant.setdefault(person.pk, entry.line)
        if first != entry.line:
            text = _("Dòng này và dòng %(line)d là cùng một người. Hãy giữ một dòng.") % {"line": first}
            verdict.problems.append(Problem("full_name", text))
        return person

    def _certain(self, entry: Entry, certain: list[Candidate], verdict: Verdict, seen: set[int]) -> User | None:
        """By what only one person has; the surest first. Another's number, or one of another name, is a mistake."""
        chosen = certain[0]
        for other in certain[1:]:
            verdict.problems.append(Problem(other.reasons[0], self._anothers(other, seen)))
        person, reason = chosen.person, chosen.reasons[0]
        if person.pk not in seen:
            verdict.problems.append(Problem(reason, self._anothers(chosen, seen)))
            return None
        if reason != duplicates.NATIONAL_ID and not _may_be(entry, person):
            verdict.problems.append(Problem(reason, self._anothers(chosen, seen)))
        return person

    def _anothers(self, candidate: Candidate, seen: set[int]) -> str:
        if candidate.person.pk not in seen:
            return _("Một người ở địa bàn khác đang dùng: hãy hỏi quản trị viên, hoặc để trống ô này.")
        return _("Đang là của %(person)s (%(unit)s). Nếu đây là người khác, hãy để trống ô này.") % {
            "person": candidate.person,
            "unit": candidate.person.unit or "—",
        }

    def _by_name(self, entry: Entry, candidates: list[Candidate], verdict: Verdict, seen: set[int]) -> User | None:
        """Same name, birth year and commune: the person. Nearly so: perhaps; the row is written with a warning."""
        sure = _surely(entry, candidates)
        if any(getattr(entry, name) for name in ONE_PERSONS):  # two rows with numbers of their own are two people
            sure = [person for person in sure if person.pk not in self.meant]
        if len(sure) == 1:
            return sure[0]
        if sure:
            names = "; ".join(f"{person} ({person.sign_in_name})" for person in sure[:5])
            text = _("Có nhiều người cùng họ tên, năm sinh, địa bàn: %(names)s. Hãy ghi điện thoại hoặc số căn cước.")
            verdict.problems.append(Problem("full_name", text % {"names": names}))
            return None
        alike = [each.person for each in candidates if each.person.pk in seen]
        if alike:
            names = "; ".join(f"{person}, {person.birth_year or '?'}" for person in alike[:3])
            text = _("Có thể đã có: %(names)s. Nếu là một người, hãy ghi số điện thoại hoặc năm sinh rồi tải lại.")
            verdict.problems.append(Problem("full_name", text % {"names": names}, fatal=False))
        return None

    def _compare(self, plans: Sequence[Plan]) -> None:
        """What differs from the register; three queries."""
        people = [plan.person.pk for plan in plans if plan.person]
        audiences: dict[int, list[AudienceMembership]] = {}
        for row in AudienceMembership.objects.filter(person__in=people):
            audiences.setdefault(row.person_id, []).append(row)
        households = self._households(plans)
        represented = set(Representation.objects.on().filter(person__in=people).values_list("person", "household"))
        for plan in plans:
            if plan.person:
                differing = _differing(plan.entry, plan.person)
                plan.values = {name: value for name, value in differing.items() if name not in plan.known}
            plan.audiences = list(_audiences(plan, audiences.get(plan.person.pk, []) if plan.person else []))
            if plan.entry.household:
                unit = plan.entry.unit.pk if plan.entry.unit else 0
                plan.household = households.get((unit, fold(plan.entry.household)))
                known = plan.person and plan.household and (plan.person.pk, plan.household.pk) in represented
                plan.represents = not known

    def _households(self, plans: Iterable[Plan]) -> dict[tuple[int, str], Household]:
        said = [(plan.entry.unit, fold(plan.entry.household)) for plan in plans if plan.entry.household]
        names = {(unit.pk, name) for unit, name in said if unit}
        if not names:
            return {}
        rows = Household.objects.on().filter(unit__in={unit for unit, _name in names})
        return {key: row for row in rows if (key := (row.unit_id, fold(row.name))) in names}


def _sought(entry: Entry) -> Sought:
    return Sought(
        full_name=entry.full_name,
        national_id=entry.national_id,
        phone=entry.phone,
        email=entry.email,
        username=entry.username,
        birth_year=entry.birth_year,
        unit=entry.unit,
    )


def _surely(entry: Entry, candidates: Sequence[Candidate]) -> list[User]:
    """Those of the same name, birth year and commune."""
    alike = [each.person for each in candidates if duplicates.SAME_NAME in each.reasons]
    same = [person for person in alike if name_spelling.is_same(entry.full_name, person.full_name)]
    return [person for person in same if entry.birth_year and person.birth_year == entry.birth_year]


def _may_be(entry: Entry, person: User) -> bool:
    """Whether who has the row's number may be the one it names; a number may serve a family."""
    name = fold(entry.full_name)
    is_part = name != person.name_key and _is_part(name, person.name_key)
    if is_part or name_spelling.is_same(entry.full_name, person.full_name):
        return True
    if entry.birth_year and person.birth_year and entry.birth_year != person.birth_year:
        return False
    return name == person.name_key or names_are_near(name, person.name_key)


def _differing(entry: Entry, person: User) -> dict[str, Any]:
    values = {name: value for name in FIELDS if (value := getattr(entry, name)) and value != getattr(person, name)}
    if entry.unit and person.unit and person.unit.path.startswith(entry.unit.path):
        values.pop("unit", None)  # known nearer already
    if name_spelling.says_less(entry.full_name, person.full_name):
        values.pop("full_name", None)
    if entry.languages and sorted(entry.languages) != sorted(person.languages):
        values["languages"] = entry.languages
    return values


def _audiences(plan: Plan, known: Sequence[AudienceMembership]) -> Iterable[AudienceMembership]:
    """Memberships to add, or to write again with their decision."""
    entry = plan.entry
    day = entry.since or timezone.localdate()
    for audience in entry.audiences:
        held = [
            row
            for row in known
            if row.audience == audience and row.since <= day and (row.until is None or day <= row.until)
        ]
        if not held:
            yield AudienceMembership(
                audience=audience,
                since=day,
                decision_number=entry.decision_number,
                decision_date=entry.decision_date,
            )
            continue
        row = held[0]
        said = (entry.decision_number or row.decision_number, entry.decision_date or row.decision_date)
        if said != (row.decision_number, row.decision_date):
            row.decision_number, row.decision_date = said
            yield row


def _is_part(one: str, other: str) -> bool:
    """Whether all words of one name are in the other: "a su" and "mua a su"."""
    words, others = set(one.split()), set(other.split())
    return bool(words and others) and (words <= others or others <= words)
