"""A small library of documents whose sources the tests change at will, in whichever engine SEARCH_URL names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from search import sources
from search.documents import Document
from search.engines import engine
from search.engines.base import Engine
from search.exceptions import IndexMissing
from search.queries import Query
from tests.search.indexes import prefix_of

DOCUMENTS = (
    Document(
        "record",
        "1",
        "Truyện cổ Tày – Nùng",
        subtitle="Nhiều người kể · 1974 · 359 trang",
        text="Sự tích hồ Ba Bể được kể trong truyện cổ của người Tày ở Bắc Kạn <xưa> & nay.",
        url="/library/records/1/",
        year=1974,
        creators=("Hoàng Quyết",),
        subjects=("Văn học dân gian",),
        identifiers=("978-604-1-23456-7", "(VN-NhaSan)000123"),
        facets={"ethnic_group": ("Tày", "Nùng"), "form": ("Sách",)},
        updated=datetime(2026, 3, 1, tzinfo=UTC),
    ),
    Document(
        "record",
        "2",
        "Người Ê-đê ở Tây Nguyên",
        text="Nhà dài, bến nước và luật tục.",
        year=2001,
        facets={"ethnic_group": ("Ê-đê",), "form": ("Sách",)},
        updated=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    Document("record", "3", "Âm nhạc của người Êđê", facets={"ethnic_group": ("Ê-đê",), "form": ("Âm thanh",)}),
    Document("record", "4", "Dân ca H’Mông", text="Đường lên bản.", year=1986, language="en"),
    Document("course", "so", "Đường lên chính quyền số", text="Kỹ năng số cho trưởng bản", url="/courses/so/"),
    Document("course", "duong", "Dương và âm"),
)


class Shelf:
    """Documents by id, served as the sources of the kinds record and course."""

    def __init__(self) -> None:
        self.documents = {document.id: document for document in DOCUMENTS}
        for kind, label in (("record", "Biểu ghi"), ("course", "Khóa học")):
            facets = {"ethnic_group": "Dân tộc", "form": "Loại hình"} if kind == "record" else {}
            sources.register(kind, documents=self._reader(kind), keys=self._keys(kind), label=label, facets=facets)

    def put(self, document: Document) -> None:
        self.documents[document.id] = document

    def rename(self, name: str, title: str) -> None:
        self.put(replace(self.documents[name], title=title))

    def take(self, name: str) -> None:
        del self.documents[name]

    def _keys(self, kind: str) -> object:
        return lambda: (each.key for each in list(self.documents.values()) if each.kind == kind)

    def _reader(self, kind: str) -> object:
        def documents(keys: Sequence[str]) -> Iterable[Document]:
            return [self.documents[f"{kind}:{key}"] for key in keys if f"{kind}:{key}" in self.documents]

        return documents


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The only sources there are."""
    monkeypatch.setattr(sources, "_sources", {})
    return Shelf()


@pytest.fixture
def live(shelf: Shelf, settings: Any) -> Engine:
    """The engine with all of the shelf in its live index; shared by tests that only read."""
    settings.SEARCH_INDEX_PREFIX = prefix_of("shared")
    try:
        engine().check()
    except IndexMissing:
        _fill(shelf)
    return engine()


@pytest.fixture
def own(shelf: Shelf) -> Engine:
    """The same in an index of the test's own, to write into."""
    _fill(shelf)
    return engine()


def _fill(shelf: Shelf) -> None:
    target = engine().create()
    with engine().writing(target) as writer:
        writer.write(shelf.documents.values())
    engine().go_live(target)


def found(text: str = "", **asked: object) -> list[str]:
    """The ids that a query finds, in their order."""
    return [f"{hit.kind}:{hit.key}" for hit in engine().search(Query(text, **asked)).hits]
