"""The dashboard for everyone and the named list for who may see it."""

from datetime import date

import pytest

from people.models import ManagerAssignment, User
from targets import attainment
from targets.models import Population

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(country, targets, learner, complete):
    """One attained head in province 15, of a population of 8."""
    Population.objects.create(
        target=targets["heads"], unit=country["15"], kind="number", number=8, source="Báo cáo", since=date(2026, 1, 1)
    )
    head = learner("giang a pao")
    complete(head)
    attainment.refresh([str(head.uuid)])
    return country


def test_dashboard_shows_counts_beside_percentages(client, filled):
    """12,5 % and 1 trên 8 người."""
    text = client.get("/targets/15/").content.decode()
    assert "12,5\u00a0%" in text
    assert "1 trên 8 người" in text
    assert "Giang A Pao" not in text


@pytest.mark.parametrize("path", ["/targets/99/", "/targets/?target=none", "/targets/15/none/", "/targets/<>/"])
def test_unknown_unit_or_target_is_not_found(admin_client, filled, path):
    """404 and no error."""
    assert admin_client.get(path).status_code == 404


def test_manager_sees_the_list_of_their_province_only(client, filled):
    """Names for the own province, 404 for another's, the sign-in page for nobody."""
    assert client.get("/targets/15/heads/").status_code == 302
    manager = User.objects.create(username="quan", full_name="Quản")
    ManagerAssignment.objects.create(person=manager, unit=filled["15"], since=date(2026, 1, 1))
    client.force_login(manager)
    assert "Giang A Pao" in client.get("/targets/15/heads/").content.decode()
    assert client.get("/targets/25/heads/").status_code == 404


def test_learner_does_not_get_the_list_of_the_province(client, filled):
    """A learner sees themselves, not the province."""
    client.force_login(User.objects.get(username="giang a pao"))
    assert client.get("/targets/15/heads/").status_code == 404


def test_figures_are_for_all_in_english_too(client, filled):
    """The English address answers."""
    assert client.get("/en/targets/15/").status_code == 200
