"""Compresses pages, but never files that are sent in ranges."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's, except that a range counts the bytes of the file, so such a file goes out as it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.has_header("Accept-Ranges") or response.has_header("Content-Range"):
            return response
        if getattr(response, "file_to_stream", None) is not None:  # a FileResponse
            return response
        return super().process_response(request, response)
