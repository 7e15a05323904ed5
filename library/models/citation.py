"""Which lessons use which records."""

from django.db import models


class Citation(models.Model):
    """A lesson that cites a record. Written by lms, shown on the record's page as "used in these lessons"."""

    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="citations")
    lesson_iri = models.CharField(max_length=500)
    course_iri = models.CharField(max_length=500)
    title = models.CharField(max_length=500, help_text="as the reader sees it: course and lesson")
    url = models.CharField(max_length=500, help_text="the lesson's page")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "lesson_iri"], name="library_citation_once")]
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title
