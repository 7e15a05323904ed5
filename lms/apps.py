"""Connects lms with what others send and register."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LMSConfig(AppConfig):
    """Courses, learning and progress."""

    name = "lms"
    verbose_name = "Khóa học"

    def ready(self) -> None:
        from core import outbox
        from lms import outline, progress, search_documents
        from lms.models import OutlineQueue, ProgressQueue
        from people.signals import merge_changed
        from search import sources
        from xapi.signals import statements_stored

        outbox.register(outbox.Queue("outlines", OutlineQueue, outline.drain, one_transaction=False, batch=20))
        outbox.register(outbox.Queue("progress", ProgressQueue, progress.drain, batch=progress.BATCH))
        statements_stored.connect(_queue_progress, dispatch_uid="lms.progress")
        merge_changed.connect(progress.queue_merged, dispatch_uid="lms.merge")
        outline.connect()
        sources.register(
            "course",
            documents=search_documents.documents,
            keys=search_documents.keys,
            label=_("Khóa học"),
            facets={"audience": _("Dành cho"), "topic": _("Chủ đề")},
        )


def _queue_progress(*, registrations: set[Any], **_signal: Any) -> None:
    from lms import progress

    progress.queue(registrations)
