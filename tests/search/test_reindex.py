"""manage.py reindex."""

import pytest
from django.core.management import CommandError, call_command

from search import queue
from search.engines import engine
from search.engines.base import Engine
from search.exceptions import EngineUnavailable
from search.models import IndexQueue, Rebuild
from tests.search.conftest import Shelf, found

pytestmark = pytest.mark.django_db


def test_all_of_it(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reindex")
    assert capsys.readouterr().out.splitlines()[-1] == "indexed 6 documents"
    assert len(found()) == 6


def test_one_kind_only(own: Engine, shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """Changes of other kinds stay as they were; what the index has and should not goes."""
    shelf.take("record:1")
    shelf.rename("record:2", "Người Chăm")
    shelf.rename("course:so", "Người Chăm")
    before = own.live()
    call_command("reindex", kind="record")
    assert capsys.readouterr().out.splitlines()[-1] == "indexed 4 of kind record again"
    assert found("cham") == ["record:2"]
    assert found("nung") == []
    assert len(found()) == 5
    assert own.live() == before
    assert IndexQueue.objects.count() == 0


def test_one_kind_without_an_index_builds_all(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reindex", kind="record")
    assert capsys.readouterr().out.splitlines()[-1] == "indexed 6 documents"


def test_an_unknown_kind_is_refused_with_those_there_are(shelf: Shelf) -> None:
    with pytest.raises(CommandError, match="No kind is called books"):
        call_command("reindex", kind="books")


def test_documents_that_fail_are_counted(own: Engine, shelf: Shelf) -> None:
    shelf.rename("record:2", None)  # type: ignore[arg-type]
    with pytest.raises(CommandError, match="1 of 4 could not be indexed"):
        call_command("reindex", kind="record")
    assert IndexQueue.objects.get().key == "record:2"


def test_a_second_one_is_refused_while_one_runs(own: Engine) -> None:
    Rebuild.objects.create(host="other", pid=1, heartbeat=queue.rebuild.timezone.now())
    with pytest.raises(CommandError, match="A rebuild is running since"):
        call_command("reindex")


def test_an_engine_that_is_away_is_said_in_one_line(own: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise EngineUnavailable("does not answer")

    for name in ("create", "check", "writing"):
        monkeypatch.setattr(engine(), name, away)
    with pytest.raises(CommandError, match="does not answer"):
        call_command("reindex")
    with pytest.raises(CommandError, match="does not answer"):
        call_command("reindex", kind="record")
    assert Rebuild.objects.count() == 0
