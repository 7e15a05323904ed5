"""Captions of films: WebVTT as browsers take it, made from what trainers have (WebVTT or SRT)."""

import codecs
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lms.exceptions import InvalidCaptions

LARGEST = 1024 * 1024  # bytes; an hour of speech is about 60 KB
_TIME = r"(?:(\d{1,3}):)?(\d{2}):(\d{2})[.,](\d{3})"
_SPAN = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:[ \t]+(.*))?\s*")
_SETTING = re.compile(r"(vertical|line|position|size|align):[\w.,%-]+")


def webvtt(raw: bytes) -> str:
    """The captions as WebVTT (W3C WebVTT 1, 4.1) with their cues in order of time. Raises InvalidCaptions."""
    if len(raw) > LARGEST:
        raise InvalidCaptions(_("Tệp phụ đề lớn hơn %(size)s KB.") % {"size": LARGEST // 1024})
    try:
        text = raw.decode("utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidCaptions(_("Tệp phụ đề không phải là UTF-8. Hãy lưu lại tệp với mã UTF-8.")) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = re.sub(r"(?m)^[ \t]+$", "", text)  # a line of spaces parts two cues too
    cues = sorted(_cues(text), key=lambda cue: cue[0])
    if not cues:
        raise InvalidCaptions(_("Không thấy câu phụ đề nào. Tệp phải là WebVTT (.vtt) hoặc SRT (.srt)."))
    return "WEBVTT\n\n" + "\n".join(cue for _start, cue in cues)


def _cues(text: str) -> Iterator[tuple[int, str]]:
    """Start in milliseconds and the cue. Notes, styles and regions are left out: they are no words."""
    line = 1
    for block in re.split(r"(\n{2,})", text):
        lines = block.strip("\n").split("\n")
        place = next((number for number, each in enumerate(lines[:2]) if "-->" in each), None)
        if place is not None:
            if joined := [number for number, each in enumerate(lines) if number > place and _SPAN.fullmatch(each)]:
                message = _("Dòng %(line)s: câu phụ đề không đứng riêng một đoạn.")
                raise InvalidCaptions(message % {"line": line + joined[0]})
            yield _cue(lines[place], "\n".join(lines[place + 1 :]), line + place)
        elif "-->" in block:
            raise InvalidCaptions(_("Dòng %(line)s: câu phụ đề không đứng riêng một đoạn.") % {"line": line})
        line += block.count("\n")


def _cue(span: str, words: str, line: int) -> tuple[int, str]:
    found = _SPAN.fullmatch(span)
    if found is None:
        message = _("Dòng %(line)s: “%(text)s” không phải là thời gian như 00:00:01.000 --> 00:00:04.000.")
        raise InvalidCaptions(message % {"line": line, "text": span.strip()[:60]})
    start, end = _milliseconds(found.groups()[:4]), _milliseconds(found.groups()[4:8])
    if end <= start:
        raise InvalidCaptions(_("Dòng %(line)s: câu phụ đề kết thúc trước khi bắt đầu.") % {"line": line})
    settings = " ".join(each for each in (found[9] or "").split() if _SETTING.fullmatch(each))
    words = re.sub(r"\{\\an?\d+\}", "", words)  # {\an8}: where SRT's players put the words
    words = words.replace("-->", "→")  # 4.1: no cue's text contains the arrow
    return start, f"{_clock(start)} --> {_clock(end)}{' ' if settings else ''}{settings}\n{words}\n"


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
