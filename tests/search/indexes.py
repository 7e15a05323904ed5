"""Names for the tests' indexes, so that runs on one cluster do not meet, and their removal."""

import secrets
from hashlib import blake2b

from search.engines import engine
from search.engines.cluster import ClusterEngine
from search.exceptions import SearchError

RUN = f"test-{secrets.token_hex(4)}"


def prefix_of(test: str) -> str:
    """The prefix of a test's indexes."""
    return f"{RUN}-{blake2b(test.encode(), digest_size=6).hexdigest()}"


def remove_all() -> None:
    """Remove what this run has left in a cluster; the embedded engine's folders go with DATA_DIR."""
    cluster = engine()
    if not isinstance(cluster, ClusterEngine):
        return
    try:
        for name in cluster.connection.ask("GET", f"/{RUN}-*"):
            cluster.connection.ask("DELETE", f"/{name}")
    except SearchError as error:
        print(f"indexes {RUN}-* are left in the cluster: {error}")
