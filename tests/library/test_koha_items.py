"""A catalogue that comes from Koha brings its copies: field 952."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from library.marc import DataField
from library.models import Copy, HoldingLibrary, Record

pytestmark = pytest.mark.django_db


def item(number: str, **more: str) -> DataField:
    parts = {"0": "0", "1": "0", "4": "0", "7": "0", "a": "TVHV", "b": "TVHV", "c": "KHO", "d": "2020-03-15"}
    parts |= {"o": "398.2 TR", "p": number, "y": "BK"} | {code.lstrip("_"): value for code, value in more.items()}
    return DataField.of("952", "  ", [(code, value) for code, value in parts.items() if value])


def run(*arguments: str) -> tuple[str, str]:
    out, wrong = StringIO(), StringIO()
    call_command("copies_from_items", *arguments, stdout=out, stderr=wrong)
    return out.getvalue().strip(), wrong.getvalue().strip()


def test_each_item_becomes_a_copy_once(shelve: Callable[..., Record]) -> None:
    HoldingLibrary.objects.create(code="TVHV", name="Thư viện Học viện Dân tộc")
    record = shelve("1", more=(item("HV001"), item("HV002", a="TVMC", z="Thiếu bìa", d="hôm qua", o="")))
    assert run() == ("made 2, there 0, left 0", "")
    first, second = Copy.objects.order_by("register_number")
    assert (first.record, first.library.name, first.call_number, first.location, first.status, first.acquired_on) == (
        record, "Thư viện Học viện Dân tộc", "398.2 TR", "KHO", "available", date(2020, 3, 15),
    )  # fmt: skip
    assert (second.library.code, second.note, second.acquired_on) == ("TVMC", "Thiếu bìa", None)
    assert run() == ("made 0, there 2, left 0", "")
    assert record.marc.data("952")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"_1": "1"}, "lost"),
        ({"_0": "1", "_1": "1"}, "withdrawn"),
        ({"_4": "1"}, "repair"),
        ({"q": "2026-12-01"}, "on_loan"),
        ({"_7": "2"}, "reading_room"),
    ],
)
def test_what_koha_says_of_an_item(shelve: Callable[..., Record], said: dict[str, str], status: str) -> None:
    shelve("1", more=(item("HV001", **said),))
    run()
    assert Copy.objects.get().status == status


def test_what_becomes_no_copy_is_told(shelve: Callable[..., Record]) -> None:
    first = shelve("1", more=(item("HV001"), item("")))
    second = shelve("2", "Truyện cổ Nùng", more=(item("HV001"), item("HV002")))
    out, wrong = run()
    assert out == "made 2, there 0, left 2"
    assert wrong.split("\n") == [
        f"record {first.pk}, –: 952 $p is missing or too long",
        f"record {second.pk}, HV001: record {first.pk} has this number",
    ]


def test_a_long_catalogue_takes_few_queries_a_record(
    shelve: Callable[..., Record], django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(5):
        shelve(str(number), f"Sách {number}", more=tuple(item(f"HV{number}{each}") for each in range(20)))
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        assert run()[0] == "made 100, there 0, left 0"
