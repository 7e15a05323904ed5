"""By what else than their numbers two records are found to be of one thing: ISBN; title, author and year."""

from django.db import models


class MatchPoint(models.Model):
    """One ISBN, or the title with author and year, of one record of our own, as a number; see library.match_points."""

    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="match_points", db_index=False)
    key = models.BigIntegerField(help_text="63 bits of a hash")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "key"], name="library_matchpoint_once")]
        indexes = [models.Index(fields=["key"], name="library_matchpoint_key")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.key}"


class MatchProgress(models.Model):
    """The one row that says up to which change of the records the points are right."""

    only = models.BooleanField(default=True, unique=True)
    through = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.through)
