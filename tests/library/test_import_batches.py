"""Imports: matching rules, what is kept of them, and taking them back."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from library import canonical, import_batches, iso2709, match_points, records
from library.marc import DataField, MarcRecord
from library.models import Collection, ImportBatch, ImportedRecord, MatchPoint, Record, RejectedRecord
from search.models import IndexQueue
from tests.library.books import book

pytestmark = pytest.mark.django_db
ISBN = DataField.of("020", "  ", [("a", "0-306-40615-2 (bìa mềm)")])
ISBN13 = DataField.of("020", "  ", [("a", "9780306406157")])


def run(*shelf: MarcRecord, junk: bytes = b"", **chosen: Any) -> ImportBatch:
    """An import of these records, written."""
    batch = ImportBatch.objects.create(file_name="a.mrc", state="writing", **chosen)
    for _done in import_batches.write(batch, io.BytesIO(b"".join(map(iso2709.write, shelf)) + junk)):
        pass
    return batch


def back(batch: ImportBatch) -> dict[str, int]:
    for _done in import_batches.take_back(batch):
        pass
    return batch.taken


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.records.values_list("outcome", flat=True))


def titles() -> list[str]:
    return list(Record.objects.filter(deleted_at=None).order_by("id").values_list("title", flat=True))


def test_each_record_of_the_file_is_accounted_for(shelve: Callable[..., Record]) -> None:
    shelve("1", "Cũ")
    same = shelve("2", "Y nguyên")
    junk = iso2709.write(book("9"))[:-60]
    batch = run(book("1", "Mới"), same.marc, book("3", "Thêm"), junk=junk)
    assert outcomes(batch) == ["change", "same", "add", "reject"]
    assert batch.came == {"change": 1, "same": 1, "add": 1, "reject": 1}
    assert (batch.state, batch.written_through) == ("done", 4)
    assert RejectedRecord.objects.get().position == 4
    assert RejectedRecord.objects.get().reason.startswith("cut off after")
    assert batch.records.last().note.startswith("Bị cắt ngang: ")  # type: ignore[union-attr]


def test_an_import_that_was_killed_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_batches, "AT_ONCE", 2)
    shelf = [book(str(number), f"Sách {number}") for number in range(5)]
    data = b"".join(map(iso2709.write, shelf))
    batch = ImportBatch.objects.create(file_name="a.mrc", state="writing", on_match="add")
    steps = import_batches.write(batch, io.BytesIO(data))
    assert [next(steps), next(steps)] == [2, 4]
    steps.close()
    again = ImportBatch.objects.get()
    assert list(import_batches.write(again, io.BytesIO(data))) == [5]
    assert titles() == [f"Sách {number}" for number in range(5)]
    assert outcomes(again) == ["add"] * 5


@pytest.mark.parametrize(
    ("on_match", "expected", "left"),
    [("overlay", ["change", "add"], ["Mới", "Khác"]), ("skip", ["skip", "add"], ["Cũ", "Khác"])],
)
@pytest.mark.parametrize(
    ("match_on", "stored", "incoming"),
    [
        ("number", {"number": "1"}, {"number": "1"}),
        ("isbn", {"number": "1", "more": (ISBN,)}, {"number": "7", "more": (ISBN13,)}),
    ],
)
def test_a_record_that_is_here_is_replaced_or_skipped(
    match_on: str,
    stored: dict[str, Any],
    incoming: dict[str, Any],
    on_match: str,
    expected: list[str],
    left: list[str],
    shelve: Callable[..., Record],
) -> None:
    shelve(title="Cũ", **stored)
    batch = run(book(title="Mới", **incoming), book("5", "Khác"), match_on=match_on, on_match=on_match)
    assert outcomes(batch) == expected
    assert titles() == left


def test_an_isbn_is_matched_whatever_parts_its_digits(shelve: Callable[..., Record]) -> None:
    spaced, dashed = ("020", "  ", [("a", "978 604 3 00000 9")]), ("020", "  ", [("a", "978–604–3–00000–9 (bìa mềm)")])
    shelve("1", "Cũ", more=(DataField.of(*spaced),))
    batch = run(book("7", "Mới", more=(DataField.of(*dashed),)), match_on="isbn", on_match="skip")
    assert outcomes(batch) == ["skip"]


def test_title_author_and_year_are_matched_with_their_marks(shelve: Callable[..., Record]) -> None:
    """Decomposed, with the tone before the circumflex, in other letters' case: the same; without marks: another."""
    shelve("1", "Truyện Tiếng Tày")
    decomposed = "TRUYE\u0323\u0302N TIE\u0301\u0302NG Tày"
    batch = run(book("2", decomposed), book("3", "Truyen Tieng Tay"), match_on="title", on_match="skip")
    assert outcomes(batch) == ["skip", "add"]
    other_year = run(book("4", "Truyện Tiếng Tày", year=1999), match_on="title", on_match="skip")
    assert outcomes(other_year) == ["add"]


