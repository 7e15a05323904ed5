"""Outgoing HTTP, guarded: no private addresses, no endless answers, no waiting for ever.

The host is resolved once, its addresses are checked, and the connection goes to a checked address, so that a name whose
address changes in between leads nowhere. Redirects are followed by hand and checked the same way.
"""

import os
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from core.exceptions import FetchError, Refused, TooLarge, TooSlow
from core.hosts import is_public_address

__all__ = ["FetchError", "Refused", "TooLarge", "TooSlow", "allow", "allow_address", "get", "is_private", "request"]

MAX_BYTES = 20 * 1024 * 1024
TIMEOUT = 30.0  # seconds for the whole fetch with all its redirects
REDIRECTS = 5
USER_AGENT = "NhaSan/1.0"

_allowed: set[str] = set()


def allow(host: str) -> None:
    """Trust a host, or host:port, for the rest of this process: the operator typed it at the shell."""
    _allowed.add(host.lower())


def allow_address(url: str) -> None:
    """Trust the host and port of this address, as allow() does."""
    host, port = _host_and_port(url)
    allow(f"{host}:{port}")


def is_private(url: str) -> bool:
    """Whether the host is known, and by private addresses only."""
    try:
        found = _resolved(url)
    except requests.RequestException:
        return False
    return not any(is_public_address(address) for _family, address, _port in found)


def get(url: str, **options: Any) -> requests.Response:
    """GET; see request() for the options."""
    return request("GET", url, **options)


def request(
    method: str,
    url: str,
    *,
    max_bytes: int = MAX_BYTES,
    timeout: float = TIMEOUT,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
    data: bytes | IO[bytes] | None = None,
    follow: bool = True,
) -> requests.Response:
    """The answer with its whole body, whatever its status. follow: redirects are; else they are answers like others.

    Raises Refused, TooLarge or TooSlow, or requests' own exceptions; all of them are requests.RequestException.
    """
    with _Deadline(timeout) as deadline, _session(deadline) as session:
        sent = requests.Request(
            method, url, headers={"User-Agent": USER_AGENT, **(headers or {})}, params=params, data=data
        )
        prepared = session.prepare_request(sent)
        for _ in range(REDIRECTS + 1):
            response = _send(session, prepared, deadline)
            target = session.get_redirect_target(response)
            if not target or not follow:
                return _read(response, max_bytes, deadline)
            response.close()
            prepared = _redirected(session, prepared, response, target)
        raise Refused(f"{url}: more than {REDIRECTS} redirects")


class _Deadline:
    """Closes the connection when the time is up, whatever it is doing: waiting, shaking hands or dripping bytes."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self.addresses: Sequence[tuple[int, str, int]] = ()  # family, checked address, port of the current hop
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._watch(None)

    def connect(self, timeout: float) -> socket.socket:
        """A connection to the first checked address that answers."""
        last: OSError = OSError("no address")
        for family, address, port in self.addresses:
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                connection.settimeout(timeout)
                self._watch(connection)
                connection.connect((address, port))
            except OSError as error:
                connection.close()
                last = error
            else:
                return connection
        raise last

    def _watch(self, connection: socket.socket | None) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            # a duplicate: TLS takes over the original's descriptor
            self._socket = connection.dup() if connection is not None else None

    def _end(self) -> None:
        with self._lock:
            self.over = True
            if self._socket is not None:
                with suppress(OSError):  # not connected yet, or closed by now
                    self._socket.shutdown(socket.SHUT_RDWR)


class _Plain(HTTPConnection):
    """A connection that goes to the checked addresses and asks no resolver."""

    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        return self._deadline.connect(self._deadline.seconds)


class _Tls(HTTPSConnection):
    """The same with TLS; the certificate is checked against the host's name."""

    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        return self._deadline.connect(self._deadline.seconds)


