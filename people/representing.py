"""For whom one learns: a learner asks, staff who may see the learner confirm or refuse."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from people.exceptions import NotPossible
from people.models import Household, Organisation, Representation, RepresentationRequest, Unit, User

AT_ONCE = 5  # requests of one person that may wait
State = RepresentationRequest.State


@transaction.atomic
def ask(*, person: User, kind: str, name: str, code: str = "", place: str = "") -> RepresentationRequest:
    """Note that the person says to learn for a household or organisation; asking the same again changes nothing.

    Raises NotPossible when too many wait already.
    """
    User.objects.select_for_update().get(pk=person.pk)  # two taps on the button wait for one another
    waiting = RepresentationRequest.objects.waiting().filter(person=person)
    if same := waiting.filter(kind=kind, name=name, code=code).first():
        return same
    if waiting.count() >= AT_ONCE:
        raise NotPossible(
            _("Ông, bà đã có %(number)s đề nghị đang chờ. Hãy chờ cán bộ xác nhận trước khi gửi thêm.")
            % {"number": AT_ONCE}
        )
    return RepresentationRequest.objects.create(
        person=person, kind=kind, name=name, code=code, place=place, unit=person.unit
    )


def alike(request: RepresentationRequest, reader: Any) -> QuerySet[Any]:
    """Households or organisations that the request may mean and that the reader may see: by code, else by name."""
    rows: QuerySet[Any]
    if request.kind == RepresentationRequest.Kind.HOUSEHOLD:
        rows = Household.objects.visible_to(reader)
    else:
        rows = Organisation.objects.visible_to(reader).filter(kind=request.kind)
    rows = rows.select_related("unit")
    if request.unit_id:
        rows = rows.filter(unit__today__path__under=_commune_path(request.unit))
    return rows.found_by(request.name)[:10]


@transaction.atomic
def confirm(
    *,
    request: RepresentationRequest,
    subject: Household | Organisation | None,
    since: date,
    unit: Unit | None,
    by: User,
) -> Representation:
    """The person learns for the subject from the day on.

    Without a subject one is made in the unit, as the request names it. Raises NotPossible when another member of staff
    answered meanwhile, or when the request's code is no tax code.
    """
    request = _waiting(request)
    if subject is None:
        if unit is None:
            raise NotPossible(_("Hãy chọn địa bàn của hộ hoặc tổ chức mới."))
        subject = _made(request, unit, since)
        detail = {"unit": unit.code}
        audit.record(by=by, action=f"people.{subject._meta.model_name}.add", subject=str(subject.uuid), detail=detail)
    field = str(subject._meta.model_name)
    rows = Representation.objects.on().filter(person=request.person, **{field: subject})
    row = rows.first() or Representation.objects.create(person=request.person, since=since, **{field: subject})
    request.representation = row
    _answered(request, State.CONFIRMED, "", by)
    return row


@transaction.atomic
def refuse(*, request: RepresentationRequest, answer: str, by: User) -> None:
    """Say no, with a reason that the learner reads; raises NotPossible without one."""
    if not answer:
        raise NotPossible(_("Hãy ghi lý do để người học biết cần làm gì."))
    _answered(_waiting(request), State.REFUSED, answer, by)


def _waiting(request: RepresentationRequest) -> RepresentationRequest:
    row = RepresentationRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if row.state != State.WAITING:
        raise NotPossible(_("Đề nghị này đã được trả lời."))
    return row


def _answered(request: RepresentationRequest, state: str, answer: str, by: User) -> None:
    request.state, request.answer, request.answered_at = state, answer, timezone.now()
    request.save()
    audit.record(by=by, action=f"people.request.{state}", subject=f"person:{request.person.uuid}")


def _made(request: RepresentationRequest, unit: Unit, since: date) -> Household | Organisation:
    """Not said to be of an ethnic minority: that needs a basis, which staff enter on its page."""
    if request.kind == RepresentationRequest.Kind.HOUSEHOLD:
        return Household.objects.create(name=request.name, code=request.code, unit=unit, since=since)
    made = Organisation(name=request.name, kind=request.kind, tax_code=request.code or None, unit=unit, since=since)
    try:
        made.clean_fields(exclude=["unit"])
        made.validate_unique()
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from error
    made.save()
    return made


def _commune_path(unit: Unit | None) -> str:
    """The path of the commune (or of what stands above it) in which people of the unit count today."""
    place = (unit.today or unit) if unit else None
    assert place is not None
    return "".join(f"{key}/" for key in place.ancestor_ids[:2])
