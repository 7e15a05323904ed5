"""Digital files of records: what may be stored, storing and removing."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from library.exceptions import BadFile
from library.models import RecordFile

LARGEST = 500 * 1024 * 1024  # bytes
COVER_LARGEST = 2 * 1024 * 1024
# The first bytes say what a file is; its name only has to agree.
PICTURES = {"jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",), "webp": (b"RIFF",)}
KINDS = PICTURES | {
    "pdf": (b"%PDF-",),
    "epub": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "ogg": (b"OggS",),
    "wav": (b"RIFF",),
    "webm": (b"\x1aE\xdf\xa3",),
}
BOXED = {"mp4", "m4a"}  # their mark stands behind the length of the first box


def check(file: Any, *, use: str) -> None:
    """Whether an uploaded file is one of KINDS by its first bytes and name. Raises BadFile."""
    ending = str(file.name).rpartition(".")[2].lower()
    allowed = PICTURES if use == RecordFile.Use.COVER else KINDS
    if ending not in allowed and not (ending in BOXED and use != RecordFile.Use.COVER):
        names = ", ".join(sorted({*allowed, *(BOXED if use != RecordFile.Use.COVER else ())}))
        raise BadFile(_("Chỉ nhận các loại tệp: %(names)s.") % {"names": names})
    head = file.read(16)
    file.seek(0)
    fits = head[4:8] == b"ftyp" if ending in BOXED else head.startswith(allowed[ending])
    if not fits:
        raise BadFile(_("Nội dung tệp không phải là %(ending)s như tên tệp.") % {"ending": ending})
    largest = COVER_LARGEST if use == RecordFile.Use.COVER else LARGEST
    if file.size > largest:
        raise BadFile(_("Tệp lớn hơn %(size)s MB.") % {"size": largest // 1024 // 1024})


def add(file: RecordFile, *, by: Any) -> RecordFile:
    """Store a file that was checked. The bytes are written before the row, outside any transaction."""
    file.file.save(str(file.file.name), file.file.file, save=False)
    with transaction.atomic():
        file.save()
        audit.record(by=by, action="library.file.add", subject=f"record:{file.record_id}", detail={"use": file.use})
    return file


def remove(file: RecordFile, *, by: Any) -> None:
    """Take a file away: the row first, then its bytes."""
    name, storage = str(file.file.name), file.file.storage
    with transaction.atomic():
        audit.record(by=by, action="library.file.remove", subject=f"record:{file.record_id}")
        file.delete()
        transaction.on_commit(lambda: storage.delete(name))
