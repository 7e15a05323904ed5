"""Importing a file of records, batch by batch: killed at any moment, the next run goes on where it matters."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from library import marc_files, records
from library.models import Collection
from library.reading import Read, Refused

BATCH = 400  # records in one transaction, which must stay short

OnRefused = Callable[[int, Refused], None]


def import_file(
    stream: BinaryIO,
    *,
    name: str,
    collection: Collection | None = None,
    dry_run: bool = False,
    on_refused: OnRefused = lambda position, refused: None,
    on_batch: Callable[[], None] = lambda: None,
) -> Counter[str]:
    """Import every record of a stream; name is the file's, for what is rejected. Raises NotMarc.

    Returns counts: imported, updated, unchanged, rejected, and "repaired: …" by what was repaired.
    """
    counts: Counter[str] = Counter()
    seen: dict[str, str] = {}
    for batch in _batches(_sorted_out(marc_files.read(stream), counts, on_refused, None if dry_run else name)):
        if dry_run:
            counts.update(records.preview(batch, seen=seen))
        else:
            saved = records.save_many(batch, collections=[collection] if collection else [])
            counts.update(outcome for _key, outcome in saved)
        on_batch()
    return counts


def _sorted_out(
    items: Iterable[Read | Refused], counts: Counter[str], on_refused: OnRefused, keep_as: str | None
) -> Iterator[records.Incoming]:
    """The readable records; the others are kept on the way as rejected from the file `keep_as`, if it is given."""
    for position, item in enumerate(items, start=1):
        if isinstance(item, Read):
            counts.update(f"repaired: {repair}" for repair in item.repairs)
            yield records.Incoming.of(item)
        else:
            counts["rejected"] += 1
            on_refused(position, item)
            if keep_as is not None:
                records.reject(item, file=keep_as, position=position)


def _batches(items: Iterator[records.Incoming]) -> Iterator[list[records.Incoming]]:
    while batch := list(islice(items, BATCH)):
        yield batch
