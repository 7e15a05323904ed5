"""Which statements a forwarding takes: by verb, by who sent them, by activity."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from xapi.insertion import in_chunks
from xapi.models import Credential, Forwarding, Statement

COLUMNS = ("id", "statement_id", "verb", "credential_id", "voids")  # what is looked at before the body


class Selection:
    """The filter of one forwarding, read once for a step."""

    def __init__(self, forwarding: Forwarding) -> None:
        self._verbs = frozenset(forwarding.verbs)
        self._senders = _senders(forwarding)
        self._exact = frozenset(iri for iri in forwarding.activities if not iri.endswith("*"))
        self._beginnings = tuple(iri[:-1] for iri in forwarding.activities if iri.endswith("*"))

    def wanted(self, rows: Sequence[Statement]) -> list[Statement]:
        """Those of the rows, which have COLUMNS, that are to be sent: with their bodies, in their order.

        A voiding statement goes where the statement goes that it voids, whoever said it and of whatever verb that is.
        """
        voided = self._voided(row.voids for row in rows if row.voids)
        taken = [row for row in rows if (voided.get(row.voids, self._sent(row)) if row.voids else self._takes(row))]
        bodies = {
            pk: body
            for chunk in in_chunks(row.pk for row in taken)
            for pk, body in Statement.objects.filter(pk__in=chunk).values_list("id", "body")
        }
        for row in taken:
            row.body = bytes(bodies[row.pk])
        return [row for row in taken if row.voids or self._about(row)]

    def _voided(self, ids: Iterable[UUID]) -> dict[UUID | None, bool]:
        """Of these statements, as far as they are here: whether each is taken."""
        rows = (
            row
            for chunk in in_chunks(set(ids))
            for row in Statement.objects.filter(statement_id__in=chunk).only(*COLUMNS, "body")
        )
        return {row.statement_id: self._takes(row) and self._about(row) for row in rows}

    def _takes(self, row: Statement) -> bool:
        """By sender and verb."""
        return self._sent(row) and (not self._verbs or row.verb in self._verbs)

    def _sent(self, row: Statement) -> bool:
        return self._senders is None or row.credential_id in self._senders

    def _about(self, row: Statement) -> bool:
        """The object, or a parent or grouping, is one of the activities."""
        if not self._exact and not self._beginnings:
            return True
        return any(iri in self._exact or iri.startswith(self._beginnings) for iri in _activities(row.data))


def _senders(forwarding: Forwarding) -> frozenset[int | None] | None:
    """The credentials whose statements go, None among them being this site; no set where everybody's do."""
    match forwarding.senders:
        case Forwarding.Senders.OWN:
            return frozenset({None})
        case Forwarding.Senders.COUNTING:
            rows = Credential.objects.values_list("pk", "counts")
            return frozenset({None, *(pk for pk, counts in rows if counts)})
        case Forwarding.Senders.CHOSEN:
            return frozenset(forwarding.credentials.values_list("pk", flat=True))
        case _:
            return None


def _activities(data: dict[str, Any]) -> Iterable[str]:
    target = data["object"]
    if target.get("objectType", "Activity") == "Activity":
        yield target["id"]
    around = data.get("context", {}).get("contextActivities", {})
    for kind in ("parent", "grouping"):
        yield from (each["id"] for each in around.get(kind, ()))
