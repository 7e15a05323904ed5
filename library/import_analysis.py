"""What a file of records holds, before anything of it is written: format, encoding, counts, samples, problems."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from library import columns, encoding, import_batches, iso2709, marc_files, records, vietnamese_encodings
from library.marc import MarcRecord
from library.match_rules import Rule
from library.models import ImportBatch
from library.reading import Read, Refused

LOOKED_AT = 3_000  # records from which the encoding is guessed
PIECES = 5_000  # texts with more than ASCII that are weighed
SHOWN = 5  # records that are shown in each encoding
NAMED = 50  # rejected records that are named; the report of the import names all
FIRST_TEXTS = ("245", "100", "110", "260", "264", "490", "650")


def analyse(batch: ImportBatch, stream: BinaryIO) -> Iterator[int]:
    """Fill batch.found, in short steps; yields how many bytes were read. Raises NotMarc.

    found: see ImportBatch. What each rule would meet is counted against what the library has, not within the file.
    """
    form = marc_files.form_of(stream)
    sample = list(islice(marc_files.read(stream), LOOKED_AT))
    read = [item for item in sample if isinstance(item, Read)]
    guess = vietnamese_encodings.guess(islice(_pieces(read), PIECES), _usual(form))
    batch.encoding = guess.encoding
    rules = {name: Rule(name, ImportBatch.OnMatch.OVERLAY, 0) for name in ImportBatch.MatchOn.values}
    for rule in rules.values():
        for _done in rule.prepare():
            yield 0
    counts: Counter[str] = Counter()
    met = {name: Counter[str]() for name in rules}
    rejected: list[tuple[int, str]] = []
    stream.seek(0)
    items = enumerate(marc_files.read(stream, older=batch.encoding), 1)
    while some := list(islice(items, import_batches.AT_ONCE)):
        rejected += [(place, item.reason) for place, item in some if isinstance(item, Refused)][: NAMED - len(rejected)]
        good = [item for _place, item in some if isinstance(item, Read)]
        counts.update(records=len(good), rejected=len(some) - len(good))
        counts.update(f"repaired {repair}" for item in good for repair in item.repairs)
        incoming = [records.Incoming.of(item) for item in good]
        for name, rule in rules.items():
            new, matched, several = rule.count(incoming)
            met[name].update(new=new, matched=matched, several=several)
        yield stream.tell()
    batch.found = {
        "format": form,
        "records": counts["records"],
        "rejected": counts["rejected"],
        "refused": rejected,
        "repaired": {name.removeprefix("repaired "): n for name, n in counts.items() if name.startswith("repaired ")},
        "guess": guess.encoding,
        "rules": {name: dict(found) for name, found in met.items()},
        "readings": _readings(read),
    }


def _pieces(read: list[Read]) -> Iterator[bytes]:
    """The texts of the records as they came, those with more than ASCII."""
    for item in read:
        if item.raw_format == "iso2709":
            if not item.raw.isascii():
                parts = item.raw.replace(b"\\x1e", b"\\x1f").split(b"\\x1f")
                yield from (part for part in parts if not part.isascii())
        else:
            yield from (each.content.encode() for each in item.marc.fields if not each.content.isascii())


def _usual(form: str) -> Callable[[bytes], str]:
    if form == "iso2709":
        return lambda piece: encoding.decode(piece, says_utf8=False)[0]
    return lambda piece: piece.decode()


def _readings(read: list[Read]) -> dict[str, list[str]]:
    """The beginnings of a few records in the usual encodings ("") and in each older one."""
    shown = list(islice((item for item in read if _has_letters(item)), SHOWN)) or read[:SHOWN]
    return {
        older: [_beginning(_read_as(item, older)) for item in shown] for older in ("", *vietnamese_encodings.DECODERS)
    }


def _has_letters(item: Read) -> bool:
    return any(not each.content.isascii() for each in item.marc.data(*FIRST_TEXTS))


def _read_as(item: Read, older: str) -> MarcRecord:
    if not older:
        return item.marc
    if item.raw_format == "iso2709":
        return iso2709.parse(item.raw, older=older)[0]
    return item.converted(older).marc


def _beginning(marc: MarcRecord) -> str:
    described: Any = columns.derive(marc)
    published = marc.first("264", "260")
    texts = [described["title"], described["author"], columns.joined(published, "ab") if published else ""]
    return " / ".join(filter(None, texts))[:200]
