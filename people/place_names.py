"""Finds provinces and communes as people write them in tables: with or without "Tỉnh", "Xã", marks and capitals."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.folding import fold
from people.exceptions import NotPossible
from people.models import Unit

_WORDS = re.compile(r"^(tinh|thanh pho|tp|xa|phuong|dac khu|thi tran|huyen|quan|thi xa)[. ]+(?=\S)")


def plain(name: str) -> str:
    """A name for comparing: that of "Xã Púng Luông" and of "púng luông" is "pung luong"."""
    return _WORDS.sub("", fold(unicodedata.normalize("NFC", name)))


@dataclass
class Places:
    """All provinces and communes, past and present, read once: some 14,000 rows of a few columns."""

    by_code: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    by_key: dict[int, Unit] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Places":
        """Two queries' worth of rows, those of today first."""
        places = cls()
        columns = ("pk", "code", "level", "name", "short_name", "parent_id", "valid_from", "valid_to", "today_id")
        units = Unit.objects.exclude(level=Unit.Level.VILLAGE).only(*columns, "settled", "path")
        for unit in units.order_by("-valid_from", "code"):
            places.by_key[unit.pk] = unit
            places.by_code[unit.code].append(unit)
            places.by_name[plain(unit.name)].append(unit)
        return places

    def province(self, text: str) -> Unit:
        """The province of today that the text means; a former one leads to its successor."""
        found = self._named(text, Unit.Level.PROVINCE)
        heirs = {unit.today_id or unit.pk for unit in found if unit.settled}
        if len(heirs) != 1:
            raise NotPossible(_("Không có tỉnh, thành phố nào tên “%(name)s”.") % {"name": text})
        return self.by_key[heirs.pop()]

    def commune(self, text: str, *, code: str = "", province: Unit | None = None) -> tuple[Unit, bool]:
        """(the commune of today, whether a former one was meant). A code wins over the name.

        Raises NotPossible when none or several are meant, or when the former one was split.
        """
        found = [unit for unit in self._coded(code) if unit.level == Unit.Level.COMMUNE] if code else []
        if code and not found:
            raise NotPossible(_("Không có xã nào mang mã %(code)s.") % {"code": code})
        if code and text:
            same = [unit for unit in found if plain(unit.name) == plain(text)]
            if not same:
                raise NotPossible(_("Mã %(code)s là của %(unit)s.") % {"code": code, "unit": found[0].name})
            found = same
        found = found or self._named(text, Unit.Level.COMMUNE)
        if province:
            found = [unit for unit in found if self._lies_in(unit, province)]
        return self._one(found, text or code)

    def _one(self, found: list[Unit], text: str) -> tuple[Unit, bool]:
        current = [unit for unit in found if unit.valid_to is None]
        if len(current) == 1:
            return current[0], False
        if len(current) > 1:
            names = "; ".join(self._with_province(unit) for unit in current[:4])
            raise NotPossible(
                _("Có nhiều xã tên “%(name)s”: %(names)s. Hãy ghi thêm tỉnh hoặc mã xã.")
                % {"name": text, "names": names}
            )
        heirs = {unit.today_id or unit.pk for unit in found}
        if len(heirs) == 1 and all(unit.settled for unit in found):
            heir = self.by_key[heirs.pop()]
            if heir.level == Unit.Level.COMMUNE:
                return heir, True
        if found:
            raise NotPossible(
                _("“%(name)s” là xã cũ đã bị chia hoặc có nhiều xã trùng tên. Hãy ghi xã hiện nay.") % {"name": text}
            )
        raise NotPossible(_("Không có xã, phường nào tên “%(name)s” trong tỉnh này.") % {"name": text})

    def _named(self, text: str, level: Any) -> list[Unit]:
        """Where several names differ by marks or by Xã and Phường alone, those written exactly so."""
        found = [unit for unit in self.by_name.get(plain(text), []) if unit.level == level]
        wanted = unicodedata.normalize("NFC", text).casefold().strip()
        exact = [unit for unit in found if unit.valid_to is None and unit.name.casefold() == wanted]
        exact = exact or [unit for unit in found if unit.valid_to is None and unit.short_name.casefold() == wanted]
        return exact or found

    def _coded(self, code: str) -> list[Unit]:
        """Excel eats zeros before a number: 4489 is 04489."""
        return self.by_code.get(code) or self.by_code.get(code.zfill(5)) or []

    def _lies_in(self, unit: Unit, province: Unit) -> bool:
        top = self.by_key[int(unit.path.split("/")[0])]
        return province.pk in {top.pk, top.today_id}

    def _with_province(self, unit: Unit) -> str:
        return f"{unit.name}, {self.by_key[int(unit.path.split('/')[0])].name}"
