"""The engine that SEARCH_URL names: embedded: (Tantivy), elasticsearch://HOST:PORT,… or opensearch://HOST:PORT,…"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import Engine

HOW = "write embedded:, elasticsearch://HOST:PORT[,HOST:PORT] or opensearch://HOST:PORT[,HOST:PORT]"


def engine() -> Engine:
    """The engine of this site; one object per process, shared by its threads."""
    return _engine(settings.SEARCH_URL, settings.SEARCH_INDEX_PREFIX, str(settings.DATA_DIR))


@lru_cache(maxsize=8)
def _engine(url: str, prefix: str, data_dir: str) -> Engine:
    scheme = url.partition(":")[0]
    if url in {"embedded:", "embedded"}:
        from search.engines.embedded import EmbeddedEngine

        return EmbeddedEngine(Path(data_dir) / "index" / prefix)
    if scheme in {"elasticsearch", "opensearch"}:
        from search.engines.cluster import ClusterEngine
        from search.engines.connections import connection

        return ClusterEngine(connection(url), prefix)
    raise ImproperlyConfigured(f"SEARCH_URL={url}: {HOW}")
