"""Figures cut by how the state classes places: who counts, on which day, for which reader, on the page and in files."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import accounts, roles
from people.models import ManagerAssignment, Unit, UnitAttribute, User
from targets import attainment, cuts, figures
from targets.models import Population
from tests.people.signing_in import sign_in_staff
from tests.targets.test_figures import number, show, trained

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def said(unit, kind, value="", since=date(2026, 1, 1), until=None):
    return UnitAttribute.objects.create(unit=unit, kind=kind, value=value, since=since, until=until, document="QĐ")


def cut(key, *, answers_for_it=False):
    return cuts.chosen(key, answers_for_it=answers_for_it)


@pytest.fixture
def villages(country):
    """A village in each commune of province 15."""
    return {
        code: Unit.objects.create(
            code=f"t{code}", name=f"Thôn {code}", short_name=f"Thôn {code}", level="village", parent=country[code],
            valid_from=date(2025, 7, 1),
        )
        for code in ("02671", "02680")
    }  # fmt: skip


@pytest.fixture
def classed(country, targets, learner, complete):
    """02671 and 08000 are of zone III, 02680 of zone I; one trained in 02671, two in 02680, one in 08000."""
    for code, zone in (("02671", "3"), ("08000", "3"), ("02680", "1")):
        said(country[code], "zone", zone)
    number(targets["heads"], country["02671"], 4)
    number(targets["heads"], country["02680"], 10)
    number(targets["heads"], country["25"], 100)
    trained(learner, complete, ["a"], commune="02671")
    trained(learner, complete, ["b", "c"], commune="02680")
    trained(learner, complete, ["d"], commune="08000")
    return country


def test_only_places_of_the_class_count(classed, targets):
    """And only their own populations: of the 100 of province 25 nobody knows how many live in zone III."""
    own, children = figures.by_child(targets["heads"], None, DAY, cut("zone:3"))
    assert show(own) == (None, 4, 1, 1)
    assert [show(child) for child in children] == [("15", 4, 1, 0), ("25", None, 0, 1)]
    own, children = figures.by_child(targets["heads"], classed["15"], DAY, cut("zone:3"))
    assert show(own) == ("15", 4, 1, 0)
    assert [show(child) for child in children] == [("02671", 4, 1, 0)]
    assert show(figures.of_unit(targets["heads"], classed["15"], DAY, cut("zone:1"))) == ("15", 10, 2, 0)
    own, children = figures.by_child(targets["heads"], None, DAY, cut("border:"))
    assert (show(own), children) == ((None, None, 0, 0), [])


def test_a_region_is_said_of_provinces_and_holds_for_all_below(classed, targets):
    said(classed["25"], "region", "north")
    own, children = figures.by_child(targets["heads"], None, DAY, cut("region:north"))
    assert show(own) == (None, 100, 1, 0)
    assert [show(child) for child in children] == [("25", 100, 1, 0)]


def test_the_class_of_the_day_of_the_report(classed, targets):
    """02680 rises to zone III on 1 September."""
    UnitAttribute.objects.filter(unit=classed["02680"]).update(until=date(2026, 8, 31))
    said(classed["02680"], "zone", "3", since=date(2026, 9, 1))
    province = classed["15"]
    assert show(figures.of_unit(targets["heads"], province, date(2026, 8, 31), cut("zone:3"))) == ("15", 4, 1, 0)
    assert show(figures.of_unit(targets["heads"], province, date(2026, 9, 1), cut("zone:3"))) == ("15", 14, 3, 0)
    _own, children = figures.by_child(targets["heads"], province, date(2026, 8, 31), cut("zone:1"))
    assert [show(child) for child in children] == [("02680", 10, 2, 0)]


def test_what_is_said_of_villages_counts_only_for_who_answers_for_them(classed, targets, villages):
    """The head of a village is one person: the public is not told whether that village's is trained."""
    said(villages["02671"], "hardship")
    said(villages["02671"], "minority_area")
    said(classed["02680"], "minority_area")
    User.objects.filter(username="a").update(unit=villages["02671"])
    attainment.refresh([str(User.objects.get(username="a").uuid)])
    answering = figures.of_unit(targets["heads"], classed["15"], DAY, cut("minority_area:", answers_for_it=True))
    assert show(answering) == ("15", 10, 2, 1)
    open_to_all = figures.of_unit(targets["heads"], classed["15"], DAY, cut("minority_area:"))
    assert show(open_to_all) == ("15", 10, 2, 0)
    _own, children = figures.by_child(targets["heads"], classed["15"], DAY, cut("minority_area:"))
    assert [show(child) for child in children] == [("02680", 10, 2, 0)]
    _own, children = figures.by_child(targets["heads"], None, DAY, cut("hardship:", answers_for_it=True))
    assert [show(child) for child in children] == [("15", None, 0, 1)]
    with pytest.raises(LookupError):
        cut("hardship:")


def sign_in_manager(client, unit):
    user = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=user, unit=unit, since=date(2026, 1, 1))
    sign_in_staff(client, user)


