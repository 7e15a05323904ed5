"""Verification by anyone, the file for its holder."""

import io
import shutil
import subprocess

import pytest

from certificates import issue, pdf
from people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(completed):
    """An issued one."""
    return issue.issue(completed())


def test_anyone_verifies_by_code(client, certificate):
    """The page says that it is real, for whom and for what; no sign-in, no query more than needed."""
    response = client.get(f"/certificates/{certificate.code}/")
    text = response.content.decode()
    assert response.status_code == 200
    for said in (
        "Giàng A Páo",
        "Dùng điện thoại thông minh an toàn",
        "NS-2026-000001",
        "10/03/2026",
        "đang có hiệu lực",
    ):
        assert said in text


def test_typed_code_leads_to_the_page(client, certificate):
    """From the form, in any spelling."""
    response = client.get("/certificates/", {"code": certificate.code.lower()})
    assert (response.status_code, response["Location"]) == (302, f"/certificates/{certificate.code}/")


def test_unknown_code_says_what_to_do(client, db):
    """404 with the form again."""
    response = client.get("/certificates/AAAA/")
    assert response.status_code == 404
    assert "so lại từng chữ" in response.content.decode()


def test_revoked_certificate_says_so(client, certificate):
    """With the reason, and the file is gone."""
    by = User.objects.create(username="quan", full_name="Quản")
    issue.revoke(certificate, by=by, reason="Cấp nhầm người")
    text = client.get(f"/certificates/{certificate.code}/").content.decode()
    assert "đã bị thu hồi" in text
    assert "Cấp nhầm người" in text
    client.force_login(certificate.enrolment.learner)
    assert client.get(f"/certificates/{certificate.code}.pdf").status_code == 404


def test_file_is_for_the_holder_only(client, certificate):
    """The sign-in page for nobody, 404 for another, PDF for the holder."""
    url = f"/certificates/{certificate.code}.pdf"
    assert client.get(url)["Location"].startswith("/accounts/login/")
    client.force_login(User.objects.create(username="khac", full_name="Khác"))
    assert client.get(url).status_code == 404
    client.force_login(certificate.enrolment.learner)
    response = client.get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="giay-chung-nhan-NS-2026-000001.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF-1.")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext: apt-get install poppler-utils")
def test_file_holds_its_text_in_embedded_fonts(certificate):
    """Vietnamese text comes back from the file; every font is embedded; the same certificate gives the same bytes."""
    data = pdf.render(certificate).read()
    text = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    for said in (
        "GIẤY CHỨNG NHẬN",
        "Giàng A Páo",
        "Xã Bắc Hà, Tỉnh Lào Cai",
        "Thời lượng: 1,5 giờ",
        "Số vào sổ: NS-2026-000001",
    ):
        assert said in text
    assert f"/certificates/{certificate.code}/" in text
    assert data == pdf.render(certificate).read()
    fonts = (
        subprocess.run(["pdffonts", "-"], input=data, capture_output=True, check=True).stdout.decode().splitlines()[2:]
    )
    assert [line.split()[-5] for line in fonts] == ["yes"] * len(fonts)
    assert len(fonts) == 3


def test_long_title_is_made_smaller_until_it_fits(certificate):
    """No text runs off the paper."""
    certificate.course_title = "Ứng dụng công nghệ số trong quản lý và phát triển kinh tế hộ gia đình vùng cao " * 2
    assert isinstance(pdf.render(certificate), io.BytesIO)
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=pdf.render(certificate).read(), capture_output=True, check=True
    ).stdout.decode()
    assert certificate.course_title.strip() in " ".join(text.split())
