"""The slides of lessons: a PDF document, its pages as pictures.

They are made when a lesson is published, by the drain and outside any transaction: reading a page writes nothing.
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.documents.models import AbstractDocument

from lms import pdf_pages
from lms.exceptions import UnreadablePdf
from lms.models import LessonPage, SlideDeck, SlidePage


def check(document: AbstractDocument) -> None:
    """Whether the document can be shown page by page. Raises UnreadablePdf."""
    if known := _made(document):
        problem = known.problem
    else:
        with TemporaryDirectory() as folder:
            reason = pdf_pages.count(_copied(document, Path(folder))).get("refused")
        problem = explained(reason) if reason else ""
    if problem:
        raise UnreadablePdf(problem)


def prepare(pages: Iterable[LessonPage]) -> None:
    """Make the pictures that are missing; of a document that is not to be read, keep why."""
    for page in pages:
        for document in documents(page):
            if _made(document) is None:
                _make(document)


def attach(page: LessonPage) -> None:
    """Give each document that is shown as slides its `deck` (None where it is not there yet), by two queries."""
    shown = documents(page)
    found: dict[int, SlideDeck] = {}
    if shown:
        rows = SlideDeck.objects.filter(document__in=[each.pk for each in shown]).prefetch_related("pages")
        found = {row.document_id: row for row in rows}
    for document in shown:
        document.deck = found.get(document.pk)


def documents(page: LessonPage) -> list[Any]:
    """The documents that a lesson shows as slides."""
    values = (block.value["document"] for block in page.body if block.block_type == "slides")
    return [document for document in values if document is not None]


def explained(reason: str) -> str:
    """What the trainer reads."""
    words = {
        "not_pdf": _("Tài liệu này không phải là PDF. Hãy lưu bài trình chiếu thành PDF rồi tải lên."),
        "locked": _("Tệp PDF có mật khẩu. Hãy lưu lại tệp không có mật khẩu rồi tải lên."),
        "empty": _("Tệp PDF không có trang nào."),
        "pages": _("Tệp PDF có hơn %(most)s trang. Hãy tách thành nhiều tệp.") % {"most": pdf_pages.MOST_PAGES},
        "size": _("Tệp PDF lớn hơn %(size)s MB. Hãy giảm cỡ ảnh trong tệp.")
        % {"size": pdf_pages.LARGEST // 1024 // 1024},
        "slow": _("Tệp PDF quá phức tạp nên không vẽ được các trang. Hãy in lại tệp thành PDF rồi tải lên."),
    }
    return words.get(reason, _("Tệp PDF bị hỏng. Hãy in lại tệp thành PDF rồi tải lên."))


def _made(document: AbstractDocument) -> SlideDeck | None:
    """The pages of this very file, or the reason why it has none."""
    return SlideDeck.objects.filter(document_id=document.pk, file_hash=document.get_file_hash()).first()


def _make(document: AbstractDocument) -> None:
    with TemporaryDirectory() as folder:
        found = pdf_pages.draw(_copied(document, Path(folder)), Path(folder))
        _store(document, found, Path(folder))


def _store(document: AbstractDocument, found: Mapping[str, Any], folder: Path) -> None:
    """The pictures first, then the rows that point to them, in one transaction."""
    problem = explained(found["refused"]) if "refused" in found else ""
    deck = SlideDeck(document=document, file_hash=document.get_file_hash(), problem=problem)
    rows = [SlidePage(deck=deck, number=number, **facts) for number, facts in enumerate(found.get("pages", ()), 1)]
    for row in rows:
        with (folder / f"{row.number}.webp").open("rb") as picture:
            row.picture.save(f"{row.number}.webp", File(picture), save=False)
    with transaction.atomic():
        SlideDeck.objects.filter(document=document).delete()
        deck.save()
        for row in rows:
            row.deck = deck
        SlidePage.objects.bulk_create(rows)


def _copied(document: AbstractDocument, folder: Path) -> Path:
    """The document as a file on this machine, wherever it is stored; no more of it than is read."""
    target = folder / "document.pdf"
    with document.file.storage.open(document.file.name, "rb") as source, target.open("wb") as copy:
        if document.file.size <= pdf_pages.LARGEST:
            shutil.copyfileobj(source, copy)
        else:
            copy.truncate(pdf_pages.LARGEST + 1)
    return target
