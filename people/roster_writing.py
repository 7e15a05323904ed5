"""Writes what a roster's rows would change, in the transaction of their batch."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from core import audit
from core.folding import fold
from core.models import ImportedRow
from core.table_kinds import Verdict
from people import entered, roles, sensitive
from people.models import AudienceMembership, Household, Representation, Unit, User
from people.models.user import field_label
from people.roster_matching import FIELDS, Plan

Outcome = ImportedRow.Outcome


class Writer:
    """Writes batches in the name of who hands in the file."""

    def __init__(self, *, by: User | None, basis: dict[str, Any], subject: str) -> None:
        self.by, self.basis, self.subject = by, basis, subject

    def write(self, verdicts: Sequence[Verdict]) -> list[str]:
        """A detail for each row: how the person signs in, and what changed."""
        plans: list[Plan] = [verdict.plan for verdict in verdicts]
        added = [plan for plan in plans if plan.person is None]
        new = {id(plan) for plan in added}
        changed = [plan for plan in plans if plan.person is not None and plan.values]
        sensitive_ones = [plan for plan in plans if _says_sensitive(plan)]
        self._add(added)
        for plan in changed:
            assert plan.person is not None
            for name, value in plan.values.items():
                setattr(plan.person, name, value)
            plan.person.save()
        for plan in plans:
            self._add_rows(plan, is_new=id(plan) in new)
        self._keep_basis([plan.person for plan in sensitive_ones if plan.person])
        return [self._detail(plan, is_new=id(plan) in new) for plan in plans]

    def _add(self, plans: Sequence[Plan]) -> None:
        if not plans:
            return
        usernames = _new_usernames([plan.entry.full_name for plan in plans if _has_no_name(plan)])
        people = []
        for plan in plans:
            entry = plan.entry
            person = User(**{name: getattr(entry, name) or None for name in ("phone", "email", "username")})
            for name in FIELDS:
                if name not in {"phone", "email", "username"} and (value := getattr(entry, name)):
                    setattr(person, name, value)
            person.languages = entry.languages
            person.username = person.username or (usernames.pop() if _has_no_name(plan) else None)
            person.password = make_password(None)
            people.append(person)
        User.objects.bulk_create(people)
        learner = Group.objects.get(name=roles.LEARNER)
        User.groups.through.objects.bulk_create([User.groups.through(user=person, group=learner) for person in people])
        entered.keep(people, by=self.by)
        for plan, person in zip(plans, people, strict=True):
            plan.person = person

    def _add_rows(self, plan: Plan, *, is_new: bool) -> None:
        assert plan.person is not None
        for row in plan.audiences:
            row.person = plan.person
        if is_new:
            AudienceMembership.objects.bulk_create(plan.audiences)
        else:
            for row in plan.audiences:
                row.save()
        if plan.represents and plan.entry.unit:
            household = plan.household or _household(plan.entry.household, plan.entry.unit)
            Representation.objects.get_or_create(person=plan.person, household=household, until=None)

    def _keep_basis(self, persons: Sequence[User]) -> None:
        if not persons:
            return
        sensitive.keep_basis(
            persons,
            purpose=self.basis["purpose"],
            basis=self.basis["basis"],
            document=self.basis.get("document", ""),
        )
        detail = {"count": len(persons), "basis": self.basis["basis"]}
        audit.record(by=self.by, action="people.enter_sensitive", subject=self.subject, detail=detail)

    def _detail(self, plan: Plan, *, is_new: bool) -> str:
        assert plan.person is not None
        if is_new:
            return _("Đăng nhập bằng: %(name)s") % {"name": plan.person.sign_in_name}
        labels = [field_label(name) for name in plan.values if name != "national_id"]
        if "national_id" in plan.values:
            labels.append(_("số căn cước"))
        if plan.audiences:
            labels.append(_("nhóm đối tượng"))
        if plan.represents:
            labels.append(_("học thay cho hộ"))
        return _("Đã đổi: %(fields)s") % {"fields": ", ".join(labels)} if labels else ""


def _household(name: str, unit: Unit) -> Household:
    """The household of that name in the unit, perhaps of an earlier row; made where there is none.

    Not said to be of an ethnic minority: that needs a basis, which staff enter on its page.
    """
    there = Household.objects.on().filter(unit=unit, search_key__startswith=fold(name))
    same = next((row for row in there if fold(row.name) == fold(name)), None)
    return same or Household.objects.create(name=name, unit=unit)


def _has_no_name(plan: Plan) -> bool:
    return not (plan.entry.phone or plan.entry.email or plan.entry.username)


def _says_sensitive(plan: Plan) -> bool:
    """Whether the row writes ethnic group or identity number."""
    names = set(plan.values) if plan.person else {name for name in sensitive.FIELDS if getattr(plan.entry, name)}
    return bool(names & set(sensitive.FIELDS))


def _new_usernames(names: Sequence[str]) -> list[str]:
    """A free user name for each, in reverse order: the given name, initials and four digits, easy to type."""
    made: list[str] = []
    for _attempt in range(20):
        missing = names[len(made) :]
        if not missing:
            break
        wanted = [f"{_stem(name)}{secrets.randbelow(9000) + 1000}" for name in missing]
        taken = set(User.objects.filter(username__in=wanted).values_list("username", flat=True)) | set(made)
        for username in wanted:
            if username in taken:
                break
            taken.add(username)
            made.append(username)
    while len(made) < len(names):
        made.append(f"{_stem(names[len(made)])}{secrets.token_hex(5)}")
    return made[::-1]


def _stem(name: str) -> str:
    """The given name and the first letters of the other words: "suma" of "Mùa A Sử"."""
    words = ["".join(sign for sign in word if sign.isascii() and sign.isalnum()) for word in fold(name).split()]
    words = [word for word in words if word] or ["hv"]
    return (words[-1][:12] + "".join(word[0] for word in words[:-1]))[:20]
