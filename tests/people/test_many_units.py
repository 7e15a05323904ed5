"""A country with all its villages, 100,000 units: a subtree is one query by the index, on either database."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.test import TestCase

from people import unit_attributes
from people.models import Unit, User
from tests.people.conftest import NEW, person

PROVINCES, COMMUNES, VILLAGES = 34, 100, 29  # communes in each province, villages in each commune


class ManyUnitsTest(TestCase):
    """Made once for all tests below."""

    @classmethod
    def setUpTestData(cls) -> None:
        rows: list[Unit] = []
        for province in range(1, PROVINCES + 1):
            top = _unit(len(rows) + 1, "province", f"Tỉnh {province}", None)
            rows.append(top)
            for commune in range(1, COMMUNES + 1):
                middle = _unit(len(rows) + 1, "commune", f"Xã {province} {commune}", top)
                rows.append(middle)
                rows += [
                    _unit(len(rows) + number, "village", f"Bản {number}", middle) for number in range(1, VILLAGES + 1)
                ]
        assert len(rows) > 100_000
        cls.province, cls.commune = rows[0], rows[1]
        for start in range(0, len(rows), 5000):
            Unit.objects.bulk_create(rows[start : start + 5000])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def test_the_subtree_is_one_search_of_the_index(self) -> None:
        with self.assertNumQueries(1):
            assert len(Unit.objects.subtree(self.commune)) == 1 + VILLAGES
        assert Unit.objects.subtree(self.province).count() == 1 + COMMUNES * (1 + VILLAGES)
        _uses_the_path(Unit.objects.subtree(self.commune))
        _uses_the_path(Unit.objects.subtree(self.province))

    def test_former_units_count_by_the_same_index(self) -> None:
        _uses_the_path(Unit.objects.counting_under(self.commune))

    def test_people_of_a_commune_are_found_by_the_index(self) -> None:
        village = Unit.objects.get(pk=self.commune.pk + 1)
        learner = person("su", unit=village)
        assert User.objects.of_unit(self.commune).get() == learner
        _reads_not_all(User.objects.of_unit(self.commune))  # by the path or, with few people, by their units

    def test_units_with_an_attribute_are_one_query(self) -> None:
        unit_attributes.give(unit=self.commune, kind="border", since=NEW, document="QĐ", by=None)
        with self.assertNumQueries(1):
            assert Unit.objects.having("border", on=date(2026, 1, 1)).count() == 1 + VILLAGES


def _unit(key: int, level: str, name: str, parent: Unit | None) -> Unit:
    path = f"{parent.path if parent else ''}{key}/"
    return Unit(
        pk=key,
        code=f"X{key}",
        level=level,
        name=name,
        short_name=name,
        parent=parent,
        valid_from=NEW,
        path=path,
        today_id=key,
    )


def _uses_the_path(rows: QuerySet) -> None:
    assert "people_unit_path" in _reads_not_all(rows)


def _reads_not_all(rows: QuerySet) -> str:
    """The plan, which never goes through all units."""
    plan = str(rows.order_by().explain())
    for whole in ("SCAN people_unit", "SCAN T3", "Seq Scan on people_unit"):
        assert whole not in plan, plan
    return plan
