"""Titles and snippets with the words that matched in <mark>: from the stored text, so the same on every engine."""

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from search.folding import Word, runs, together, words
from search.matching import Wanted

SNIPPET = 240  # characters
SPANS = 500  # places that are tried as the snippet's first
LEAD = 60  # characters before the first word that matched


def whole(text: str, asked: Wanted) -> SafeString:
    """All of a short text, escaped and marked."""
    return _marked(text, 0, len(text), _spans(text, asked))


def snippet(text: str, asked: Wanted) -> SafeString:
    """The stretch of a long text in which most different words matched; its beginning where none did."""
    spans = _spans(text, asked)
    start, end = _stretch(text, spans)
    pieces = ("…" if start else "", _marked(text, start, end, spans), "…" if end < len(text) else "")
    return SafeString("".join(pieces))


def _spans(text: str, asked: Wanted) -> list[tuple[int, int, str]]:
    """Where words matched: (start, end, which), in their order."""
    singles = {unit.folded[0] for unit in asked.units if len(unit.words) == 1}
    singles |= {together(unit.words)[0] for unit in asked.units if len(unit.words) > 1}
    rows = [unit.folded for unit in asked.units if len(unit.words) > 1]
    found = words(text)
    hits: dict[int, str] = {at: word.folded for at, word in enumerate(found) if word.folded in singles}
    for row in rows:
        for at in range(len(found) - len(row) + 1):
            if found[at].folded == row[0] and tuple(word.folded for word in found[at : at + len(row)]) == row:
                hits |= dict.fromkeys(range(at, at + len(row)), " ".join(row))
    hits |= _joined(found, singles)
    return [(found[at].start, found[at].end, hits[at]) for at in sorted(hits)]


def _joined(found: Sequence[Word], singles: set[str]) -> dict[int, str]:
    """Words written in one that were asked for as one word: kbreu finds K’Brếu."""
    hits: dict[int, str] = {}
    at = 0
    for run in runs(found):
        if len(run) > 1 and (joined := together(run)[0]) in singles:
            hits |= dict.fromkeys(range(at, at + len(run)), joined)
        at += len(run)
    return hits


def _stretch(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[int, int]:
    """Start and end of the snippet, at the edges of words."""
    best, start = 0, 0
    for at, (first, _end, _which) in enumerate(spans[:SPANS]):
        different = len({which for begin, _, which in _until(spans[at : at + SNIPPET], first + SNIPPET - LEAD)})
        if different > best:
            best, start = different, first
    start = max(0, start - LEAD)
    end = min(len(text), start + SNIPPET)
    if start:
        start = text.find(" ", start, start + LEAD) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + SNIPPET // 2)
    return start, end


def _until(spans: Iterable[tuple[int, int, str]], limit: int) -> Iterable[tuple[int, int, str]]:
    for span in spans:
        if span[1] > limit:
            return
        yield span


def _marked(text: str, start: int, end: int, spans: Iterable[tuple[int, int, str]]) -> SafeString:
    """text[start:end], escaped; words that matched and have only a space between them share one <mark>."""
    merged: list[list[int]] = []
    for first, last, _which in spans:
        if first < start or last > end:
            continue
        if merged and not text[merged[-1][1] : first].strip(" -'’"):
            merged[-1][1] = last
        else:
            merged.append([first, last])
    pieces, at = [], start
    for first, last in merged:
        pieces += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    return SafeString("".join([*pieces, escape(text[at:end])]))
