"""Elasticsearch or OpenSearch: an index per rebuild, and an alias that names the live one.

All bodies are built by elasticsearch.dsl and run unchanged on both.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import orjson
from elasticsearch.dsl import A, Keyword, Long, Object, Q, Search, Text
from elasticsearch.dsl import Mapping as IndexMapping
from elasticsearch.dsl.query import Query as DslQuery

from search.documents import Document
from search.engines.base import COUNTED_VALUES, Engine, Find, Found, Writer, others
from search.engines.connections import Connection, Refused
from search.exceptions import EngineUnavailable, IndexMissing, WriteRefused
from search.fields import SCHEMA, TEXT_FIELDS, fields
from search.matching import Bool, Node, Phrase, Term

BULK_BYTES = 4_000_000  # of one bulk request
PAGE_OF_IDS = 5_000

SORTS: dict[str, list[dict[str, dict[str, str]]]] = {
    "relevance": [{"_score": {"order": "desc"}}, {"id": {"order": "asc"}}],
    "newest": [{"updated": {"order": "desc"}}, {"id": {"order": "asc"}}],
    "title": [{"title_sort": {"order": "asc"}}, {"id": {"order": "asc"}}],
    "year": [{"year": {"order": "desc"}}, {"id": {"order": "asc"}}],
}


class ClusterEngine(Engine):
    """The engine of a site on several machines."""

    def __init__(self, connection: Connection, prefix: str) -> None:
        self.connection = connection
        self.prefix = prefix
        self.alias = f"{prefix}-v{SCHEMA}"

    def live(self) -> str:
        self._behind_alias()
        return self.alias

    def check(self) -> None:
        self._ask("POST", f"/{self.alias}/_search", Search()[:1].to_dict())

    def find(self, asked: Find) -> Found:
        answer = self._ask("POST", f"/{self.alias}/_search", _search(asked).to_dict())
        counts = {
            field: {one["key"]: one["doc_count"] for one in answer["aggregations"][field]["values"]["buckets"]}
            for field in asked.counted
        }
        stored = [hit["_source"]["stored"] for hit in answer["hits"]["hits"]]
        return Found(answer["hits"]["total"]["value"], stored, counts)

    def ids(self, kind: str) -> Iterator[str]:
        search = Search().query("term", kind=kind).sort("id").source(False)[:PAGE_OF_IDS]
        while hits := self._ask("POST", f"/{self.alias}/_search", search.to_dict())["hits"]["hits"]:
            yield from (hit["_id"] for hit in hits)
            search = search.extra(search_after=hits[-1]["sort"])

    @contextmanager
    def writing(self, index: str) -> Iterator["ClusterWriter"]:
        yield ClusterWriter(self, index)

    def refresh(self) -> None:
        self._ask("POST", f"/{self.alias}/_refresh")

    def create(self) -> str:
        name = f"{self.alias}-{time.time_ns()}"
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
        self.connection.ask("PUT", f"/{name}", {"settings": settings, "mappings": _mapping().to_dict()})
        return name

    def go_live(self, index: str) -> None:
        self.connection.ask("POST", f"/{index}/_refresh")
        actions = [{"add": {"index": index, "alias": self.alias}}]
        with suppress(IndexMissing):  # the first one
            actions += [{"remove": {"index": old, "alias": self.alias}} for old in self._behind_alias() if old != index]
        self.connection.ask("POST", "/_aliases", {"actions": actions})

    def clean(self) -> None:
        ours = re.compile(re.escape(self.prefix) + r"-v\d+-\d+")
        for name, about in self.connection.ask("GET", f"/{self.prefix}-v*").items():
            if ours.fullmatch(name) and self.alias not in about["aliases"]:
                self.connection.ask("DELETE", f"/{name}", ignore_unavailable="true")

    def _behind_alias(self) -> list[str]:
        return list(self._ask("GET", f"/_alias/{self.alias}"))

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A request to the live index."""
        try:
            return self.connection.ask(method, path, body)
        except Refused as error:
            if error.status != 404:
                raise
            text = f"There is no index {self.alias} in the cluster. Run: manage.py reindex"
            raise IndexMissing(text) from error


