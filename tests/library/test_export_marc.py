"""manage.py export_marc."""

import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from library import iso2709, marcxml, records
from library.marc import MarcRecord
from library.models import Collection, Record
from library.reading import Read
from tests.library.books import book
from tests.library.conftest import incoming
from tests.library.samples.make import marc8

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    """Standard error."""
    err = StringIO()
    call_command("export_marc", *map(str, arguments), stderr=err)
    return err.getvalue()


def read_xml(path: Path) -> list[MarcRecord]:
    items = list(marcxml.read(BytesIO(path.read_bytes())))
    assert all(isinstance(item, Read) for item in items)
    return [item.marc for item in items if isinstance(item, Read)]


def test_iso2709_in_utf8_comes_out_byte_for_byte(tmp_path: Path) -> None:
    raws = [iso2709.write(book(str(number), "Đường lối")) for number in range(5)]
    odd = raws[3][:20] + b"45\x02\x00" + raws[3][24:]  # a leader with control characters, otherwise sound
    lying = raws[4][:9] + b" " + raws[4][10:]  # called MARC-8, but UTF-8
    raws[3:] = [odd, lying]
    path = tmp_path / "in.mrc"
    path.write_bytes(b"".join(raws))
    call_command("import_marc", str(path), stdout=StringIO(), stderr=StringIO())
    assert run(tmp_path / "out.mrc") == "exported 5\n"
    assert (tmp_path / "out.mrc").read_bytes() == b"".join(raws)


def test_marc8_comes_out_in_utf8(tmp_path: Path) -> None:
    raw = marc8("m1", "Truyện cổ Tày - Nùng")
    marc, repairs = iso2709.parse(raw)
    records.save(marc=marc, raw=raw, repairs=repairs)
    run(tmp_path / "out.mrc")
    out = (tmp_path / "out.mrc").read_bytes()
    parsed, repairs = iso2709.parse(out)
    assert (parsed.fields, out[9:10], repairs) == (book("m1", "Truyện cổ Tày - Nùng").fields, b"a", ())


def test_a_repaired_record_comes_out_sound(tmp_path: Path) -> None:
    raw = b"09999" + iso2709.write(book())[5:]
    marc, repairs = iso2709.parse(raw)
    records.save(marc=marc, raw=raw, repairs=repairs)
    run(tmp_path / "out.mrc")
    assert (tmp_path / "out.mrc").read_bytes() == iso2709.write(book())


def test_marcxml_by_the_ending_or_the_option(tmp_path: Path) -> None:
    records.save_many([incoming(book("1")), incoming(book("2", "Ê-đê & <Gia-rai>"))])
    assert run(tmp_path / "out.xml") == "exported 2\n"
    run("--format", "xml", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "out.xml").read_bytes()
    assert [marc.fields for marc in read_xml(tmp_path / "out")] == [
        book("1").fields,
        book("2", "Ê-đê & <Gia-rai>").fields,
    ]


def test_what_is_too_long_goes_beside_it_as_marcxml(tmp_path: Path) -> None:
    long = book("2", "x" * 10_000)
    key = records.save(marc=long)[0].pk
    records.save(marc=book("1"))
    err = run(tmp_path / "out.mrc")
    assert err.splitlines() == [
        f"record {key}: field 245 has 10035 bytes, ISO 2709 holds 9999",
        f"1 records do not fit ISO 2709; they are in {tmp_path / 'out.long.xml'}",
        "exported 2",
    ]
    assert (tmp_path / "out.mrc").read_bytes() == iso2709.write(book("1"))
    assert [marc.fields for marc in read_xml(tmp_path / "out.long.xml")] == [long.fields]


def test_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Out:
        buffer = BytesIO()

    monkeypatch.setattr(sys, "stdout", Out())
    records.save(marc=book())
    assert run("-") == "exported 1\n"
    assert Out.buffer.getvalue() == iso2709.write(book())


def test_a_record_that_standard_output_cannot_hold_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Out:
        buffer = BytesIO()

    monkeypatch.setattr(sys, "stdout", Out())
    records.save(marc=book("2", "x" * 10_000))
    with pytest.raises(SystemExit) as end:
        run("-")
    assert (end.value.code, Out.buffer.getvalue()) == (1, b"")


def test_one_collection_without_what_was_deleted(tmp_path: Path) -> None:
    collection = Collection.objects.create(slug="tay", name="Tày")
    records.save_many([incoming(book("1"))])
    records.save_many([incoming(book("2")), incoming(book("3"))], collections=[collection])
    records.delete(Record.objects.get(control_number="3"), by=None)
    run("--collection", "tay", tmp_path / "out.mrc")
    assert (tmp_path / "out.mrc").read_bytes() == iso2709.write(book("2"))


@pytest.mark.parametrize(
    ("name", "message"), [("", "is a directory; name a file"), ("khong/co/out.mrc", "No such file or directory")]
)
def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CommandError) as error:
        run(tmp_path / name)
    assert str(error.value) == f"{tmp_path / name}: {message}".replace("/:", ":")


def test_a_failed_export_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from library import exporting

    def fail(*_arguments: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "out.mrc").write_bytes(b"old")
    monkeypatch.setattr(exporting, "write", fail)
    with pytest.raises(CommandError, match="No space left on device"):
        run(tmp_path / "out.mrc")
    assert [path.name for path in tmp_path.iterdir()] == ["out.mrc"]
    assert (tmp_path / "out.mrc").read_bytes() == b"old"


@pytest.mark.yaz
def test_yaz_reads_what_we_write(tmp_path: Path) -> None:
    records.save_many([incoming(book(str(number))) for number in range(3)])
    run(tmp_path / "out.xml")
    out = subprocess.run(
        ["yaz-marcdump", "-i", "marcxml", "-o", "marc", tmp_path / "out.xml"], capture_output=True, check=True
    ).stdout
    assert [iso2709.parse(part + b"\x1d")[0].fields for part in out.split(b"\x1d")[:-1]] == [
        book(str(number)).fields for number in range(3)
    ]
