"""The state's units: exact counts and real successions."""

import time
from datetime import date
from io import StringIO

from django.core.management import call_command
from django.db.models import Count
from django.test import TestCase

from people.models import Unit, UnitAttribute, UnitSuccession
from people.official_units import FIRST_DAY, FIRST_OLD_DAY, LAST_OLD_DAY, PROVINCES_DOCUMENT
from people.units import unit_today


class OfficialUnitsTest(TestCase):
    """Loaded once for all tests below."""

    @classmethod
    def setUpTestData(cls) -> None:
        began = time.process_time()  # not by the clock, which other work on the machine drives on
        call_command("load_units", stdout=StringIO())
        cls.seconds = time.process_time() - began

    def old(self, code: str) -> Unit:
        return Unit.objects.select_related("today", "parent").get(code=code, valid_to=LAST_OLD_DAY)

    def new(self, code: str) -> Unit:
        return Unit.objects.select_related("parent").get(code=code, valid_to=None)

    def test_fast(self) -> None:
        assert self.seconds < 10, self.seconds

    def test_second_run_changes_nothing(self) -> None:
        before = (
            list(Unit.objects.order_by("pk").values_list()),
            list(UnitSuccession.objects.order_by("pk").values_list()),
        )
        out = StringIO()
        call_command("load_units", stdout=out)
        assert out.getvalue() == "units added 0, successions added 0, units placed 0, regions added 0\n"
        after = (
            list(Unit.objects.order_by("pk").values_list()),
            list(UnitSuccession.objects.order_by("pk").values_list()),
        )
        assert before == after

    def test_a_unit_that_was_lost_comes_back(self) -> None:
        unit = self.old("04483")
        UnitSuccession.objects.filter(predecessor=unit).delete()
        out = StringIO()
        call_command("load_units", stdout=out)
        assert out.getvalue() == "units added 0, successions added 1, units placed 0, regions added 0\n"

    def test_units_of_today(self) -> None:
        current = Unit.objects.current()
        assert current.filter(level="province").count() == 34
        assert current.filter(level="commune").count() == 3321
        assert current.count() == 34 + 3321
        assert set(current.values_list("valid_from", flat=True)) == {FIRST_DAY}
        assert not current.exclude(level="province").filter(parent=None).exists()

    def test_former_units(self) -> None:
        """10,040 lowest units: 10,035 communes and 5 island districts without communes."""
        former = Unit.objects.exclude(valid_to=None)
        assert former.filter(level="province").count() == 63
        assert former.filter(level="district").count() == 696
        assert former.filter(level="commune").count() == 10_035
        childless = former.filter(level="district", children=None)
        assert set(childless.values_list("short_name", flat=True)) == {
            "Bạch Long Vĩ",
            "Cồn Cỏ",
            "Hoàng Sa",
            "Lý Sơn",
            "Côn Đảo",
        }
        assert set(former.values_list("valid_from", "valid_to")) == {(FIRST_OLD_DAY, LAST_OLD_DAY)}

    def test_successions(self) -> None:
        steps = UnitSuccession.objects
        assert steps.count() == 14_339
        assert steps.filter(predecessor__level="province").count() == 63
        assert steps.filter(predecessor__level="commune", whole=True).count() == 9_564
        assert steps.filter(predecessor__level="commune").count() == 10_597
        assert not Unit.objects.exclude(valid_to=None).filter(successions=None).exists()
        assert not Unit.objects.current().filter(origins=None).exists()

    def test_how_many_are_settled(self) -> None:
        former = Unit.objects.exclude(valid_to=None)
        assert former.filter(level="province", settled=False).count() == 0
        assert former.filter(level="district", settled=False).count() == 682
        assert former.filter(level="commune", settled=False).count() == 471
        assert former.filter(today=None).count() == 0

    def test_regions(self) -> None:
        rows = UnitAttribute.objects.filter(kind="region").values("value").annotate(number=Count("pk"))
        assert dict(rows.order_by().values_list("value", "number")) == {
            "north": 9, "red_river": 6, "north_central": 5, "south_central": 6, "south_east": 3, "mekong": 5,
        }  # fmt: skip
        names = {"Cao Bằng", "Điện Biên", "Lai Châu", "Lạng Sơn", "Lào Cai", "Phú Thọ", "Sơn La", "Thái Nguyên"}
        north = UnitAttribute.objects.filter(value="north").values_list("unit__short_name", flat=True)
        assert set(north) == names | {"Tuyên Quang"}
        day = date(2026, 1, 1)
        assert self.old("00739") in Unit.objects.having("region", "north", on=day)
        assert Unit.objects.having("region", on=day).filter(level="commune", valid_to=None).count() == 3321

    def test_documents(self) -> None:
        yen_bai = UnitSuccession.objects.get(predecessor=self.old("15"))
        assert (yen_bai.successor.name, yen_bai.whole, yen_bai.document) == ("Tỉnh Lào Cai", True, PROVINCES_DOCUMENT)
        commune = UnitSuccession.objects.get(predecessor=self.old("03013"))
        assert commune.document == (
            "Nghị quyết của Ủy ban Thường vụ Quốc hội "
            "về việc sắp xếp các đơn vị hành chính cấp xã của tỉnh Lào Cai năm 2025"
        )

    def test_a_code_of_the_past_is_another_place_today(self) -> None:
        assert self.old("15").name == "Tỉnh Yên Bái"
        assert self.new("15").name == "Tỉnh Lào Cai"
        assert self.old("00004").name == "Phường Trúc Bạch"
        assert self.new("00004").name == "Phường Ba Đình"

    def test_a_province_that_was_merged(self) -> None:
        went = Unit.objects.filter(successions__successor=self.new("15")).values_list("name", flat=True)
        assert set(went) == {"Tỉnh Lào Cai", "Tỉnh Yên Bái"}
        assert Unit.objects.subtree(self.new("15")).count() == 1 + 99

    def test_a_commune_that_was_merged_whole(self) -> None:
        ta_phin = self.old("00739")
        assert (ta_phin.name, ta_phin.parent.name) == ("Xã Tả Phìn", "Huyện Đồng Văn")
        assert unit_today(ta_phin) == (self.new("00721"), True)
        assert self.new("00721").name == "Xã Đồng Văn"
        assert self.new("00721").parent.name == "Tỉnh Tuyên Quang"

    def test_a_commune_that_was_split(self) -> None:
        ea_bhok = self.old("24550")
        heirs = set(ea_bhok.successions.values_list("successor__name", "whole"))
        assert heirs == {("Xã Dray Bhăng", False), ("Xã Ea Ktur", False)}
        assert unit_today(ea_bhok) == (self.new("66"), False)

    def test_a_district_went_to_all_communes_of_its_communes(self) -> None:
        heirs = set(self.old("088").successions.values_list("successor__name", flat=True))
        assert heirs == {"Phường Sa Pa", "Xã Bản Hồ", "Xã Mường Bo", "Xã Ngũ Chỉ Sơn", "Xã Tả Phìn", "Xã Tả Van"}
        assert unit_today(self.old("088")) == (self.new("15"), False)

    def test_an_island_district_became_one_commune(self) -> None:
        assert unit_today(self.old("498")) == (self.new("20333"), True)
        assert self.new("20333").name == "Đặc khu Hoàng Sa"
