"""Small files of our own, and real ones of many libraries where they lie beside the project (../shared/marc)."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pymarc
import pytest

from library import canonical, exporting, importing, iso2709, marc_files, marc_json, marcxml
from library.marc import Field, MarcRecord
from library.models import Record, RejectedRecord
from library.reading import Read
from search.folding import compose
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared" / "marc"
SAMPLES = Path(__file__).parent / "samples"
OWN = {"good": "utf8.mrc", "marc8": "marc8.mrc", "marcxml": "collection.xml", "broken": "broken.mrc"}
pytestmark = pytest.mark.django_db


def files(kind: str) -> list[Path]:
    own = [SAMPLES / OWN[kind]] if kind in OWN else []
    return own + (sorted((SHARED / kind).iterdir()) if SHARED.is_dir() else [])


def named(path: Path) -> str:
    return path.name


def import_path(path: Path) -> dict[str, int]:
    with path.open("rb") as stream:
        return importing.import_file(stream, name=path.name)


def read_all(data: bytes) -> list[MarcRecord]:
    return [item.marc for item in marc_files.read(io.BytesIO(data)) if isinstance(item, Read)]


@pytest.mark.parametrize("path", files("good") + files("lc"), ids=named)
def test_every_good_record_is_in_and_comes_out_byte_for_byte(path: Path) -> None:
    raws = [raw + b"\x1d" for raw in path.read_bytes().split(b"\x1d")[:-1]]
    raws = [raw.lstrip(b"\r\n") for raw in raws]
    counts = import_path(path)
    assert sum(counts[name] for name in ("imported", "updated", "unchanged")) == len(raws)
    assert counts["rejected"] == 0
    last = {matched(raw): raw for raw in raws}
    out = io.BytesIO()
    exporting.write_iso2709(out)
    assert sorted(raw + b"\x1d" for raw in out.getvalue().split(b"\x1d")[:-1]) == sorted(last.values())


def matched(raw: bytes) -> object:
    marc, _repairs = iso2709.parse(raw)
    number, agency = marc.control("001").strip(), marc.control("003").strip()
    return (number, agency) if number and agency else raw


@pytest.mark.parametrize("path", files("good") + files("marc8") + files("lc"), ids=named)
def test_the_fields_are_those_that_pymarc_reads(path: Path) -> None:
    ours = read_all(path.read_bytes())
    theirs = list(pymarc.MARCReader(path.read_bytes(), permissive=True, file_encoding="utf-8", hide_utf8_warnings=True))
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        if other is None or one.leader[9] == "a" != other.leader[9]:
            continue  # MARC-8 that pymarc was told, or told itself, to read as UTF-8
        assert [each.tag for each in one.fields] == [each.tag for each in other.fields]


@pytest.mark.parametrize("path", files("good") + files("marc8") + files("lc") + files("marcxml"), ids=named)
def test_out_as_marcxml_and_in_again_is_equal_field_by_field(path: Path) -> None:
    import_path(path)
    stored = [
        canonical.parse(bytes(data)) for data in Record.objects.order_by("id").values_list("canonical", flat=True)
    ]
    out = io.BytesIO()
    exporting.write(out, form="xml")
    again = read_all(out.getvalue())
    assert [fields(marc) for marc in again] == [fields(marc) for marc in stored]


@pytest.mark.parametrize("path", files("good") + files("marc8") + files("lc") + files("marcxml"), ids=named)
def test_out_as_marc_in_json_and_in_again_is_equal_field_by_field(path: Path) -> None:
    marcs = read_all(path.read_bytes())
    data = b"[" + b",".join(map(marc_json.to_json, marcs)) + b"]"
    assert [fields(marc) for marc in read_all(data)] == [fields(marc) for marc in marcs]


def fields(marc: MarcRecord) -> list[object]:
    """As MARCXML can hold them: two indicators, subfields, no character that XML forbids."""
    return [shown(each) for each in marc.fields]


def shown(each: Field) -> object:
    parts = getattr(each, "subfields", None)
    if parts is None:
        return each.tag, marcxml.FORBIDDEN.sub("\ufffd", each.content)
    texts = [marcxml.FORBIDDEN.sub("\ufffd", part.code + part.value) for part in parts]
    return each.tag, each.indicators, texts  # type: ignore[union-attr]


@pytest.mark.parametrize("path", files("good") + files("marc8") + files("lc"), ids=named)
def test_out_as_iso2709_and_in_again_is_equal_field_by_field(path: Path) -> None:
    for marc in read_all(path.read_bytes()):
        again, repairs = iso2709.parse(iso2709.write(marc))
        assert (again.fields, repairs) == (marc.fields, ())


def lines(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Leader and tags of each record that yaz-marcdump saves."""
    form = "marcxml" if path.suffix == ".xml" else "marc"
    out = subprocess.run(["yaz-marcdump", "-i", form, "-o", "line", path], capture_output=True, check=False).stdout
    for block in out.decode("utf-8", "replace").split("\n\n"):
        rows = [row for row in block.split("\n") if row and not row.startswith(("<!--", "("))]
        if rows:
            yield rows[0][:24], [row[:3] for row in rows[1:]]


def is_saved(leader: str, tags: list[str]) -> bool:
    return (
        len(leader) == 24
        and any(tag.startswith("00") for tag in tags)
        and any(tag == "245" or tag[0] == "1" for tag in tags)
    )


@pytest.mark.yaz
@pytest.mark.skipif(not shutil.which("yaz-marcdump"), reason="no yaz-marcdump (Debian: apt install yaz)")
@pytest.mark.parametrize("path", files("broken"), ids=named)
def test_at_least_as_many_broken_records_are_saved_as_yaz_saves(path: Path) -> None:
    counts = import_path(path)
    assert RejectedRecord.objects.count() == counts["rejected"]
    theirs = sum(is_saved(leader, tags) for leader, tags in lines(path))
    ours = [(marc.leader, [each.tag for each in marc.fields]) for marc in read_all(path.read_bytes())]
    assert sum(is_saved(leader, tags) for leader, tags in ours) >= theirs


def test_of_our_broken_records_all_but_the_one_cut_off_are_saved_and_said_to_be_repaired() -> None:
    path = SAMPLES / "broken.mrc"
    assert import_path(path) == {
        "imported": 4, "rejected": 1, "repaired: length": 1, "repaired: directory": 1, "repaired: bytes": 1,
    }  # fmt: skip
    titles = list(Record.objects.order_by("id").values_list("title", flat=True))
    assert titles == ["Chuyện số 0", "Chuyện số 1", "Chuy\ufffd\ufffd\ufffdn số 2", "Chuyện số 3"]
    rejected = RejectedRecord.objects.get()
    assert bytes(rejected.raw) == path.read_bytes()[-120:]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real MARC files in {SHARED}")
def test_vietnamese_is_composed_for_display() -> None:
    for marc in read_all((SHARED / "lc" / "lc_vietnamese.mrc").read_bytes()):
        for each in marc.data("100", "245", "260", "264"):
            composed = compose(each.content)
            left = {c for c in composed if "\u0300" <= c <= "\u036f"}
            assert not left, composed
