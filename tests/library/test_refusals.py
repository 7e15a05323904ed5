"""Why a record was refused is told in the reader's language."""

import io

import pytest
from django.utils import translation

from library import iso2709, marc_json, marcxml, refusals
from library.reading import Refused
from tests.library.books import book

BOOK = iso2709.write(book("1"))
XML = b'<collection xmlns="http://www.loc.gov/MARC21/slim">'
DTD = b"<!DOCTYPE a [<!ENTITY b 'c'>]>"


def reason(read: object, content: bytes) -> str:
    """The reason of the last thing that could not be read."""
    found = [each for each in read(io.BytesIO(content)) if isinstance(each, Refused)]  # type: ignore[operator]
    return found[-1].reason


@pytest.mark.parametrize(
    ("read", "content", "said"),
    [
        (iso2709.read, BOOK[:200], f"Bị cắt ngang: 200 trên {len(BOOK)} byte."),
        (marc_json.read, b'[{"leader": "x', "Bị cắt ngang, hoặc dài hơn"),
        (marc_json.read, b'[{"leader": "x", "fields": [{"01": "a"}]}]', "Nhãn '01' không có ba ký tự."),
        (marcxml.read, XML + b"<record/></collection>", "Không có trường nào."),
        (marcxml.read, DTD + XML + b"<record/></collection>", "Tệp khai báo DTD, thứ mà MARCXML không dùng."),
        (
            marcxml.read,
            XML + b"\n<record></collection>",
            "Từ dòng 2, tệp không còn là XML (Opening and ending tag mismatch",
        ),
    ],
)
def test_a_reason_is_told_in_vietnamese(read: object, content: bytes, said: str) -> None:
    assert refusals.explained(reason(read, content)).startswith(said)


def test_it_is_told_in_english_too_and_what_is_not_known_stays() -> None:
    with translation.override("en"):
        assert refusals.explained(reason(iso2709.read, BOOK[:200])) == f"Cut off: 200 of {len(BOOK)} bytes."
    assert refusals.explained("something else") == "something else"
