"""Rosters that are no honest tables: the admin and the command say the same, write nothing, and answer."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from core import jobs
from core.models import TableImport
from people import accounts, roles
from people.models import User
from tests.core.handed_in import with_part, xlsx
from tests.core.test_sheet_reading import empty_rows
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
PLAIN = xlsx(["Họ và tên", "Tỉnh", "Xã"], ["Mùa A Sử", "Lào Cai", "Tú Lệ"])


@pytest.fixture
def office(land: SimpleNamespace) -> Client:
    boss = accounts.create(full_name="Trần Thị Quản", username="quan", roles=[roles.ADMINISTRATOR])
    return sign_in_staff(Client(), boss)


def taken(office: Client, content: bytes, name: str) -> tuple[TableImport, str]:
    """Handed in and checked in the admin; the row and its page."""
    file = SimpleUploadedFile(name, content)
    office.post(
        reverse("core_admin:upload", args=["people"]), {"file": file, "basis": "", "purpose": "", "document": ""}
    )
    jobs.run_all()
    row = TableImport.objects.latest("pk")
    return row, office.get(reverse("core_admin:import", args=[row.pk])).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("macro.xlsm", lambda: with_part(PLAIN, "xl/vbaProject.bin", b"x"), "macro"),
        ("bom.xlsx", lambda: with_part(PLAIN, "xl/media/bomb.bin", bytes(500 * 1024 * 1024)), "quá lớn"),
        ("rong.xlsx", lambda: empty_rows(1_000_000), "dòng"),
        ("anh.xlsx", lambda: b"GIF89a\x00\x01", "Đây không phải bảng tính"),
        ("cp1258.csv", lambda: "Họ và tên;Xã\nLê Văn Ân;Tú Lệ\n".encode("cp1252", "replace"), "UTF-8"),
        ("khac.xlsx", lambda: xlsx(["Sách", "Tác giả"], ["a", "b"]), "Không thấy dòng tiêu đề"),
    ],
)  # fmt: skip
def test_refused_with_the_same_reason(office, tmp_path, name, content, reason) -> None:
    """Macros, bombs, a million empty rows, pictures, other encodings, other tables."""
    before = User.objects.count()
    row, page = taken(office, made := content(), name)
    assert row.state == TableImport.State.REFUSED
    assert reason in row.refusal
    assert row.refusal.split("“")[0] in page
    path: Path = tmp_path / name
    path.write_bytes(made)
    with pytest.raises(CommandError, match=re.escape(row.refusal)):
        call_command("import_people", path)
    assert User.objects.count() == before


def test_what_a_cell_would_run_stays_text(office) -> None:
    """A formula that was never computed is an empty cell; a name that begins like one is no name."""
    rows = [["=HYPERLINK(1)", "Lào Cai", "Tú Lệ"], ["'=cmd|' /C calc'!A0", "Lào Cai", "Tú Lệ"]]
    row, page = taken(office, xlsx(["Họ và tên", "Tỉnh", "Xã"], *rows), "cong-thuc.xlsx")
    assert row.found == {"wrong": 2}
    assert "Họ và tên" in page
    assert not User.objects.filter(full_name__contains="cmd").exists()
