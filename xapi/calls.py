"""A request to the store, whichever way it was written."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.http import HttpRequest

from xapi.body import Body
from xapi.exceptions import Refused
from xapi.models import Credential, LaunchToken

LATEST = {"1.0": "1.0.3", "2.0": "2.0.0"}  # the version we answer with
BEFORE_VERSIONS = "0.95"  # what a request without a version header must be taken for
_version = re.compile(r"(1\.0|2\.0)(\.\d{1,3})?", re.ASCII).fullmatch
_AS_HEADERS = {
    "authorization",
    "x-experience-api-version",
    "content-type",
    "content-length",
    "if-match",
    "if-none-match",
}


@dataclass(slots=True)
class Call:
    """What is asked: method, parameters, headers (names in lower case) and content."""

    method: str
    parameters: dict[str, str]
    headers: Mapping[str, str]
    content: Body
    alternate: bool = False
    credential: Credential | None = None
    launch: LaunchToken | None = None  # it came with a launch token, which speaks with the credential's authority

    @property
    def body(self) -> bytes:
        """The content, read whole."""
        return self.content.whole()

    @property
    def version(self) -> str:
        """1.0.3 or 2.0.0, the latest patch of what the client speaks (Communication 3.3)."""
        said = self.headers.get("x-experience-api-version")
        if said is None:
            raise Refused(400, "the header X-Experience-API-Version is required")
        found = _version(said.strip())
        if not found:
            raise Refused(400, f"X-Experience-API-Version: {said[:40]} is none of 1.0, 1.0.x, 2.0 and 2.0.x")
        return LATEST[found[1]]

    @property
    def answer_version(self) -> str:
        """The version named in the answer, also where the request's own is refused."""
        try:
            return self.version
        except Refused:
            return LATEST["2.0"] if "x-experience-api-version" in self.headers else BEFORE_VERSIONS


def read_call(request: HttpRequest, content: Body) -> Call:
    """The call in an HTTP request, in the usual or the alternate syntax (Communication 1.3)."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
        raise Refused(415, "this store takes no compressed requests; send without Content-Encoding")
    try:
        parameters = _once_each(_pairs(request.META.get("QUERY_STRING", "")))
    except ValueError:
        raise Refused(400, "the query is not UTF-8, or has more than 100 parameters") from None
    if request.method == "POST" and "method" in parameters:
        return _alternate(parameters, headers, content.whole())
    return Call(request.method or "", parameters, headers, content)


def _alternate(parameters: dict[str, str], headers: dict[str, str], body: bytes) -> Call:
    """Method in the query; headers, parameters and content in the form. 2.0 has it no more."""
    if len(parameters) > 1:
        raise Refused(400, "the alternate request syntax has no parameter but method in its query")
    try:
        form = _once_each(_pairs(body.decode("ascii")))
    except ValueError:
        raise Refused(400, "the form of the alternate request syntax cannot be read") from None
    content = form.pop("content", None)
    inner = headers | {name.lower(): value for name, value in form.items() if name.lower() in _AS_HEADERS}
    if content is not None and "content-type" not in {name.lower() for name in form}:
        inner["content-type"] = "application/json"
    rest = {name: value for name, value in form.items() if name.lower() not in _AS_HEADERS}
    inside = (content or "").encode()
    call = Call(parameters["method"].upper(), rest, inner, Body(io.BytesIO(inside).read, len(inside)), alternate=True)
    if call.version == LATEST["2.0"]:
        raise Refused(400, "xAPI 2.0 has no alternate request syntax")
    if call.method in {"PUT", "POST"} and content is None:
        raise Refused(400, "the form parameter content is required")
    return call


def _pairs(text: str) -> list[tuple[str, str]]:
    """The parameters in a query or a form; ValueError where they are no UTF-8, or too many."""
    return parse_qsl(text, keep_blank_values=True, max_num_fields=100, errors="strict")


def _once_each(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(400, "a parameter occurs twice")
    return found
