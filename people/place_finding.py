"""Finds where somebody lives as lists write it: names or codes, of today or of before, with or without "Xã" and marks.

A unit of before stays what it was: where its people count today is said by people.succession, and those of a split one
wait in a list to settle. So a former commune is an answer here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from core.folding import fold
from people.models import Unit

KIND_WORDS = re.compile(
    r"^(tinh|thanh pho|tp|xa|phuong|dac khu|thi tran|huyen|quan|thi xa|thon|ban|ap|buon|lang|phum|soc|khom|xom|"
    r"to dan pho|tdp|khu pho|khu dan cu|tieu khu|plei|bon|khu|x|p|tt|tx) (?=\S)"
)
OTHER_NAMES = {"thua thien hue": "hue", "tt hue": "hue", "hcm": "ho chi minh", "tphcm": "ho chi minh"}  # of provinces
SHOWN = 5  # choices in a message


class NotFound(Exception):
    """Raised when a text means no unit or several; column says which text, the message what there is to choose."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, as far as finding needs it."""

    pk: int
    code: str
    level: str
    name: str
    parent: int | None
    ended: bool
    today: int | None
    path: str
    settled: bool

    @property
    def top(self) -> int:
        """The province."""
        return int(self.path.split("/", 1)[0])


COLUMNS = ("pk", "code", "level", "name", "parent", "valid_to", "today", "path", "settled")


def plain(name: str) -> str:
    """A whole name for comparing: "TP. Bà Rịa - Vũng Tàu" is "tp ba ria vung tau"."""
    return " ".join(re.sub(r"[.-]", " ", fold(name)).split())


def bare(name: str) -> str:
    """A name for comparing without its kind: "Xã Púng Luông" and "púng luông" are "pung luong"."""
    return KIND_WORDS.sub("", plain(name))


