"""The accounts of the first look: one per role, random passwords, kept in DATA_DIR for the owner only."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from people import accounts, roles, second_factor
from people.models import Audience, AudienceMembership, ManagerAssignment, Unit, User

WORDS = [
    "suoi",
    "nui",
    "nuong",
    "lua",
    "ngo",
    "che",
    "bep",
    "cau",
    "thang",
    "cot",
    "san",
    "mai",
    "ruong",
    "nep",
    "khen",
    "sao",
    "dan",
    "chieng",
    "cong",
    "vai",
    "cham",
    "thac",
    "doi",
    "rung",
]


@dataclass(frozen=True)
class StarterAccount:
    """One account to make: role, user name, name on pages, Django group names, whether it needs a second factor."""

    role: str
    username: str
    full_name: str
    roles: tuple[str, ...]
    staff: bool


ACCOUNTS = (
    StarterAccount("learner", "hocvien", "Lò Văn Thử", (roles.LEARNER,), staff=False),
    StarterAccount("trainer", "giangvien", "Nguyễn Thị Dạy", (roles.TRAINER, roles.EDITOR), staff=True),
    StarterAccount("librarian", "thuthu", "Hoàng Thị Sách", (roles.LIBRARIAN,), staff=True),
    StarterAccount("manager", "quanly", "Vàng A Quản", (roles.MANAGER,), staff=True),
    StarterAccount("admin", "quantri", "Quản trị Nhà Sàn", (roles.ADMINISTRATOR,), staff=True),
)


def path() -> Path:
    """Where the lines that `run` prints are kept."""
    return settings.DATA_DIR / "starter-accounts"


def ensure(unit: Unit) -> list[str]:
    """Make the accounts that are missing, in unit's commune and province; returns the lines `run` prints."""
    lines = _kept()
    for account in ACCOUNTS:
        if account.role in lines and User.objects.filter(username=account.username).exists():
            continue
        lines[account.role] = _make(account, unit)
        _keep(lines)
    return list(lines.values())


def _make(account: StarterAccount, unit: Unit) -> str:
    password = "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(9000) + 1000}"
    secret = base64.b32encode(secrets.token_bytes(20)).decode() if account.staff else ""
    with transaction.atomic():
        user = User.objects.filter(username=account.username).first()
        if user is None:
            user = accounts.create(
                full_name=account.full_name,
                username=account.username,
                password=password,
                roles=account.roles,
                unit=unit,
            )
        else:  # the file was lost: a new password, since the old one is known to nobody
            user.set_password(password)
            user.save(update_fields=["password"])
        if account.role == "learner":
            AudienceMembership.objects.get_or_create(
                person=user, audience=Audience.VILLAGE_HEADS, defaults={"since": "2026-01-01"}
            )
        if account.role == "manager":
            ManagerAssignment.objects.get_or_create(person=user, unit=unit.parent, defaults={"since": "2026-01-01"})
        if account.role == "admin":
            user.is_superuser = True
            user.save(update_fields=["is_superuser"])
        if secret:
            second_factor.add_totp(user, secret)
    return " ".join(filter(None, ["account:", account.role, account.username, password, secret]))


def _kept() -> dict[str, str]:
    try:
        lines = path().read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    return {line.split()[1]: line for line in lines if line.startswith("account: ")}


def _keep(lines: dict[str, str]) -> None:
    """Written beside and renamed, so that a kill leaves the old file or the new one, never half of it."""
    beside = path().with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.writelines(f"{line}\n" for line in lines.values())
    beside.replace(path())
