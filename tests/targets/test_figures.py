"""Counts and shares of a target by unit."""

from datetime import date

import pytest

from people.models import AudienceMembership
from targets import attainment, figures
from targets.models import Population, PopulationMember

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def number(target, unit, count, since=date(2026, 1, 1)):
    """A population given as a number."""
    return Population.objects.create(
        target=target, unit=unit, kind="number", number=count, source="Báo cáo", since=since
    )


def show(figure):
    """(code, population, attained, outside)."""
    return (figure.unit.code if figure.unit else None, figure.population, figure.attained, figure.outside)


def trained(learner, complete, names, **fields):
    """People who attained."""
    people = [learner(name, **fields) for name in names]
    for person in people:
        complete(person)
    attainment.refresh([str(person.uuid) for person in people])
    return people


def test_number_population_of_a_province(country, targets, learner, complete):
    """The share of the province is over its number; its communes have no number of their own, so no share."""
    number(targets["heads"], country["15"], 8)
    trained(learner, complete, ["a", "b"], commune="02671")
    trained(learner, complete, ["c"], commune="02680")
    own, children = figures.by_child(targets["heads"], country["15"], DAY)
    assert show(own) == ("15", 8, 3, 0)
    assert own.percent == 37.5
    assert own.remaining == 4  # 80 % of 8 is 6.4, so 7 are needed
    assert [show(child) for child in children] == [("02671", None, 0, 2), ("02680", None, 0, 1)]


def test_country_is_the_sum_of_its_provinces(country, targets, learner, complete):
    """A province without population adds its trained people beside the share, not into it."""
    number(targets["heads"], country["15"], 8)
    trained(learner, complete, ["a"], commune="02671")
    trained(learner, complete, ["b"], commune="08000")
    own, children = figures.by_child(targets["heads"], None, DAY)
    assert show(own) == (None, 8, 1, 1)
    assert [show(child) for child in children] == [("15", 8, 1, 0), ("25", None, 0, 1)]


def test_populations_of_communes_add_up_to_the_province(country, targets, learner, complete):
    """Where the province gave none itself."""
    number(targets["heads"], country["02671"], 4)
    number(targets["heads"], country["02680"], 6)
    trained(learner, complete, ["a"], commune="02671")
    own, children = figures.by_child(targets["heads"], country["15"], DAY)
    assert show(own) == ("15", 10, 1, 0)
    assert [show(child) for child in children] == [("02671", 4, 1, 0), ("02680", 6, 0, 0)]


def test_list_wins_over_number(country, targets, learner, complete):
    """Only names on the list count; a trained person who is not on it stands beside."""
    number(targets["heads"], country["15"], 100)
    named = Population.objects.create(
        target=targets["heads"], unit=country["15"], kind="list", source="Quyết định", since=date(2026, 2, 1)
    )
    listed, absent = trained(learner, complete, ["a", "b"])
    waiting = learner("c")
    for person in (listed, waiting):
        PopulationMember.objects.create(population=named, subject=person.uuid)
    assert absent
    assert show(figures.of_unit(targets["heads"], country["15"], DAY)) == ("15", 2, 1, 1)


def test_trained_person_who_left_the_audience_is_beside_the_share(country, targets, learner, complete):
    """On each day the registers of that day decide."""
    number(targets["heads"], country["15"], 10)
    (person,) = trained(learner, complete, ["a"])
    AudienceMembership.objects.filter(person=person).update(until=date(2026, 8, 31))
    assert show(figures.of_unit(targets["heads"], country["15"], date(2026, 8, 31))) == ("15", 10, 1, 0)
    assert show(figures.of_unit(targets["heads"], country["15"], date(2026, 9, 1))) == ("15", 10, 0, 1)
    assert show(figures.of_unit(targets["heads"], country["15"], date(2026, 3, 9))) == ("15", 10, 0, 0)


def test_queries_do_not_grow_with_units(country, targets, learner, complete, django_assert_num_queries):
    """As many for the country as for a province."""
    number(targets["heads"], country["15"], 10)
    number(targets["heads"], country["08000"], 10)
    trained(learner, complete, ["a", "b"])
    listed = Population.objects.create(
        target=targets["heads"], unit=country["02680"], kind="list", source="Quyết định", since=date(2026, 2, 1)
    )
    PopulationMember.objects.create(population=listed, subject=learner("c", commune="02680").uuid)
    for unit in (None, country["15"]):
        with django_assert_num_queries(5):
            figures.by_child(targets["heads"], unit, DAY)


def test_goal_is_met_exactly(country, targets, learner, complete):
    """4 of 5 is 80 percent: nobody remains."""
    number(targets["heads"], country["15"], 5)
    trained(learner, complete, ["a", "b", "c", "d"])
    figure = figures.of_unit(targets["heads"], country["15"], DAY)
    assert (figure.percent, figure.remaining) == (80.0, 0)
