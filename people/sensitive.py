"""Ethnic group and national identity number: sensitive by law.

Kept with a purpose and a legal basis, shown only to administrators and to those who manage the person's unit, and every
reading of them is in the audit log. They never go into messages, statements or names of files.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import audit
from people import access, consent
from people.merging import accounts_of
from people.models import Consent, Unit, User

FIELDS = ("ethnic_group", "national_id")
PURPOSE = _("Thống kê, theo dõi kết quả đào tạo, tập huấn theo dân tộc; nhận ra đúng người học")
DOCUMENT = _("Quyết định 1087/QĐ-TTg ngày 02/10/2024")


class BasisForm(forms.Form):
    """Why ethnic group or identity number may be kept, asked where they are entered."""

    purpose = forms.CharField(
        label=_("Mục đích xử lý dân tộc, số căn cước"), max_length=200, required=False, initial=PURPOSE
    )
    basis = forms.ChoiceField(
        label=_("Căn cứ pháp lý"), choices=[("", "---------"), *Consent.Basis.choices], required=False
    )
    document = forms.CharField(
        label=_("Văn bản làm căn cứ"),
        max_length=200,
        required=False,
        initial=DOCUMENT,
        help_text=_("Dân tộc và số căn cước là dữ liệu nhạy cảm: luật đòi hỏi ghi rõ mục đích và căn cứ."),
    )


def may_see(user: Any, person: User) -> bool:
    """Whether the viewer may see these of the person: nobody, once the agreement on which they rest was taken back."""
    if not (access.sees_all(user) or (person.unit_id is not None and may_enter(user, person.unit))):
        return False
    reasons = Consent.objects.filter(person__in=accounts_of(person)).exclude(purpose=consent.PURPOSE)
    ended = list(reasons.values_list("withdrawn_at", flat=True))
    return not ended or None in ended


def may_enter(user: Any, unit: Unit | None) -> bool:
    """Whether the user may enter these of somebody who lives in the unit."""
    if access.sees_all(user):
        return True
    return unit is not None and Unit.objects.filter(access.managed_units(user), pk=unit.pk).exists()


def note_reading(*, by: Any, persons: Sequence[User] | None, where: str, count: int | None = None) -> None:
    """Log that these were shown to somebody: of one person, or of so many in an export or a roster."""
    one = persons[0] if persons and len(persons) == 1 else None
    audit.record(
        by=by,
        action="people.read_sensitive",
        subject=f"person:{one.uuid}" if one else "people",
        detail={"where": where, "count": count if count is not None else len(persons or ())},
    )


def keep_basis(persons: Iterable[User], *, purpose: str, basis: str, document: str = "") -> None:
    """Record why these may be kept, for each person who has no such entry in force."""
    persons = list(persons)
    same = Consent.objects.filter(purpose=purpose, basis=basis, document=document, withdrawn_at=None)
    known = set(same.filter(person__in=persons).values_list("person", flat=True))
    Consent.objects.bulk_create(
        [
            Consent(person=person, purpose=purpose, basis=basis, document=document)
            for person in persons
            if person.pk not in known
        ],
        batch_size=500,
    )
