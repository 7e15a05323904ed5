"""The tree of units, and where former units stand today."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from people.models import Unit, UnitSuccession
from people.succession import common_path, standing
from people.units import lowest_common_ancestor, unit_today
from tests.people.conftest import LAST, NEW, unit

pytestmark = pytest.mark.django_db


def names(units: object) -> set[str]:
    return {each.short_name for each in units}  # type: ignore[attr-defined]


def test_path_of_keys(land: SimpleNamespace) -> None:
    assert land.cao_pha.path == f"{land.yen_bai.pk}/{land.mu_cang_chai.pk}/{land.cao_pha.pk}/"
    assert land.cao_pha.ancestor_ids == [land.yen_bai.pk, land.mu_cang_chai.pk, land.cao_pha.pk]


def test_subtree_is_the_unit_and_all_below(land: SimpleNamespace) -> None:
    assert names(Unit.objects.subtree(land.yen_bai)) == {"Yên Bái", "Mù Cang Chải", "La Pán Tẩn", "Cao Phạ"}
    assert names(Unit.objects.subtree(land.cao_pha)) == {"Cao Phạ"}


def test_subtree_does_not_take_keys_that_begin_alike(land: SimpleNamespace) -> None:
    Unit.objects.create(
        pk=land.lao_cai.pk * 10, code="99", level="province", name="Tỉnh X", short_name="X", valid_from=NEW
    )
    assert names(Unit.objects.subtree(land.lao_cai)) == {"Lào Cai", "Púng Luông", "Tú Lệ"}


def test_subtree_is_one_indexed_query(land: SimpleNamespace) -> None:
    plan = Unit.objects.subtree(land.lao_cai).order_by().explain()
    if connection.vendor == "sqlite":
        assert "SEARCH people_unit USING INDEX people_unit_path" in plan
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, Unit._meta.db_table)
    assert any(index["columns"] == ["path"] and index["index"] for index in indexes.values())


def test_current_and_on_a_day(land: SimpleNamespace) -> None:
    assert names(Unit.objects.current().provinces()) == {"Lào Cai", "Sơn La"}
    assert names(Unit.objects.on(LAST).provinces()) == {"Yên Bái"}
    assert names(Unit.objects.on(NEW).provinces()) == {"Lào Cai", "Sơn La"}
    assert not Unit.objects.on(date(2000, 1, 1)).exists()


def test_one_successor_is_followed(land: SimpleNamespace) -> None:
    assert unit_today(land.yen_bai) == (land.lao_cai, True)
    assert unit_today(land.la_pan_tan) == (land.pung_luong, True)
    assert unit_today(land.tu_le) == (land.tu_le, True)


def test_several_successors_count_at_their_lowest_common_ancestor(land: SimpleNamespace) -> None:
    assert unit_today(land.cao_pha) == (land.lao_cai, False)
    assert unit_today(land.mu_cang_chai) == (land.lao_cai, False)


def test_a_later_change_is_followed_through(land: SimpleNamespace) -> None:
    land.pung_luong.valid_to = date(2027, 12, 31)
    land.pung_luong.save()
    new = Unit.objects.create(
        code="04490", level="commune", name="Xã Mới", short_name="Mới", parent=land.lao_cai, valid_from=date(2028, 1, 1)
    )
    UnitSuccession.objects.create(predecessor=land.pung_luong, successor=new, whole=True, document="Nghị quyết")
    land.la_pan_tan.refresh_from_db()
    assert unit_today(land.la_pan_tan) == (new, True)
    land.cao_pha.refresh_from_db()
    assert unit_today(land.cao_pha) == (land.lao_cai, False)


def test_a_unit_that_ended_without_heir_stands_where_its_parent_stands(land: SimpleNamespace) -> None:
    lost = unit("04499", "commune", "Xã Mất", land.mu_cang_chai, ended=True)
    assert unit_today(lost) == (land.lao_cai, False)
    assert unit_today(unit("98", "province", "Tỉnh Mất", ended=True))[1] is False


def test_lowest_common_ancestor(land: SimpleNamespace) -> None:
    assert lowest_common_ancestor([land.pung_luong, land.tu_le]) == land.lao_cai
    assert lowest_common_ancestor([land.tu_le]) == land.tu_le
    assert lowest_common_ancestor([land.tu_le, land.lao_cai]) == land.lao_cai
    assert lowest_common_ancestor([land.tu_le, land.moc_chau]) is None
    assert lowest_common_ancestor([]) is None


def test_counting_under_takes_former_units_with_it(land: SimpleNamespace) -> None:
    assert names(Unit.objects.counting_under(land.pung_luong)) == {"Púng Luông", "La Pán Tẩn"}
    assert names(Unit.objects.counting_under(land.lao_cai)) == {
        "Lào Cai", "Púng Luông", "Tú Lệ", "Yên Bái", "Mù Cang Chải", "La Pán Tẩn", "Cao Phạ",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("paths", "shared"),
    [(["1/2/3/", "1/2/9/"], "1/2/"), (["1/2/", "1/2/3/"], "1/2/"), (["1/", "12/"], ""), (["5/"], "5/"), ([], "")],
)
def test_common_path(paths: list[str], shared: str) -> None:
    assert common_path(paths) == shared


def test_a_circle_of_successions_ends() -> None:
    assert standing(1, heirs={1: [2], 2: [1]}, paths={1: "1/", 2: "2/"}, current=set()) == (1, False)