class ClusterWriter(Writer):
    """Sends bulk requests and looks at the answer to each item."""

    def __init__(self, engine: ClusterEngine, index: str) -> None:
        self._connection = engine.connection
        self._path = f"/{index}/_bulk"
        # An alias that has gone must not come to life as an index with guessed fields.
        self._params = {"require_alias": "true"} if index == engine.alias else {}

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        lines: list[bytes] = []
        size = 0
        for action in _actions(documents, removed):
            lines.append(action)
            size += len(action)
            if size > BULK_BYTES:
                self._send(lines)
                lines, size = [], 0
        if lines:
            self._send(lines)

    def _send(self, lines: Sequence[bytes]) -> None:
        answer = self._connection.ask("POST", self._path, b"".join(lines).decode(), **self._params)
        if not answer["errors"]:
            return
        results = [result for item in answer["items"] for result in item.values() if "error" in result]
        if not results:
            return
        text = "; ".join(f"{one['_id']}: {one['status']} {str(one['error'])[:300]}" for one in results[:5])
        if any(one["error"].get("type") == "index_not_found_exception" for one in results):
            raise IndexMissing(text)
        if any(one["status"] == 429 or one["status"] >= 500 for one in results):
            raise EngineUnavailable(text)
        raise WriteRefused(f"{len(results)} refused: {text}")


def _actions(documents: Iterable[Document], removed: Iterable[str]) -> Iterator[bytes]:
    for key in removed:
        yield orjson.dumps({"delete": {"_id": key}}) + b"\n"
    for document in documents:
        yield orjson.dumps({"index": {"_id": document.id}}) + b"\n" + orjson.dumps(fields(document)) + b"\n"


def _mapping() -> IndexMapping:
    mapping = IndexMapping().meta("dynamic", False).meta("_source", includes=["stored.*"])
    template = {"path_match": "facets.*", "mapping": {"type": "keyword"}}
    mapping.meta("dynamic_templates", [{"facets": template}])
    for name in ("id", "kind", "language", "title_sort"):
        mapping.field(name, Keyword())
    for name in TEXT_FIELDS:
        mapping.field(name, Text(analyzer="whitespace"))
    mapping.field("identifiers", Text(analyzer="whitespace"))
    mapping.field("facets", Object(dynamic=True))
    mapping.field("updated", Long()).field("year", Long())
    mapping.field("stored", Object(enabled=False))
    return mapping


def _search(asked: Find) -> Search:
    """Filters come after the counts, and each count applies those of the others."""
    search = Search().query(Q("match_all") if asked.tree is None else _node(asked.tree))
    if asked.filters:
        search = search.post_filter(_filter(asked.filters))
    for field in asked.counted:
        count = A("filter", filter=_filter(others(asked.filters, field)))
        order = [{"_count": "desc"}, {"_key": "asc"}]
        count.bucket("values", "terms", field=field, size=COUNTED_VALUES, order=order)
        search.aggs.bucket(field, count)
    search = search.source(["stored"]).sort(*SORTS[asked.sort]).extra(track_total_hits=True)
    return search[asked.offset : asked.offset + asked.size]


def _filter(chosen: Sequence[tuple[str, Sequence[str]]]) -> DslQuery:
    return Q("bool", filter=[Q("terms", **{field: list(values)}) for field, values in chosen])


def _node(node: Node) -> DslQuery:
    match node:
        case Term(field, value, boost):
            return Q("term", **{field: {"value": value, "boost": boost}})
        case Phrase(field, values, boost):
            return Q("match_phrase", **{field: {"query": " ".join(values), "boost": boost}})
        case Bool(must, should):
            return Q("bool", must=[_node(each) for each in must], should=[_node(each) for each in should])
