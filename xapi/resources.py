"""What all resources of the store have in common: version, sign-in, errors as JSON, answers to other origins."""

import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import wraps
from typing import Any

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from xapi.body import body_of
from xapi.calls import LATEST, Call, read_call
from xapi.exceptions import Conflict, InvalidStatement, MayNotVoid, Refused
from xapi.rules.broken import Broken
from xapi.sign_in import sign_in

Handler = Callable[[Call], HttpResponseBase]

# Readers that work at once. On SQLite all they do is work, in one interpreter: more of them only take it from one
# another at each step, and together get a third less done. With PostgreSQL they also wait for answers.
_readers = threading.BoundedSemaphore(1 if connection.vendor == "sqlite" else 4)
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, If-Match, If-None-Match,"
    " X-Experience-API-Version",
    "Access-Control-Expose-Headers": "Content-Language, ETag, Last-Modified, Location, Retry-After,"
    " X-Experience-API-Consistent-Through, X-Experience-API-Version",
    "Access-Control-Max-Age": "86400",
}


def _none(call: Call) -> dict[str, str]:
    return {}


def resource(
    handlers: Mapping[str, Handler], *, public: bool = False, headers: Callable[[Call], dict[str, str]] = _none
) -> Callable[..., HttpResponseBase]:
    """A view that answers each method by its handler; HEAD is GET without its body (Communication 1.1).

    public: neither version nor sign-in are asked for. headers: stand on every answer to who signed in.
    """

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
        else:
            response = _answer(request, handlers, public=public, headers=headers)
        for name, value in _CORS.items():
            response[name] = value
        response.as_it_is = True  # type: ignore[attr-defined] # for core.compression: it would cost more than the page
        return response

    return view


def as_json(value: Any, *, status: int = 200) -> HttpResponse:
    """An answer in JSON."""
    return HttpResponse(orjson.dumps(value), status=status, content_type="application/json")


def needs(*scopes: str, launch: bool = False) -> Callable[[Handler], Handler]:
    """The handler is only for credentials with one of these scopes (Communication 4.2).

    launch: launch tokens come in too, and the handler asks xapi.launch what this one may do.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(call: Call) -> HttpResponseBase:
            if call.launch is not None:
                if not launch:
                    raise Refused(403, "a launch token may not do this")
            elif call.credential is None or not call.credential.allows(*scopes):
                raise Refused(403, f"the credential needs one of the scopes: all, {', '.join(scopes)}")
            return handler(call)

        return guarded

    return decorate


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """There is no such resource."""
    return as_json({"error": "no such resource; see about, statements, activities, agents"}, status=404)


def _answer(
    request: HttpRequest, handlers: Mapping[str, Handler], *, public: bool, headers: Callable[[Call], dict[str, str]]
) -> HttpResponseBase:
    version, extra, content = LATEST["2.0"], {}, body_of(request)
    try:
        call = read_call(request, content)
        version = call.answer_version
        if not public:
            version = call.version
            call.credential, call.launch = sign_in(call.headers.get("authorization"))
        extra = headers(call)
        with _readers if call.method in {"GET", "HEAD"} else nullcontext():
            response = _handle(call, handlers)
    except (Refused, InvalidStatement, Broken, Conflict, MayNotVoid) as error:
        response = _refusal(error)
    if "Expect" not in request.headers:  # a client that waits to be asked for its body need not send it
        content.discard()
    response["X-Experience-API-Version"] = version
    for name, value in extra.items():
        response[name] = value
    return response


def _handle(call: Call, handlers: Mapping[str, Handler]) -> HttpResponseBase:
    handler = handlers.get("GET" if call.method == "HEAD" else call.method)
    if handler is None:
        raise Refused(405, f"allowed are {', '.join(handlers)}")
    response = handler(call)
    if call.method == "HEAD" and isinstance(response, HttpResponse):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    elif call.method == "HEAD" and isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    return response


def _refusal(error: Exception) -> HttpResponse:
    """The reason as JSON; for a broken rule also its path and the rule alone."""
    if isinstance(error, Refused):
        response = as_json({"error": error.reason}, status=error.status)
    elif isinstance(error, InvalidStatement | Broken):
        response = as_json({"error": str(error), "path": error.path, "rule": error.rule}, status=400)
    else:
        response = as_json({"error": str(error)}, status=409 if isinstance(error, Conflict) else 403)
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    if isinstance(error, Refused) and error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response
