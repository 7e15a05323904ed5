"""What all resources of the store have in common: version, sign-in, errors as JSON, answers to other origins."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from xapi.calls import LATEST, Call, read_call
from xapi.exceptions import Conflict, InvalidStatement, MayNotVoid, Refused
from xapi.rules.broken import Broken
from xapi.sign_in import credential_of

Handler = Callable[[Call], HttpResponseBase]

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, If-Match, If-None-Match,"
    " X-Experience-API-Version",
    "Access-Control-Expose-Headers": "Content-Language, ETag, Last-Modified, Location,"
    " X-Experience-API-Consistent-Through, X-Experience-API-Version",
    "Access-Control-Max-Age": "86400",
}


def resource(
    handlers: Mapping[str, Handler], *, public: bool = False, headers: Callable[[], dict[str, str]] = dict
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
        return response

    return view


def as_json(value: Any, *, status: int = 200) -> HttpResponse:
    """An answer in JSON."""
    return HttpResponse(orjson.dumps(value), status=status, content_type="application/json")


def needs(*scopes: str) -> Callable[[Handler], Handler]:
    """The handler is only for credentials with one of these scopes (Communication 4.2)."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(call: Call) -> HttpResponseBase:
            if call.credential is None or not call.credential.allows(*scopes):
                raise Refused(403, f"the credential needs one of the scopes: all, {', '.join(scopes)}")
            return handler(call)

        return guarded

    return decorate


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """There is no such resource."""
    return as_json({"error": "no such resource; see about, statements"}, status=404)


def _answer(
    request: HttpRequest, handlers: Mapping[str, Handler], *, public: bool, headers: Callable[[], dict[str, str]]
) -> HttpResponseBase:
    version, extra = LATEST["2.0"], {}
    try:
        call = read_call(request)
        version = call.answer_version
        if not public:
            version = call.version
            call.credential = credential_of(call.headers.get("authorization"))
        extra = headers()
        response = _handle(call, handlers)
    except (Refused, InvalidStatement, Broken, Conflict, MayNotVoid) as error:
        response = _refusal(error)
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
    return response
