"""A lesson that asks every kind of question, and a right and a wrong answer to each as a browser sends it."""

import re
from collections.abc import Iterable
from typing import Any

OPTIONS = [
    {"key": "a", "text": "123456", "right": False, "why": "Ai cũng thử trước."},
    {"key": "b", "text": "Số tự nghĩ ra", "right": True, "why": "Khó đoán nhất."},
    {"key": "c", "text": "Năm sinh", "right": False, "why": "Người quen biết cả."},
]
QUESTIONS: list[dict[str, Any]] = [
    {"kind": "single", "text": "Mã nào khó đoán?", "options": OPTIONS, "hint": "Người khác không biết được."},
    {
        "kind": "multiple",
        "text": "Mất máy thì làm gì?",
        "options": [
            {"key": "a", "text": "Khóa sim", "right": True, "why": "Chặn mã OTP."},
            {"key": "b", "text": "Chờ vài ngày", "right": False, "why": "Chậm là mất tiền."},
            {"key": "c", "text": "Khóa tài khoản", "right": True, "why": "Giữ được tiền."},
        ],
        "partial": True,
    },
    {
        "kind": "true_false",
        "text": "Ngân hàng có thể hỏi mã OTP qua điện thoại.",
        "right": "false",
        "why": "Không bao giờ.",
    },
    {
        "kind": "matching",
        "text": "Nhạc cụ nào của dân tộc nào?",
        "pairs": [
            {"key": "a", "left": "Mông", "right": "khèn"},
            {"key": "b", "left": "Chăm", "right": "trống ghi-năng"},
            {"key": "c", "left": "Tày", "right": "đàn tính"},
        ],
        "others": ["đàn bầu"],
    },
    {
        "kind": "ordering",
        "text": "Bán một món hàng trên mạng gồm các bước nào?",
        "steps": ["Chụp ảnh nơi đủ sáng", "Ghi giá và nơi giao", "Đăng lên", "Trả lời người hỏi mua"],
    },
    {
        "kind": "fill_in",
        "text": "Tỉnh Hòa Bình nay thuộc tỉnh nào?",
        "accepted": [{"text": "Phú Thọ", "share": 100, "why": ""}],
    },
    {
        "kind": "number",
        "text": "Bán 12 kg miến, mỗi kg 45 000 đồng. Được bao nhiêu nghìn đồng?",
        "number": "540",
        "tolerance": "0",
        "unit": "nghìn đồng",
        "why": "12 × 45 = 540.",
    },
    {"kind": "scale", "text": "Bài học này dễ hiểu đến đâu?", "steps": 5, "low": "Rất khó", "high": "Rất dễ"},
    {"kind": "written", "text": "Ông, bà sẽ dạy lại điều gì cho gia đình?", "model": "Không đưa mã OTP cho ai."},
    {"kind": "upload", "text": "Chụp ảnh một sản phẩm của gia đình.", "kinds": ["picture"]},
]
LESSON = {
    "key": "du-loai",
    "title": "Đủ loại câu hỏi",
    "minutes": 20,
    "blocks": [{"type": "question", "key": each["kind"].replace("_", "-"), **each} for each in QUESTIONS],
}
RIGHT: dict[str, dict[str, Any]] = {
    "single": {"option": "b"},
    "multiple": {"option": ["a", "c"]},
    "true_false": {"option": "false"},
    "matching": {"left-a": "a", "left-b": "b", "left-c": "c"},
    "ordering": {"place-1": "1", "place-2": "2", "place-3": "3", "place-4": "4"},
    "fill_in": {"text": "phú thọ"},
    "number": {"text": "540,0"},
}
WRONG: dict[str, dict[str, Any]] = {
    "single": {"option": "a"},
    "multiple": {"option": ["b"]},
    "true_false": {"option": "true"},
    "matching": {"left-a": "b", "left-b": "a", "left-c": "1"},
    "ordering": {"place-1": "2", "place-2": "1", "place-3": "4", "place-4": "3"},
    "fill_in": {"text": "Lào Cai"},
    "number": {"text": "54"},
}
OPEN: dict[str, dict[str, Any]] = {"scale": {"option": "4"}, "written": {"text": "Không đưa mã cho ai."}}


def told(page: str, secrets: Iterable[str]) -> list[str]:
    """The secrets that stand in a page, whose random marks (UUIDs, tokens against forged forms) may hold any digits."""
    plain = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9A-Za-z]{64}\b", "", page)
    return [secret for secret in secrets if secret in plain]
