"""Records as the search gets them."""

from collections.abc import Callable

import pytest

from library import documents, records
from library.marc import DataField
from library.models import Collection, Record, Source
from search import sources

pytestmark = pytest.mark.django_db


def test_a_document(shelve: Callable[..., Record]) -> None:
    record = shelve(
        more=(
            DataField.of("020", "  ", [("a", "9786041234567 (bìa mềm)")]),
            DataField.of("520", "  ", [("a", "Kể về hồ Ba Bể.")]),
            DataField.of("700", "1 ", [("a", "Mạc Phi")]),
            DataField.of("880", "10", [("6", "245-01"), ("a", "岱族故事")]),
        ),
        collections=[Collection.objects.create(slug="tay", name="Người Tày")],
        source=Source.objects.create(key="lc", name="Lào Cai"),
    )
    [document] = documents.documents([str(record.pk)])
    assert (document.kind, document.key, document.title) == ("record", str(record.pk), "Truyện cổ Tày")
    assert document.subtitle == "Hoàng Quyết · 1974 · 359 tr."
    assert document.text.startswith("Kể về hồ Ba Bể.")
    assert "岱族故事" in document.text
    assert document.url == f"/library/records/{record.pk}/"
    assert (document.language, document.year, document.updated) == ("vi", 1974, record.changed)
    assert list(document.creators) == ["Hoàng Quyết, 1929-", "Mạc Phi"]
    assert list(document.identifiers) == ["ns0001", "9786041234567", "6041234567"]
    assert document.facets == {
        "material": ("Sách",),
        "subject": ("Văn học dân gian – Việt Nam",),
        "collection": ("Người Tày",),
        "source": ("Lào Cai",),
        "year": ("1974",),
        "author": ("Hoàng Quyết", "Mạc Phi"),
        "series": (),
    }


def test_a_book_is_found_by_either_form_of_its_isbn(shelve: Callable[..., Record]) -> None:
    numbers = ("0-306-40615-2 (bìa mềm)", "978 80 7203 717 9", "979-10-90636-07-1", "97860412")
    record = shelve(more=tuple(DataField.of("020", "  ", [("a", number)]) for number in numbers))
    [document] = documents.documents([str(record.pk)])
    assert list(document.identifiers)[1:] == [
        "0306406152", "9780306406157", "9788072037179", "807203717X", "9791090636071", "97860412",
    ]  # fmt: skip


def test_only_public_bibliographic_records_are_found(shelve: Callable[..., Record]) -> None:
    shown = shelve("1")
    hidden = [shelve("2", status="draft"), shelve("3", leader="00000nz  a2200000n  4500"), shelve("4")]
    records.delete(hidden[-1], by=None)
    keys = [str(record.pk) for record in (shown, *hidden)]
    assert [document.key for document in documents.documents([*keys, "x", "9" * 40])] == [str(shown.pk)]
    assert list(documents.keys()) == [str(shown.pk)]


def test_a_batch_takes_three_queries(
    shelve: Callable[..., Record], django_assert_num_queries: Callable[..., object]
) -> None:
    keys = [str(shelve(str(number)).pk) for number in range(5)]
    with django_assert_num_queries(3):
        assert len(list(documents.documents(keys))) == 5


def test_records_are_registered_with_their_facets() -> None:
    source = sources.source("record")
    assert source is not None
    assert list(source.facets) == ["material", "subject", "author", "year", "collection", "source"]
