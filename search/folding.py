"""Vietnamese text made findable: one analysis for documents, queries and highlighting, the same on every engine.

Engines get words that are folded already, parted by spaces, and only split at the spaces. A field is indexed twice:
folded (duong) so that a reader without a Vietnamese keyboard finds all, and marked (đường) so that exact marks rank
higher. Names written apart, with a hyphen, an apostrophe or as one word (Ê đê, Ê-đê, Êđê) are made one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

TONES = "\u0300\u0301\u0303\u0309"  # grave, acute, tilde, hook above: they stand on top
SHAPES = "\u0302\u0306"  # circumflex, breve: they make another letter
LATIN_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f"
OTHER_MARKS = (  # vowels and marks of Thai, Lao, Khmer, Cham and Tai Viet, which Python's \w leaves out
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u17b4-\u17d3\u17dd"
    "\uaa29-\uaa36\uaa43\uaa4c\uaa4d\uaab0-\uaac1"
)
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # no spaces between words: each sign is one
LETTER_APOSTROPHES = "\u02b9\u02bb\u02bc"
JOINERS = frozenset("-\u2010\u2011'\u2018\u2019`\u00b4" + LETTER_APOSTROPHES)
INVISIBLE = str.maketrans("", "", "\u00ad\u200c\u200d\ufeff")
LETTERS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})

LONGEST_WORD = 100  # characters; more is no word of any language, and engines cut at different lengths
SHORT = 200  # characters of a value that is remembered
VALUE_END = "\x1e"  # behind each value of several that are analysed at once; becomes a gap
GAP = "|"  # stands between values, so that a phrase never reaches from one into the next

# Names that are written in one word or in two, of peoples above all: folded, with a space where they part.
WRITTEN_APART = """
ba na, b rau, bo y, cho ro, chu ru, co ho, co lao, co tu, e de, gia rai, gie trieng, h mong, h re, ha nhi, j rai,
k ho, ka tu, kho me, kho mu, la chi, la ha, la hu, lo lo, m nong, o du, pa then, phu la, pu peo, ra glai, ro mam,
s tieng, san chay, san diu, si la, ta oi, x tieng, xinh mun, xo dang, da nang, ha noi, hai phong, sai gon, viet nam
"""
NAMES = {name.replace(" ", "").strip(): name.strip().index(" ") for name in WRITTEN_APART.split(",")}

_ORDER = str.maketrans({"ă": "a~", "â": "a~~", "đ": "d~", "ê": "e~", "ô": "o~", "ơ": "o~~", "ư": "u~"})
_TONES = re.compile(f"[{TONES}\u0323]")  # with the dot below

_SIGNS = f"(?:[{HAN}]|(?:[^\\W_{HAN}{LETTER_APOSTROPHES}]++|[{LATIN_MARKS}{OTHER_MARKS}]++)++)"
_WORD = re.compile(_SIGNS)
_ASCII_LOWER = "".join(chr(c).lower() if chr(c).isalnum() else " " for c in range(128))  # for str.translate
_ASCII_VALUES = "".join(GAP if chr(c) == VALUE_END else lower for c, lower in enumerate(_ASCII_LOWER))
_ASCII_RUN = re.compile("(?<![A-Za-z0-9])[A-Za-z0-9]++(?:[-'`][A-Za-z0-9]++)++")  # words that are written in one
_TOGETHER = str.maketrans("", "", "-'`")
_FIRSTS = frozenset(name[:cut] for name, cut in NAMES.items())
_MARK = re.compile(f"[{LATIN_MARKS}]")
_LATIN_MARK = re.compile(f"[{LATIN_MARKS}]+")
_TONES_AND_SHAPES = re.compile(f"[{TONES}{SHAPES}]{{2,}}")
_MARKS_AFTER_SPACES = re.compile(f"([^\\W\\d_][{LATIN_MARKS}]*)((?:\\s+[{TONES}{SHAPES}\u031b\u0323]+)+)")


class Word(NamedTuple):
    """One word of a composed text: text[start:end], in lower case with its marks, and folded.

    glued says that it is written in one with the word before (by a hyphen, an apostrophe, or as a name in one word).
    """

    start: int
    end: int
    marked: str
    folded: str
    glued: bool = False


def compose(text: str) -> str:
    """Letters and marks put together (NFC), also where the marks stand in an order that NFC does not compose: for
    display, index and matching.

    Many old records write Vietnamese decomposed, some with the tone before the mark of shape ("Ché̂"), some with a mark
    behind the space that follows its letter ("Nha ̀xuất").
    """
    if text.isascii():
        return text
    if not _MARK.search(text):
        return unicodedata.normalize("NFC", text)
    text = _MARKS_AFTER_SPACES.sub(_marks_before_spaces, unicodedata.normalize("NFD", text))
    # Moving a mark may have put it beside others: sort them again before the tone is looked for.
    text = _TONES_AND_SHAPES.sub(_shapes_first, unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text)


def findable(text: str) -> str:
    """The same without signs that nobody sees: what engines show and find words in."""
    return compose(text if text.isprintable() else text.translate(INVISIBLE))


def _marks_before_spaces(found: re.Match[str]) -> str:
    marks, spaces = "".join(found[2].split()), "".join(filter(str.isspace, found[2]))
    return found[1] + marks + spaces


def _shapes_first(found: re.Match[str]) -> str:
    return "".join(sorted(found[0], key=TONES.__contains__))


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case without Latin marks: Đường becomes duong."""
    text = text.lower()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFD", text.translate(LETTERS))
    return unicodedata.normalize("NFC", _LATIN_MARK.sub("", text)).translate(LETTERS)


