"""Reading ISO 2709 that is sound and that is not."""

import io
import time

import pytest

from library import iso2709
from library.exceptions import Unreadable
from library.marc import ControlField, DataField, MarcRecord
from library.reading import Read, Refused, Repair
from tests.library.books import book


def read(data: bytes) -> list[Read | Refused]:
    return list(iso2709.read(io.BytesIO(data)))


def only(data: bytes) -> Read:
    [item] = read(data)
    assert isinstance(item, Read), item
    return item


def tags(item: Read) -> list[str]:
    return [each.tag for each in item.marc.fields]


BOOK = iso2709.write(book())
BOOK_TAGS = ["001", "003", "008", "100", "245", "260", "300", "650"]


def test_a_sound_record_is_read_without_repair() -> None:
    item = only(BOOK)
    assert item.repairs == ()
    assert item.raw == BOOK
    assert item.raw_format == "iso2709"
    assert item.marc.fields == book().fields
    assert item.marc.leader == f"{len(BOOK):05}nam a2200121 i 4500"


def test_what_stands_between_records_is_left_out() -> None:
    items = read(b"\xef\xbb\xbf" + BOOK + b"\r\n" + BOOK + b"  \n\x00" + BOOK + b"\n\x1a")
    assert [item.raw for item in items] == [BOOK, BOOK, BOOK]


def test_an_empty_file_has_no_records() -> None:
    assert read(b"") == []
    assert read(b"\r\n") == []


def test_a_wrong_length_is_repaired_and_the_next_record_is_found() -> None:
    items = read(b"09999" + BOOK[5:] + BOOK)
    assert [item.repairs for item in items] == [(Repair.LENGTH,), ()]
    assert [tags(item) for item in items] == [BOOK_TAGS, BOOK_TAGS]


def test_an_end_mark_inside_a_record_does_not_cut_it_where_the_length_is_right() -> None:
    marc = book(more=(DataField.of("500", "  ", [("a", "trước\x1dsau")]),))
    data = iso2709.write(marc)
    items = read(data + BOOK)
    assert [item.raw for item in items] == [data, BOOK]
    assert items[0].marc.fields[-1].content == "  \x1fatrước\x1dsau"


def test_a_record_that_lost_its_end_mark_does_not_swallow_the_next() -> None:
    items = read(BOOK[:-1] + BOOK)
    assert [tags(item) for item in items] == [BOOK_TAGS, BOOK_TAGS]
    assert items[0].repairs == (Repair.LENGTH, Repair.END)


def test_a_record_cut_in_its_middle_is_refused_and_the_next_is_read() -> None:
    first, second = read(BOOK[:200] + BOOK)
    assert first == Refused(BOOK[:200], f"cut off after 200 of {len(BOOK)} bytes")
    assert tags(second) == BOOK_TAGS


def test_a_file_cut_in_its_last_record_gives_the_others_and_says_so() -> None:
    first, second = read(BOOK + BOOK[:-50])
    assert first.raw == BOOK
    assert second == Refused(BOOK[:-50], f"cut off after {len(BOOK) - 50} of {len(BOOK)} bytes")


def test_a_last_record_that_lacks_only_its_end_mark_is_whole() -> None:
    assert tags(only(BOOK[:-1])) == BOOK_TAGS


def test_a_directory_out_of_order_is_no_error() -> None:
    head, fields = BOOK[: BOOK.index(b"\x1e")], BOOK[BOOK.index(b"\x1e") :]
    entries = [head[at : at + 12] for at in range(24, len(head), 12)]
    item = only(head[:24] + b"".join(reversed(entries)) + fields)
    assert item.repairs == ()
    assert tags(item) == BOOK_TAGS[::-1]
    assert item.marc.fields[::-1] == book().fields


def test_a_directory_counted_in_characters_is_repaired() -> None:
    marc = book()
    lengths = [len(each.content) + 1 for each in marc.fields]
    entries = "".join(
        f"{each.tag}{length:04}{sum(lengths[:at]):05}"
        for at, (each, length) in enumerate(zip(marc.fields, lengths, strict=True))
    )
    item = only(BOOK[:24] + entries.encode() + BOOK[BOOK.index(b"\x1e") :])
    assert item.repairs == (Repair.DIRECTORY,)
    assert item.marc.fields == marc.fields


def test_a_leader_that_lost_a_character_is_found_by_the_directory() -> None:
    item = only(BOOK[:22] + BOOK[23:])
    assert Repair.DIRECTORY in item.repairs
    assert tags(item) == BOOK_TAGS
    assert len(item.marc.leader) == 24


def test_a_field_longer_than_four_digits_is_read() -> None:
    long = "x" * 12_000
    content = f"  \x1fa{long}\x1e".encode()
    leader = f"{24 + 13 + 1 + len(content) + 1:05}nam a2200038 i 4500".encode()
    item = only(leader + b"520" + f"{len(content)}00000".encode() + b"\x1e" + content + b"\x1d")
    assert item.repairs == ()
    assert item.marc.first("520").first("a") == long  # type: ignore[union-attr]


def test_an_end_mark_inside_a_field_keeps_the_text_with_the_field() -> None:
    data = BOOK.replace("Văn hóa dân tộc".encode(), "Văn hóa\x1edân tộc".encode())
    assert len(data) == len(BOOK)
    item = only(data)
    assert item.repairs == (Repair.DIRECTORY,)
    assert item.marc.first("260").content == "  \x1faHà Nội :\x1fbVăn hóa dân tộc,\x1fc1974."  # type: ignore[union-attr]
    assert tags(item) == BOOK_TAGS


@pytest.mark.parametrize("data", [b"00026     2200025   4500\x1e\x1d", b"12345\x1d", b"\x1e" * 30 + b"\x1d"])
def test_bytes_without_leader_or_fields_are_refused(data: bytes) -> None:
    [item] = read(data)
    assert isinstance(item, Refused)
    with pytest.raises(Unreadable):
        iso2709.parse(data)


def test_local_tags_of_letters_are_fields() -> None:
    fields = [ControlField("FMT", "BK"), DataField.of("LKR", "  ", [("a", "UP")])]
    marc = book()
    marc.fields += fields
    assert only(iso2709.write(marc)).marc.fields[-2:] == fields


@pytest.mark.parametrize(
    ("tag", "mended"), [(b'<&"', "XXX"), (b"a<b", "aXb"), (b"\xe2\x82\xac", "XXX"), (b"24 ", "24X")]
)
def test_a_tag_of_other_characters_is_mended(tag: bytes, mended: str) -> None:
    data = BOOK[:24] + tag + BOOK[27:]
    item = only(data)
    assert tags(item) == [mended, *BOOK_TAGS[1:]]
    assert (item.raw, item.repairs) == (data, (Repair.FIELD,))


def test_a_leader_and_tags_are_written_in_ascii_with_right_lengths() -> None:
    marc = MarcRecord("00000nam a22ế0000ếi 4500", [DataField.of("24ế", "10", [("a", "Ê-đê")])])
    assert (
        iso2709.write(marc) == ("00050nam a2200037 i 4500" + "24X001200000" + "\x1e" + "10\x1faÊ-đê\x1e\x1d").encode()
    )


def test_a_long_row_of_digits_is_looked_through_once() -> None:
    head = b"\xff" * 30 + b"1" * 1_200_000
    before = time.process_time()
    marc, _repairs = iso2709.parse(head + b"\x1ex\x1e\x1d")
    assert (marc.leader[:9], [(each.tag, each.content) for each in marc.fields]) == (" " * 9, [("111", "x")])
    assert time.process_time() - before < 2
