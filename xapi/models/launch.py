"""What content is given to speak with while one learner uses it."""

from django.db import models

from core.identity import id_base
from xapi.models.credential import Credential


class LaunchToken(models.Model):
    """Binds requests to one learner, registration and activity for a while (see xapi.launch). Narrow, and tidied."""

    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret, hexadecimal")
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, help_text="whose authority it speaks with")
    actor = models.UUIDField(help_text="the learner's uuid, which is the name in their account")
    registration = models.UUIDField(db_index=True)
    activity = models.TextField(help_text="IRI")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.registration} {self.activity}"

    @property
    def actor_identifier(self) -> str:
        """The learner, as in xapi.rules.actors.Actor.identifier."""
        return f"account {id_base()} {self.actor}"
