"""Tantivy in DATA_DIR/index: a folder per index, and a file that names the live one.

One writer at a time holds an index (a second is refused at once and told to come again); any number of processes read.
"""

import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import tantivy

from search.documents import Document
from search.engines.base import COUNTED_VALUES, Engine, Find, Found, Writer, is_current, others
from search.engines.pointer import read_pointer, write_pointer
from search.exceptions import IndexBusy, IndexMissing
from search.fields import SCHEMA, TEXT_FIELDS, fields
from search.matching import Bool, Node, Phrase, Term

RELOAD_EVERY = 1.0  # seconds between two looks of a reader for something new
WRITER_MEMORY = 64_000_000  # bytes before a segment is written out
PAGE_OF_IDS = 10_000

Reader = tuple[str, tantivy.Index]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("kind", "language", "title_sort"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field("identifiers", tokenizer_name="whitespace", index_option="freq")
    builder.add_json_field("facets", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("updated", fast=True)
    builder.add_integer_field("year", fast=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


SORTS: dict[str, dict[str, Any]] = {
    "relevance": {},
    "newest": {"order_by_field": "updated", "order": tantivy.Order.Desc},
    "title": {"order_by_field": "title_sort", "order": tantivy.Order.Asc},
    "year": {"order_by_field": "year", "order": tantivy.Order.Desc},
}


class EmbeddedEngine(Engine):
    """The engine of a site on one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.schema = _schema()
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._looked_at = 0.0

    def live(self) -> str:
        name = read_pointer(self.folder)
        if not name or not is_current(name) or not (self.folder / name / "meta.json").exists():
            raise IndexMissing(f"There is no index of today's fields in {self.folder}. Run: manage.py reindex")
        return name

    def check(self) -> None:
        with self._reading() as searcher:
            for _score, address in searcher.search(tantivy.Query.all_query(), 1).hits:
                searcher.doc(address)

    def find(self, asked: Find) -> Found:
        with self._reading() as searcher:
            query = self._query(asked.tree, asked.filters)
            found: Any = searcher.search(query, asked.size, offset=asked.offset, **SORTS[asked.sort])
            stored = [orjson.loads(_kept(searcher, address, "stored")) for _key, address in found.hits]
            return Found(found.count, stored, self._counts(searcher, asked))

    def ids(self, kind: str) -> Iterator[str]:
        of_kind = tantivy.Query.term_query(self.schema, "kind", kind)
        with self._reading() as searcher:
            for offset in range(0, searcher.num_docs, PAGE_OF_IDS):
                for _score, address in searcher.search(of_kind, PAGE_OF_IDS, count=False, offset=offset).hits:
                    yield _kept(searcher, address, "id")

    @contextmanager
    def writing(self, index: str) -> Iterator["EmbeddedWriter"]:
        opened = self._open(index)
        try:
            writer = opened.writer(WRITER_MEMORY, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise IndexBusy(f"Another process writes the index {index}") from error
            raise
        try:
            yield EmbeddedWriter(writer, self.schema)
            writer.commit()
        except BaseException:
            with suppress(ValueError):
                writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()  # gives the lock back
        self.refresh()

    def refresh(self) -> None:
        self._looked_at = 0.0

    def create(self) -> str:
        name = f"v{SCHEMA}-{time.time_ns()}"
        (self.folder / name).mkdir(parents=True)
        tantivy.Index(self.schema, path=str(self.folder / name))
        return name

    def go_live(self, index: str) -> None:
        write_pointer(self.folder, index)
        self.refresh()

    def clean(self) -> None:
        live = read_pointer(self.folder)
        for each in self.folder.iterdir() if self.folder.exists() else ():
            if each.is_dir() and each.name != live:
                shutil.rmtree(each, ignore_errors=True)

    @contextmanager
    def _reading(self) -> Iterator[tantivy.Searcher]:
        """A searcher of the live index as it was at most a second ago; whatever cannot be read counts as missing."""
        try:
            yield self._index().searcher()
        except (ValueError, OSError) as error:
            with self._lock:
                self._reader = None
            raise IndexMissing(f"The index in {self.folder} cannot be read: {error}") from error

    def _index(self) -> tantivy.Index:
        with self._lock:
            now = time.monotonic()
            if self._reader is None or now - self._looked_at >= RELOAD_EVERY:
                name = self.live()
                if self._reader is None or self._reader[0] != name:
                    self._reader = (name, self._open(name))
                self._reader[1].reload()
                self._looked_at = now
            return self._reader[1]

    def _open(self, name: str) -> tantivy.Index:
        try:
            index = tantivy.Index.open(str(self.folder / name))
        except (ValueError, OSError) as error:
            raise IndexMissing(f"The index {name} in {self.folder} cannot be opened: {error}") from error
        index.config_reader("manual")
        return index

    def _counts(self, searcher: tantivy.Searcher, asked: Find) -> dict[str, dict[str, int]]:
        counts = {}
        for field in asked.counted:
            wanted = {"values": {"terms": {"field": field, "size": COUNTED_VALUES}}}
            answer = searcher.aggregate(self._query(asked.tree, others(asked.filters, field)), wanted)
            counts[field] = {one["key"]: one["doc_count"] for one in answer["values"]["buckets"]}
        return counts

    def _query(self, tree: Node | None, filters: Sequence[tuple[str, Sequence[str]]]) -> tantivy.Query:
        clauses = [tantivy.Query.all_query() if tree is None else self._node(tree)]
        for field, values in filters:
            allowed = tantivy.Query.term_set_query(self.schema, field, list(values))
            clauses.append(tantivy.Query.const_score_query(allowed, 0.0))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, clause) for clause in clauses])

    def _node(self, node: Node) -> tantivy.Query:
        match node:
            case Term(field, value, boost):
                return tantivy.Query.boost_query(tantivy.Query.term_query(self.schema, field, value), boost)
            case Phrase(field, values, boost):
                return tantivy.Query.boost_query(tantivy.Query.phrase_query(self.schema, field, list(values)), boost)
            case Bool(must, should):
                clauses = [(tantivy.Occur.Must, self._node(each)) for each in must]
                clauses += [(tantivy.Occur.Should, self._node(each)) for each in should]
                return tantivy.Query.boolean_query(clauses)


def _kept(searcher: tantivy.Searcher, address: tantivy.DocAddress, field: str) -> Any:
    """What is stored in a field of a document."""
    return searcher.doc(address).get_first(field)


class EmbeddedWriter(Writer):
    """Adds to one Tantivy index until the writing block ends."""

    def __init__(self, writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        self._writer = writer
        self._schema = schema

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        for key in removed:
            self._writer.delete_documents_by_term("id", key)
        for document in documents:
            row = fields(document)
            row["stored"] = orjson.dumps(row["stored"])
            self._writer.delete_documents_by_term("id", row["id"])
            self._writer.add_document(tantivy.Document.from_dict(row, self._schema))
