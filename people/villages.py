"""Villages are the one level of units that this site makes itself: no state list has them.

A village never changes in place. A new name, a new commune or a merger ends it and starts another on the next day, with
the succession that says by which document; so whoever was registered in the old one counts in the new one at once.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import audit
from people.exceptions import NotPossible
from people.folding import fold
from people.models import Unit, UnitAgency, UnitAttribute, UnitSuccession, User
from people.village_names import parts

NOT_A_COMMUNE = _("Hãy chọn một xã, phường hoặc đặc khu hiện nay.")
NOT_A_VILLAGE = _("Chỉ thôn, bản và tương đương được sửa ở đây. Xã và tỉnh lấy từ danh mục của Nhà nước.")


@transaction.atomic
def add(*, commune: Unit, name: str, since: date, by: User | None, code: str = "") -> Unit:
    """Start a village in a commune of today. Without a code it gets the commune's with a number of its own.

    Raises NotPossible for a name or code that a village has at the same time, and for anything but a commune of today.
    """
    commune = _locked(commune)
    if commune.level != Unit.Level.COMMUNE or commune.valid_to:
        raise NotPossible(NOT_A_COMMUNE)
    if since < commune.valid_from:
        raise NotPossible(
            _("%(commune)s có từ ngày %(day)s; thôn, bản không thể có trước ngày đó.")
            % {"commune": commune.name, "day": commune.valid_from.strftime("%d/%m/%Y")}
        )
    kind, short_name = parts(name)
    full_name = f"{kind} {short_name}"
    if taken := same_name(commune, full_name):
        raise NotPossible(_("%(commune)s đã có %(village)s.") % {"commune": commune.name, "village": taken.name})
    if code and Unit.objects.filter(Q(valid_to=None) | Q(valid_from__gte=since), code=code).exists():
        raise NotPossible(_("Mã %(code)s đã dùng cho một đơn vị khác.") % {"code": code})
    village = Unit.objects.create(
        code=code or _free_code(commune),
        level=Unit.Level.VILLAGE,
        name=full_name,
        short_name=short_name,
        parent=commune,
        valid_from=since,
    )
    audit.record(by=by, action="people.village.add", subject=f"unit:{village.code}", detail={"name": full_name})
    return village


def same_name(commune: Unit, full_name: str) -> Unit | None:
    """The village of today in the commune that bears the name; marks matter, capitals do not."""
    wanted = full_name.casefold()
    near = Unit.objects.current().filter(parent=commune, search_key__startswith=fold(full_name))
    return next((village for village in near if village.name.casefold() == wanted), None)


@transaction.atomic
def rename(*, village: Unit, name: str, from_day: date, document: str, by: User | None) -> Unit:
    """The village bears another name from the day on; code and attributes go on."""
    village = _open(village, from_day)
    commune = village.parent
    assert commune is not None
    _close(village, from_day - timedelta(days=1))
    new = add(commune=commune, name=name, since=from_day, by=by, code=village.code)
    _succeed([village], [new], document, by)
    _carry(village, new, from_day)
    return new


@transaction.atomic
def move(*, village: Unit, commune: Unit, from_day: date, document: str, by: User | None, name: str = "") -> Unit:
    """The village belongs to another commune from the day on; it gets a code of that commune, attributes go on.

    A village that ended with its commune and has no successor yet is taken up again so.
    """
    village = _locked(village)
    if village.level != Unit.Level.VILLAGE:
        raise NotPossible(NOT_A_VILLAGE)
    if village.valid_to is None:
        village = _open(village, from_day)
        _close(village, from_day - timedelta(days=1))
    elif village.successions.exists() or village.valid_to >= from_day:
        raise NotPossible(_("%(village)s đã kết thúc và đã có đơn vị kế thừa.") % {"village": village.name})
    new = add(commune=commune, name=name or village.name, since=from_day, by=by)
    _succeed([village], [new], document, by)
    _carry(village, new, from_day)
    return new


@transaction.atomic
def merge(*, villages: Sequence[Unit], name: str, from_day: date, document: str, by: User | None) -> Unit:
    """Several villages of one commune become one from the day on; it starts without attributes."""
    open_villages = [_open(village, from_day) for village in villages]
    communes = {village.parent_id for village in open_villages}
    if len(open_villages) < 2 or len(communes) != 1:
        raise NotPossible(_("Hãy chọn ít nhất hai thôn, bản của cùng một xã để nhập làm một."))
    commune = open_villages[0].parent
    assert commune is not None
    for village in open_villages:
        _close(village, from_day - timedelta(days=1))
    new = add(commune=commune, name=name, since=from_day, by=by)
    _succeed(open_villages, [new], document, by)
    return new


@transaction.atomic
def end(*, village: Unit, last_day: date, heirs: Sequence[Unit], document: str, by: User | None) -> None:
    """The village ends; heirs are the villages or communes that it went to: one wholly, several in parts, or none.

    With several or none its people stand in the list to settle.
    """
    village = _open(village, last_day + timedelta(days=1))
    if any(heir.pk == village.pk or heir.valid_to for heir in heirs):
        raise NotPossible(_("Đơn vị kế thừa phải là đơn vị hiện nay khác."))
    _close(village, last_day)
    _succeed([village], heirs, document, by)


def _locked(unit: Unit) -> Unit:
    """The unit as it is now, held until the transaction ends."""
    return Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)


def _open(village: Unit, from_day: date) -> Unit:
    """The village, locked, if it stands on the day before and may be changed from the day on."""
    village = _locked(village)
    if village.level != Unit.Level.VILLAGE:
        raise NotPossible(NOT_A_VILLAGE)
    if village.valid_to is not None:
        raise NotPossible(_("%(village)s đã kết thúc.") % {"village": village.name})
    if from_day <= village.valid_from:
        raise NotPossible(
            _("%(village)s bắt đầu từ ngày %(day)s; thay đổi phải sau ngày đó.")
            % {"village": village.name, "day": village.valid_from.strftime("%d/%m/%Y")}
        )
    return village


def _close(village: Unit, last_day: date) -> None:
    village.valid_to = last_day
    village.save()


def _succeed(olds: Sequence[Unit], heirs: Sequence[Unit], document: str, by: User | None) -> None:
    for old in olds:
        for heir in heirs:
            UnitSuccession.objects.create(
                predecessor=old, successor=heir, whole=len(heirs) == 1, document=document[:200]
            )
        detail = {"last_day": str(old.valid_to), "heirs": [heir.code for heir in heirs], "document": document[:200]}
        audit.record(by=by, action="people.village.end", subject=f"unit:{old.code}", detail=detail)


def _carry(old: Unit, new: Unit, from_day: date) -> None:
    """The same village under another name keeps what the state said of it and who answers for it."""
    for row in UnitAttribute.objects.on(from_day).filter(unit=old):
        UnitAttribute.objects.create(
            unit=new, kind=row.kind, value=row.value, since=from_day, until=row.until, document=row.document
        )
    for agency in UnitAgency.objects.filter(unit=old, since__lte=from_day, until=None):
        UnitAgency.objects.create(unit=new, organisation=agency.organisation, since=from_day)


def _free_code(commune: Unit) -> str:
    """The commune's code with the next number: 04489-007."""
    taken = Unit.objects.filter(parent=commune).values_list("code", flat=True)
    ends = [code.removeprefix(f"{commune.code}-") for code in taken if code.startswith(f"{commune.code}-")]
    numbers = [int(end) for end in ends if end.isdecimal()]
    return f"{commune.code}-{max(numbers, default=0) + 1:03d}"