def test_the_page_and_its_files_say_the_same(client, classed):
    """Of zone III; whoever is not signed in."""
    page = client.get("/targets/", {"attribute": "zone:3"}).content.decode()
    assert "1 trên 4 người" in page
    assert "1 địa bàn chưa có tổng số" in page
    assert '<option value="zone:3" selected>Xã khu vực III</option>' in page
    assert "hardship" not in page
    assert '<a href="/targets/15/?attribute=zone%3A3">Lào Cai</a>' in page
    assert 'href="/targets/figures.xlsx?attribute=zone%3A3"' in page
    day = f"{timezone.localdate():%d/%m/%Y}"
    wanted = [
        ["", "Cả nước", "Trưởng thôn, người có uy tín", "Xã khu vực III", day, "4", "1", "25.0", "80", "1"],
        ["15", "Lào Cai", "Trưởng thôn, người có uy tín", "Xã khu vực III", day, "4", "1", "25.0", "80", "0"],
        ["25", "Phú Thọ", "Trưởng thôn, người có uy tín", "Xã khu vực III", day, "", "1", "", "80", ""],
    ]
    answer = client.get("/targets/figures.csv", {"attribute": "zone:3"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert lines[0][:2] == ["Mã", "Địa bàn"]
    assert lines[1:] == wanted
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/targets/figures.xlsx?attribute=zone:3"))))
    cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(2, values_only=True)]
    assert [row[:5] + row[5:7] for row in cells] == [row[:7] for row in wanted]
    assert [client.get(f"/targets/15/figures.{form}").status_code for form in ("csv", "xlsx", "pdf")] == [200, 200, 404]


@pytest.mark.parametrize("attribute", ["zone:4", "zone", "zone:", "hardship:", "x:y", ":", "border:1"])
@pytest.mark.parametrize("path", ["/targets/", "/targets/15/", "/targets/figures.csv"])
def test_a_class_that_is_none_or_not_for_the_reader_is_not_found(client, classed, path, attribute):
    assert client.get(path, {"attribute": attribute}).status_code == 404


def test_a_manager_cuts_by_villages_and_opens_the_list_behind_the_figure(client, classed, villages):
    said(villages["02680"], "hardship")
    person = User.objects.get(username="b")
    person.unit = villages["02680"]
    person.save()
    attainment.refresh([str(person.uuid)])
    sign_in_manager(client, classed["15"])
    page = client.get("/targets/15/?attribute=hardship:").content.decode()
    assert "1 người đã được đào tạo, tập huấn. Chưa có tổng số" in page
    assert "/targets/15/heads/?attribute=hardship%3A" in page
    names = client.get("/targets/15/heads/?attribute=hardship:").content.decode()
    assert "<td>B</td>" in names
    assert "1 tên trong danh sách" in names
    assert "3 tên trong danh sách" in client.get("/targets/15/heads/").content.decode()
    assert client.get("/targets/25/?attribute=hardship:").status_code == 404
    assert client.get("/targets/?attribute=hardship:").status_code == 404


def test_a_cut_page_takes_the_same_queries_for_few_and_for_many(client, country, targets, learner, complete):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/targets/?attribute=zone:3").status_code == 200
        return len(captured)

    said(country["02671"], "zone", "3")
    number(targets["heads"], country["02671"], 4)
    trained(learner, complete, ["a"], commune="02671")
    few = queries()
    for at in range(12):
        commune = Unit.objects.create(
            code=f"9{at}", name=f"Xã {at}", short_name=f"Xã {at}", level="commune", parent=country["25"],
            valid_from=date(2025, 7, 1),
        )  # fmt: skip
        said(commune, "zone", "3")
        number(targets["heads"], commune, 5)
    trained(learner, complete, ["b", "c", "d"], commune="02671")
    assert queries() == few


def test_populations_in_the_admin_are_those_of_the_managers_units(client, classed, targets):
    """In the list, by their addresses, and to choose the unit from."""
    mine = Population.objects.get(unit=classed["02671"])
    others = Population.objects.get(unit=classed["25"])
    sign_in_manager(client, classed["15"])
    listed = client.get("/admin/populations/").content.decode()
    assert "Bắc Hà" in listed
    assert "Phú Thọ" not in listed
    assert client.get(f"/admin/populations/edit/{mine.pk}/").status_code == 200
    for action in ("edit", "delete", "history", "usage"):
        assert client.get(f"/admin/populations/{action}/{others.pk}/").status_code == 404, action
    offered = client.get("/admin/people/choose-seen-unit/").content.decode()
    assert "Si Ma Cai" in offered
    assert "Kim Bôi" not in offered
    form = {"target": targets["heads"].pk, "kind": "number", "number": 7, "source": "Báo cáo", "since": "2026-06-01"}
    refused = client.post("/admin/populations/new/", {**form, "unit": classed["08000"].pk})
    assert "unit" in refused.context["form"].errors
    client.post("/admin/populations/new/", {**form, "unit": classed["15"].pk})
    assert Population.objects.get(number=7).unit == classed["15"]
