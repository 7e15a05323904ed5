"""Two libraries: one imports real files, is harvested, changes; they harvest each other and do not loop."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pymarc
import pytest
from lxml import etree
from sickle import Sickle

from library import dublin_core, marcxml
from tests.conftest import ROOT
from tests.journeys.holdings import HARVESTED, OWN, OWN_BIB, contents, found, held, write_books
from tests.journeys.sites import CopiedSite, Prepared

SHARED = ROOT.parent / "shared" / "marc" / "good"
MARC_RECORD = "{http://www.loc.gov/MARC21/slim}record"
DC = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
NOTHING = "harvested 0: imported 0, updated 0, unchanged 0, deleted 0"
OWN_BOOKS = {"bm1": "Sử thi Đăm Săn", "bm2": "Hát then của người Tày", "bm3": "Nghề dệt thổ cẩm"}


@pytest.fixture(scope="module")
def here(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CopiedSite]:
    """A library with the starter's records, three of its own, and the real files where they are."""
    folder = tmp_path_factory.mktemp("here")
    site = CopiedSite(prepared, folder / "data")
    try:
        site.start()
        own = write_books(folder / "sach.mrc", OWN_BOOKS)
        assert site.last_line("import_marc", str(own)) == "imported 3, updated 0, unchanged 0, rejected 0"
        if files := real_files():
            counts = dict(part.rsplit(" ", 1) for part in site.last_line("import_marc", *map(str, files)).split(", "))
            assert counts.pop("rejected") == "0"
            assert sum(map(int, counts.values())) == sum(map(records_in, files))
        site.wait_until_drained()
        yield site
    finally:
        site.throw_away()


def real_files() -> list[Path]:
    return sorted(SHARED.iterdir()) if SHARED.is_dir() else []


def records_in(path: Path) -> int:
    """Counted without reading the records: each ends with the record terminator."""
    return path.read_bytes().count(b"\x1d")


def test_imported_records_are_found(here: CopiedSite) -> None:
    """Over HTTP, with and without marks; all public records are in the index."""
    assert "Hát then của người Tày" in " ".join(found(here, "hat then cua nguoi tay"))
    assert "Nghề dệt thổ cẩm" in " ".join(found(here, "dệt thổ cẩm"))
    assert here.indexed() == here.public_records()
    for record in held(here, OWN_BIB)[:: max(1, len(held(here, OWN_BIB)) // 12)]:
        words = [word for word in record.title.split() if word.isalpha()][:6]
        if len(words) > 2:
            assert any(words[0] in title for title in found(here, " ".join(words))), record.title


def test_sickle_gets_marc21(here: CopiedSite) -> None:
    """Exactly the records of its own that readers may see, authorities too, with all their fields."""
    stored = {record.key: record for record in held(here, OWN)}
    harvested = list(Sickle(f"{here.url}/oai").ListRecords(metadataPrefix="marc21", ignore_deleted=True))
    assert sorted(key_of(each.header.identifier) for each in harvested) == sorted(stored)
    for each in harvested:
        [element] = each.xml.iter(MARC_RECORD)
        assert marcxml.to_xml(marcxml.from_element(element).marc) == stored[key_of(each.header.identifier)].xml


def test_pymarc_reads_what_sickle_gets(here: CopiedSite) -> None:
    """Someone else's parser agrees about the titles."""
    for each in Sickle(f"{here.url}/oai").ListRecords(metadataPrefix="marc21", ignore_deleted=True):
        [element] = each.xml.iter(MARC_RECORD)
        [record] = pymarc.parse_xml_to_array(io.BytesIO(etree.tostring(element)))
        ours = marcxml.from_element(element).marc
        assert len(record.fields) == len(ours.fields)


def test_sickle_gets_oai_dc(here: CopiedSite) -> None:
    """The same records as Dublin Core, each with the address of its page."""
    stored = {record.key: record for record in held(here, OWN)}
    harvested = list(Sickle(f"{here.url}/oai").ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))
    assert sorted(key_of(each.header.identifier) for each in harvested) == sorted(stored)
    for each in harvested:
        key = key_of(each.header.identifier)
        [root] = each.xml.iter(DC)
        told = [(etree.QName(part).localname, part.text or "") for part in root]
        page = ("identifier", f"{here.url}/library/records/{key}/")
        assert told == [*dublin_core.elements(marcxml.from_element(etree.fromstring(stored[key].xml)).marc), page]


def test_two_libraries(
    here: CopiedSite, prepared_empty: Prepared, copy_of: Callable[..., CopiedSite], tmp_path: Path
) -> None:
    """There gets what is here, then only what changed; here gets nothing of its own back."""
    there = copy_of(prepared_empty)
    assert held(there, OWN) == held(there, HARVESTED) == []
    ours = held(here, OWN)

    assert there.last_line("add_source", "Bản Mai", f"{here.url}/oai").startswith(f"added ban-mai: {here.url}/oai")
    all_of_it = f"harvested {len(ours)}: imported {len(ours)}, updated 0, unchanged 0, deleted 0"
    assert there.last_line("harvest") == all_of_it
    assert contents(held(there, HARVESTED)) == contents(ours)
    assert there.last_line("harvest") == NOTHING

    write_books(tmp_path / "moi.mrc", {"bm1": "Sử thi Đăm Săn, bản in lại"})
    assert here.last_line("import_marc", str(tmp_path / "moi.mrc")) == "imported 0, updated 1, unchanged 0, rejected 0"
    delete(here, "Nghề dệt thổ cẩm")
    assert there.last_line("harvest") == "harvested 2: imported 0, updated 1, unchanged 0, deleted 1"
    ours = held(here, OWN)
    assert contents(held(there, HARVESTED)) == contents(ours)

    write_books(tmp_path / "cua-ho.mrc", {"tv1": "Luật tục Ê-đê"}, agency="VN-ThuVien")
    assert there.last_line("import_marc", str(tmp_path / "cua-ho.mrc")) == (
        "imported 1, updated 0, unchanged 0, rejected 0"
    )
    assert here.last_line("add_source", "Thư viện tỉnh", f"{there.url}/oai").startswith("added thu-vien-tinh: ")
    assert here.last_line("harvest") == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"
    for _ in range(2):
        assert there.last_line("harvest") == NOTHING
        assert here.last_line("harvest") == NOTHING
    assert contents(held(here, OWN)) == contents(ours) == contents(held(there, HARVESTED))
    assert contents(held(here, HARVESTED)) == contents(held(there, OWN))
    assert [record.title for record in held(here, HARVESTED)] == ["Luật tục Ê-đê"]

    for site in (here, there):
        site.wait_until_drained()
        assert site.indexed() == site.public_records()
        assert [title for title in found(site, "dam san") if "bản in lại" in title] != []
        assert [title for title in found(site, "luat tuc e de") if "Luật tục Ê-đê" in title] != []
        assert [title for title in found(site, '"nghề dệt thổ cẩm"') if title.startswith("Nghề dệt thổ cẩm")] == []


def delete(site: CopiedSite, title: str) -> None:
    """As a librarian does in the admin."""
    code = (
        "from library import records; from library.models import Record; "
        f"records.delete(Record.objects.get(title={title!r}), by=None)"
    )
    site.manage("shell", "-c", code)


def key_of(identifier: str) -> int:
    """The record's number in an OAI identifier."""
    return int(identifier.rpartition(":")[2])