def words(text: str) -> list[Word]:
    """The words of a composed text in their order; a name written in one word comes as its parts."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        marked = match[0].lower()[:LONGEST_WORD]
        folded = fold(marked)
        if not folded:
            continue
        before = found[-1].end if found else -1
        glued = start == before + 1 and text[before] in JOINERS
        found += _parts(Word(start, end, marked, folded, glued))
    return found


def marked(value: str) -> list[str]:
    """The words of a text in lower case with their marks, by which headings are compared."""
    plain = _ascii_words(value) if value.isascii() else None
    return _analysed(value)[1] if plain is None else plain


def runs(found: Iterable[Word]) -> Iterator[list[Word]]:
    """Words that are written in one, together; a word by itself is a run of one."""
    run: list[Word] = []
    for word in found:
        if run and not word.glued:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def is_name(first: Word, second: Word) -> bool:
    """Whether two words in a row are a name that is also written in one word."""
    return NAMES.get(first.folded + second.folded) == len(first.folded)


def indexed(values: Iterable[str]) -> tuple[str, str]:
    """What an engine indexes for a field: (folded, marked), words parted by spaces.

    Behind the words of all values stand the words that are also written as one (mong → h mong hmong), where they do
    not stand in the way of phrases.
    """
    values = list(filter(None, values))
    if len(values) > 1 and (plain := _of_ascii_values(values)) is not None:
        return plain, plain
    analysed = [one for one in map(_analysed, values) if one[0]]
    joined: dict[tuple[str, str], None] = {}
    for _folded, _marked, its_joined in analysed:
        joined |= its_joined
    text = _text([one[0] for one in analysed], [one[0] for one in joined])
    if all(one[0] is one[1] for one in analysed):
        return text, text
    return text, _text([one[1] for one in analysed], [one[1] for one in joined])


def _of_ascii_values(values: list[str]) -> str | None:
    """What is indexed for values without marks, all of them at once; None where it takes more."""
    text = _without_signs("".join([f"{value} {VALUE_END} " for value in values]))
    if (
        not text.isascii()
        or text.count(VALUE_END) != len(values)
        or (analysed := _of_ascii(text, _ASCII_VALUES)) is None
    ):
        return None
    found, _same, joined = analysed
    text = " ".join(found)
    while f"{GAP} {GAP}" in text:  # behind a value without words
        text = text.replace(f"{GAP} {GAP}", GAP)
    text = text.removeprefix(GAP).removeprefix(" ")
    return " ".join([text, *(one for one, _same in joined)])


def _text(values: Iterable[list[str]], joined: list[str]) -> str:
    """Each value's words with a gap behind them, then those written as one."""
    return " ".join([word for value in values for word in (*value, GAP)] + joined)


def _analysed(value: str) -> tuple[list[str], list[str], dict[tuple[str, str], None]]:
    """The words of a value, folded and marked, and which of them are also written as one; not to be changed."""
    return (_analysed_before if len(value) <= SHORT else _analyse)(value)


