"""What a request carries, read once: whole, or piece by piece."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest

from xapi.exceptions import Refused

PIECE = 256 * 1024  # bytes
LARGEST = 256 * 1024 * 1024  # bytes of a request with files; of one without, DATA_UPLOAD_MAX_MEMORY_SIZE
TOO_LARGE = "the request is larger than this store takes"


class Body:
    """The bytes behind `read(size)`, which gives at most so many and none at the end."""

    def __init__(self, read: Callable[[int], bytes], length: int | None) -> None:
        self._read = read
        self._length = length  # None: not known before the end
        self._taken = 0
        self._whole: bytes | None = None

    def read(self) -> bytes:
        """The next piece; nothing at the end."""
        if max(self._taken, self._length or 0) > LARGEST:
            raise Refused(413, TOO_LARGE)
        try:
            piece = self._read(PIECE)
        except OSError:
            piece = b""
        self._taken += len(piece)
        if not piece and self._taken < (self._length or 0):
            raise Refused(400, "the request broke off")
        return piece

    def whole(self) -> bytes:
        """All of it, which may not be more than fits into memory."""
        if self._whole is None:
            if (self._length or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                raise Refused(413, TOO_LARGE)
            self._whole = in_memory(iter(self.read, b""))
        return self._whole

    def discard(self) -> None:
        """Read on, since a client that is still sending would find the connection broken instead of its answer."""
        with suppress(Refused):
            while self._taken <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE and self.read():
                pass


def body_of(request: HttpRequest) -> Body:
    """The body of an HTTP request, of which nothing is read yet.

    Without a Content-Length (as in chunked encoding) only a server that marks the end itself can give it.
    """
    length = request.META.get("CONTENT_LENGTH")
    if length or not request.META.get("wsgi.input_terminated"):
        return Body(request.read, int(length) if length and length.isdecimal() else 0)
    return Body(request.META["wsgi.input"].read, None)


def in_memory(pieces: Iterable[bytes]) -> bytes:
    """The pieces as one; Refused where they are more than fits."""
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise Refused(413, TOO_LARGE)
    return b"".join(found)
