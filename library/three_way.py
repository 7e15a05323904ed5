"""Two people changed one record: what both did, and where they must decide. A pure function over three records."""

from typing import NamedTuple

from library import marc_lines
from library.marc import MarcRecord

STAMP = "005"  # each save sets it anew: no reason to ask anybody


class Entry(NamedTuple):
    """A field as it was, as I have it, as they have it, "" where it is not there; agreed is None to be chosen."""

    base: str
    mine: str
    theirs: str
    agreed: str | None


def merge(base: MarcRecord, mine: MarcRecord, theirs: MarcRecord) -> list[Entry]:
    """The fields in my order with theirs among them."""
    old, my, their = (_lines(each) for each in (base, mine, theirs))
    in_mine, in_theirs = _matched(old, my), _matched(old, their)
    mine_to_base = {at: index for index, at in in_mine.items()}
    entries = [_entry(old, my, their, mine_to_base.get(at), at, in_theirs) for at in range(len(my))]
    places = [mine_to_base.get(at) for at in range(len(my))]
    for index, line in enumerate(old):
        if index not in in_mine:  # I deleted it
            other = their[in_theirs[index]] if index in in_theirs else ""
            _insert(entries, places, Entry(line, "", other, "" if other in {"", line} else None), index)
    _add_theirs(entries, places, their, in_theirs)
    return entries


def settled(entries: list[Entry]) -> str | None:
    """The lines of the merged record; None where somebody must choose."""
    if any(entry.agreed is None for entry in entries):
        return None
    return "\n".join(entry.agreed for entry in entries if entry.agreed)


def _lines(marc: MarcRecord) -> list[str]:
    return marc_lines.write(marc).split("\n")


def _matched(old: list[str], new: list[str]) -> dict[int, int]:
    """Which field of `new` each of `old` became: the same line, else the next of the same tag that is left."""
    found: dict[int, int] = {}
    free = set(range(len(new)))
    for same in (lambda a, b: a == b, lambda a, b: a[:3] == b[:3]):
        for index, line in enumerate(old):
            if index in found:
                continue
            at = next((at for at in sorted(free) if same(line, new[at])), None)
            if at is not None:
                found[index] = at
                free.discard(at)
    return found


def _entry(
    old: list[str], my: list[str], their: list[str], index: int | None, at: int, in_theirs: dict[int, int]
) -> Entry:
    """What becomes of a field that I have."""
    mine = my[at]
    if index is None:
        return Entry("", mine, "", mine)
    base = old[index]
    theirs = their[in_theirs[index]] if index in in_theirs else ""
    if mine[:3] == STAMP or theirs in {base, mine}:
        return Entry(base, mine, theirs, mine)
    return Entry(base, mine, theirs, theirs if mine == base else None)


def _insert(entries: list[Entry], places: list[int | None], entry: Entry, index: int) -> None:
    """Put a field that I do not have where it stood."""
    before = [at for at, place in enumerate(places) if place is not None and place < index]
    at = before[-1] + 1 if before else 0
    entries.insert(at, entry)
    places.insert(at, index)


def _add_theirs(entries: list[Entry], places: list[int | None], their: list[str], in_theirs: dict[int, int]) -> None:
    """Put in what they added, behind the field that it follows; what both added stands once."""
    to_base = {at: index for index, at in in_theirs.items()}
    mine = [entry.mine for entry in entries if not entry.base]
    position = 0
    for at, line in enumerate(their):
        if at in to_base:
            position = places.index(to_base[at]) + 1
        elif line in mine:
            mine.remove(line)
        else:
            entries.insert(position, Entry("", "", line, line))
            places.insert(position, None)
            position += 1
