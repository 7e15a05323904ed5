"""Which characters the bytes mean."""

import pytest

from library import encoding, iso2709
from library.reading import Repair
from tests.library.books import book

ANSEL_VIET = b"\xe3Vi\xe3\xf2et"  # marks before their letters


def test_utf8_as_the_leader_says() -> None:
    assert encoding.decode("Việt".encode(), says_utf8=True) == ("Việt", True, ())


def test_plain_ascii_needs_no_leader() -> None:
    assert encoding.decode(b"Vietnam", says_utf8=False) == ("Vietnam", True, ())


def test_marc8_as_the_leader_says() -> None:
    assert encoding.decode(b"Vi\xf2\xe3et Nam", says_utf8=False) == ("Việt Nam", False, ())


def test_marc8_that_is_called_utf8() -> None:
    assert encoding.decode(b"Vi\xf2\xe3et Nam", says_utf8=True) == ("Việt Nam", False, (Repair.ENCODING,))


def test_utf8_that_is_called_marc8() -> None:
    assert encoding.decode("Việt".encode(), says_utf8=False) == ("Việt", True, (Repair.ENCODING,))


def test_bad_bytes_in_utf8_are_replaced_and_reported() -> None:
    data = "Việt Nam, Đường".encode() + b"\xff" + "lối".encode()
    assert encoding.decode(data, says_utf8=True) == ("Việt Nam, Đường\ufffdlối", True, (Repair.BYTES,))


def test_escape_sequences_are_marc8_even_without_high_bytes() -> None:
    text, utf8, _repairs = encoding.decode(b"\x1fa\x1b(N\x4d\x4f\x53\x4b\x57\x41\x1b(B", says_utf8=False)
    assert (text, utf8) == ("\x1faмосква", False)


@pytest.mark.parametrize("position", ["first", "last"])
def test_marc8_in_every_field_keeps_the_fields(position: str) -> None:
    marc = book("ns1", "Bai ca")
    raw = iso2709.write(marc).replace("Hoàng Quyết".encode(), b"Ho\xe1ang Quy\xe3\xe2et")
    start = raw.index(b"\x1e")
    parsed, repairs = iso2709.parse(raw[:9] + b" " + raw[10:start] + raw[start:].replace("ă".encode(), b"\xe6a"))
    assert parsed.first("100").first("a") == "Hoàng Quyết,"  # type: ignore[union-attr]
    assert parsed.leader[9] == "a"
    assert [each.tag for each in parsed.fields] == [each.tag for each in marc.fields], repairs


@pytest.mark.parametrize(
    ("data", "text", "repairs"),
    [
        (b"Vi\xf2\xe3et \x8fNam", "Việt \ufffdNam", (Repair.BYTES,)),  # a byte of no set
        (b"Ca phe\xe2", "Ca phé", (Repair.BYTES,)),  # a mark without its letter
        (b"\x1b$1!0!\x1b(B 1", "一 1", ()),
        (b"\x1b$1!0!, \x1b(B1", "一, 1", (Repair.BYTES,)),  # one byte where three are due
        (b"\x1b)Nab\xcd\xcf", "abмо", ()),  # Cyrillic in the upper half
        (b"\x1b(!EA\x1b(B", "ℓ", ()),
        (b"H\x1bb2\x1bsO \x1bgab\x1bs", "H₂O αβ", ()),
        (b"th\xbdng \xb3\xe1o", "thưng đò", ()),
        (b"\x1b(Zabc", "\ufffd(Zabc", (Repair.BYTES,)),  # an escape to a set that there is not
    ],
)
def test_what_marc8_cannot_say_is_seen_and_told(data: bytes, text: str, repairs: tuple[Repair, ...]) -> None:
    found = encoding.decode(b"  \x1fa" + data, says_utf8=False)
    assert (found[0], set(found[2]) - {Repair.ENCODING}) == (f"  \x1fa{text}", set(repairs))


def test_fields_of_one_record_may_be_in_two_encodings() -> None:
    utf8, marc8 = "  \x1faĐường lối dân tộc".encode(), b"  \x1faVi\xf2\xe3et Nam"
    both = "  \x1faĐường lối dân tộc\x1e  \x1faViệt Nam"
    for says_utf8 in (True, False):
        text, _utf8, repairs = encoding.decode(utf8 + b"\x1e" + marc8, says_utf8=says_utf8)
        assert (text, repairs) == (both, (Repair.ENCODING,))


def test_utf8_with_a_bad_byte_that_is_called_marc8() -> None:
    data = "Việt Nam, Đường".encode() + b"\xff" + "lối".encode()
    assert encoding.decode(data, says_utf8=False) == (
        "Việt Nam, Đường\ufffdlối",
        True,
        (Repair.BYTES, Repair.ENCODING),
    )
