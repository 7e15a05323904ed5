"""The words in a GIFT file: escaped signs, marks of format, HTML as Moodle writes it."""

import html
import re

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

HELD = {sign: chr(0xE000 + place) for place, sign in enumerate("~=#{}:\\n")}  # escaped signs, out of the parser's way
GIVEN_BACK = {held: "\n" if sign == "n" else sign for sign, held in HELD.items()}
BREAK = re.compile(r"(?i)\s*(?:<br\s*/?>|</(?:p|div|li|tr|h[1-6]|pre|blockquote)>)\s*")
ENTITY = re.compile(r"&(?:\w+|#\d+|#[xX][0-9a-fA-F]+);")
MEDIA = re.compile(r"(?i)<(?:img|video|audio|object|embed|iframe|svg)\b")


class NotUnderstood(Exception):
    """Raised when a question is not written as GIFT wants it; the text tells its author what to mend."""


def held(line: str) -> str:
    """The escaped signs out of the parser's way."""
    return re.sub(r"\\([~=#{}:\\n])", lambda found: HELD[found[1]], line)


def plain(text: str) -> str:
    """What a reader sees: no mark of format, no HTML, the signs back that were escaped. Raises NotUnderstood."""
    form = re.match(r"\s*\[(\w+)\]", text)
    text = text[form.end() :] if form else text
    if form is None or form[1] in {"html", "moodle"}:
        if MEDIA.search(text):
            raise NotUnderstood(
                _(
                    "Câu này có ảnh hoặc tệp nghe nhìn, mà câu hỏi chỉ chứa chữ. "
                    "Hãy đưa chúng vào bài học, rồi xóa khỏi tệp."
                )
            )
        if (form and form[1] == "html") or BREAK.search(text):
            text = text.replace(HELD["n"], " ").replace("\n", " ")  # in HTML a line's end is but a space
        text = strip_tags(BREAK.sub("\n", text)) if "<" in text else text
        text = ENTITY.sub(lambda found: html.unescape(found[0]), given_back(text))
    return "\n".join(" ".join(line.split()) for line in given_back(text).strip().splitlines())


def given_back(text: str) -> str:
    """The signs that were held."""
    return "".join(GIVEN_BACK.get(sign, sign) for sign in text)


def escaped(text: str) -> str:
    """Plain words that no program takes for signs of GIFT."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text.strip()).replace("\n", "\\n")
