from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = "Chỉ tiêu"

    def ready(self) -> None:
        from core import outbox
        from lms.signals import progress_refreshed, replay_finished
        from people.models import AudienceMembership, Representation
        from targets import attainment, decision
        from targets.models import AttainmentQueue

        outbox.register(outbox.Queue("attainment", AttainmentQueue, attainment.refresh))
        progress_refreshed.connect(attainment.enqueue_learners, dispatch_uid="targets.progress")
        replay_finished.connect(attainment.rebuild, dispatch_uid="targets.replay")
        for register in (AudienceMembership, Representation):
            for signal in (post_save, post_delete):
                signal.connect(
                    attainment.enqueue_person_of,
                    sender=register,
                    dispatch_uid=f"targets.{register.__name__}.{id(signal)}",
                )
        post_migrate.connect(decision.ensure_targets, sender=self, dispatch_uid="targets.decision")
