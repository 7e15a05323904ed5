"""TCVN3, VNI, VISCII and Windows-1258: read, guessed, and never mistaken for one another."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import iso2709, marc_files, marcxml, vietnamese_encodings
from library.marc import MarcRecord
from library.reading import Read, Repair
from library.vietnamese_encodings import DECODERS, TCVN3, VISCII, VNI, WINDOWS, decode, guess, mend
from library.vietnamese_syllables import Weight, is_syllable, weigh
from tests.library.books import book

TEXT = "Truyện cổ các dân tộc thiểu số Việt Nam: Ê-đê, Mường, Cơ-ho. Đường lối quốc phòng, nghiên cứu ứng dụng, Tả Phìn"
# As programs of the time wrote it, checked with another converter.
KNOWN = {
    TCVN3: "TruyÖn cæ".encode("latin-1"),
    VNI: "Truyeän coå".encode("latin-1"),
    VISCII: b"Truy\xaen c\xb1",
    WINDOWS: b"Truy\xea\xf2n c\xf4\xd2",
}
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ ,.-0"
small = st.text(st.sampled_from(LETTERS), max_size=40)
tones = "\u0300\u0301\u0303\u0309\u0323"


def encode(text: str, encoding: str) -> bytes:
    """As a program of the time would have written it: the tables turned round."""
    if encoding == WINDOWS:
        return b"".join(_windows(letter) for letter in text)
    table = vietnamese_encodings._VNI if encoding == VNI else None
    flat = {TCVN3: vietnamese_encodings._TCVN3, VISCII: vietnamese_encodings._VISCII}.get(encoding, {})
    pairs = table or {chr(code): letter for code, letter in flat.items() if letter != "\ufffd"}
    back: dict[str, str] = {}
    for written, letter in pairs.items():
        back.setdefault(letter, written)
    return "".join(back.get(letter, letter) for letter in text).encode("latin-1")


def _windows(letter: str) -> bytes:
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in parts if mark in tones)
    rest = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
    return (rest + tone).encode("cp1258")


@pytest.mark.parametrize("encoding", DECODERS)
def test_what_programs_of_the_time_wrote_is_read(encoding: str) -> None:
    assert decode(KNOWN[encoding], encoding) == "Truyện cổ"
    assert decode(encode(TEXT, encoding), encoding) == TEXT


@pytest.mark.parametrize("encoding", DECODERS)
@given(text=small)
def test_every_letter_comes_back(encoding: str, text: str) -> None:
    read = DECODERS[encoding](encode(text, encoding).decode("latin-1"))
    assert read == text
    assert unicodedata.is_normalized("NFC", read)


@pytest.mark.parametrize("encoding", [VNI, VISCII, WINDOWS])
@given(text=small)
def test_capitals_come_back(encoding: str, text: str) -> None:
    capitals = text.upper().replace("Ỵ", "Y")  # in VISCII Ỵ is the byte that ends a field
    assert DECODERS[encoding](encode(capitals, encoding).decode("latin-1")) == capitals


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("GIáO DụC Và ĐàO TạO", "GIÁO DỤC VÀ ĐÀO TẠO"),
        ("VIệT NAM", "VIỆT NAM"),
        ("UBND tỉnh Hà Giang", "UBND tỉnh Hà Giang"),
        ("Hà Nội", "Hà Nội"),
    ],
)
def test_capitals_that_a_font_made_are_capitals(typed: str, meant: str) -> None:
    assert decode(encode(typed, TCVN3), TCVN3) == meant


@pytest.mark.parametrize("encoding", DECODERS)
def test_the_encoding_is_guessed(encoding: str) -> None:
    usual = lambda piece: piece.decode("utf-8", "replace")  # noqa: E731
    pieces = [encode(word, encoding) for word in TEXT.split()]
    found = guess(pieces, usual)
    assert found.encoding == encoding
    assert found.weight.bad == 0
    misread = [piece.decode("latin-1").encode() for piece in pieces]
    assert guess(misread, usual).encoding == encoding


def test_what_is_vietnamese_already_or_another_language_is_left() -> None:
    usual = lambda piece: piece.decode("utf-8", "replace")  # noqa: E731
    assert guess([word.encode() for word in TEXT.split()], usual).encoding == ""
    french = "Les contes et légendes de la région préférée à Genève où était très agréable"
    assert guess([french.encode()], usual).encoding == ""
    assert guess([], usual).encoding == ""


def test_utf8_within_an_old_file_stays() -> None:
    assert decode(TEXT.encode(), TCVN3) == TEXT
    assert decode("Truyện".encode(), VISCII) == "Truyện"


def test_text_of_xml_that_was_misread_is_brought_back() -> None:
    misread = encode(TEXT, TCVN3).decode("latin-1")
    assert mend(misread, TCVN3) == TEXT
    assert mend(TEXT, TCVN3) == TEXT
    assert mend("plain", VNI) == "plain"


def test_bytes_that_the_encoding_has_not_are_seen() -> None:
    assert decode(b"a\x80", VNI) == "a\ufffd"


@pytest.mark.parametrize("word", ["nghiêng", "Gì", "quyển", "ƯƠNG", "giếng", "khuỷu", "ỉa", "Đắk", "Ê", "thuở"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["ViÖt", "nghiểt", "ầà", "wế", "qể", "TÂy", "été"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_misread_words_weigh_against_the_text() -> None:
    assert weigh("Truyện cổ Tày") == Weight(3, 0)
    assert weigh("TruyÖn cæ ViÖt").bad == 3
    assert weigh("c¸c").bad == 1


OLD = book("1", TEXT)


def old_file(encoding: str) -> bytes:
    """A record whose leader says nothing of UTF-8, all its text in the old encoding."""
    raw = iso2709.write(MarcRecord(OLD.leader, OLD.fields))
    head, body = raw.split(b"\x1e", 1)
    fields = [encode(field.decode(), encoding) for field in body.rstrip(b"\x1d").split(b"\x1e")[:-1]]
    start, directory = 0, b""
    for place, field in enumerate(fields):
        directory += head[24 + 12 * place : 27 + 12 * place] + b"%04d%05d" % (len(field) + 1, start)
        start += len(field) + 1
    base = 24 + len(directory) + 1
    leader = b"%05dnam  22%05d i 4500" % (base + start + 1, base)
    return leader + directory + b"\x1e" + b"".join(field + b"\x1e" for field in fields) + b"\x1d"


@pytest.mark.parametrize("encoding", DECODERS)
def test_a_record_is_read_in_the_encoding_that_is_named(encoding: str) -> None:
    raw = old_file(encoding)
    [item] = marc_files.read(io.BytesIO(raw), older=encoding)
    assert isinstance(item, Read)
    assert item.marc.fields == OLD.fields
    assert (item.raw, item.repairs, item.marc.leader[9]) == (raw, (Repair.CONVERTED,), "a")


def test_marcxml_is_read_so_too() -> None:
    raw = old_file(TCVN3)
    marc, _repairs = iso2709.parse(raw, older=VISCII)
    assert marc.fields != OLD.fields
    fields = [type(each)(each.tag, encode(each.content, TCVN3).decode("latin-1")) for each in OLD.fields]
    xml = marcxml.OPENING + marcxml.to_xml(MarcRecord(OLD.leader, fields)) + marcxml.CLOSING
    [item] = marc_files.read(io.BytesIO(xml), older=TCVN3)
    assert isinstance(item, Read)
    assert item.marc.fields == OLD.fields
