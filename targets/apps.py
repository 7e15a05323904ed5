from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = "Chỉ tiêu"

    def ready(self) -> None:
        from core import outbox
        from lms.signals import progress_refreshed, replay_finished
        from people.models import AudienceMembership, Household, Organisation, Representation, User
        from people.signals import merge_changed, moved
        from targets import attainment, decision
        from targets.models import AttainmentQueue, TargetCourse

        outbox.register(outbox.Queue("attainment", AttainmentQueue, attainment.refresh))
        progress_refreshed.connect(attainment.enqueue_learners, dispatch_uid="targets.progress")
        replay_finished.connect(attainment.rebuild, dispatch_uid="targets.replay")
        merge_changed.connect(attainment.enqueue_merged, dispatch_uid="targets.merge")
        for register in (AudienceMembership, Representation):
            post_save.connect(attainment.enqueue_person_of, sender=register)
            post_delete.connect(attainment.enqueue_person_of, sender=register)
        for subject in (User, Household, Organisation):
            post_save.connect(attainment.enqueue_people_of, sender=subject)
            moved.connect(attainment.enqueue_moved, sender=subject)
        post_save.connect(attainment.start_rebuild, sender=TargetCourse)
        post_delete.connect(attainment.start_rebuild, sender=TargetCourse)
        post_migrate.connect(decision.ensure_targets, sender=self, dispatch_uid="targets.decision")
