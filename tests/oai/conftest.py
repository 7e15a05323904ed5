"""A shelf of records and a reader of answers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from library import records
from library.models import Collection, Record, Source
from oai.models import HarvestSource
from tests.oai.books import book
from tests.oai.fake_partner import FakePartner

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MARC = "{http://www.loc.gov/MARC21/slim}"
DAY = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)


@pytest.fixture
def shelve(db: None) -> Callable[..., Record]:
    """Saves a book; with changed=… its time is set to that."""

    def shelve(
        number: str,
        title: str = "Truyện cổ Tày",
        *,
        changed: datetime | None = None,
        source: Source | None = None,
        collections: tuple[Collection, ...] = (),
        **more: Any,
    ) -> Record:
        record, _outcome = records.save(marc=book(number, title, **more), source=source, collections=collections)
        if changed:
            Record.objects.filter(pk=record.pk).update(changed=changed)
            record.refresh_from_db()
        return record

    return shelve


class Answer:
    """A parsed answer of the provider."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.root = etree.fromstring(content)

    @property
    def code(self) -> str | None:
        error = self.root.find(f"{OAI}error")
        return None if error is None else error.get("code")

    @property
    def request(self) -> Any:
        return self.root.find(f"{OAI}request")

    @property
    def identifiers(self) -> list[str]:
        return [each.text for each in self.root.iter(f"{OAI}identifier")]

    @property
    def token(self) -> Any:
        return self.root.find(f"*/{OAI}resumptionToken")

    def texts(self, name: str) -> list[str]:
        """The texts of all elements of this name in OAI-PMH's namespace."""
        return [each.text for each in self.root.iter(f"{OAI}{name}")]


@pytest.fixture
def ask(client: Any, db: None) -> Callable[..., Answer]:
    """Asks /oai, by GET or by POST."""

    def ask(arguments: Mapping[str, Any], *, post: bool = False) -> Answer:
        response = client.post("/oai", arguments) if post else client.get("/oai", arguments)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        return Answer(response.content)

    return ask


def identifier(record: Record) -> str:
    """The OAI identifier that this test site gives a record."""
    return f"oai:testserver.nhasan.invalid:{record.pk}"


@pytest.fixture
def partner(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePartner]:
    """A partner that says what the test tells it to; nobody waits between two attempts."""
    monkeypatch.setattr("oai.partner.time.sleep", lambda seconds: None)
    fake = FakePartner()
    yield fake
    fake.close()


@pytest.fixture
def source(partner: FakePartner) -> HarvestSource:
    """The partner as a source of ours."""
    library = Source.objects.create(key="partner", name="Đối tác")
    return HarvestSource.objects.create(source=library, url=partner.url, private=True)
