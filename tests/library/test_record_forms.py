"""A record for machines: ID.mrc, .xml, .json, .ris."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client

from library import iso2709, marc_json, marcxml, records
from library.models import Record
from library.reading import Read
from tests.library.books import book

pytestmark = pytest.mark.django_db


def test_mrc(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    response = client.get(f"/library/records/{record.pk}.mrc")
    assert response.content == iso2709.write(book())
    assert response["Content-Type"] == "application/marc"
    assert response["Content-Disposition"] == f'attachment; filename="record-{record.pk}.mrc"'


def test_xml(client: Client, shelve: Callable[..., Record]) -> None:
    response = client.get(f"/library/records/{shelve().pk}.xml")
    [item] = marcxml.read(BytesIO(response.content))
    assert isinstance(item, Read)
    assert item.marc == book()
    assert response["Content-Type"] == "application/marcxml+xml; charset=utf-8"


def test_json(client: Client, shelve: Callable[..., Record]) -> None:
    response = client.get(f"/library/records/{shelve().pk}.json")
    assert marc_json.from_json(response.content) == book()
    assert response["Content-Type"] == "application/json"


def test_ris(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    text = client.get(f"/library/records/{record.pk}.ris").text
    assert text.startswith("TY  - BOOK\r\nTI  - Truyện cổ Tày\r\n")
    assert f"UR  - http://testserver/library/records/{record.pk}/\r\n" in text


def test_too_long_for_iso2709_says_where_it_is_whole(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve(title="x" * 10_000)
    response = client.get(f"/library/records/{record.pk}.mrc")
    assert response.status_code == 406
    assert response.text == (
        f"field 245 has 10035 bytes, ISO 2709 holds 9999. "
        f"The record is whole at http://testserver/library/records/{record.pk}.xml\n"
    )


@pytest.mark.parametrize("form", ["mrc", "xml", "json", "ris"])
def test_a_deleted_record_is_gone(client: Client, shelve: Callable[..., Record], form: str) -> None:
    record = shelve()
    records.delete(record, by=None)
    assert client.get(f"/library/records/{record.pk}.{form}").status_code == 410


def test_an_unknown_form_is_not_found(client: Client, shelve: Callable[..., Record]) -> None:
    assert client.get(f"/library/records/{shelve().pk}.pdf").status_code == 404
