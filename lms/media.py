"""Puts files that come with a course into the libraries of images, documents and media, each content once."""

from pathlib import Path
from typing import Any

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

from library import files
from library.models import RecordFile
from lms.models import LessonMedia


def image(path: Path, *, title: str) -> Any:
    """The image with this content, stored if it is new."""
    return _once(get_image_model(), path, title)


def document(path: Path, *, title: str) -> Any:
    """The document with this content, stored if it is new."""
    return _once(get_document_model(), path, title)


def player(path: Path, *, kind: str, title: str, transcript: str, poster: int | None) -> LessonMedia:
    """The recording ("audio") or film ("video") with this title and size, stored if it is new. Raises BadFile."""
    facts = {"transcript": transcript, "poster_id": poster}
    known = LessonMedia.objects.filter(title=title[:255], type=kind)
    if found := next((each for each in known if each.file.size == path.stat().st_size), None):
        LessonMedia.objects.filter(pk=found.pk).update(**facts)
        return found
    with path.open("rb") as opened:
        file = File(opened, name=path.name)
        files.check(file, use=RecordFile.Use.CONTENT)
        return LessonMedia.objects.create(title=title[:255], type=kind, file=file, **facts)


def _once(model: Any, path: Path, title: str) -> Any:
    with path.open("rb") as opened:
        digest = hash_filelike(opened)
        if known := model.objects.filter(file_hash=digest).first():
            return known
        opened.seek(0)
        size = path.stat().st_size
        return model.objects.create(
            title=title[:255], file=File(opened, name=path.name), file_size=size, file_hash=digest
        )
