"""/media/: uploaded files, with ranges; anything but pictures, PDF, sound and film only as a download."""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date, parse_etags, parse_http_date_safe
from django.views.decorators.http import require_safe

PUBLIC_FOLDERS = {"images", "original_images", "avatar_images", "media"}  # others have views that know who may read
SHOWN = re.compile(r"image/(avif|gif|jpeg|png|webp)|application/pdf|(audio|video)/[\w.+-]+")  # no SVG: it runs scripts
CHUNK = 64 * 1024
for kind, ending in (("image/webp", ".webp"), ("audio/mp4", ".m4a")):
    mimetypes.add_type(kind, ending)  # Python 3.11 knows them only where the system does


@dataclass(frozen=True)
class Part:
    """A stretch of a file, first and last byte included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """In bytes; an empty file has the part 0 to -1."""
        return self.last - self.first + 1


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file, or the one range of it that was asked for."""
    if not _may_be_read(name):
        raise Http404(name)
    return answer(request, name)


def answer(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored file whose reader was found to be allowed; also for views with access rules of their own."""
    size = default_storage.size(name)
    modified = int(default_storage.get_modified_time(name).timestamp())
    tag = f'"{modified:x}-{size:x}"'
    headers = _headers(name, tag, modified)
    if _is_known(request, tag, modified):
        return HttpResponseNotModified(headers=headers)
    try:
        part = _asked_part(request, tag, modified, size)
    except ValueError:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    status = 200 if part is None else 206
    if part is not None:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    part = part or Part(0, size - 1)
    headers["Content-Length"] = str(part.length)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_read(name, part), status=status, headers=headers)


def _may_be_read(name: str) -> bool:
    """Whether it is a file in one of the folders for everyone."""
    parts = PurePosixPath(name).parts
    if len(parts) < 2 or parts[0] not in PUBLIC_FOLDERS or ".." in parts or "\x00" in name or name.endswith("/"):
        return False
    try:
        return default_storage.exists(name) and default_storage.get_modified_time(name) is not None and _opens(name)
    except (SuspiciousFileOperation, OSError):
        return False


def _opens(name: str) -> bool:
    with default_storage.open(name):  # a folder does not
        return True


def _headers(name: str, tag: str, modified: int) -> dict[str, str]:
    kind = mimetypes.guess_type(name)[0] or ""
    shown = SHOWN.fullmatch(kind) is not None
    disposition = content_disposition_header(not shown, PurePosixPath(name).name) or "inline"
    return {
        "Content-Type": kind if shown else "application/octet-stream",
        "Content-Disposition": disposition,
        # a sandbox would keep browsers from showing a PDF
        "Content-Security-Policy": "script-src 'none'" if shown else "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=86400",
        "ETag": tag,
        "Last-Modified": http_date(modified),
    }


def _is_known(request: HttpRequest, tag: str, modified: int) -> bool:
    """Whether the asker has this very file (RFC 9110, 13.2.2: a tag, if sent, decides alone)."""
    if tags := request.headers.get("If-None-Match"):
        known = [known.removeprefix("W/") for known in parse_etags(tags)]  # compared weakly, as RFC 9110 says
        return tag in known or "*" in known
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified <= since


def _asked_part(request: HttpRequest, tag: str, modified: int, size: int) -> Part | None:
    """The one range asked for, None for the whole file. Raises ValueError when it lies outside the file."""
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range", "").strip())
    if wanted is None or wanted[0] == "bytes=-":  # several ranges, or nonsense: a server may send the whole
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition != tag and parse_http_date_safe(condition) != modified:
        return None
    if not wanted[1]:  # the last so many bytes
        first, last = max(size - int(wanted[2]), 0), size - 1
    else:
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
        if wanted[2] and int(wanted[2]) < first:
            return None
    if first > last:
        raise ValueError(wanted[0])
    return Part(first, last)


def _read(name: str, part: Part) -> Iterator[bytes]:
    left = part.length
    with default_storage.open(name) as file:
        file.seek(part.first)
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
