"""Compresses pages, but neither files that are sent in ranges nor what names its exact bytes by an ETag."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's, except where the bytes count.

    A range counts those of the file. A strong ETag names those of a document, and compressed it would be a weak one,
    with which nobody can change the document. A view says `response.as_it_is = True` where machines ask often.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.has_header("Accept-Ranges") or response.has_header("Content-Range"):
            return response
        if getattr(response, "file_to_stream", None) is not None:  # a FileResponse
            return response
        if response.has_header("ETag") or getattr(response, "as_it_is", False):
            return response
        return super().process_response(request, response)
