"""The list of people as a file, by a job: whom the reader may see, by the list's filters, for who started it only."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import exports, jobs
from core.models import AuditEntry, Job
from people import accounts, people_export, roles
from people.models import AudienceMembership, ManagerAssignment, User
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(land: SimpleNamespace) -> Client:
    """A manager of Lào Cai, with people in and outside."""
    manager = accounts.create(full_name="Lý Văn Quản", username="quan", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    pao = accounts.create(
        full_name="Giàng A Páo", phone="0912345678", birth_year=1980, gender="male", unit=land.la_pan_tan
    )
    pao.ethnic_group, pao.national_id = "08", "001080000007"
    pao.save()
    AudienceMembership.objects.create(person=pao, audience="village_heads")
    accounts.create(full_name="=Lò Thị Mai", username="mai", unit=land.tu_le)
    accounts.create(full_name="Người tỉnh khác", username="khac", unit=land.moc_chau)
    return sign_in_staff(Client(), manager)


def exported(office: Client, query: str = "") -> list[dict[str, str]]:
    """Started, done, taken away."""
    assert office.get(reverse("people_export") + query).status_code == 200
    office.post(reverse("people_export") + query)
    jobs.run_all()
    answer = office.get(reverse("core_admin:job_file", args=[Job.objects.latest("pk").pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_those_whom_the_reader_may_see_without_what_is_sensitive(office: Client) -> None:
    """A place that ended stands as it was; a name that would run as a formula is defused."""
    rows = {row["Họ và tên"]: row for row in exported(office)}
    assert sorted(rows) == ["'=Lò Thị Mai", "Giàng A Páo", "Lý Văn Quản"]
    assert rows["Giàng A Páo"] == {
        "Họ và tên": "Giàng A Páo",
        "Số điện thoại": "'+84912345678",
        "E-mail": "",
        "Tên đăng nhập": "",
        "Năm sinh": "1980",
        "Giới tính": "Nam",
        "Tỉnh": "Tỉnh Yên Bái",
        "Xã": "Xã La Pán Tẩn",
        "Thôn": "",
        "Cơ quan, tổ chức": "",
        "Nhóm đối tượng": "Trưởng thôn, bản, ấp, buôn",
    }
    assert AuditEntry.objects.filter(action="people.export").count() == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [("?audience=village_heads", ["Giàng A Páo"]), ("?q=giang+pao", ["Giàng A Páo"]), ("?q=khac", [])],
)
def test_the_filters_of_the_list_hold(office: Client, query: str, names: list[str]) -> None:
    """As its address says them."""
    assert [row["Họ và tên"] for row in exported(office, query)] == names


def test_the_file_is_for_who_started_it_and_for_a_week(office: Client) -> None:
    """An administrator sees the job but not the file."""
    exported(office)
    path = reverse("core_admin:job_file", args=[Job.objects.get().pk])
    boss = sign_in_staff(Client(), accounts.create(full_name="Sếp", username="sep", roles=[roles.ADMINISTRATOR]))
    assert boss.get(path).status_code == 404
    assert "Xuất danh sách người" in boss.get(reverse("core_admin:jobs")).content.decode()
    place = Job.objects.get().result["file"]
    assert exports.forget_old() == 0
    Job.objects.update(ended_at=timezone.now() - timedelta(days=8))
    assert exports.forget_old() == 1
    assert not default_storage.exists(place)
    assert office.get(path).status_code == 404


def test_a_long_list_comes_in_stretches_and_everybody_once(office: Client, land: Any, monkeypatch: Any) -> None:
    """With a bounded memory; here seven at a time."""
    for number in range(25):
        accounts.create(full_name=f"Người {number}", username=f"nguoi{number}", unit=land.tu_le)
    monkeypatch.setattr(people_export, "STRETCH", 7)
    reader = User.objects.get(username="quan")
    job = jobs.start(
        people_export.EXPORT, {"reader": reader.pk, "query": "", "language": "vi"}, by=reader.uuid, title="x"
    )
    jobs.run_all()
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == ("done", 28)