@dataclass
class Finder:
    """Provinces and communes of all times, read once; villages of the communes that a batch names."""

    places: dict[int, Place] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Place]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[tuple[str, str], list[Place]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls) -> "Finder":
        """One query, of some 14,000 rows."""
        finder = cls()
        for row in Unit.objects.exclude(level=Unit.Level.VILLAGE).order_by().values_list(*COLUMNS).iterator():
            place = _place(row)
            finder.places[place.pk] = place
            finder.by_name[place.level, bare(place.name)].append(place)
            finder.by_code[place.level, place.code].append(place)
        return finder

    def commune(self, province: str, commune: str, code: str = "") -> Place | None:
        """The commune, or the province where no commune is given; None where neither is. Raises NotFound.

        With a code, the name only has to fit it.
        """
        provinces = self._provinces(province) if province else []
        if not commune and not code:
            return self._narrowed(provinces, "province", province) if provinces else None
        found = self._called(Unit.Level.COMMUNE, code or commune, 5)
        if code and commune and found:
            others, found = found, [place for place in found if bare(place.name) == bare(commune)]
            if not found:
                text = _("Mã %(code)s là của %(unit)s.")
                raise NotFound("commune", text % {"code": code, "unit": others[0].name})
        commune = commune or code
        if provinces:
            found = [place for place in found if self._lies_in(place, provinces)]
        found = _most_alike(found, commune)
        if not found:
            raise NotFound("commune", self._unknown_commune(commune, provinces))
        of_before = provinces and all(place.ended for place in provinces)
        return self._narrowed(found, "commune", commune, of_before=bool(of_before))

    def of_today(self, place: Place, column: str) -> Place:
        """The place, or what it became whole where it is a former one. Raises NotFound where it was split."""
        if not place.ended:
            return place
        heir = self.places.get(place.today or 0)
        if heir is None or heir.ended or heir.level != place.level or not place.settled:
            text = _("%(unit)s là đơn vị cũ đã được chia. Hãy ghi đơn vị hiện nay.")
            raise NotFound(column, text % {"unit": place.name})
        return heir

    def villages(self, communes: Iterable[int]) -> dict[int, list[Place]]:
        """{commune: its villages of today}, in one query."""
        found: dict[int, list[Place]] = defaultdict(list)
        rows = Unit.objects.current().filter(parent__in=set(communes), level=Unit.Level.VILLAGE)
        for row in rows.order_by().values_list(*COLUMNS):
            place = _place(row)
            found[place.parent or 0].append(place)
        return found

    def village(self, text: str, commune: Place, villages: list[Place]) -> Place:
        """The village of that name or code in the commune. Raises NotFound."""
        same = [place for place in villages if place.code == text or fold(place.name) == fold(text)]
        same = same or [place for place in villages if bare(place.name) == plain(text)]  # "Bản Hồ" is Thôn Bản Hồ
        same = same or [place for place in villages if bare(place.name) == bare(text)]
        if len(same) == 1:
            return same[0]
        if same:
            names = "; ".join(f"{place.name} ({place.code})" for place in same[:SHOWN])
            raise NotFound(
                "village", _("Có nhiều thôn tên “%(name)s”: %(names)s. Hãy ghi mã.") % {"name": text, "names": names}
            )
        near = _near(text, villages)
        raise NotFound(
            "village",
            _("%(commune)s chưa có thôn, bản tên “%(name)s”.%(near)s Nếu là thôn mới, hãy thêm ở mục Địa bàn trước.")
            % {"commune": commune.name, "name": text, "near": near},
        )

    def _provinces(self, text: str) -> list[Place]:
        other = OTHER_NAMES.get(bare(text)) or OTHER_NAMES.get(plain(text)) or text
        found = _most_alike(self._called(Unit.Level.PROVINCE, other, 2), other)
        if not found:
            provinces = [place for place in self.places.values() if place.level == Unit.Level.PROVINCE]
            raise NotFound(
                "province",
                _("Không có tỉnh, thành phố nào tên “%(name)s”.%(near)s")
                % {"name": text, "near": _near(text, provinces)},
            )
        return found

    def _called(self, level: str, text: str, digits: int) -> list[Place]:
        """By code, else by name: "Buôn Ma Thuột" and "Sóc Trăng" begin with a kind of village, "Xã Tả Van" says its."""
        if text.isdecimal():
            return self.by_code.get((level, text.zfill(digits)), [])
        return self.by_name.get((level, plain(text))) or self.by_name.get((level, bare(text)), [])

    def _lies_in(self, place: Place, provinces: list[Place]) -> bool:
        """In one of the provinces, in a former one whose place one took, or in that which took the place of one."""
        tops = {place.top, self.places[place.top].today}
        return any(province.pk in tops or province.today == place.top for province in provinces)

    def _narrowed(self, found: list[Place], column: str, text: str, *, of_before: bool = False) -> Place:
        """The one that is meant: of today before former ones, unless a former province was named."""
        first, second = [[place for place in found if place.ended is ended] for ended in (of_before, not of_before)]
        left = first or second
        if len(left) == 1:
            return left[0]
        if len({place.today for place in left}) == 1 and all(place.ended for place in left):
            return left[0]  # all went to the same place
        names = "; ".join(f"{self._described(place)}" for place in left[:SHOWN])
        raise NotFound(
            column,
            _("“%(name)s” có thể là: %(names)s. Hãy ghi thêm tỉnh, hoặc ghi mã.") % {"name": text, "names": names},
        )

    def _described(self, place: Place) -> str:
        """With what it lies in, and its code."""
        above = [self.places[int(key)].name for key in reversed(place.path.split("/")[:-2])]
        return f"{', '.join([place.name, *above])} ({place.code})"

    def _unknown_commune(self, text: str, provinces: list[Place]) -> str:
        if text.isdecimal():
            return _("Không có xã, phường nào mang mã %(code)s.") % {"code": text}
        communes = [place for place in self.places.values() if place.level == Unit.Level.COMMUNE]
        if not provinces:
            return _("Không có xã, phường nào tên “%(name)s”.%(near)s") % {
                "name": text,
                "near": _near(text, communes),
            }
        near = _near(text, [place for place in communes if self._lies_in(place, provinces)])
        return _("%(province)s không có xã, phường nào tên “%(name)s”.%(near)s") % {
            "province": provinces[0].name,
            "name": text,
            "near": near,
        }


def _place(row: tuple[Any, ...]) -> Place:
    pk, code, level, name, parent, valid_to, today, path, settled = row
    return Place(pk, code, level, name, parent, valid_to is not None, today, path, settled)


def _most_alike(found: list[Place], text: str) -> list[Place]:
    """Where several names differ by marks or their first word, those written so."""
    for key in (str.casefold, fold):
        exact = [place for place in found if key(place.name) == key(text)]
        exact = exact or [place for place in found if key(_without_kind(place.name)) == key(text)]
        if exact:
            return exact
    return found


def _without_kind(name: str) -> str:
    """The name without its first word or words: "Púng Luông" of "Xã Púng Luông"."""
    return " ".join(name.split()[-len(bare(name).split()) :])


def _near(text: str, places: Iterable[Place]) -> str:
    """A sentence that says which names are near, to add to a message; empty where none is."""
    names = {bare(place.name): place.name for place in places}
    near = get_close_matches(bare(text), names, n=3, cutoff=0.75)
    return " " + _("Có phải: %(names)s?") % {"names": "; ".join(names[each] for each in near)} if near else ""