def _analyse(value: str) -> tuple[list[str], list[str], dict[tuple[str, str], None]]:
    text = _without_signs(findable(value))
    if text.isascii() and (plain := _of_ascii(text)):
        return plain
    folded: list[str] = []
    marked: list[str] = []
    joined: dict[tuple[str, str], None] = {}
    for piece in text.split():
        its_folded, its_marked, its_joined = (_piece if len(piece) <= LONGEST_WORD else _long_piece)(piece)
        folded += its_folded
        marked += its_marked
        if its_joined:
            joined |= dict.fromkeys(its_joined)
    return folded, marked, joined | dict.fromkeys(_names(folded, marked))


_analysed_before = lru_cache(maxsize=4_000)(_analyse)  # a title is asked for twice, names come again


def _ascii_words(text: str, table: str = _ASCII_LOWER) -> list[str] | None:
    """The words of a text without marks, as most is in English, in lower case; None where it takes more."""
    found = text.translate(table).split()
    if not NAMES.keys().isdisjoint(found) or (len(text) > LONGEST_WORD < max(map(len, found), default=0)):
        return None
    return found


def _of_ascii(text: str, table: str = _ASCII_LOWER) -> tuple[list[str], list[str], dict[tuple[str, str], None]] | None:
    """What _analyse says of a text without marks, sooner; None where it takes more."""
    found = _ascii_words(text, table)
    if found is None:
        return None
    joined: dict[tuple[str, str], None] = {}
    for run in _ASCII_RUN.findall(text) if "-" in text or "'" in text or "`" in text else ():
        one = run.translate(_TOGETHER).lower()[:LONGEST_WORD]
        joined[one, one] = None
    if not _FIRSTS.isdisjoint(found):
        joined |= dict.fromkeys(_names(found, found))
    return found, found, joined


def _without_signs(text: str) -> str:
    """Spaces for signs that English has too, so that it is text without marks."""
    return text if text.isascii() else text.replace("–", " ").replace("·", " ").replace("©", " ")


def _long_piece(piece: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The words of a text without spaces: folded, marked, and what those written in one are together."""
    found = words(piece)
    joined = tuple(together(part) for part in runs(found) if len(part) > 1)
    return tuple(word.folded for word in found), tuple(word.marked for word in found), joined


_piece = lru_cache(maxsize=30_000)(_long_piece)


def _names(folded: list[str], marked: list[str]) -> Iterator[tuple[str, str]]:
    """Two words in a row that are a name which is also written in one word."""
    for at in [at for at, word in enumerate(folded[:-1]) if word in _FIRSTS]:
        first, second = folded[at : at + 2]
        if NAMES.get(first + second) == len(first):
            yield (first + second)[:LONGEST_WORD], "".join(marked[at : at + 2])[:LONGEST_WORD]


def together(run: Iterable[Word]) -> tuple[str, str]:
    """The words written as one: (folded, marked)."""
    run = list(run)
    folded, marked = "".join(word.folded for word in run), "".join(word.marked for word in run)
    return folded[:LONGEST_WORD], marked[:LONGEST_WORD]


def identifier(text: str) -> str:
    """An ISBN, a control number, a shelf mark as it is compared: letters and digits only, folded."""
    if text.isascii() and text.isalnum() and len(text) <= LONGEST_WORD:
        return text.lower()
    return "".join(_analysed(text)[0])


def sort_key(text: str) -> str:
    """Orders titles as a Vietnamese dictionary does: a, ă, â; d, đ; tones count only between equals."""
    text = " ".join(_analysed(text)[1])
    if text.isascii():
        return f"{text[:LONGEST_WORD]} ! {text[:LONGEST_WORD]}"
    toneless = _TONES.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", toneless).translate(_ORDER)[:LONGEST_WORD] + " ! " + text[:LONGEST_WORD]


def _parts(word: Word) -> list[Word]:
    """A name written in one word as two glued words, anything else as it is."""
    cut = NAMES.get(word.folded)
    if cut is None or len(word.marked) != len(word.folded) or word.end - word.start != len(word.folded):
        return [word]
    middle = word.start + cut
    first = word._replace(end=middle, marked=word.marked[:cut], folded=word.folded[:cut])
    return [first, Word(middle, word.end, word.marked[cut:], word.folded[cut:], glued=True)]
