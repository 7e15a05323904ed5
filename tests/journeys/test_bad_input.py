"""What makes no sense gets its proper clear answer: on pages, in the protocols, at the shell."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree, html

from library import iso2709
from tests.conftest import ROOT
from tests.journeys.record_store import RecordStore
from tests.journeys.sites import CopiedSite
from tests.library.books import book
from tests.site import free_port

OAI = "{http://www.openarchives.org/OAI/2.0/}"
ACTOR = {"account": {"homePage": "https://nhasan.example.vn", "name": "ban-mai"}}
STATEMENT = {
    "actor": ACTOR,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
    "object": {"id": "https://nhasan.example.vn/bai-1"},
}


@pytest.fixture(scope="module")
def store(running: CopiedSite) -> RecordStore:
    return RecordStore(running)


@pytest.mark.parametrize(
    "path",
    [
        "/khong-co/",
        "/courses/khong-co/",
        "/library/records/999999999/",
        "/library/records/1.pptx",
        "/targets/99/",
        "/learn/khong-co/enrol/",
        "/documents/999/khong-co.pdf",
        "/media/../nhasan.sqlite3",
        "/media/khong-co.png",
    ],
)
def test_unknown_page(running: CopiedSite, path: str) -> None:
    """404 in our look, in Vietnamese, with a way on."""
    answer = requests.get(running.url + path, timeout=30)
    assert answer.status_code == 404
    page = html.fromstring(answer.text)
    assert page.get("lang") == "vi"
    assert page.findtext(".//h1") == "Không tìm thấy trang này"
    assert len(page.xpath("//main//form[@action='/search/']//input[@name='q']")) == 1
    assert page.xpath("//main//a/@href") == ["/", "/courses/"]
    assert len(page.xpath("//link[@rel='stylesheet'][contains(@href, 'site')]")) == 1


def test_unknown_page_in_english(running: CopiedSite) -> None:
    """Under /en/ the same page speaks English."""
    answer = requests.get(running.url + "/en/khong-co/", timeout=30)
    assert (answer.status_code, html.fromstring(answer.text).get("lang")) == (404, "en")


def test_unknown_certificate(running: CopiedSite) -> None:
    """Says that there is none and keeps what was typed."""
    answer = requests.get(running.url + "/certificates/AAAABBBBCCCC/", timeout=30)
    assert answer.status_code == 404
    assert "Không có giấy chứng nhận nào mang mã AAAABBBBCCCC" in answer.text


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"verb": {"id": "thấy"}}, "verb.id"),
        ({"actor": None}, "actor"),
        ({"object": {"id": "khong phai iri"}}, "object.id"),
        ({"result": {"score": {"scaled": 2}}}, "result.score.scaled"),
        ({"timestamp": "hôm qua"}, "timestamp"),
        ({"thêm": 1}, "thêm"),
    ],
)
def test_malformed_statement(store: RecordStore, change: dict[str, Any], path: str) -> None:
    """400 with JSON that names the place; nothing is stored, not even what was right beside it."""
    before = len(store.statements())
    answer = store.post([STATEMENT, STATEMENT | change])
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/json")
    assert path in answer.text
    assert len(store.statements()) == before


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[1]", b'"x"', b'{"a": NaN}'])
def test_statement_that_is_no_json(store: RecordStore, body: bytes) -> None:
    """400, in JSON too."""
    answer = store.session.post(store.url, data=body, headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.status_code == 400
    assert answer.json()


def test_statements_without_credential(running: CopiedSite) -> None:
    """401 and how to sign in."""
    answer = requests.get(running.url + "/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"}, timeout=30)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_truncated_marc_file(running: CopiedSite, tmp_path: Path) -> None:
    """The good records are kept, the rest is named, the exit status says that something was rejected."""
    good = b"".join(iso2709.write(book(f"bi-{number}", f"Sách bị cắt {number}")) for number in range(5))
    file = tmp_path / "cut.mrc"
    file.write_bytes(good[:-60])
    done = running.manage("import_marc", str(file), check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "imported 4, updated 0, unchanged 0, rejected 1"
    assert "record 5 rejected: cut off after" in done.stderr
    assert "Traceback" not in done.stderr
    kept = running.count("SELECT count(*) FROM library_record WHERE control_number LIKE ?", "bi-%")
    assert kept == 4
    [(bytes_kept,)] = running.rows("SELECT raw FROM library_rejectedrecord WHERE file = ?", "cut.mrc")
    assert good.endswith(bytes(bytes_kept) + good[-60:])


def test_file_that_is_no_marc(running: CopiedSite, tmp_path: Path) -> None:
    """One clear line, nothing imported."""
    file = tmp_path / "photo.mrc"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    before = running.public_records()
    done = running.manage("import_marc", str(file), check=False)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert str(file) in line
    assert running.public_records() == before


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("verb=Nonsense", "badVerb"),
        ("", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc99", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&resumptionToken=abc", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:1", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2100-01-01", "noRecordsMatch"),
    ],
)
def test_wrong_oai_request(running: CopiedSite, query: str, code: str) -> None:
    """An answer of the protocol, with status 200 and the code."""
    answer = requests.get(f"{running.url}/oai?{query}", timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    root = etree.fromstring(answer.content)
    [error] = root.iter(f"{OAI}error")
    assert error.get("code") == code
    assert error.text


SENSELESS = {
    "DEBUG": "maybe",
    "PORT": "abc",
    "DATABASE_URL": "mysql://x",
    "SEARCH_URL": "foo://x",
    "BASE_URL": "xyz",
    "STORAGE_URL": "ftp://x",
    "EMAIL_URL": "mail.example.vn",
    "CACHE_URL": "memcached://x",
    "ID_BASE": "xyz",
}


@pytest.mark.parametrize(
    ("command", "name"), [*(("check", name) for name in SENSELESS), ("serve", "DEBUG"), ("serve", "SEARCH_URL")]
)
def test_setting_that_makes_no_sense(tmp_path: Path, command: str, name: str) -> None:
    """A short text that names the variable and what to write; no traceback, nothing started."""
    environment = {key: text for key, text in os.environ.items() if key not in {*SENSELESS, "ALLOWED_HOSTS"}}
    environment |= {"DATA_DIR": str(tmp_path / "data"), "PORT": str(free_port()), name: SENSELESS[name]}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert name in done.stderr
    assert "write " in done.stderr.lower(), done.stderr
    assert len(done.stderr.splitlines()) <= 10, done.stderr
    assert "ready:" not in done.stdout
