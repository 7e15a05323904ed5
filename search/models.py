"""The tables of search: what must be indexed again, and the rebuild that is under way."""

from django.db import models

from core.models import QueueRow


class IndexQueue(QueueRow):
    """A document to index again. Its key is KIND:KEY, such as record:123."""

    class Meta(QueueRow.Meta):
        verbose_name = "tài liệu chờ lập chỉ mục"


class ReplayQueue(QueueRow):
    """A document that was indexed while a rebuild was under way: the new index must get it too."""

    class Meta(QueueRow.Meta):
        verbose_name = "tài liệu chờ lập lại chỉ mục"


class Rebuild(models.Model):
    """The rebuild under way; at most one row. search.rebuild knows when its process counts as dead."""

    only = models.BooleanField(default=True, unique=True, help_text="always true: keeps a second row out")
    host = models.CharField(max_length=255, help_text="the machine whose process rebuilds")
    pid = models.PositiveBigIntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    heartbeat = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"
