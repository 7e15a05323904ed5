"""Connects lms with what others send and register."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LMSConfig(AppConfig):
    """Courses, learning and progress."""

    name = "lms"
    verbose_name = "Khóa học"

    def ready(self) -> None:
        from datetime import timedelta

        from django.db.models.signals import post_migrate

        from core import jobs, outbox, table_imports
        from lms import (  # noqa: F401 - importing declares jobs
            class_conclusions,
            cohort_rules,
            languages,
            messages,
            outline,
            progress,
            question_jobs,
            question_translations,
            search_documents,
        )
        from lms.class_roster import ClassRoster
        from lms.models import OutlineQueue, ProgressQueue
        from lms.past_classes import PastClasses
        from people.registration import entered_group
        from people.signals import merge_changed
        from search import sources
        from xapi.signals import statements_stored

        outbox.register(outbox.Queue("outlines", OutlineQueue, outline.drain, one_transaction=False, batch=20))
        outbox.register(outbox.Queue("progress", ProgressQueue, progress.drain, batch=progress.BATCH))
        statements_stored.connect(_queue_progress, dispatch_uid="lms.progress")
        entered_group.connect(_enrol, dispatch_uid="lms.enrol_registered")
        jobs.schedule(class_conclusions.JOB, every=timedelta(days=1))
        table_imports.declare(ClassRoster())
        table_imports.declare(PastClasses())
        merge_changed.connect(progress.queue_merged, dispatch_uid="lms.merge")
        outline.connect()
        question_translations.connect()
        post_migrate.connect(languages.ensure_locales, sender=self, dispatch_uid="lms.languages")
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


def _enrol(*, group: Any, person: Any, by: Any, **_signal: Any) -> None:
    """Staff let somebody into the group of a class: they learn its course. Seats are theirs to exceed."""
    from lms import enrolment
    from lms.models import Cohort

    if cohort := Cohort.objects.filter(group=group).select_related("course").first():
        enrolment.enrol(learner=person, course=cohort.course, by=by)
