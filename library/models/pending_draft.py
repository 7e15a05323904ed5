"""Changes of a published record that readers do not see yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from library import canonical
from library.marc import MarcRecord


class PendingDraft(models.Model):
    """The one draft of a published record; published, it becomes the record's next version, and goes."""

    record = models.OneToOneField("library.Record", on_delete=models.CASCADE, related_name="pending_draft")
    version = models.PositiveIntegerField(help_text="the version of the record that it began with")
    number = models.PositiveIntegerField(help_text="how often it was kept: two people do not overwrite each other")
    canonical = models.BinaryField(help_text="see library.canonical")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người làm"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("lúc"), auto_now=True)

    def __str__(self) -> str:
        return f"{self.record_id} ({self.number})"

    @property
    def marc(self) -> MarcRecord:
        """What the record would say."""
        return canonical.parse(bytes(self.canonical))
