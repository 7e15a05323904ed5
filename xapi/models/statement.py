"""A stored statement and the keys it is found by."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from django.db import models

from xapi import index, keys
from xapi.models.credential import Credential


class StatementQuerySet(models.QuerySet["Statement"]):
    """Reads of statements, named by their use."""

    def unvoided(self) -> StatementQuerySet:
        """Everything that still stands."""
        return self.filter(voided=False)

    def of_registration(self, registration: UUID) -> StatementQuerySet:
        """Everything found by this registration: also voiding statements and those about others, not what is voided."""
        return self.filter(pk__in=index.with_any([keys.registration(registration)]))

    def of_registrations(self, registrations: Iterable[UUID]) -> StatementQuerySet:
        """What happened in these registrations: neither voided nor itself a voiding statement."""
        registrations = list(registrations)
        found = index.with_any([keys.registration(each) for each in registrations])
        return self.unvoided().filter(pk__in=found, registration__in=registrations, voids=None)


class Statement(models.Model):
    """One statement, kept as it was received.

    The primary key is the time of storing in nanoseconds since 1970, made unique: so one narrow key gives the order,
    the `since` and `until` ranges and the place where a `more` link goes on, in every index that ends with it.
    """

    id = models.BigAutoField(primary_key=True)
    statement_id = models.UUIDField(unique=True)
    stored = models.DateTimeField(help_text="the primary key's time")
    timestamp = models.DateTimeField(help_text="when the experience happened")
    actor_key = models.BigIntegerField(help_text="xapi.keys.agent of the actor")
    verb = models.TextField(help_text="IRI")
    object_key = models.BigIntegerField(help_text="xapi.keys.activity, .agent or .reference of the object")
    registration = models.UUIDField(null=True, blank=True)
    voided = models.BooleanField(default=False)
    refers_to = models.UUIDField(null=True, blank=True, help_text="the statement that this one is about")
    voids = models.UUIDField(null=True, blank=True, help_text="the same where this one voids it")
    credential = models.ForeignKey(
        Credential, null=True, blank=True, on_delete=models.PROTECT, db_index=False, help_text="empty: this site itself"
    )
    body = models.BinaryField(help_text="JSON as received, with id, stored, timestamp, authority and version")

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(voided=True), name="xapi_statement_voided"),
            models.Index(
                fields=["refers_to"], condition=models.Q(refers_to__isnull=False), name="xapi_statement_refers_to"
            ),
        ]

    def __str__(self) -> str:
        return str(self.statement_id)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The statement as plain data."""
        return orjson.loads(self.body)

    def counts_for(self, course_key: str) -> bool:
        """Whether it may become progress in the course: said by this site, or by a credential trusted with it."""
        return self.credential is None or course_key in self.credential.counts


class StatementKey(models.Model):
    """A value by which a filter finds a statement (see xapi.keys): a row of the index on PostgreSQL (see xapi.index).

    A voided statement has no keys. A statement about another statement has the other's keys too, since it must be found
    by the other's filters. SQLite has its own kind of table instead, which Django cannot describe.
    """

    pk = models.CompositePrimaryKey("key", "statement_id")
    key = models.BigIntegerField()
    statement = models.ForeignKey(
        Statement, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.key} {self.statement_id}"
