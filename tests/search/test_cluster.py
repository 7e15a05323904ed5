"""What only a cluster can do wrong."""

from typing import Any

import pytest

from search.documents import Document
from search.engines import cluster, engine
from search.engines.base import Engine
from search.engines.cluster import ClusterEngine
from search.engines.connections import connection
from search.exceptions import EngineUnavailable, IndexMissing, WriteRefused
from search.queries import Query
from tests.search.conftest import found

SECURE = "elasticsearch://127.0.0.1:1?tls=true"


@pytest.mark.parametrize("url", ["opensearch://127.0.0.1:1", "elasticsearch://127.0.0.1:1,127.0.0.1:2", SECURE])
def test_a_cluster_that_is_down_is_unavailable(url: str) -> None:
    away = ClusterEngine(connection(url), "nhasan")
    for ask in (away.live, away.check, away.create, away.refresh, away.clean, lambda: away.search(Query("x"))):
        with pytest.raises(EngineUnavailable, match="does not answer"):
            ask()
    with pytest.raises(EngineUnavailable), away.writing("nhasan-v1") as writer:
        writer.write([], ["record:1"])


@pytest.mark.cluster
def test_a_node_that_is_down_is_passed_over(live: Engine, settings: Any) -> None:
    settings.SEARCH_URL = settings.SEARCH_URL.replace("://", "://127.0.0.1:1,")
    for _ in range(4):
        assert found("nung") == ["record:1"]


@pytest.mark.cluster
def test_the_other_product_is_named(settings: Any) -> None:
    if not settings.SEARCH_URL.startswith("opensearch"):
        pytest.skip("opensearch-py speaks to both")
    wrong = ClusterEngine(connection(settings.SEARCH_URL.replace("opensearch", "elasticsearch", 1)), "nhasan")
    with pytest.raises(EngineUnavailable, match="for OpenSearch write opensearch://"):
        wrong.search(Query("x"))


@pytest.mark.cluster
def test_refused_items_are_named_and_the_others_are_in(own: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cluster.fields

    def spoiled(document: Document) -> dict[str, Any]:
        return whole(document) | ({"year": "in spring"} if document.key == "8" else {})

    monkeypatch.setattr(cluster, "fields", spoiled)
    with pytest.raises(WriteRefused, match="1 refused: record:8: 400"), own.writing(own.live()) as writer:
        writer.write([Document("record", "8", "Sách hỏng"), Document("record", "9", "Sách lành")])
    own.refresh()
    assert found("sach") == ["record:9"]


@pytest.mark.cluster
def test_an_alias_that_has_gone_is_not_made_into_an_index(own: ClusterEngine) -> None:
    with own.writing(own.live()) as writer:
        for name in own.connection.ask("GET", f"/{own.prefix}-v*"):
            own.connection.ask("DELETE", f"/{name}")
        with pytest.raises(IndexMissing):
            writer.write([Document("record", "9", "Sách")])
    assert own.connection.ask("GET", f"/{own.prefix}-v*") == {}


@pytest.mark.cluster
def test_only_this_sites_indexes_are_cleaned(own: ClusterEngine, settings: Any) -> None:
    prefix = settings.SEARCH_INDEX_PREFIX
    settings.SEARCH_INDEX_PREFIX = f"{prefix}-v2"
    other = engine().create()
    leftover = own.create()
    own.clean()
    names = set(own.connection.ask("GET", f"/{prefix}-v*"))
    assert other in names
    assert leftover not in names
    assert len(names) == 2


@pytest.mark.cluster
def test_a_long_batch_goes_in_several_requests(own: ClusterEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "BULK_BYTES", 10_000)
    with own.writing(own.live()) as writer:
        writer.write(Document("course", str(number), f"Bài {number}", text="chữ " * 100) for number in range(50))
    own.refresh()
    assert own.search(Query("chu")).total == 50
