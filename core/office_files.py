"""Checks XLSX and DOCX files before anything parses them: hostile until then.

Such a file is a ZIP of XML parts. A check refuses macros, declarations of entities, and what is unbearable unpacked.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _

LARGEST_FILE = 20 * 1024 * 1024  # bytes as handed in
LARGEST_UNPACKED = 400 * 1024 * 1024  # bytes of all parts
LARGEST_PART = 24 * 1024 * 1024  # bytes of a part that is held in memory whole
MOST_PARTS = 2000
HEAD = 64 * 1024  # bytes in which an XML part's root must begin
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")

WatchPart = Callable[[zipfile.ZipInfo, IO[bytes], bytes], bool]  # (part, its stream, the head read from it)


class Unreadable(Exception):
    """Raised when a file is nothing that we read; the text tells its owner why and what to do."""


def too_large() -> Unreadable:
    """For what would be unbearable when unpacked."""
    return Unreadable(_("Tệp mở ra quá lớn. Hãy xóa các dòng, cột trống rồi lưu lại, hoặc chia nhỏ tệp."))


def check(
    file: IO[bytes],
    *,
    main: str,
    not_this: str,
    broken: str,
    watch: WatchPart | None = None,
    most: int = LARGEST_UNPACKED,
) -> None:
    """Raise Unreadable unless the archive has its main part and can be borne.

    not_this, broken: what to say when it is another kind of file, or no sound archive. watch may take a part upon
    itself (True) that need not fit into memory. most: bytes of all parts unpacked.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if main not in names:
                raise Unreadable(not_this)
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Unreadable(_("Tệp có macro. Hãy lưu lại dạng không macro (.xlsx, .docx) rồi tải lên."))
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
                raise too_large()
            for part in parts:
                _check_part(archive, part, watch)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Unreadable(broken) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, watch: WatchPart | None) -> None:
    """No declarations of types and entities, whatever the part is called: other parts say which is which."""
    named_xml = part.filename.lower().endswith((".xml", ".rels"))
    with archive.open(part) as stream:
        head = stream.read(HEAD)
        plain = head.replace(b"\x00", b"")  # UTF-16 too
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain or (named_xml and not re.search(rb"<[A-Za-z]", plain)):
            raise Unreadable(_("Tệp có nội dung lạ nên không được đọc. Hãy mở ra và lưu lại dạng .xlsx hoặc .docx."))
        if not (watch and watch(part, stream, head)) and part.file_size > LARGEST_PART:
            raise too_large()
