"""Partners that we harvest, and the history of harvests. What came lies in library.Record, by source and identifier."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class HarvestSource(models.Model):
    """How a partner is harvested and how far we are. Made at the shell only (`add_source`).

    Where the host was at a private address then, it counts as allowed by the address check with the port of `url`,
    since an operator typed it; therefore no page may change `url` and `private`.
    A list in progress is known by `token`; the date of its first answer is kept in `list_date` and becomes `until`.
    """

    class Granularity(models.TextChoices):
        DAY = "YYYY-MM-DD"
        SECOND = "YYYY-MM-DDThh:mm:ssZ"

    source = models.OneToOneField("library.Source", on_delete=models.CASCADE, related_name="harvest")
    url = models.URLField(max_length=500, help_text="OAI-PMH base URL, without arguments")
    private = models.BooleanField(default=False, help_text="whether the host was at a private address when typed")
    prefix = models.CharField(
        max_length=64, default="marc21", help_text="metadataPrefix whose namespace is MARC21 slim"
    )
    set_spec = models.CharField(max_length=255, blank=True)
    granularity = models.CharField(max_length=20, choices=Granularity, default=Granularity.SECOND)
    until = models.DateTimeField(
        null=True, blank=True, help_text="by the partner's clock: all changes before it are here"
    )
    newest = models.DateTimeField(
        null=True, blank=True, help_text="the newest datestamp seen, to know what comes again"
    )
    token = models.TextField(blank=True, help_text="resumption token of the list in progress")
    list_newest = models.DateTimeField(null=True, blank=True, help_text="the newest datestamp in it so far")
    list_date = models.DateTimeField(null=True, blank=True, help_text="responseDate of its first page")
    pages = models.PositiveBigIntegerField(default=0, help_text="pages stored ever; tells two harvests at once apart")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["source__name"]
        verbose_name = _("nguồn thu hoạch")
        verbose_name_plural = _("các nguồn thu hoạch")

    def __str__(self) -> str:
        return str(self.source)


class HarvestRun(models.Model):
    """One harvest of one source. Records that came again unchanged in the overlap are counted nowhere."""

    class State(models.TextChoices):
        RUNNING = "running", _("đang chạy")
        DONE = "done", _("xong")
        FAILED = "failed", _("lỗi")
        INTERRUPTED = "interrupted", _("bị ngắt")

    harvest_source = models.ForeignKey(HarvestSource, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    imported = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, help_text="why it failed, or why records were rejected")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["harvest_source", "-id"], name="oai_run_by_source")]

    def __str__(self) -> str:
        return f"{self.harvest_source} {self.started_at:%Y-%m-%d %H:%M}"

    @staticmethod
    def summary(runs: Sequence["HarvestRun"]) -> str:
        """The counts of all runs together in one line; rejected only where there are any."""
        names = ("imported", "updated", "unchanged", "deleted", "rejected")
        counts = {name: sum(getattr(run, name) for run in runs) for name in names}
        shown = [f"{name} {count}" for name, count in counts.items() if count or name != "rejected"]
        return f"harvested {sum(counts.values())}: " + ", ".join(shown)
