"""A partner that answers as a test tells it to, over real HTTP."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from library import marcxml
from tests.oai.books import book

Response = tuple[int, dict[str, str], bytes]
Arguments = dict[str, str]

DATE = "2026-05-01T00:00:00Z"


class FakePartner:
    """Keeps what it was asked; `answers` are given one after the other, then `otherwise` for all the rest."""

    def __init__(self) -> None:
        self.asked: list[Arguments] = []
        self.answers: list[Response | Callable[[Arguments], Response] | None] = []
        self.otherwise: Callable[[Arguments], Response] = lambda _arguments: error("noRecordsMatch")
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                arguments = dict(parse_qsl(urlsplit(self.path).query))
                partner.asked.append(arguments)
                answer = partner.answers.pop(0) if partner.answers else partner.otherwise
                if answer is None:  # the connection breaks
                    self.connection.close()
                    return
                status, headers, body = answer(arguments) if callable(answer) else answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/oai"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def ok(body: str, *, date: str = DATE) -> Response:
    """An answer with this content."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{date}</responseDate><request>http://partner.example/oai</request>{body}</OAI-PMH>"
    )
    return 200, {"Content-Type": "text/xml"}, text.encode()


def error(code: str, text: str = "") -> Response:
    """An error of the protocol."""
    return ok(f'<error code="{code}">{text}</error>')


def record(number: str, title: str = "Truyện cổ Tày", *, stamp: str = "2026-04-01T00:00:00Z") -> str:
    """A record of the partner."""
    marc = marcxml.to_xml(book(number, title)).decode()
    return f"<record>{_header(number, stamp)}<metadata>{marc}</metadata></record>"


def deleted(number: str, *, stamp: str = "2026-04-01T00:00:00Z") -> str:
    """The tombstone of a record."""
    status = ' status="deleted"'
    return f"<record>{_header(number, stamp, status)}</record>"


def page(*records: str, token: str | None = None, date: str = DATE) -> Response:
    """A page of ListRecords."""
    more = "" if token is None else f"<resumptionToken>{token}</resumptionToken>"
    return ok(f"<ListRecords>{''.join(records)}{more}</ListRecords>", date=date)


def identify(*, granularity: str = "YYYY-MM-DDThh:mm:ssZ", version: str = "2.0") -> Response:
    """An answer to Identify."""
    return ok(
        f"<Identify><repositoryName>P</repositoryName><protocolVersion>{version}</protocolVersion>"
        f"<granularity>{granularity}</granularity></Identify>"
    )


def formats(**namespaces: str) -> Response:
    """An answer to ListMetadataFormats: prefix=namespace."""
    listed = "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>x</schema>"
        f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
        for prefix, namespace in namespaces.items()
    )
    return ok(f"<ListMetadataFormats>{listed}</ListMetadataFormats>")


def _header(number: str, stamp: str, status: str = "") -> str:
    return (
        f"<header{status}><identifier>oai:partner.example:{number}</identifier><datestamp>{stamp}</datestamp></header>"
    )