class _Pools(urllib3.PoolManager):
    """Makes pools of guarded connections."""

    def __init__(self, *args: Any, deadline: _Deadline, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deadline = deadline

    def _new_pool(self, scheme: str, host: str, port: int, request_context: Any = None) -> Any:
        pool = super()._new_pool(scheme, host, port, request_context)
        connection = partial(_Tls if scheme == "https" else _Plain, deadline=self._deadline)
        pool.ConnectionCls = connection  # type: ignore[assignment]
        return pool


class _Adapter(HTTPAdapter):
    """requests' adapter over guarded pools."""

    def __init__(self, deadline: _Deadline) -> None:
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Called by HTTPAdapter's own constructor."""
        self.poolmanager = _Pools(num_pools=1, maxsize=1, deadline=self._deadline)


def _session(deadline: _Deadline) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # a proxy of the environment would do the connecting, past the check
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(deadline))
    return session


def _send(session: requests.Session, prepared: requests.PreparedRequest, deadline: _Deadline) -> requests.Response:
    deadline.addresses = _checked_addresses(prepared.url or "")
    try:
        return session.send(prepared, stream=True, allow_redirects=False, timeout=deadline.seconds)
    except (requests.RequestException, OSError) as error:
        raise _too_slow(prepared.url, deadline) if _timed_out(error, deadline) else error from None


def _read(response: requests.Response, max_bytes: int, deadline: _Deadline) -> requests.Response:
    """Take in the body as it comes, unpacked, and stop at the limits."""
    body = bytearray()
    try:
        while chunk := response.raw.read1(65_536, decode_content=True):
            body += chunk
            if len(body) > max_bytes:
                raise TooLarge(f"{response.url}: longer than {max_bytes:,} bytes")
    except (HTTPError, OSError) as error:
        if isinstance(error, FetchError):
            raise
        if _timed_out(error, deadline):
            raise _too_slow(response.url, deadline) from None
        raise requests.exceptions.ChunkedEncodingError(f"{response.url}: broken off ({error})") from error
    finally:
        response.close()
    if deadline.over:  # a closed connection may look like the end of the body
        raise _too_slow(response.url, deadline)
    response._content, response._content_consumed = bytes(body), True  # noqa: SLF001 - as if requests had read it
    return response


def _timed_out(error: Exception, deadline: _Deadline) -> bool:
    return deadline.over or isinstance(error, requests.Timeout | TimeoutError)


def _too_slow(url: str | None, deadline: _Deadline) -> TooSlow:
    return TooSlow(f"{url}: not whole within {deadline.seconds:g} seconds")


def _redirected(
    session: requests.Session, before: requests.PreparedRequest, response: requests.Response, target: str
) -> requests.PreparedRequest:
    """The next hop: as a GET after 301, 302 and 303, without secrets when the host is another."""
    url = urljoin(before.url or "", target)
    after = before.copy()
    after.prepare_url(url, None)
    if response.status_code in {301, 302, 303} and before.method != "HEAD":
        after.method, after.body = "GET", None
        for name in ("Content-Length", "Content-Type", "Transfer-Encoding"):
            after.headers.pop(name, None)
    if session.should_strip_auth(before.url or "", url):
        after.headers.pop("Authorization", None)
        after.headers.pop("Cookie", None)
    return after


def _checked_addresses(url: str) -> Sequence[tuple[int, str, int]]:
    """Family, address and port of the host, as far as they may be called; Refused when none may."""
    host, port = _host_and_port(url)
    trusted = {host, f"{host}:{port}"} & (_allowed | {name.lower() for name in settings.FETCH_ALLOW})
    addresses = [each for each in _resolved(url) if trusted or is_public_address(each[1])]
    if not addresses:
        raise Refused(f"{host} is at a private address. If that is meant, name it in FETCH_ALLOW")
    return addresses


def _resolved(url: str) -> list[tuple[int, str, int]]:
    """Family, address and port of the host, whatever they are."""
    host, port = _host_and_port(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise requests.exceptions.ConnectionError(f"{host}: no such host ({error})") from None
    return [(family, str(at[0]), port) for family, _, _, _, at in found]


def _host_and_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(f"{url}: only http and https addresses are fetched")
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
