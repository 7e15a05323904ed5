"""The guarded fetch, against real servers on loopback."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from core import fetch
from core.hosts import is_public_address, is_public_host


class Answers(BaseHTTPRequestHandler):
    """/bytes/N, /redirect?to=URL, /slow-head, /drip, /auth, /gzip-bomb, /echo."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, _, rest = self.path.removeprefix("/").partition("/")
        getattr(self, f"say_{kind.partition('?')[0].replace('-', '_')}")(rest)

    do_POST = do_GET

    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def say_bytes(self, rest):
        self.answer(b"x" * int(rest))

    def say_redirect(self, _rest):
        self.answer(b"", 302, Location=self.path.partition("to=")[2])

    def say_loop(self, _rest):
        self.answer(b"", 302, Location="/loop")

    def say_auth(self, _rest):
        self.answer(self.headers.get("Authorization", "none").encode())

    def say_echo(self, _rest):
        self.answer(f"{self.command} {self.headers['Host']} ".encode() + self.body)

    def say_drip(self, _rest):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def say_slow_head(self, _rest):
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"y" * 200:
            self.wfile.write(bytes([letter]))
            time.sleep(0.05)

    def say_gzip_bomb(self, _rest):
        import gzip

        self.answer(gzip.compress(b"\0" * 5_000_000), **{"Content-Encoding": "gzip"})

    def say_cut(self, _rest):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    """host:port of a server on loopback."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *args: None  # clients that hang up are what is tested
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{httpd.server_port}"
    httpd.shutdown()


@pytest.fixture(autouse=True)
def nobody_trusted(monkeypatch):
    monkeypatch.setattr(fetch, "_allowed", set())


@pytest.fixture
def trusted(server):
    fetch.allow(server)
    return f"http://{server}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_at_home_are_not_public(address):
    assert is_public_address(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "203.113.131.1", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public_address(address) is True


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("nhasan.gov.vn", True),
        ("localhost", False),
        ("nhasan", False),
        ("may-chu.local", False),
        ("192.168.0.2", False),
    ],
)
def test_hosts_by_name(host, public):
    assert is_public_host(host) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0"])
def test_a_private_address_is_refused_however_it_is_written(server, host):
    with pytest.raises(fetch.Refused, match="private address"):
        fetch.get(f"http://{host}:{server.rpartition(':')[2]}/bytes/1")


@pytest.mark.parametrize("url", ["ftp://example.org/x", "file:///etc/passwd", "gopher://example.org/"])
def test_other_schemes_are_refused(url):
    with pytest.raises((fetch.Refused, requests.exceptions.InvalidSchema)):
        fetch.get(url)


def test_a_host_the_operator_named_is_fetched(trusted):
    response = fetch.get(f"{trusted}/bytes/3")
    assert (response.status_code, response.content, response.text) == (200, b"xxx", "xxx")


def test_a_host_in_the_settings_is_fetched(server, settings):
    settings.FETCH_ALLOW = ["127.0.0.1"]
    assert fetch.get(f"http://{server}/bytes/3").content == b"xxx"


def test_a_name_that_points_to_a_private_address_is_refused(server, monkeypatch):
    port = int(server.rpartition(":")[2])
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    with pytest.raises(fetch.Refused):
        fetch.get(f"http://library.example.org:{port}/bytes/1")


def test_the_connection_goes_to_the_checked_address_and_asks_no_resolver_again(server, monkeypatch):
    port = int(server.rpartition(":")[2])
    asked = []

    def resolve(host, *args, **options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    fetch.allow("library.example.org")
    response = fetch.get(f"http://library.example.org:{port}/echo")

    assert response.text == f"GET library.example.org:{port} "
    assert asked == ["library.example.org"]


def test_a_redirect_to_a_private_address_is_refused(server, trusted):
    other = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        with pytest.raises(fetch.Refused, match="private address"):
            fetch.get(f"{trusted}/redirect?to=http://127.0.0.1:{other.server_port}/bytes/1")
    finally:
        other.shutdown()


def test_a_redirect_to_another_scheme_is_refused(trusted):
    with pytest.raises((fetch.Refused, requests.exceptions.InvalidSchema)):
        fetch.get(f"{trusted}/redirect?to=file:///etc/passwd")


def test_a_redirect_within_reach_is_followed_but_not_for_ever(trusted):
    assert fetch.get(f"{trusted}/redirect?to=/bytes/2").content == b"xx"
    with pytest.raises(fetch.Refused, match="more than 5 redirects"):
        fetch.get(f"{trusted}/loop")


def test_secrets_stay_with_their_host(trusted, server):
    port = server.rpartition(":")[2]
    fetch.allow(f"localhost:{port}")
    secret = {"Authorization": "Basic abc"}
    assert fetch.get(f"{trusted}/auth", headers=secret).text == "Basic abc"
    assert fetch.get(f"{trusted}/redirect?to=/auth", headers=secret).text == "Basic abc"
    assert fetch.get(f"{trusted}/redirect?to=http://localhost:{port}/auth", headers=secret).text == "none"


def test_a_post_carries_its_body_and_a_redirect_of_it_becomes_a_get(trusted):
    assert fetch.request("POST", f"{trusted}/echo", data=b"hi").text.split()[0::2] == ["POST", "hi"]
    assert fetch.request("POST", f"{trusted}/redirect?to=/echo", data=b"hi").text.split()[0] == "GET"


def test_an_answer_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(trusted):
    assert len(fetch.get(f"{trusted}/bytes/100000", max_bytes=100_000).content) == 100_000
    with pytest.raises(fetch.TooLarge, match="longer than 99,999 bytes"):
        fetch.get(f"{trusted}/bytes/100000", max_bytes=99_999)


def test_a_packed_answer_is_measured_unpacked(trusted):
    with pytest.raises(fetch.TooLarge):
        fetch.get(f"{trusted}/gzip-bomb", max_bytes=1_000_000)


@pytest.mark.parametrize("path", ["drip", "slow-head"])
def test_the_time_limit_holds_for_the_whole_even_when_bytes_keep_coming(trusted, path):
    begun = time.monotonic()
    with pytest.raises(fetch.TooSlow, match=r"not whole within 0\.5 seconds"):
        fetch.get(f"{trusted}/{path}", timeout=0.5)
    assert 0.4 < time.monotonic() - begun < 2.0


def test_an_answer_that_is_cut_off_is_an_error(trusted):
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        fetch.get(f"{trusted}/cut")


def test_an_unknown_host_is_a_connection_error():
    with pytest.raises(requests.exceptions.ConnectionError, match="no such host"):
        fetch.get("http://khong-co.invalid/")


def test_a_proxy_of_the_environment_is_not_used(trusted, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetch.get(f"{trusted}/bytes/1").content == b"x"


def test_every_refusal_is_an_exception_of_requests():
    assert issubclass(fetch.Refused, requests.RequestException)
    assert issubclass(fetch.TooLarge, requests.RequestException)
    assert issubclass(fetch.TooSlow, requests.RequestException)
