"""Viet Nam's provinces, districts and communes, from the data files of the PyPI package vietnamadminunits.

On 1 July 2025 63 provinces became 34, the districts ended and 10,035 communes became 3,321; five island districts that
had no communes became communes too. The package's code is not imported, since it needs libraries that we do not.

Known flaw: the data takes about 28 communes for split that share their name with another commune of their new province
(Phường 4 of Mỹ Tho and of Cai Lậy). They are not settled then: their people count at the province and wait in the list.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

FIRST_DAY = date(2025, 7, 1)
LAST_OLD_DAY = date(2025, 6, 30)
# When the former units began is not in the data. The list of their codes began with Quyết định số 124/2004/QĐ-TTg on
# this day: before it no code exists, and a class of 2019 finds its commune. Units that changed between 2004 and 2025
# are here only in their last shape.
FIRST_OLD_DAY = date(2004, 7, 8)

PROVINCES_DOCUMENT = "Nghị quyết số 202/2025/QH15 ngày 12/6/2025 của Quốc hội"


class DataMissing(Exception):
    """Raised when the package with the data is not installed, or has no such files."""


@dataclass(frozen=True)
class Row:
    """One unit; `parent` is the parent's code in the same span of time."""

    code: str
    level: str
    name: str
    short_name: str
    parent: str | None


@dataclass(frozen=True)
class Step:
    """A succession: from the old unit's code to the new one's."""

    predecessor: str
    successor: str
    whole: bool
    document: str


class OfficialUnits:
    """The package's data in our shape. `old` and `new` list parents before their children."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _data_folder()

    @cached_property
    def new(self) -> list[Row]:
        """34 provinces and 3,321 communes."""
        rows = self._select("provinceCode, province, provinceShort, wardCode, ward, wardShort FROM admin_units")
        provinces = {row[0]: Row(row[0], "province", row[1], row[2], None) for row in rows}
        return [*provinces.values(), *(Row(code, "commune", name, short, p) for p, _, _, code, name, short in rows)]

    @cached_property
    def old(self) -> list[Row]:
        """63 provinces, 696 districts and 10,035 communes."""
        rows = self._select(
            "provinceCode, province, provinceShort, districtCode, district, districtShort, wardCode, ward, wardShort"
            " FROM admin_units_legacy"
        )
        provinces = {row[0]: Row(row[0], "province", row[1], row[2], None) for row in rows}
        districts = {row[3]: Row(row[3], "district", row[4], row[5], row[0]) for row in rows}
        communes = [Row(row[6], "commune", row[7], row[8], row[3]) for row in rows if row[6]]
        return [*provinces.values(), *districts.values(), *communes]

    @cached_property
    def steps(self) -> list[Step]:
        """Every succession of 1 July 2025. A district went to all the communes that its communes went to."""
        communes = list(self._communes_steps())
        above = {row.code: row.parent for row in self.old if row.level == "commune"}
        districts: dict[str, dict[str, str]] = {}
        for step in communes:
            district = above.get(step.predecessor)
            if district:
                districts.setdefault(district, {})[step.successor] = step.document
        return [
            *self._province_steps(),
            *communes,
            *(
                Step(code, heir, len(heirs) == 1, document)
                for code, heirs in districts.items()
                for heir, document in heirs.items()
            ),
        ]

    def _province_steps(self) -> Iterator[Step]:
        new = dict(self._select("provinceKey, provinceCode FROM admin_units"))
        old = dict(self._select("provinceKey, provinceCode FROM admin_units_legacy"))
        for heir, keys in self._conversion["DICT_PROVINCE"].items():
            yield from (Step(old[key], new[heir], True, PROVINCES_DOCUMENT) for key in keys)

    def _communes_steps(self) -> Iterator[Step]:
        new = {
            (row[0], row[1]): row for row in self._select("provinceKey, wardKey, wardCode, province FROM admin_units")
        }
        old = {
            f"{province}_{district}_{commune or ''}": code
            for province, district, commune, code in self._select(
                "provinceKey, districtKey, wardKey, coalesce(wardCode, districtCode) FROM admin_units_legacy"
            )
        }
        for key, province, heirs in self._conversions():
            for heir in heirs:
                _, _, code, name = new[province, heir]
                yield Step(old[key], code, len(heirs) == 1, communes_document(name))

    def _conversions(self) -> Iterator[tuple[str, str, list[str]]]:
        """(old commune's key, new province's key, keys of the communes it went to)."""
        for province, communes in self._conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for heir, keys in communes.items():
                yield from ((key, province, [heir]) for key in keys)
        for province, communes in self._conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
            for key, heirs in communes.items():
                yield key, province, list(dict.fromkeys(heir["newWardKey"] for heir in heirs))

    @cached_property
    def _conversion(self) -> dict[str, dict]:
        return json.loads((self.folder / "converter_2025.json").read_text(encoding="utf-8"))

    def _select(self, rest: str) -> list[tuple]:
        connection = sqlite3.connect(f"{(self.folder / 'dataset.db').as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return list(dict.fromkeys(connection.execute(f"SELECT {rest} ORDER BY rowid")))
        finally:
            connection.close()


def communes_document(province: str) -> str:
    """Each province had its own resolution; its number is not in the data."""
    name = province[0].lower() + province[1:]
    return f"Nghị quyết của Ủy ban Thường vụ Quốc hội về việc sắp xếp các đơn vị hành chính cấp xã của {name} năm 2025"


def _data_folder() -> Path:
    spec = find_spec("vietnamadminunits")
    folders: Iterable[str] = (spec.submodule_search_locations if spec else None) or ()
    for folder in folders:
        if (Path(folder) / "data" / "dataset.db").is_file():
            return Path(folder) / "data"
    raise DataMissing(
        "The package vietnamadminunits with its data is not installed. Install what requirements.lock lists."
    )
