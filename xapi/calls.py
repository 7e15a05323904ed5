"""A request to the store, whichever way it was written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from xapi.exceptions import Refused
from xapi.models import Credential

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
    """What is asked: method, parameters, headers (names in lower case) and body."""

    method: str
    parameters: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    alternate: bool = False
    credential: Credential | None = None

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


def read_call(request: HttpRequest) -> Call:
    """The call in an HTTP request, in the usual or the alternate syntax (Communication 1.3)."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    parameters = _once_each(parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=100))
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(413, "the request is larger than this store takes") from None
    except UnreadablePostError:
        raise Refused(400, "the request broke off") from None
    if request.method == "POST" and "method" in parameters:
        return _alternate(parameters, headers, body)
    return Call(request.method or "", parameters, headers, body)


def _alternate(parameters: dict[str, str], headers: dict[str, str], body: bytes) -> Call:
    """Method in the query; headers, parameters and content in the form. 2.0 has it no more."""
    if len(parameters) > 1:
        raise Refused(400, "the alternate request syntax has no parameter but method in its query")
    try:
        form = _once_each(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict"))
    except ValueError:
        raise Refused(400, "the form of the alternate request syntax cannot be read") from None
    content = form.pop("content", None)
    inner = headers | {name.lower(): value for name, value in form.items() if name.lower() in _AS_HEADERS}
    if content is not None and "content-type" not in {name.lower() for name in form}:
        inner["content-type"] = "application/json"
    rest = {name: value for name, value in form.items() if name.lower() not in _AS_HEADERS}
    call = Call(parameters["method"].upper(), rest, inner, (content or "").encode(), alternate=True)
    if call.version == LATEST["2.0"]:
        raise Refused(400, "xAPI 2.0 has no alternate request syntax")
    if call.method in {"PUT", "POST"} and content is None:
        raise Refused(400, "the form parameter content is required")
    return call


def _once_each(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(400, "a parameter occurs twice")
    return found
