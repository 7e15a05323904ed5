"""Connects lms with what others send and register."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LMSConfig(AppConfig):
    """Courses, learning and progress."""

    name = "lms"
    verbose_name = "Khóa học"

    def ready(self) -> None:
        from datetime import timedelta

        from core import admin_home, jobs, outbox, table_imports
        from lms import (  # noqa: F401 - importing declares jobs and reports
            admin_question_report,
            admin_waiting,
            class_conclusions,
            class_exports,
            cohort_rules,
            grading_queue,
            inquiries,
            languages,
            learner_grid,
            messages,
            notes,
            outline,
            progress,
            question_exports,
            question_translations,
            quiz_attempts,
            report_files,
            review,
            search_documents,
            shared_lesson,
        )
        from lms.class_roster import ClassRoster
        from lms.models import OutlineQueue, ProgressQueue, QuizQueue
        from lms.past_classes import PastClasses
        from lms.question_import import Questions
        from people.registration import entered_group
        from people.signals import merge_changed, person_erased
        from search import sources
        from xapi.signals import statements_stored

        admin_home.register(admin_waiting.waiting)
        outbox.register(outbox.Queue("outlines", OutlineQueue, outline.drain, one_transaction=False, batch=20))
        outbox.register(outbox.Queue("progress", ProgressQueue, progress.drain, batch=progress.BATCH))
        outbox.register(outbox.Queue("quizzes", QuizQueue, quiz_attempts.drain, batch=5))
        statements_stored.connect(_queue_progress, dispatch_uid="lms.progress")
        entered_group.connect(_enrol, dispatch_uid="lms.enrol_registered")
        jobs.schedule(class_conclusions.JOB, every=timedelta(days=1), title=_("Ghi nhận người học xong lớp"))
        table_imports.declare(ClassRoster())
        table_imports.declare(PastClasses())
        table_imports.declare(Questions())
        merge_changed.connect(progress.queue_merged, dispatch_uid="lms.merge")
        post_migrate.connect(review.ensure_after_migrate, sender=self, dispatch_uid="lms.review")
        person_erased.connect(notes.forget, dispatch_uid="lms.notes")
        person_erased.connect(inquiries.forget, dispatch_uid="lms.inquiries")
        outline.connect()
        shared_lesson.watch()
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
