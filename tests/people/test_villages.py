"""Villages: made, renamed, moved, merged and ended here; never changed in place."""

from datetime import date
from types import SimpleNamespace

import pytest

from core import jobs
from core.models import AuditEntry
from people import following_communes, unit_attributes, villages
from people.exceptions import NotPossible
from people.models import Unit, UnitAttribute, UnitSuccession
from people.units import unit_today
from people.village_names import parts
from tests.people.conftest import person, unit

pytestmark = pytest.mark.django_db
BEGAN, CHANGED = date(2026, 1, 1), date(2026, 7, 1)


@pytest.fixture
def village(land: SimpleNamespace) -> Unit:
    return villages.add(commune=land.pung_luong, name="bản  Lìm Mông", since=BEGAN, by=None)


def test_add(land: SimpleNamespace, village: Unit) -> None:
    assert (village.name, village.short_name, village.code, village.level) == (
        "Bản Lìm Mông",
        "Lìm Mông",
        "04489-001",
        "village",
    )
    assert (village.path, village.today, village.settled) == (f"{land.pung_luong.path}{village.pk}/", village, True)
    second = villages.add(commune=land.pung_luong, name="Thôn 2", since=BEGAN, by=None)
    assert second.code == "04489-002"
    entry = AuditEntry.objects.get(subject="unit:04489-001")
    assert (entry.action, entry.detail) == ("people.village.add", {"name": "Bản Lìm Mông"})


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Bản Lìm Mông", "Bản", "Lìm Mông"), ("TỔ DÂN PHỐ số 5", "Tổ dân phố", "số 5"), ("khu phố 3", "Khu phố", "3"),
        ("Khu 3", "Khu", "3"), ("Ấp Sóc Chà", "Ấp", "Sóc Chà"), ("Buôn Ma Thuột", "Buôn", "Ma Thuột"),
    ],
)  # fmt: skip
def test_names(text: str, kind: str, name: str) -> None:
    assert parts(text) == (kind, name)


@pytest.mark.parametrize("text", ["", "Bản", "Lìm Mông", "Bảnh Lìm", "Bản " + "x" * 120])
def test_names_that_are_none(text: str) -> None:
    with pytest.raises(NotPossible, match="Bản Lìm Mông"):
        parts(text)


def test_what_cannot_be_added(land: SimpleNamespace, village: Unit) -> None:
    with pytest.raises(NotPossible, match="Xã Púng Luông đã có Bản Lìm Mông"):
        villages.add(commune=land.pung_luong, name="BẢN LÌM MÔNG", since=BEGAN, by=None)
    assert villages.add(commune=land.pung_luong, name="Bản Lim Mong", since=BEGAN, by=None).code == "04489-002"
    for parent in (land.lao_cai, land.cao_pha, village):
        with pytest.raises(NotPossible, match="xã, phường hoặc đặc khu hiện nay"):
            villages.add(commune=parent, name="Bản Mới", since=BEGAN, by=None)
    with pytest.raises(NotPossible, match="04489-001 đã dùng"):
        villages.add(commune=land.tu_le, name="Bản Mới", since=BEGAN, by=None, code="04489-001")
    with pytest.raises(NotPossible, match="có từ ngày 01/07/2025"):
        villages.add(commune=land.tu_le, name="Bản Mới", since=date(2025, 6, 30), by=None)


def test_rename(village: Unit) -> None:
    learner = person("su", unit=village)
    unit_attributes.give(unit=village, kind="hardship", since=BEGAN, document="Quyết định A", by=None)
    new = villages.rename(village=village, name="Bản Lìm Thái", from_day=CHANGED, document="Nghị quyết 1", by=None)
    village.refresh_from_db()
    assert (village.valid_to, village.today, village.settled) == (date(2026, 6, 30), new, True)
    assert (new.name, new.code, new.valid_from, new.parent) == ("Bản Lìm Thái", village.code, CHANGED, village.parent)
    step = UnitSuccession.objects.get(predecessor=village)
    assert (step.successor, step.whole, step.document) == (new, True, "Nghị quyết 1")
    assert type(learner).objects.of_unit(new).get() == learner
    assert list(UnitAttribute.objects.filter(unit=new).values_list("kind", "since")) == [("hardship", CHANGED)]
    with pytest.raises(NotPossible, match="đã kết thúc"):
        villages.rename(village=village, name="Bản Ba", from_day=date(2027, 1, 1), document="", by=None)
    with pytest.raises(NotPossible, match="phải sau ngày đó"):
        villages.rename(village=new, name="Bản Ba", from_day=CHANGED, document="", by=None)


