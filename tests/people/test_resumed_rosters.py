"""A roster whose writing is cut off anywhere and goes on: the same people as one run makes."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import jobs, table_imports, table_rows
from core.models import Job, TableImport
from people import accounts
from people.models import User
from people.roster import RosterKind, RosterWork
from tests.people.test_import_people import SU, checked

OTHERS = [{**SU, "full_name": f"Lò Thị {sign}", "phone": ""} for sign in "ABCD"]
BARE = {**SU, "phone": ""}
NAMESAKES = [
    BARE, OTHERS[0], OTHERS[1], {**SU, "phone": "0987654321"}, OTHERS[2], {**SU, "phone": "0987654322"}, OTHERS[3],
    {**BARE, "email": "su3@example.vn"},
]  # fmt: skip
BATCHES = len(NAMESAKES) // 2


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RosterKind, "batch", 2)


def people() -> list[tuple[str, str | None, str | None]]:
    """Of each of the name: whether it has a name of the house's own, its number and its address."""
    rows = User.objects.filter(full_name="Mùa A Sử").order_by("pk")
    return [("su" if row.username else "", row.phone, row.email) for row in rows]


FOUR = [
    ("su", None, None), ("", "+84987654321", None), ("", "+84987654322", None), ("", None, "su3@example.vn"),
]  # fmt: skip


def cut_off(made: TableImport, after: int, monkeypatch: pytest.MonkeyPatch, *, kill: bool) -> None:
    """Let the job write so many batches; then its process dies in the next, or it is asked to stop."""
    write, written = RosterWork.write, []

    def writing(self: RosterWork, rows: Any) -> list[str]:
        written.append(rows)
        details = write(self, rows)
        if kill and len(written) == after + 1:
            raise SystemExit
        if not kill and len(written) == after:
            Job.objects.update(stop_requested=True)
        return details

    with monkeypatch.context() as patched:
        patched.setattr(RosterWork, "write", writing)
        if kill:
            with pytest.raises(SystemExit):
                jobs.run_all()
        else:
            jobs.run_all()
    made.refresh_from_db()
    assert made.outcomes.count() == 2 * after


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", range(BATCHES))
def test_namesakes_stay_two_people_wherever_the_worker_is_killed(
    land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    made = checked(*NAMESAKES)
    table_imports.accept(made)
    cut_off(made, after, monkeypatch, kill=True)
    assert jobs.take_over("inline") == 1
    jobs.run_all()
    made.refresh_from_db()
    assert (made.came, people()) == ({"add": 8}, FOUR)


@pytest.mark.django_db
@pytest.mark.parametrize("after", range(1, BATCHES))
def test_one_who_was_known_before_is_not_taken_for_the_namesake(
    land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Stopped and gone on with: the first row found the person by name and changed nothing, or by a number."""
    known = accounts.create(full_name="Mùa A Sử", username="su1985", unit=land.tu_le, birth_year=1985)
    made = checked(*NAMESAKES)
    assert made.found == {"same": 1, "add": 7, "warned": 3}
    table_imports.accept(made)
    cut_off(made, after, monkeypatch, kill=False)
    table_imports.go_on(made)
    jobs.run_all()
    made.refresh_from_db()
    assert (made.came, people()) == ({"same": 1, "add": 7}, FOUR)
    known.refresh_from_db()
    assert (known.phone, known.email) == (None, None)


@pytest.mark.django_db
def test_what_was_written_is_read_again_with_the_same_queries_for_each_batch(
    land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RosterKind, "batch", 40)
    made = checked(*({**SU, "full_name": f"Lò {n:c}{m:c}", "phone": ""} for n in range(65, 69) for m in range(65, 75)))
    work = RosterKind().work(made)
    rows = table_rows.rows_of(made, RosterKind(), start=0, count=40)

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            work.recall(rows[:count])
        return len(captured)

    assert queries(2) == queries(40)
