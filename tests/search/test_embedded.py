"""What can befall the embedded engine's folder."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from search.documents import Document
from search.engines.embedded import EmbeddedEngine
from search.engines.pointer import read_pointer, write_pointer
from search.exceptions import IndexBusy, IndexMissing
from search.queries import Query

DOCUMENTS = [Document("record", str(number), f"Truyện cổ {number}") for number in range(100)]


@pytest.fixture
def embedded(tmp_path: Path) -> EmbeddedEngine:
    return _filled(tmp_path / "index")


def _filled(folder: Path) -> EmbeddedEngine:
    made = EmbeddedEngine(folder)
    target = made.create()
    with made.writing(target) as writer:
        writer.write(DOCUMENTS)
    made.go_live(target)
    return made


def test_a_second_writer_is_refused_and_may_come_again(embedded: EmbeddedEngine) -> None:
    other = EmbeddedEngine(embedded.folder)
    with embedded.writing(embedded.live()), pytest.raises(IndexBusy), other.writing(other.live()):
        pass
    with other.writing(other.live()) as writer:
        writer.write([], ["record:1"])
    assert other.search(Query()).total == 99


def test_an_exception_while_writing_leaves_the_index_as_it_was(embedded: EmbeddedEngine) -> None:
    with pytest.raises(RuntimeError), embedded.writing(embedded.live()) as writer:
        writer.write([Document("record", "new", "Mới")], ["record:1"])
        raise RuntimeError
    assert embedded.search(Query()).total == 100


def test_readers_see_what_another_process_wrote_after_a_second(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = EmbeddedEngine(embedded.folder)
    clock = [100.0]
    monkeypatch.setattr("search.engines.embedded.time.monotonic", lambda: clock[0])
    assert reader.search(Query()).total == 100
    with embedded.writing(embedded.live()) as writer:
        writer.write([], ["record:1"])
    assert reader.search(Query()).total == 100
    clock[0] += 1
    assert reader.search(Query()).total == 99


def test_readers_follow_the_pointer(embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = EmbeddedEngine(embedded.folder)
    clock = [100.0]
    monkeypatch.setattr("search.engines.embedded.time.monotonic", lambda: clock[0])
    assert reader.search(Query()).total == 100
    target = embedded.create()
    embedded.go_live(target)
    embedded.clean()
    assert reader.search(Query()).total == 100  # the files that are open stay readable
    clock[0] += 1
    assert reader.search(Query()).total == 0


def test_an_index_of_other_fields_counts_as_missing(embedded: EmbeddedEngine) -> None:
    old = embedded.live().replace("v", "v0", 1)
    (embedded.folder / embedded.live()).rename(embedded.folder / old)
    write_pointer(embedded.folder, old)
    with pytest.raises(IndexMissing):
        EmbeddedEngine(embedded.folder).search(Query())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../../etc", b"v1-gone\n", b"."])
def test_a_pointer_that_makes_no_sense_counts_as_missing(embedded: EmbeddedEngine, content: bytes) -> None:
    (embedded.folder / "current").write_bytes(content)
    with pytest.raises(IndexMissing):
        EmbeddedEngine(embedded.folder).search(Query())


def test_every_damaged_file_counts_as_missing_or_does_no_harm(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    """Truncated, emptied or removed: an answer or IndexMissing, never a crash."""
    names = [path.name for path in (embedded.folder / embedded.live()).iterdir()]
    for name in names:
        for damage in ("empty", "half", "remove"):
            copy = tmp_path / f"{name}-{damage}"
            shutil.copytree(embedded.folder, copy)
            broken = copy / read_pointer(copy) / name
            content = broken.read_bytes()
            if damage == "remove":
                broken.unlink()
            else:
                broken.write_bytes(content[: len(content) // 2 * (damage == "half")])
            with suppress(IndexMissing):
                EmbeddedEngine(copy).search(Query("truyen co", facets=("kind",)))
            shutil.rmtree(copy)


def test_a_folder_that_has_gone_under_a_reader_counts_as_missing(
    embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert embedded.search(Query()).total == 100
    shutil.rmtree(embedded.folder)
    embedded.refresh()
    with pytest.raises(IndexMissing):
        embedded.search(Query())
