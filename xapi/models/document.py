"""What other systems keep with us beside statements: states and profiles."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from xapi import keys


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads of documents, named by their use."""

    def of_agents(self, identifiers: Iterable[str]) -> DocumentQuerySet:
        """All that is kept about agents: states and agent profiles. The identifiers are those of `Actor`."""
        return self.filter(agent_key__in=[keys.agent(each) for each in identifiers])


class Document(models.Model):
    """A document, returned byte for byte (Communication 2.2).

    It belongs to an agent, to an activity, or to both and perhaps a registration: a key is 0 for what it has not. One
    index serves the document by its id, the list of ids, and everything about an agent.
    """

    class Kind(models.TextChoices):
        """The three resources."""

        STATE = "state", "State"
        AGENT_PROFILE = "agent profile", "Agent Profile"
        ACTIVITY_PROFILE = "activity profile", "Activity Profile"

    kind = models.CharField(max_length=16, choices=Kind)
    agent_key = models.BigIntegerField(help_text="xapi.keys.agent, or 0")
    activity_key = models.BigIntegerField(help_text="xapi.keys.activity, or 0")
    registration_key = models.BigIntegerField(help_text="xapi.keys.registration, or 0")
    id_key = models.BigIntegerField(help_text="xapi.keys.document")
    activity = models.TextField(blank=True, help_text="IRI")
    registration = models.UUIDField(null=True, blank=True)
    document_id = models.TextField(help_text="the stateId or profileId")
    content_type = models.CharField(max_length=255)
    content = models.BinaryField()
    etag = models.CharField(max_length=40, help_text="SHA-1 of the content, hexadecimal")
    updated = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent_key", "activity_key", "registration_key", "kind", "id_key"], name="xapi_document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id}"
