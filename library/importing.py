"""Importing a file of records in one go, as the command does; the admin's imports are jobs (library.import_jobs)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from library import import_batches, marc_files, records
from library.models import Collection, ImportBatch
from library.reading import Read, Refused

OnRefused = Callable[[int, Refused], None]
COUNTED = {"add": "imported", "change": "updated", "same": "unchanged", "reject": "rejected"}


def import_file(
    stream: BinaryIO,
    *,
    name: str,
    collection: Collection | None = None,
    encoding: str = "",
    match_on: str = ImportBatch.MatchOn.NUMBER,
    on_match: str = ImportBatch.OnMatch.OVERLAY,
    publish: bool = True,
    on_refused: OnRefused = lambda position, refused: None,
    on_batch: Callable[[], None] = lambda: None,
) -> Counter[str]:
    """Import every record of a stream; name is the file's, for the list of imports. Raises NotMarc.

    Returns counts: imported, updated, unchanged, rejected, skip and several (see ImportedRecord), and "repaired: …" by
    what was repaired. Killed at any moment, the next run goes on where it matters.
    """
    marc_files.form_of(stream)
    batch = ImportBatch.objects.create(
        file_name=name[:255],
        state=ImportBatch.State.WRITING,
        collection=collection,
        encoding=encoding,
        match_on=match_on,
        on_match=on_match,
        publish=publish,
    )
    told: Counter[str] = Counter()
    for _done in import_batches.write(batch, stream, seen=_teller(told, on_refused)):
        on_batch()
    return told + Counter({COUNTED.get(outcome, outcome): number for outcome, number in batch.came.items()})


def look_at(
    stream: BinaryIO,
    *,
    encoding: str = "",
    on_refused: OnRefused = lambda position, refused: None,
    on_batch: Callable[[], None] = lambda: None,
) -> Counter[str]:
    """What import_file would count with the usual rule, without writing anything."""
    counts: Counter[str] = Counter()
    seen: dict[str, str] = {}
    tell = _teller(counts, on_refused)
    for batch in _batches(_readable(marc_files.read(stream, older=encoding), counts, tell), encoding):
        counts.update(records.preview(batch, seen=seen))
        on_batch()
    return counts


def _teller(counts: Counter[str], on_refused: OnRefused) -> Callable[[int, Read | Refused], None]:
    """Counts repairs and passes on what was refused."""

    def tell(position: int, item: Read | Refused) -> None:
        if isinstance(item, Read):
            counts.update(f"repaired: {repair}" for repair in item.repairs)
        else:
            on_refused(position, item)

    return tell


def _readable(
    items: Iterable[Read | Refused], counts: Counter[str], tell: Callable[[int, Read | Refused], None]
) -> Iterator[Read]:
    for position, item in enumerate(items, start=1):
        tell(position, item)
        if isinstance(item, Read):
            yield item
        else:
            counts["rejected"] += 1


def _batches(items: Iterator[Read], encoding: str) -> Iterator[list[records.Incoming]]:
    while batch := list(islice(items, import_batches.AT_ONCE)):
        yield [records.Incoming.of(item, older=encoding) for item in batch]
