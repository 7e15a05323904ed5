"""Puts files that come with a course into the image and document libraries, each content once."""

from pathlib import Path
from typing import Any

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike


def image(path: Path, *, title: str) -> Any:
    """The image with this content, stored if it is new."""
    return _once(get_image_model(), path, title)


def document(path: Path, *, title: str) -> Any:
    """The document with this content, stored if it is new."""
    return _once(get_document_model(), path, title)


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