def test_adding_all_the_same_stands_beside(shelve: Callable[..., Record]) -> None:
    shelve("1", "Cũ")
    assert outcomes(run(book("1", "Mới"), on_match="add")) == ["add"]
    assert titles() == ["Cũ", "Mới"]
    assert outcomes(run(book("1", "Nữa"))) == ["change"]
    assert titles() == ["Nữa", "Mới"]


def test_a_record_that_meets_several_is_left_and_says_whom(shelve: Callable[..., Record]) -> None:
    first, second = shelve("1", more=(ISBN,)), shelve("2", more=(ISBN13,))
    batch = run(book("3", more=(ISBN,)), match_on="isbn")
    assert outcomes(batch) == ["several"]
    row = batch.records.get()
    assert f"#{first.pk}, #{second.pk}" in row.note
    assert Record.objects.count() == 2


def test_records_of_one_file_meet_each_other() -> None:
    batch = run(book("1", "Một", more=(ISBN,)), book("2", "Hai", more=(ISBN13,)), match_on="isbn")
    assert outcomes(batch) == ["add", "change"]
    assert titles() == ["Hai"]
    assert back(batch) == {"removed": 1}
    assert titles() == []


def test_a_replaced_record_is_then_found_by_its_new_number(shelve: Callable[..., Record]) -> None:
    shelve("1", "Cũ", more=(ISBN,))
    run(book("7", "Mới", more=(ISBN13,)), match_on="isbn")
    assert outcomes(run(book("7", "Mới hơn", more=(ISBN13,)))) == ["change"]
    assert titles() == ["Mới hơn"]


def test_points_follow_every_change(shelve: Callable[..., Record]) -> None:
    record = shelve("1", more=(ISBN,))
    list(match_points.catch_up())
    assert MatchPoint.objects.filter(record=record).count() == 2
    records.delete(record, by=None)
    list(match_points.catch_up())
    assert MatchPoint.objects.count() == 0


def test_taking_back_removes_and_restores(shelve: Callable[..., Record]) -> None:
    shelf = Collection.objects.create(slug="tay", name="Tày")
    old, same = shelve("1", "Cũ"), shelve("2", "Y nguyên")
    raw, own = bytes(old.raw), old.match_key
    batch = run(book("1", "Mới"), same.marc, book("3", "Thêm"), collection=shelf)
    assert shelf.records.count() == 3
    IndexQueue.objects.all().delete()
    assert back(batch) == {"restored": 2, "removed": 1}
    assert titles() == ["Cũ", "Y nguyên"]
    old.refresh_from_db()
    assert (bytes(old.raw), old.match_key, canonical.parse(bytes(old.canonical))) == (raw, own, book("1", "Cũ"))
    assert set(shelf.records.values_list("title", flat=True)) == {"Thêm"}
    assert {row.key for row in IndexQueue.objects.all()} == {
        f"record:{key}" for key in Record.objects.values_list("pk", flat=True)
    }
    assert batch.state == "taken_back"
    assert back(batch) == {"restored": 2, "removed": 1}


def test_what_was_changed_since_is_left_and_said(shelve: Callable[..., Record]) -> None:
    shelve("1", "Cũ")
    batch = run(book("1", "Mới"), book("2", "Hai"))
    run(book("1", "Của người sau"))
    assert back(batch) == {"left": 1, "removed": 1}
    assert titles() == ["Của người sau"]
    assert [row.taken for row in batch.records.all()] == [ImportedRecord.Taken.LEFT, ImportedRecord.Taken.REMOVED]


def test_a_deleted_record_that_came_back_is_deleted_again(shelve: Callable[..., Record]) -> None:
    old = shelve("1", "Cũ")
    records.delete(old, by=None)
    batch = run(book("1", "Mới"))
    assert titles() == ["Mới"]
    assert back(batch) == {"restored": 1}
    assert titles() == []


def test_new_records_may_be_drafts(shelve: Callable[..., Record]) -> None:
    shelve("1", "Cũ")
    run(book("1", "Mới"), book("2", "Hai"), publish=False)
    assert list(Record.objects.order_by("id").values_list("title", "status")) == [
        ("Mới", "published"),
        ("Hai", "draft"),
    ]


def test_the_same_file_read_in_another_encoding_changes_its_records() -> None:
    raw = iso2709.write(book("1", "Viet")).replace(b"Viet", "ViÖt".encode("latin-1"))
    for encoding, outcome, title in (("", "add", None), ("tcvn3", "change", "Việt"), ("tcvn3", "same", "Việt")):
        batch = ImportBatch.objects.create(file_name="a.mrc", state="writing", encoding=encoding)
        list(import_batches.write(batch, io.BytesIO(raw)))
        assert outcomes(batch) == [outcome]
        assert title is None or titles() == [title]


def test_a_batch_takes_a_constant_number_of_queries(django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(15) as few:
        run(*[book(str(number), more=(ISBN,)) for number in range(2)])
    with django_assert_num_queries(len(few)):
        run(*[book(str(number), more=(ISBN,)) for number in range(100, 140)])
