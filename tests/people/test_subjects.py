"""A learner says for whom they learn, on a page that works without JavaScript."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from people import representing
from people.models import Household, Representation, RepresentationRequest
from people.tax_code import is_valid, normalise
from tests.people.conftest import person

pytestmark = pytest.mark.django_db
URL = "/accounts/learns-for/"


def asked(client: Client, **changed: str) -> object:
    return client.post(URL, {"kind": "household", "name": "Giàng A Sử", "code": "", "place": "", **changed})


def test_ask(client: Client, land: SimpleNamespace) -> None:
    learner = person("giang", unit=land.tu_le)
    assert client.get(URL).status_code == 302
    client.force_login(learner)
    assert "Chưa có hộ hoặc tổ chức nào." in client.get(URL).content.decode()
    assert asked(client, code="12", place="Bản Một").status_code == 302
    assert asked(client, code="12").status_code == 302
    row = RepresentationRequest.objects.get()
    assert (row.person, row.kind, row.name, row.code, row.place, row.unit, row.state) == (
        learner, "household", "Giàng A Sử", "12", "Bản Một", land.tu_le, "waiting",
    )  # fmt: skip
    page = client.get(URL).content.decode()
    assert "Giàng A Sử" in page
    assert "Chờ xác nhận" in page
    assert not Representation.objects.exists()
    assert reverse("people_subjects") in client.get("/my/").content.decode()


def test_what_is_confirmed_and_refused_is_shown(client: Client, land: SimpleNamespace) -> None:
    learner, staff = person("giang", unit=land.tu_le), person("staff")
    client.force_login(learner)
    home = Household.objects.create(name="Hộ Giàng", unit=land.tu_le)
    first = representing.ask(person=learner, kind="household", name="Giàng")
    representing.confirm(request=first, subject=home, since=first.asked_at.date(), unit=None, by=staff)
    second = representing.ask(person=learner, kind="household", name="Hộ khác")
    representing.refuse(request=second, answer="Không ở xã này.", by=staff)
    page = client.get(URL).content.decode()
    assert "Hộ Giàng" in page
    assert "Xã Tú Lệ" in page
    assert "Không ở xã này." in page
    again = representing.ask(person=learner, kind="household", name="Giàng")
    representing.confirm(request=again, subject=home, since=first.asked_at.date(), unit=None, by=staff)
    assert Representation.objects.count() == 1


def test_bad_input_is_said(client: Client, land: SimpleNamespace) -> None:
    client.force_login(person("giang", unit=land.tu_le))
    page = asked(client, kind="enterprise", code="0100109107")
    assert "Mã số thuế chưa đúng." in page.content.decode()
    assert asked(client, kind="agency").status_code == 200
    assert asked(client, name="").status_code == 200
    for number in range(representing.AT_ONCE):
        assert asked(client, name=f"Hộ {number}").status_code == 302
    assert "đang chờ. Hãy chờ cán bộ xác nhận" in asked(client, name="Thêm").content.decode()
    assert RepresentationRequest.objects.count() == representing.AT_ONCE


@pytest.mark.parametrize("code", ["0100109106", "0100112437", "0300588569", "0100109106-001", "0100 109 106 001"])
def test_tax_codes(code: str) -> None:
    assert is_valid(normalise(code))


@pytest.mark.parametrize(
    "code", ["", "0100109107", "010010910", "01001091066", "0100109106-000", "x100109106", "0100109106-1"]
)
def test_what_is_no_tax_code(code: str) -> None:
    assert not is_valid(normalise(code))
