"""Voiding (Data 2.3.2): a statement is voided when it is no voiding statement and one that may void it refers to it.

This site may void every statement, a credential those that it sent. Which of the two comes first does not matter.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from xapi import index, keys, references
from xapi.exceptions import MayNotVoid
from xapi.insertion import NewRow, in_chunks
from xapi.models import Statement


def mark_new(new: Sequence[NewRow], stored_about: Iterable[Statement]) -> None:
    """Mark new rows that a voiding statement, stored before or in the same batch, refers to."""
    voiders: dict[UUID, list[NewRow | Statement]] = {}
    said: list[NewRow | Statement] = [*new, *stored_about]
    for voider in said:
        if voider.voids:
            voiders.setdefault(voider.voids, []).append(voider)
    for row in new if voiders else ():
        row.voided = row.voids is None and any(_may_void(each, row) for each in voiders.get(row.statement_id, ()))


def void_stored(new: Iterable[NewRow]) -> set[UUID]:
    """Void the stored statements that new ones refer to; returns their registrations."""
    voiders = {row.voids: row for row in new if row.voids}
    registrations = set()
    for chunk in in_chunks(voiders):
        for target in Statement.objects.filter(statement_id__in=chunk, voids=None):
            if not _may_void(voiders[target.statement_id], target):
                raise MayNotVoid(target.statement_id)
            if not target.voided:
                _void(target)
                registrations |= {target.registration} if target.registration else set()
    return registrations


def _may_void(voider: NewRow | Statement, target: NewRow | Statement) -> bool:
    return voider.credential_id is None or voider.credential_id == target.credential_id


def _void(target: Statement) -> None:
    """A voided statement is found by nothing any more."""
    model = references.model_of(target)
    asserted_by = references.asserter(model) or ""
    inherited = references.inherited(model, references.links([model], {}, asserted_by))
    found_by = keys.found_by(model) | inherited | {keys.authority(asserted_by)}
    index.remove(target.pk, found_by)
    Statement.objects.filter(pk=target.pk).update(voided=True)
