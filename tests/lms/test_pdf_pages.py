"""PDF documents as slides: what is drawn, and what is refused."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.models import Document

from lms import pdf_pages, slides
from lms.blocks import SlidesBlock
from tests.lms import every_block


def test_every_page_is_drawn_with_its_words(tmp_path: Path) -> None:
    """As WebP, 1080 pixels wide."""
    found = pdf_pages.draw(every_block.pdf(tmp_path / "a.pdf", 2), tmp_path)
    assert found == {"pages": [{"width": 1080, "height": 762, "text": f"Trang so {n}"} for n in (1, 2)]}
    with Image.open(tmp_path / "2.webp") as picture:
        assert (picture.format, picture.size) == ("WEBP", (1080, 762))


def test_a_very_tall_page_is_no_taller_than_allowed(tmp_path: Path) -> None:
    drawn = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(10, 14_000))
    drawn.showPage()
    drawn.save()
    [page] = pdf_pages.draw(tmp_path / "a.pdf", tmp_path)["pages"]
    assert (page["width"], page["height"]) == (2, 1620)


def locked(path: Path) -> None:
    drawn = canvas.Canvas(str(path), encrypt=StandardEncryption("bi-mat", canPrint=0))
    drawn.drawString(9, 9, "x")
    drawn.save()


def cut(path: Path) -> None:
    path.write_bytes(every_block.pdf(path).read_bytes()[:200])


def bomb(path: Path) -> None:
    """A page whose picture would be drawn for hours: form within form within form."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 400] /Contents 4 0 R /Resources {inner(5)} >>",
        stream("", "/F Do " * 40),
    ]
    objects += [
        stream(f"/Type /XObject /Subtype /Form /BBox [0 0 600 400] /Resources {inner(number + 1)}", "/F Do " * 40)
        for number in range(5, 14)
    ]
    objects.append(stream("/Type /XObject /Subtype /Form /BBox [0 0 600 400]", "0 0 600 400 re f " * 50))
    body = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    path.write_bytes(body + table.encode() + trailer.encode())


def inner(number: int) -> str:
    return f"<< /XObject << /F {number} 0 R >> >>"


def stream(head: str, words: str) -> str:
    return f"<< {head} /Length {len(words)} >>\nstream\n{words}\nendstream"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"<html>"), "not_pdf"),
        (lambda path: path.write_bytes(b""), "not_pdf"),
        (locked, "locked"),
        (cut, "broken"),
        (lambda path: every_block.pdf(path, pdf_pages.MOST_PAGES + 1), "pages"),
        (lambda path: path.open("wb").truncate(pdf_pages.LARGEST + 1), "size"),
    ],
)
def test_hostile_documents_are_refused(tmp_path: Path, make: object, reason: str) -> None:
    """Before anything is drawn, and in words for the trainer."""
    make(tmp_path / "a.pdf")
    assert pdf_pages.count(tmp_path / "a.pdf") == {"refused": reason}
    assert pdf_pages.draw(tmp_path / "a.pdf", tmp_path) == {"refused": reason}
    assert reason in pdf_pages.REASONS
    assert slides.explained(reason).endswith((".", "lên."))


def test_a_document_that_takes_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is killed; the site goes on."""
    monkeypatch.setattr(pdf_pages, "SECONDS", 3)
    bomb(tmp_path / "a.pdf")
    assert pdf_pages.count(tmp_path / "a.pdf") == {"pages": 1}
    assert pdf_pages.draw(tmp_path / "a.pdf", tmp_path)["refused"] in {"slow", "broken"}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_documents_are_drawn_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed anywhere: pages or a reason, never an exception."""
    raw = bytearray(every_block.pdf(tmp_path / "whole.pdf", 1).read_bytes())
    for place in data.draw(st.lists(st.integers(9, len(raw) - 1), max_size=30)):
        raw[place] = data.draw(st.integers(0, 255))
    (tmp_path / "a.pdf").write_bytes(raw)
    found = pdf_pages.draw(tmp_path / "a.pdf", tmp_path)
    assert set(found) in ({"pages"}, {"refused"})


@pytest.mark.django_db
def test_the_editor_says_why_a_document_is_no_slides() -> None:
    """At the document, in the block."""
    block = SlidesBlock()
    document = Document.objects.create(title="A", file=ContentFile(b"<html>", name="a.pdf"))
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python({"document": document.pk}))
    [error] = refused.value.block_errors["document"].messages
    assert error == "Tài liệu này không phải là PDF. Hãy lưu bài trình chiếu thành PDF rồi tải lên."
