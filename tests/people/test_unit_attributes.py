"""What the state says of units, by day, and who answers for them."""

from datetime import date
from types import SimpleNamespace

import pytest

from people import unit_attributes, villages
from people.exceptions import NotPossible
from people.models import Household, Organisation, Unit, UnitAttribute, User
from tests.people.conftest import NEW, person, unit

pytestmark = pytest.mark.django_db
YEAR, NEXT_YEAR = date(2026, 1, 1), date(2027, 1, 1)


def give(where: Unit, kind: str, value: str = "", since: date = YEAR, **more: object) -> UnitAttribute:
    return unit_attributes.give(unit=where, kind=kind, value=value, since=since, document="QĐ 1", by=None, **more)


def spans(where: Unit) -> list[tuple[str, date, date | None]]:
    return list(UnitAttribute.objects.filter(unit=where).order_by("since").values_list("value", "since", "until"))


def test_a_new_value_ends_the_one_before(land: SimpleNamespace) -> None:
    give(land.tu_le, "zone", "3")
    assert give(land.tu_le, "zone", "2", NEXT_YEAR).label == "Xã khu vực II"
    assert spans(land.tu_le) == [("3", YEAR, date(2026, 12, 31)), ("2", NEXT_YEAR, None)]
    give(land.tu_le, "zone", "2", NEXT_YEAR)
    assert UnitAttribute.objects.count() == 2
    give(land.tu_le, "zone", "1", NEXT_YEAR)
    assert spans(land.tu_le)[1] == ("1", NEXT_YEAR, None)
    with pytest.raises(NotPossible, match="Từ ngày 01/01/2026 đã ghi “Xã khu vực III”"):
        give(land.tu_le, "zone", "3", date(2025, 8, 1))
    give(land.tu_le, "zone", "3", date(2025, 8, 1), until=date(2025, 12, 31))
    assert len(spans(land.tu_le)) == 3


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("zone", "4", "khu vực I, khu vực II, khu vực III"), ("zone", "", "khu vực I,"),
        ("border", "x", "không có giá trị"), ("hardship", "", "chỉ ghi cho: Thôn"),
        ("region", "north", "chỉ ghi cho: Tỉnh"),
    ],
)  # fmt: skip
def test_kind_value_and_level_fit(land: SimpleNamespace, kind: str, value: str, message: str) -> None:
    with pytest.raises(NotPossible, match=message):
        give(land.tu_le, kind, value)


def test_units_having_an_attribute_on_a_day(land: SimpleNamespace) -> None:
    village = villages.add(commune=land.pung_luong, name="Bản Một", since=YEAR, by=None)
    give(land.pung_luong, "zone", "3")
    give(land.tu_le, "zone", "2", until=date(2026, 6, 30))
    give(land.lao_cai, "region", "north", NEW)

    def having(*asked: str, on: date) -> set[str]:
        return set(Unit.objects.having(*asked, on=on).values_list("short_name", flat=True))

    assert having("zone", "3", on=YEAR) == {"Púng Luông", "Một", "La Pán Tẩn"}
    assert having("zone", on=YEAR) == {"Púng Luông", "Một", "La Pán Tẩn", "Tú Lệ"}
    assert having("zone", on=date(2026, 7, 1)) == {"Púng Luông", "Một", "La Pán Tẩn"}
    assert having("zone", on=date(2025, 12, 31)) == set()
    assert having("region", "north", on=YEAR) == {
        "Lào Cai", "Púng Luông", "Tú Lệ", "Yên Bái", "Mù Cang Chải", "La Pán Tẩn", "Cao Phạ", "Một",
    }  # fmt: skip
    old, here = person("old", unit=land.la_pan_tan), person("here", unit=village)
    person("split", unit=land.cao_pha)
    assert set(User.objects.filter(unit__in=Unit.objects.having("zone", "3", on=YEAR))) == {old, here}
    home = Household.objects.create(name="Hộ", unit=land.la_pan_tan)
    assert Household.objects.filter(unit__in=Unit.objects.having("zone", "3", on=YEAR)).get() == home


def test_on_a_day_of_its_own_a_former_unit_is_judged_by_itself(land: SimpleNamespace) -> None:
    UnitAttribute.objects.create(unit=land.la_pan_tan, kind="border", since=date(2020, 1, 1), document="QĐ cũ")
    assert Unit.objects.having("border", on=date(2024, 5, 1)).get() == land.la_pan_tan
    assert not Unit.objects.having("border", on=YEAR).exists()


def test_responsible_agency_is_found_by_walking_up(land: SimpleNamespace, django_assert_num_queries: object) -> None:
    village = villages.add(commune=land.pung_luong, name="Bản Một", since=YEAR, by=None)
    assert unit_attributes.responsible(village) is None
    board, office = (
        Organisation.objects.create(name=name, kind="agency", unit=land.lao_cai) for name in ("Sở", "Phòng")
    )
    unit_attributes.make_responsible(unit=land.lao_cai, organisation=board, since=YEAR, by=None)
    unit_attributes.make_responsible(unit=land.pung_luong, organisation=office, since=date(2026, 6, 1), by=None)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = unit_attributes.responsible(village, date(2026, 7, 1))
        assert found is not None
        assert found.organisation == office
    for place, day, name in (
        (village, date(2026, 5, 31), "Sở"), (land.tu_le, date(2026, 7, 1), "Sở"),
        (land.la_pan_tan, date(2026, 7, 1), "Phòng"), (land.cao_pha, date(2026, 7, 1), "Sở"),
    ):  # fmt: skip
        found = unit_attributes.responsible(place, day)
        assert found is not None
        assert found.organisation.name == name
    assert unit_attributes.responsible(land.moc_chau) is None
    unit_attributes.make_responsible(unit=land.pung_luong, organisation=board, since=date(2026, 9, 1), by=None)
    assert list(land.pung_luong.agencies.order_by("since").values_list("organisation__name", "until")) == [
        ("Phòng", date(2026, 8, 31)), ("Sở", None),
    ]  # fmt: skip
    with pytest.raises(NotPossible, match="muộn hơn"):
        unit_attributes.make_responsible(unit=land.pung_luong, organisation=office, since=YEAR, by=None)


def test_three_steps_up_from_a_former_village(land: SimpleNamespace) -> None:
    former = unit("v", "village", "Bản Cũ", land.la_pan_tan, ended=True)
    UnitAttribute.objects.create(unit=land.yen_bai, kind="region", value="north", since=date(2020, 1, 1), document="")
    assert former in Unit.objects.having("region", on=date(2024, 1, 1))
