"""Protocols for machines, which need nothing of what pages do: no session, language, form or policy for browsers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve


class ProtocolMiddleware:
    """Answers requests below PROTOCOL_PATHS at once, past the middleware behind this one: half of the work on each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.PROTOCOL_PATHS):
            return self.get_response(request)
        request.get_host()  # refuses what is not in ALLOWED_HOSTS, as CommonMiddleware does for pages
        request.resolver_match = found = resolve(request.path_info)
        response = found.func(request, *found.args, **found.kwargs)
        if isinstance(response, HttpResponse) and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        return response
