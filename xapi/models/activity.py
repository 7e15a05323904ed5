"""What is known of an activity from the statements about it."""

from django.db import models


class Activity(models.Model):
    """The canonical definition of an activity: what the statements said, merged."""

    key = models.BigIntegerField(primary_key=True, help_text="xapi.keys.activity of the IRI")
    iri = models.TextField()
    definition = models.BinaryField(help_text="JSON")

    def __str__(self) -> str:
        return self.iri
