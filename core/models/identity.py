"""The one row that names this installation for ever."""

from django.db import models


class Identity(models.Model):
    """ID_BASE as it was at the first migrate. Read it through core.identity."""

    id_base = models.URLField(unique=True, help_text="an IRI without a slash at its end; never changed")
    domain = models.CharField(max_length=253, help_text="domain-shaped name, for OAI identifiers")
    fixed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.id_base
