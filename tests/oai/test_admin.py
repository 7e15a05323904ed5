"""The admin's list of sources and its button."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import jobs
from core.models import AuditEntry, Job
from library.models import Source
from oai.models import HarvestSource
from people import accounts, roles
from tests.oai.fake_partner import page, record
from tests.people.signing_in import sign_in_staff

LIST = "/admin/oai/sources/"


@pytest.fixture
def librarian(client, db):
    user = accounts.create(full_name="Lò Thị Thủ Thư", username="thu.thu", roles=[roles.LIBRARIAN])
    return sign_in_staff(client, user)


def test_a_source_never_harvested(librarian, source):
    shown = librarian.get(LIST).content.decode()
    assert "Đối tác" in shown
    assert source.url in shown
    assert "Chưa thu hoạch lần nào" in shown


def test_the_button_starts_a_job_whose_result_is_shown(librarian, source, partner):
    url = reverse("oai_sources:harvest", args=[source.pk])
    assert librarian.post(url)["Location"] == LIST
    assert librarian.post(url)["Location"] == LIST  # pressed twice
    job = Job.objects.get(kind="oai.harvest")
    assert (job.arguments, job.title, job.state) == ({"source": source.pk}, "Thu hoạch Đối tác", "queued")
    assert AuditEntry.objects.filter(action="oai.harvest", subject="source:partner").count() == 1
    partner.answers = [page(record("1"), record("2"))]
    jobs.run_all()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)
    assert "2 mới, 0 đã sửa, 0 như cũ, 0 đã xóa" in librarian.get(LIST).content.decode()
    inspected = librarian.get(reverse("oai_sources:inspect", args=[source.pk])).content.decode()
    assert "2 mới, 0 đã sửa, 0 như cũ, 0 đã xóa" in inspected
    for label in ("Nguồn", "Địa chỉ OAI-PMH", "Dạng biểu ghi (metadataPrefix)", "Đã lấy mọi thay đổi trước"):
        assert f"<dt>{label}</dt>" in inspected
    assert "Tập biểu ghi (setSpec)" not in inspected  # it has none


def test_the_button_is_a_post(librarian, source):
    assert librarian.get(reverse("oai_sources:harvest", args=[source.pk])).status_code == 405
    assert librarian.post(reverse("oai_sources:harvest", args=[source.pk + 1])).status_code == 404


def test_others_may_not(client, source):
    trainer = accounts.create(full_name="A", username="trainer", roles=[roles.TRAINER])
    sign_in_staff(client, trainer)
    assert client.post(reverse("oai_sources:harvest", args=[source.pk])).status_code in {302, 403}
    assert client.get(LIST).status_code == 302
    assert Job.objects.filter(kind="oai.harvest").count() == 0


@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_an_address_is_not_typed_here(librarian, source, name):
    arguments = [] if name == "add" else [source.pk]
    assert librarian.get(reverse(f"oai_sources:{name}", args=arguments)).status_code == 302
    assert librarian.post(reverse(f"oai_sources:{name}", args=arguments), {"prefix": "x"}).status_code == 302
    source.refresh_from_db()
    assert source.prefix == "marc21"


def test_the_list_costs_the_same_however_long(librarian, source):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert librarian.get(LIST).status_code == 200
        return len(captured)

    source.runs.create()
    queries()
    one = queries()
    for number in range(5):
        other = HarvestSource.objects.create(source=Source.objects.create(key=f"s{number}", name="S"), url=source.url)
        other.runs.create()
    assert queries() == one
