"""Records in the database, and people who may see them."""

from collections.abc import Callable
from typing import Any

import pytest

from library import iso2709, records
from library.marc import MarcRecord
from library.models import Record
from library.records import Incoming
from people import accounts, roles
from tests.library.books import book


def incoming(marc: MarcRecord) -> Incoming:
    """A record as a file brings it."""
    return Incoming(marc, iso2709.write(marc), "iso2709")


@pytest.fixture
def shelve(db: None) -> Callable[..., Record]:
    """Saves a book."""

    def shelve(
        number: str = "ns0001", title: str = "Truyện cổ Tày", *, status: str = "published", **more: Any
    ) -> Record:
        saving = {name: more.pop(name) for name in ("source", "collections", "identifier") if name in more}
        return records.save(marc=book(number, title, **more), status=status, **saving)[0]

    return shelve


@pytest.fixture
def librarian(db: None) -> Any:
    """Someone who may see drafts and delete records."""
    roles.ensure()
    return accounts.create(
        full_name="Vi Thị Sen", username="sen", password="một-mật-khẩu-dài", roles=(roles.LIBRARIAN,)
    )
