"""manage.py import_marc."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from library import iso2709, marcxml
from library.models import Collection, Record, RejectedRecord
from tests.library.books import book

pytestmark = pytest.mark.django_db
BOOKS = [book(str(number), f"Sách {number}") for number in range(450)]
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sach.mrc"
    path.write_bytes(b"".join(map(iso2709.write, BOOKS)))
    return path


def run(*arguments: object) -> tuple[str, str, int]:
    """Standard output's last line, standard error, exit code."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("import_marc", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    return out.getvalue().splitlines()[-1], err.getvalue(), code


def test_iso2709(file: Path) -> None:
    assert run(file) == ("imported 450, updated 0, unchanged 0, rejected 0", "", 0)
    assert Record.objects.count() == 450
    assert run(file) == ("imported 0, updated 0, unchanged 450, rejected 0", "", 0)


def test_marcxml_is_detected_by_content(tmp_path: Path) -> None:
    path = tmp_path / "sach.dat"
    path.write_bytes(marcxml.OPENING + b"".join(marcxml.to_xml(each) for each in BOOKS[:3]) + marcxml.CLOSING)
    assert run(path) == ("imported 3, updated 0, unchanged 0, rejected 0", "", 0)
    assert Record.objects.first().raw_format == "marcxml"  # type: ignore[union-attr]


def test_several_files_are_counted_together(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.mrc"
    other.write_bytes(iso2709.write(book("0", "Nhan đề khác")))
    assert run(file, other) == ("imported 450, updated 1, unchanged 0, rejected 0", "", 0)


def test_a_cut_file_is_told_and_its_good_records_are_in(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    last, err, code = run(file)
    size = len(iso2709.write(BOOKS[-1]))
    assert (last, code) == ("imported 449, updated 0, unchanged 0, rejected 1", 1)
    assert err == f"{file}: record 450 rejected: cut off after {size - 100} of {size} bytes\n"
    [rejected] = RejectedRecord.objects.all()
    assert (rejected.file, rejected.position, bytes(rejected.raw)) == ("sach.mrc", 450, iso2709.write(BOOKS[-1])[:-100])


def test_a_second_run_keeps_no_second_rejected_row(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    run(file)
    assert run(file)[0] == "imported 0, updated 0, unchanged 449, rejected 1"
    assert RejectedRecord.objects.count() == 1


def test_a_dry_run_counts_alike_and_changes_nothing(file: Path, tmp_path: Path) -> None:
    more = tmp_path / "b.mrc"
    more.write_bytes(iso2709.write(book("0", "Khác")) + iso2709.write(BOOKS[0]) + iso2709.write(BOOKS[0])[:-40])
    counts = "imported 1, updated 1, unchanged 0, rejected 1"
    assert run(more, "--dry-run")[0::2] == (counts, 1)
    assert (Record.objects.count(), RejectedRecord.objects.count()) == (0, 0)
    assert run(more)[0::2] == (counts, 1)


def test_a_run_that_was_killed_is_finished_by_the_next(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from library import import_batches, records

    saved, batches = records.save_many, []

    def killed(*arguments: object, **more: object) -> object:
        if batches:
            raise KeyboardInterrupt
        batches.append(1)
        return saved(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(records, "save_many", killed)
    monkeypatch.setattr(import_batches, "AT_ONCE", 400)
    with pytest.raises(SystemExit) as end:
        call_command("import_marc", str(file), stdout=StringIO(), stderr=StringIO())
    assert (end.value.code, Record.objects.count()) == (130, 400)
    monkeypatch.undo()
    assert run(file)[0] == "imported 50, updated 0, unchanged 400, rejected 0"
    assert Record.objects.count() == 450


def test_into_a_collection(file: Path) -> None:
    collection = Collection.objects.create(slug="tay-bac", name="Tây Bắc")
    run(file, "--collection", "tay-bac")
    assert collection.records.count() == 450


def test_repairs_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    path.write_bytes(b"09999" + iso2709.write(BOOKS[0])[5:] + b"08888" + iso2709.write(BOOKS[1])[5:])
    assert run(path)[:2] == ("imported 2, updated 0, unchanged 0, rejected 0", "repaired on the way: length 2\n")
    assert Record.objects.first().repairs == "length"  # type: ignore[union-attr]


def test_the_samples_are_read() -> None:
    assert run(SAMPLES / "marc8.mrc", SAMPLES / "utf8.mrc", SAMPLES / "collection.xml")[0] == (
        "imported 4, updated 1, unchanged 0, rejected 0"
    )
    titles = list(Record.objects.order_by("id").values_list("title", flat=True))
    assert titles == ["Truyện cổ Tày – Nùng", "Sử thi Đăm Săn", "Tục ngữ Thái", "Dệt thổ cẩm"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("thieu.mrc", None, "{path}: No such file or directory"),
        ("anh.jpg", b"\xff\xd8\xff\xe0" * 2000, "{path}: neither ISO 2709, nor MARCXML, nor MARC-in-JSON"),
        ("", None, "{path}: is a directory; name the files in it"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    path = tmp_path / name if name else tmp_path
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        run(path)
    assert str(error.value) == message.format(path=path)


def test_an_unknown_collection_is_one_clear_line(file: Path) -> None:
    Collection.objects.create(slug="tay", name="Tày")
    with pytest.raises(CommandError) as error:
        run(file, "--collection", "nung")
    assert str(error.value) == "There is no collection 'nung'; there are: tay"
    assert Record.objects.count() == 0


def test_nothing_is_imported_when_one_of_the_files_is_missing(file: Path) -> None:
    with pytest.raises(CommandError):
        run(file, file.with_name("khong.mrc"))
    assert Record.objects.count() == 0


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    path = tmp_path / "rong.mrc"
    path.write_bytes(b"")
    assert run(path) == ("imported 0, updated 0, unchanged 0, rejected 0", "", 0)
