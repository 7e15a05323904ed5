"""Encodings of older Vietnamese files (TCVN3, VNI, VISCII, Windows-1258), read into Unicode (NFC), and guessed.

Such bytes often went through a program that took them for Latin-1 and stored them as UTF-8 ("ViÖt Nam"); undone too.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from library.vietnamese_syllables import Weight, weigh
from search.folding import compose

TCVN3, VNI, VISCII, WINDOWS = "tcvn3", "vni", "viscii", "windows-1258"
LABELS: Final = {TCVN3: "TCVN3 (ABC)", VNI: "VNI", VISCII: "VISCII", WINDOWS: "Windows-1258"}
FEWEST = 3  # words with marks that a guess takes
SURE = 0.6  # the share of them that must be Vietnamese
UNREADABLE = "\ufffd"

_TCVN3_LETTERS = {
    0x80: "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ",
    0xA0: "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ",
    0xB0: "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ",
    0xC0: "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ",
    0xD0: "éẹềểễếệìỉỄẾỒĩíịò",
    0xE0: "Ổỏõóọồổỗốộờởỡớợù",
    0xF0: "ỖủũúụừửữứựỳỷỹýỵỐ",
}
_VISCII_LETTERS = {
    0x02: "Ẳ",
    0x05: "ẴẪ",
    0x14: "Ỷ",
    0x19: "Ỹ",  # 0x1E, Ỵ, ends a field in ISO 2709
    0x80: "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ",
    0xA0: "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ",
    0xC0: "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư",
    0xE0: "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
}
# VNI writes a letter and behind it the sign of its marks, both in the same case; some letters have one byte.
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_CIRCUMFLEX = dict(zip("âàáåãä", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
_VNI_BREVE = dict(zip("êèéúüë", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
_VNI_SINGLE = dict(zip("ñìíæóòôöî", "đìíỉĩịơưỵ", strict=True))


def _vni_table() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for letter in "aeouyôö":
        for sign, tone in _VNI_TONES.items():
            pairs[letter + sign] = _VNI_SINGLE.get(letter, letter) + tone
    for letter in "aeo":
        for sign, tone in _VNI_CIRCUMFLEX.items():
            pairs[letter + sign] = f"{letter}\u0302{tone}"
    for sign, tone in _VNI_BREVE.items():
        pairs["a" + sign] = f"a\u0306{tone}"
    table = {pair: compose(letter) for pair, letter in (pairs | _VNI_SINGLE).items()}
    table |= {pair[0].upper() + pair[1:]: letter.upper() for pair, letter in table.items()}
    return table | {pair.upper(): letter.upper() for pair, letter in table.items()}


def _flat(rows: dict[int, str]) -> dict[str, str]:
    """A table from Latin-1 characters; what it lacks above ASCII cannot be read."""
    table = dict.fromkeys(map(chr, range(0x80, 0x100)), UNREADABLE)
    return table | {chr(start + place): letter for start, row in rows.items() for place, letter in enumerate(row)}


_TCVN3 = str.maketrans(_flat(_TCVN3_LETTERS))
_VISCII = str.maketrans(_flat(_VISCII_LETTERS))
_VNI = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)) + "|[\x80-\xff]")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = re.compile("[a-z]")


def _of_tcvn3(text: str) -> str:
    return compose(_capitals(text.translate(_TCVN3)))


def _of_vni(text: str) -> str:
    return _VNI_PIECE.sub(lambda match: _VNI.get(match[0], UNREADABLE), text)


def _of_viscii(text: str) -> str:
    return text.translate(_VISCII)


def _of_windows(text: str) -> str:
    return compose(text.encode("latin-1").decode("cp1258", "replace"))


DECODERS: Final[dict[str, Callable[[str], str]]] = {
    TCVN3: _of_tcvn3,
    VNI: _of_vni,
    VISCII: _of_viscii,
    WINDOWS: _of_windows,
}


def _capitals(text: str) -> str:
    """Fonts of capitals show the small letters of TCVN3 as capitals: what is typed VIệT NAM is meant as VIỆT NAM."""
    words = list(_WORD.finditer(text))
    sure = [_in_capitals(word[0]) and sum(map(str.isupper, word[0])) > 1 for word in words]
    pieces, at = [], 0
    for place, word in enumerate(words):
        beside = [*sure[max(0, place - 1) : place], *sure[place + 1 : place + 2]]
        if sure[place] or (beside and all(beside) and _in_capitals(word[0])):
            pieces += [text[at : word.start()], word[0].upper()]
            at = word.end()
    return "".join([*pieces, text[at:]])


def _in_capitals(word: str) -> bool:
    """Whether every letter that has no mark is a capital."""
    return not _SMALL.search(word)


def decode(data: bytes, encoding: str) -> str:
    """The text of bytes that are said to be in this encoding; what cannot be read is U+FFFD.

    UTF-8 is seen where it makes more Vietnamese, since files were often put together.
    """
    readings = list(_readings(data, encoding))
    return max(readings, key=lambda text: weigh(text).balance) if len(readings) > 1 else readings[0]


def mend(text: str, encoding: str) -> str:
    """Text in which bytes of this encoding were taken for Latin-1 or Windows-1252, as in MARCXML; else as it was."""
    raw = _as_bytes(text)
    if raw is None or text.isascii():
        return text
    mended = DECODERS[encoding](raw.decode("latin-1"))
    return mended if weigh(mended).balance > weigh(text).balance else text


def of_font(text: str, encoding: str) -> str:
    """Text that a font of this encoding shows as Vietnamese (.VnTime, VNI-Times): no guess, the font is the proof.

    Text with letters that no such font has is Unicode already and stays.
    """
    raw = _as_bytes(text)
    return text if raw is None else DECODERS[encoding](raw.decode("latin-1"))


def _readings(data: bytes, encoding: str) -> Iterable[str]:
    yield DECODERS[encoding](data.decode("latin-1"))
    if not data.isascii():
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return
        yield text
        raw = _as_bytes(text)
        if raw is not None:
            yield DECODERS[encoding](raw.decode("latin-1"))


def _as_bytes(text: str) -> bytes | None:
    """What was read as Latin-1 or Windows-1252 as the bytes that it was; None where it holds more than these."""
    for codec in ("latin-1", "cp1252"):
        try:
            return text.encode(codec)
        except UnicodeEncodeError:
            continue
    return None


@dataclass(frozen=True)
class Guess:
    """An encoding and how Vietnamese the sample is in it; encoding "" says that none of the older ones fits better."""

    encoding: str
    weight: Weight


def guess(sample: Iterable[bytes], usual: Callable[[bytes], str]) -> Guess:
    """Which encoding makes the pieces most Vietnamese; `usual` reads them as UTF-8 or MARC-8."""
    pieces = [piece for piece in sample if not piece.isascii()]
    readers: dict[str, Callable[[bytes], str]] = {"": usual}
    readers |= {name: lambda piece, name=name: decode(piece, name) for name in DECODERS}  # type: ignore[misc]
    weights = {name: _sum(weigh(read(piece)) for piece in pieces) for name, read in readers.items()}
    best = max(weights, key=lambda name: weights[name].balance)
    found = weights[best]
    sure = found.good >= FEWEST and found.good >= SURE * (found.good + found.bad)
    return Guess(best, found) if sure else Guess("", weights[""])


def _sum(weights: Iterable[Weight]) -> Weight:
    total = Weight()
    for each in weights:
        total = total.plus(each)
    return total
