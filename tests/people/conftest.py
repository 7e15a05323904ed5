"""A small land: an old province merged into a new one, with a commune that stayed whole and one that was split."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from people.models import Unit, UnitSuccession, User

OLD, LAST, NEW = date(2004, 7, 8), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _cache_of_its_own(settings: Any) -> None:
    """Limits on tries lie in the cache: each test counts from nothing."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def unit(code: str, level: str, name: str, parent: Unit | None = None, *, ended: bool = False) -> Unit:
    """A unit of today, or one that ended on 30 June 2025."""
    return Unit.objects.create(
        code=code,
        level=level,
        name=name,
        short_name=name.split(" ", 1)[1],
        parent=parent,
        valid_from=OLD if ended else NEW,
        valid_to=LAST if ended else None,
    )


def person(name: str, **fields: object) -> User:
    """An account that signs in by its name."""
    return User.objects.create_user(username=name, password="mật khẩu dài", full_name=name.title(), **fields)


@pytest.fixture
def land(db: None) -> SimpleNamespace:
    """Yên Bái (with district Mù Cang Chải) became part of Lào Cai; La Pán Tẩn stayed whole, Cao Phạ was split."""
    lao_cai, son_la = unit("15", "province", "Tỉnh Lào Cai"), unit("14", "province", "Tỉnh Sơn La")
    pung_luong = unit("04489", "commune", "Xã Púng Luông", lao_cai)
    tu_le = unit("04636", "commune", "Xã Tú Lệ", lao_cai)
    moc_chau = unit("03979", "commune", "Xã Mộc Châu", son_la)
    yen_bai = unit("15", "province", "Tỉnh Yên Bái", ended=True)
    mu_cang_chai = unit("137", "district", "Huyện Mù Cang Chải", yen_bai, ended=True)
    la_pan_tan = unit("04483", "commune", "Xã La Pán Tẩn", mu_cang_chai, ended=True)
    cao_pha = unit("04492", "commune", "Xã Cao Phạ", mu_cang_chai, ended=True)
    for old, heirs in {
        yen_bai: [lao_cai],
        mu_cang_chai: [pung_luong, tu_le],
        la_pan_tan: [pung_luong],
        cao_pha: [pung_luong, tu_le],
    }.items():
        for heir in heirs:
            UnitSuccession.objects.create(predecessor=old, successor=heir, whole=len(heirs) == 1, document="Nghị quyết")
        old.refresh_from_db()
    return SimpleNamespace(**{name: value for name, value in locals().items() if isinstance(value, Unit)})
