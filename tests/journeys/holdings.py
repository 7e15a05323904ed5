"""What a site's library holds, read from its database, and small files of records to import."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import requests
from lxml import html

from library import canonical, exporting, iso2709, marcxml
from library.marc import MarcRecord
from tests.journeys.sites import JourneySite
from tests.library.books import book

OWN = "source_id IS NULL"
OWN_BIB = f"{OWN} AND kind = 'bib'"
HARVESTED = "source_id IS NOT NULL"


class Held(NamedTuple):
    """One record that readers may see."""

    key: int
    title: str
    marc: MarcRecord

    @property
    def xml(self) -> bytes:
        """Its content as MARCXML, by which records of two sites are compared."""
        return marcxml.to_xml(self.marc)


def held(site: JourneySite, which: str) -> list[Held]:
    """The public records as others may have them, its OWN or the HARVESTED ones, or only OWN_BIB."""
    rows = site.rows(
        "SELECT id, title, canonical, access FROM library_record "
        f"WHERE status = 'published' AND deleted_at IS NULL AND access <> 'hidden' AND {which} ORDER BY id"
    )
    return [Held(key, title, canonical.parse(_open(bytes(content), access))) for key, title, content, access in rows]


def _open(content: bytes, access: str) -> bytes:
    """Without the addresses of files that are not for everyone."""
    return content if access == "open" else exporting.without_addresses(content)


def contents(records: Iterable[Held]) -> list[bytes]:
    """All contents in an order of their own, so that two sites compare."""
    return sorted(record.xml for record in records)


def write_books(path: Path, titles: dict[str, str], *, agency: str = "VN-NhaSan") -> Path:
    """An ISO 2709 file of small books, by number and title."""
    path.write_bytes(b"".join(iso2709.write(book(number, title, agency=agency)) for number, title in titles.items()))
    return path


def found(site: JourneySite, words: str) -> list[str]:
    """The titles on the first page of a search for records, over HTTP."""
    answer = requests.get(f"{site.url}/search/", params={"q": words, "kind": "record"}, timeout=30)
    assert answer.status_code == 200
    return [title.text_content() for title in html.fromstring(answer.text).xpath("//*[@class='hit']//h3/a")]
