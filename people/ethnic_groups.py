"""The 54 ethnic groups of the state list, found by any of their names.

Codes and order are those of the list of Quyết định số 121-TCTK/PPCĐ ngày 02/3/1979; names are spelt as today's
statistics write them. Later tables of results are sorted by population and number the groups otherwise: such numbers
are no codes of this list.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.folding import fold

FILE = Path(__file__).with_name("ethnic_groups.csv")
KINH = "01"


@dataclass(frozen=True)
class EthnicGroup:
    """A group with its code of two digits, its name, and the names that its branches and neighbours use."""

    code: str
    name: str
    other_names: tuple[str, ...] = ()

    @property
    def is_minority(self) -> bool:
        """Every group but the Kinh."""
        return self.code != KINH


@cache
def groups() -> dict[str, EthnicGroup]:
    """All groups by code, in the list's order."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        row["code"]: EthnicGroup(row["code"], row["name"], tuple(filter(None, row["other_names"].split(";"))))
        for row in rows
    }


def choices() -> list[tuple[str, str]]:
    """Code and name, for forms."""
    return [(group.code, group.name) for group in groups().values()]


def name_of(code: str) -> str:
    """The group's name; empty for no group."""
    return groups()[code].name if code in groups() else ""


def candidates(text: str) -> list[EthnicGroup]:
    """The groups that a text may mean: one where it is clear, several that share a name, none where it is unknown.

    A name with its marks goes before one without, a group's own name before its branches' and neighbours' names.
    """
    bare = re.sub(r"^\s*(dân tộc|người)\s+", "", unicodedata.normalize("NFC", text), flags=re.IGNORECASE).strip()
    if re.fullmatch(r"\d{1,2}", bare):
        return [groups()[bare.zfill(2)]] if bare.zfill(2) in groups() else []
    for table, key in zip(_tables(), (_marked(bare), _marked(bare), _plain(bare), _plain(bare)), strict=True):
        if found := table.get(key):
            return [groups()[code] for code in found]
    outside = re.sub(r"\([^()]*\)", " ", bare).strip()  # "Kinh (Việt)"
    return candidates(outside) if outside not in {"", bare} else []


def find(text: str) -> EthnicGroup | None:
    """The group that the text means, with or without marks; None where that is unknown or not clear."""
    found = candidates(text)
    return found[0] if len(found) == 1 else None


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], ...]:
    """{name: codes}: own names and other names with marks, then both without."""
    own = [(group.name, group.code) for group in groups().values()]
    other = [(name, group.code) for group in groups().values() for name in group.other_names]
    marked = (_table((_marked(name), code) for name, code in names) for names in (own, other))
    plain = (_table((_plain(name), code) for name, code in names) for names in (own, other))
    return (*marked, *plain)


def _table(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, code in pairs:
        if code not in found.setdefault(key, []):
            found[key].append(code)
    return {key: tuple(codes) for key, codes in found.items()}


def _marked(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", name).lower())


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))
