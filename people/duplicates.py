"""Who may already be here: looked for before a person is entered, for one or for a whole roster at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from core.folding import fold
from people import national_id
from people.models import Unit, User

NATIONAL_ID, PHONE, EMAIL, USERNAME = "national_id", "phone", "email", "username"
SAME_NAME, NEAR_NAME = "same_name", "near_name"
CERTAIN = (NATIONAL_ID, PHONE, EMAIL, USERNAME)  # of one person only


@dataclass(frozen=True)
class Sought:
    """What is known of somebody, in the one spelling of each; empty where it is not."""

    full_name: str = ""
    national_id: str = ""
    phone: str = ""
    email: str = ""
    username: str = ""
    birth_year: int | None = None
    unit: Unit | None = None


@dataclass
class Candidate:
    """A person who may be meant, and why."""

    person: User
    reasons: list[str] = field(default_factory=list)

    @property
    def is_certain(self) -> bool:
        """By something that only one person has."""
        return any(reason in CERTAIN for reason in self.reasons)


def candidates(sought: Sequence[Sought], *, but: int | None = None) -> list[list[Candidate]]:
    """For each, who may be the same person, the surest first; `but` is one who is not looked for (being edited).

    Same identity number, telephone, e-mail address or user name; same folded name in the same commune where the birth
    years do not contradict; nearly the same name with the same birth year there. Six queries however many are sought.
    """
    found: list[dict[int, Candidate]] = [{} for _each in sought]
    _by_identity(sought, found)
    _by_name(sought, User.objects.persons().select_related("unit"), found)
    for each in found:
        each.pop(but, None)  # type: ignore[arg-type]
    return [sorted(each.values(), key=_rank) for each in found]


def _rank(candidate: Candidate) -> tuple[int, int]:
    order = [*CERTAIN, SAME_NAME, NEAR_NAME]
    return min(order.index(reason) for reason in candidate.reasons), candidate.person.pk


def _note(found: dict[int, Candidate], person: User, reason: str) -> None:
    candidate = found.setdefault(person.pk, Candidate(person))
    if reason not in candidate.reasons:
        candidate.reasons.append(reason)


def _by_identity(sought: Sequence[Sought], found: list[dict[int, Candidate]]) -> None:
    """Accounts that were merged still hold their numbers: they mean the one kept."""
    accounts = User.objects.filter(erased_at=None).select_related("unit", "merged_as__person__unit")
    for name in CERTAIN:
        wanted: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(sought):
            if value := getattr(each, name):
                for key in national_id.match_keys(value) if name == NATIONAL_ID else [value]:
                    wanted[key].append(place)
        column = "national_id_key" if name == NATIONAL_ID else name
        if wanted:
            for account in accounts.filter(**{f"{column}__in": list(wanted)}):
                merged = getattr(account, "merged_as", None)
                for place in wanted[getattr(account, column)]:
                    _note(found[place], merged.person if merged else account, name)


def _by_name(sought: Sequence[Sought], persons: QuerySet[User], found: list[dict[int, Candidate]]) -> None:
    communes = _communes(each.unit for each in sought if each.unit)
    by_place: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(sought):
        if each.unit and each.full_name:
            by_place[communes[each.unit.pk]].append(place)
    if not by_place:
        return
    units = dict(
        Unit.objects.filter(Q(pk__in=by_place) | Q(parent__in=by_place)).order_by().values_list("pk", "parent_id")
    )
    names = {fold(each.full_name) for each in sought}
    years = {each.birth_year for each in sought if each.birth_year}
    near = persons.filter(Q(name_key__in=names) | Q(birth_year__in=years), unit__in=list(units))
    for person in near:
        home = person.unit_id if person.unit_id in by_place else units[person.unit_id]  # type: ignore[index]
        for place in by_place.get(home or 0, ()):
            if reason := _alike(sought[place], person):
                _note(found[place], person, reason)


def _communes(units: Iterable[Unit]) -> dict[int, int]:
    """{unit: the commune it lies in}, or the unit itself where it is none and in none."""
    village = Unit.Level.VILLAGE
    return {unit.pk: unit.parent_id if unit.level == village and unit.parent_id else unit.pk for unit in units}


def _alike(sought: Sought, person: User) -> str:
    name = fold(sought.full_name)
    years_differ = sought.birth_year and person.birth_year and sought.birth_year != person.birth_year
    if years_differ:
        return ""
    if name == person.name_key:
        return SAME_NAME
    same_year = sought.birth_year and sought.birth_year == person.birth_year
    return NEAR_NAME if same_year and names_are_near(name, person.name_key) else ""


def names_are_near(one: str, other: str) -> bool:
    """Whether two folded names are the same but for spaces, the order of words, or one letter."""
    if one.replace(" ", "") == other.replace(" ", "") or sorted(one.split()) == sorted(other.split()):
        return True
    return len(one) >= 6 and _one_letter_apart(one, other)


def _one_letter_apart(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def visible_among(found: Sequence[Candidate], user: Any) -> tuple[list[Candidate], list[Candidate]]:
    """(those whom the user may see, those of whom only the reason may be said)."""
    seen = set(
        User.objects.visible_to(user).filter(pk__in=[each.person.pk for each in found]).values_list("pk", flat=True)
    )
    return [each for each in found if each.person.pk in seen], [each for each in found if each.person.pk not in seen]
