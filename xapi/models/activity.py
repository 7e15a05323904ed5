"""What is known of an activity from the statements about it."""

from functools import cached_property
from typing import Any

import orjson
from django.db import models


class Activity(models.Model):
    """The canonical definition of an activity: what the statements said, merged."""

    key = models.BigIntegerField(primary_key=True, help_text="xapi.keys.activity of the IRI")
    iri = models.TextField()
    definition = models.BinaryField(help_text="JSON")
    search_key = models.TextField(default="", help_text="names and IRI for people.folding.matches")

    def __str__(self) -> str:
        return self.iri

    @cached_property
    def data(self) -> dict[str, Any]:
        """The definition as plain data."""
        return orjson.loads(self.definition)