def test_a_name_that_is_taken_changes_nothing(land: SimpleNamespace, village: Unit) -> None:
    villages.add(commune=land.pung_luong, name="Bản Hai", since=BEGAN, by=None)
    with pytest.raises(NotPossible):
        villages.rename(village=village, name="Bản Hai", from_day=CHANGED, document="", by=None)
    village.refresh_from_db()
    assert village.valid_to is None


def test_move(land: SimpleNamespace, village: Unit) -> None:
    new = villages.move(village=village, commune=land.tu_le, from_day=CHANGED, document="NQ", by=None)
    assert (new.code, new.parent, new.name) == ("04636-001", land.tu_le, "Bản Lìm Mông")
    village.refresh_from_db()
    assert unit_today(village) == (new, True)


def test_merge(land: SimpleNamespace, village: Unit) -> None:
    second = villages.add(commune=land.pung_luong, name="Bản Hai", since=BEGAN, by=None)
    new = villages.merge(villages=[village, second], name="Bản Hai", from_day=CHANGED, document="NQ", by=None)
    assert set(UnitSuccession.objects.filter(successor=new).values_list("predecessor", "whole")) == {
        (village.pk, True), (second.pk, True),
    }  # fmt: skip
    other = villages.add(commune=land.tu_le, name="Bản Ba", since=BEGAN, by=None)
    for pair in ([new], [new, other]):
        with pytest.raises(NotPossible, match="cùng một xã"):
            villages.merge(villages=pair, name="Bản Bốn", from_day=date(2027, 1, 1), document="", by=None)


def test_split_and_end(land: SimpleNamespace, village: Unit) -> None:
    heirs = [villages.add(commune=land.pung_luong, name=f"Bản {n}", since=BEGAN, by=None) for n in ("A", "B")]
    villages.end(village=village, last_day=CHANGED, heirs=heirs, document="NQ", by=None)
    village.refresh_from_db()
    assert unit_today(village) == (land.pung_luong, False)
    assert set(village.successions.values_list("whole", flat=True)) == {False}
    with pytest.raises(NotPossible, match="đơn vị hiện nay"):
        villages.end(village=heirs[0], last_day=CHANGED, heirs=[land.cao_pha], document="", by=None)


def test_communes_are_not_changed(land: SimpleNamespace) -> None:
    for change in (
        lambda: villages.rename(village=land.tu_le, name="Bản X", from_day=CHANGED, document="", by=None),
        lambda: villages.move(village=land.tu_le, commune=land.pung_luong, from_day=CHANGED, document="", by=None),
        lambda: villages.end(village=land.tu_le, last_day=CHANGED, heirs=[], document="", by=None),
    ):
        with pytest.raises(NotPossible, match="Chỉ thôn, bản"):
            change()


def test_villages_follow_their_commune(land: SimpleNamespace, village: Unit) -> None:
    """Púng Luông merges whole into a new commune, Tú Lệ is split: the job moves, or ends to be settled."""
    other = villages.add(commune=land.tu_le, name="Bản Pom Ban", since=BEGAN, by=None)
    new = [unit(code, "commune", name, land.lao_cai) for code, name in (("1", "Xã Mới"), ("2", "Xã Mới Hai"))]
    for old, heirs in ((land.pung_luong, new[:1]), (land.tu_le, new)):
        old.valid_to = date(2026, 6, 30)
        old.save()
        for heir in heirs:
            UnitSuccession.objects.create(predecessor=old, successor=heir, whole=len(heirs) == 1, document="NQ 9")
    assert following_communes.left_behind()
    jobs.start("people.follow_communes", {}, by=None, title="")
    job = jobs.run_next()
    assert job is not None
    assert (job.state, job.done) == ("done", 2)
    assert not following_communes.left_behind()
    for each in (village, other):
        each.refresh_from_db()
        assert each.valid_to == date(2026, 6, 30)
    moved = village.today
    assert (moved.name, moved.parent, moved.valid_from) == ("Bản Lìm Mông", new[0], CHANGED)
    assert village.successions.get().document == "NQ 9"
    assert unit_today(other) == (land.lao_cai, False)
    taken_up = villages.move(village=other, commune=new[1], from_day=CHANGED, document="NQ 9", by=None)
    other.refresh_from_db()
    assert unit_today(other) == (taken_up, True)
