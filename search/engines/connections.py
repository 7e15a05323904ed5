"""One way to ask a cluster: elasticsearch-py or opensearch-py below, the same requests, answers and errors above."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from django.core.exceptions import ImproperlyConfigured

from search.exceptions import EngineUnavailable, SearchError

TIME_LIMIT = 10  # seconds for one request
POOL = 16  # connections kept per node: as many as a web process has threads
RETRIES = 2  # on other nodes, when one does not answer
HOW = "write SCHEME://[USER:PASSWORD@]HOST:PORT[,HOST:PORT][?tls=true&ca=FILE]"
_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")

Body = Mapping[str, Any] | str | None


class Refused(SearchError):
    """Raised when the cluster answered with an error that lies in what was asked."""

    def __init__(self, status: int, answer: object) -> None:
        super().__init__(f"HTTP {status}: {str(answer)[:1000]}")
        self.status = status


@dataclass(frozen=True)
class Address:
    """Where a cluster is, from SEARCH_URL."""

    scheme: str
    urls: tuple[str, ...]
    account: tuple[str, str] | None
    ca: str | None


class Connection(ABC):
    """Sends one request to a cluster. A text body is NDJSON."""

    def ask(self, method: str, path: str, body: Body = None, **params: str) -> dict[str, Any]:
        """The answer as plain data. Raises EngineUnavailable or Refused."""
        kind = "application/x-ndjson" if isinstance(body, str) else "application/json"
        headers = {"accept": "application/json"} | ({"content-type": kind} if body is not None else {})
        data = orjson.dumps(body).decode() if isinstance(body, Mapping) else body
        return self._send(method, path, data, params, headers)

    @abstractmethod
    def _send(
        self, method: str, path: str, body: str | None, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]: ...


class ElasticsearchConnection(Connection):
    """elasticsearch-py's transport."""

    def __init__(self, address: Address) -> None:
        from elasticsearch import Elasticsearch

        options: dict[str, Any] = {"ca_certs": address.ca} if address.ca else {}
        self._client = Elasticsearch(
            list(address.urls),
            basic_auth=address.account,
            request_timeout=TIME_LIMIT,
            connections_per_node=POOL,
            max_retries=RETRIES,
            retry_on_timeout=False,
            **options,
        )

    def _send(
        self, method: str, path: str, body: str | None, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        from elasticsearch import ApiError, TransportError

        try:
            return self._client.perform_request(method, path, params=params, headers=headers, body=body).body
        except ApiError as error:
            raise _refusal(error.status_code, error.body) from error
        except TransportError as error:
            raise EngineUnavailable(f"Elasticsearch does not answer: {error}") from error


class OpenSearchConnection(Connection):
    """opensearch-py's transport."""

    def __init__(self, address: Address) -> None:
        from opensearchpy import OpenSearch

        options: dict[str, Any] = {"ca_certs": address.ca} if address.ca else {}
        self._client = OpenSearch(
            list(address.urls),
            http_auth=address.account,
            timeout=TIME_LIMIT,
            max_retries=RETRIES,
            pool_maxsize=POOL,
            **options,
        )

    def _send(
        self, method: str, path: str, body: str | None, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        from opensearchpy.exceptions import OpenSearchException, TransportError

        try:
            return self._client.transport.perform_request(method, path, params=params, body=body, headers=headers)
        except TransportError as error:
            if isinstance(error.status_code, int):
                raise _refusal(error.status_code, error.info) from error
            raise EngineUnavailable(f"OpenSearch does not answer: {error}") from error
        except OpenSearchException as error:
            raise EngineUnavailable(f"OpenSearch cannot be asked: {error}") from error


def connection(url: str) -> Connection:
    """The connection that SEARCH_URL names. Nothing is sent yet."""
    address = parse(url)
    return ElasticsearchConnection(address) if address.scheme == "elasticsearch" else OpenSearchConnection(address)


def parse(url: str) -> Address:
    """SEARCH_URL of a cluster, taken apart. Raises ImproperlyConfigured where it makes no sense."""
    scheme, _, rest = url.partition("://")
    rest, _, query = rest.partition("?")
    account, _, hosts = rest.rstrip("/").rpartition("@")
    options = dict(parse_qsl(query, keep_blank_values=True))
    tls = options.pop("tls", "false")
    ca = options.pop("ca", None)
    names = [host.strip() for host in hosts.split(",")]
    if options or tls not in {"true", "false"} or not all(_HOST.fullmatch(name) for name in names):
        raise ImproperlyConfigured(f"SEARCH_URL={scheme}://{hosts}{'?' if query else ''}{query}: {HOW}")
    user, _, password = account.partition(":")
    return Address(
        scheme=scheme,
        urls=tuple(f"{'https' if tls == 'true' else 'http'}://{_with_port(name)}" for name in names),
        account=(unquote(user), unquote(password)) if account else None,
        ca=ca,
    )


def _with_port(name: str) -> str:
    return name if re.search(r":\d+$", name) and not name.endswith("]") else f"{name}:9200"


def _refusal(status: int, answer: object) -> SearchError:
    if status == 406:
        return EngineUnavailable("The server in SEARCH_URL is no Elasticsearch 9; for OpenSearch write opensearch://…")
    if status in {401, 403, 429} or status >= 500:
        return EngineUnavailable(f"The search cluster cannot answer now: HTTP {status}: {str(answer)[:300]}")
    return Refused(status, answer)
