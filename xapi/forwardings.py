"""Forwardings made, changed, paused and deleted, and what becomes of their dead letters; all of it is audited."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core import audit
from core.audit import HasUuid
from xapi import forwarding
from xapi.models import Credential, DeadLetter, Forwarding

FIELDS = ("name", "endpoint", "key", "version", "senders", "verbs", "activities", "since")


@transaction.atomic
def make(
    *, settings: Mapping[str, Any], secret: str, credentials: Iterable[Credential], by: HasUuid | None
) -> Forwarding:
    """A new one, which begins at once. settings: a value for each of FIELDS."""
    made = Forwarding(**settings)
    made.secret = secret
    forwarding.start_from(made)
    made.save()
    made.credentials.set(credentials)
    forwarding.wake(made)
    _note("create", made, by, {name: _plain(settings[name]) for name in FIELDS})
    return made


@transaction.atomic
def change(
    row: Forwarding,
    *,
    settings: Mapping[str, Any],
    secret: str,
    credentials: Iterable[Credential],
    by: HasUuid | None,
) -> None:
    """Change what differs; an empty secret stays as it is. Another beginning is gone back, or on, to."""
    row = Forwarding.objects.select_for_update().get(pk=row.pk)
    changed = [name for name in FIELDS if getattr(row, name) != settings[name]]
    detail: dict[str, Any] = {name: [_plain(getattr(row, name)), _plain(settings[name])] for name in changed}
    for name in changed:
        setattr(row, name, settings[name])
    if secret:
        row.secret = secret
        changed.append("sealed_secret")
        detail["another_secret"] = True
    if "since" in changed:
        forwarding.start_from(row)
        changed.append("cursor")
    keys = {each.key for each in credentials}
    if keys != (before := set(row.credentials.values_list("key", flat=True))):
        row.credentials.set(credentials)
        detail["credentials"] = [sorted(before), sorted(keys)]
    row.failures = 0
    row.save(update_fields=[*changed, "failures"])
    if row.enabled:
        forwarding.wake(row)
    if detail:
        _note("change", row, by, detail)


@transaction.atomic
def turn(row: Forwarding, *, on: bool, by: HasUuid | None) -> None:
    """Pause it, or let it go on where it was."""
    Forwarding.objects.filter(pk=row.pk).update(enabled=on, failures=0)
    if on:
        forwarding.wake(row)
    _note("resume" if on else "pause", row, by, {})


@transaction.atomic
def delete(row: Forwarding, *, by: HasUuid | None) -> None:
    """Forget it with its dead letters. What the receiver has, it keeps."""
    _note("delete", row, by, {"name": row.name, "endpoint": row.endpoint})
    row.delete()


@transaction.atomic
def send_again(row: Forwarding, letter: int | None, *, by: HasUuid | None) -> int:
    """Have a dead letter, by its primary key, sent once more, or all of them; returns how many."""
    count = _letters(row, letter).update(again=True)
    if count and row.enabled:
        forwarding.wake(row)
    if count:
        _note("send_again", row, by, {"statements": count})
    return count


@transaction.atomic
def forget(row: Forwarding, letter: int | None, *, by: HasUuid | None) -> int:
    """Delete a dead letter, or all of them: the statements stay here, and never go there. Returns how many."""
    count = _letters(row, letter).delete()[0]
    if count:
        _note("forget_refused", row, by, {"statements": count})
    return count


def _letters(row: Forwarding, letter: int | None) -> QuerySet[DeadLetter]:
    found = DeadLetter.objects.filter(forwarding=row)
    return found if letter is None else found.filter(pk=letter)


def _note(what: str, row: Forwarding, by: HasUuid | None, detail: dict[str, Any]) -> None:
    audit.record(by=by, action=f"xapi.forwarding.{what}", subject=f"forwarding:{row.pk}", detail=detail)


def _plain(value: Any) -> Any:
    """A value as the audit log keeps it."""
    return value if value is None or isinstance(value, str | list) else value.isoformat()
