"""Entity tags: nobody overwrites what they have not seen (Communication 3.1)."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.utils.http import http_date

from xapi.calls import Call
from xapi.exceptions import Refused

Check = Callable[[str | None], None]  # is given the tag of what is there, None for nothing; raises Refused


def of(content: bytes) -> str:
    """The tag of a content: its SHA-1 in lower case, as 1.0.3 wants it."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def tagged(
    call: Call, response: HttpResponse, *, etag: str | None = None, modified: datetime | None = None
) -> HttpResponse:
    """The answer to a GET with its tag and time; 304 without content for who has it already."""
    etag = etag or of(response.content)
    if etag in _tags(call, "if-none-match", weak=True):
        response = HttpResponse(status=304)
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "private, no-cache"  # a browser would guess for how long a state is fresh
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


def check(call: Call, etag: str | None) -> None:
    """Refuse with 412 where a precondition of the call fails."""
    if "if-match" in call.headers and not _names(_tags(call, "if-match"), etag):
        raise Refused(412, "If-Match: the document is another one now, or there is none; get it again")
    if "if-none-match" in call.headers and _names(_tags(call, "if-none-match", weak=True), etag):
        raise Refused(412, "If-None-Match: there is such a document already")


def check_put(call: Call, etag: str | None, *, state: bool) -> None:
    """The same for PUT, which must not replace blindly. In 1.0.3 a state may be, and a profile needs a precondition."""
    before_2 = not call.version.startswith("2")
    if "if-match" in call.headers or "if-none-match" in call.headers:
        check(call, etag)
    elif before_2 and state:
        return
    elif etag is not None:
        raise Refused(409, "there is a document already; get it, and send its ETag as If-Match to replace it")
    elif before_2:
        raise Refused(400, "a profile is put with If-Match, or with If-None-Match: * where there is none yet")


def _names(tags: set[str], etag: str | None) -> bool:
    """Whether the tags mean what is there; * means anything that is."""
    return etag is not None and ("*" in tags or etag in tags)


def _tags(call: Call, name: str, *, weak: bool = False) -> set[str]:
    """The tags of a header. Widespread clients leave out the quotes. Weak ones are equal to ours only where `weak`."""
    tags = [each.strip() for each in call.headers.get(name, "").split(",")]
    return {each.removeprefix("W/").strip('"') for each in tags if weak or not each.startswith("W/")}
