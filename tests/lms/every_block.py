"""A lesson with every kind of block, and the small files for it: made here, none lies in the repository."""

import math
import struct
import wave
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.pagesizes import A5, landscape
from reportlab.pdfgen import canvas

SRT = (
    "1\r\n00:00:00,500 --> 00:00:02,000\r\nXin chào bà con.\r\n\r\n"
    "2\r\n00:00:02,000 --> 00:00:03,000\r\nTa bắt đầu.\r\n"
)
TERM = {
    "key": "otp",
    "term": "Mã OTP",
    "explanation": "Mã chỉ dùng một lần, ngân hàng gửi về máy.",
    "names": {"en": "one-time password"},
}


def pdf(path: Path, pages: int = 3, words: str = "Trang so") -> Path:
    """A document of so many pages, each with words of its own."""
    drawn = canvas.Canvas(str(path), pagesize=landscape(A5))
    for number in range(1, pages + 1):
        drawn.setFont("Helvetica", 40)
        drawn.drawString(60, 200, f"{words} {number}")
        drawn.showPage()
    drawn.save()
    return path


def png(path: Path, colour: str = "#2c3180", size: tuple[int, int] = (900, 500)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def wav(path: Path, seconds: float = 2.0) -> Path:
    """A tone that browsers play."""
    rate = 8000
    frames = (int(9000 * math.sin(2 * math.pi * 440 * each / rate)) for each in range(int(rate * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", each) for each in frames))
    return path


def webm(path: Path) -> Path:
    """The head of a WebM file: enough for what looks at first bytes, nothing to play."""
    path.write_bytes(b"\x1aE\xdf\xa3" + bytes(60))
    return path


def files(folder: Path) -> Path:
    """Everything that the blocks below name."""
    pdf(folder / "chieu.pdf")
    png(folder / "anh.png")
    png(folder / "buoc.png", "#2f7a4b")
    png(folder / "bia.png", "#b3262b")
    wav(folder / "loi.wav")
    webm(folder / "phim.webm")
    (folder / "phim.srt").write_text(SRT, encoding="utf-8")
    return folder


def blocks(record: str | None = None, copy: str = "") -> list[dict[str, Any]]:
    """One of each kind; copy: what makes the words and keys of a second set differ."""
    term = TERM | {"key": f"otp{copy}", "term": f"Mã OTP{copy}"}
    other = {"key": f"sim{copy}", "term": f"Thẻ SIM{copy}", "explanation": "Thẻ nhỏ giữ số máy."}
    made: list[dict[str, Any]] = [
        {"type": "heading", "level": 2, "text": "Giữ máy"},
        {"type": "text", "html": "<p>Máy giữ nhiều thứ quý.</p>"},
        {"type": "heading", "level": 3, "text": "Giữ máy"},
        *({"type": "callout", "kind": kind, "text": f"Khung {kind}{copy}"} for kind in ("tip", "warning", "example")),
        {"type": "callout", "text": "Khóa màn hình trước đã."},
        {
            "type": "steps",
            "steps": [
                {"title": "Mở Cài đặt", "html": "<p>Hình <b>bánh răng.</b></p>"},
                {"title": "Đặt mã", "html": "<p>Sáu chữ số.</p>", "file": "buoc.png", "alt": "Màn hình đặt mã"},
            ],
        },
        {"type": "accordion", "items": [{"title": "Quên mã thì sao?", "html": "<p>Gọi con cháu giúp.</p>"}]},
        {
            "type": "table",
            "caption": "Ai gọi, ta làm gì",
            "head": "both",
            "rows": [
                ["Ai gọi", "Họ xin", "Ta làm"],
                ["“Ngân hàng”", "Mã OTP", "Cúp máy"],
                ["“Công an”", "Tiền", "Báo xã"],
            ],
        },
        {"type": "image", "file": "anh.png", "alt": "Ảnh", "caption": "Chú thích"},
        {"type": "slides", "file": "chieu.pdf", "title": "Bài trình chiếu"},
        {"type": "audio", "file": "loi.wav", "title": "Nghe bài", "transcript": "Kính chào ông, bà."},
        {
            "type": "video",
            "file": "phim.webm",
            "title": "Phim ngắn",
            "captions": [{"language": "vi", "file": "phim.srt"}],
            "poster": {"file": "bia.png", "alt": "Bìa"},
            "transcript": "Xin chào bà con.",
        },
        {"type": "glossary", "terms": [term, other]},
        {"type": "document", "file": "chieu.pdf", "title": "Bài trình chiếu"},
    ]
    return made + ([{"type": "citation", "record": record, "note": "Chương 1"}] if record else [])


def course(record: str | None = None, copies: int = 1) -> dict[str, Any]:
    """A course of one lesson with so many sets of blocks."""
    sets = [block for number in range(copies) for block in blocks(record, f" {number}" if number else "")]
    for number, block in enumerate(sets):
        for term in block.get("terms", ()):
            term["key"] = f"{term['key'].replace(' ', '-')}"
        if block["type"] in {"audio", "video"}:
            block["title"] += f" {number}"
    return {
        "key": "moi-khoi",
        "title": "Mọi kiểu khối",
        "lessons": [{"key": "bai-1", "title": "Mọi kiểu khối", "minutes": 5, "blocks": sets}],
    }
