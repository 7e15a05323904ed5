"""Loads the starter content, once."""

from collections.abc import Callable

from django.core.management.base import BaseCommand
from django.db import transaction

from core import outbox
from home import starter_accounts, starter_learning, starter_library, starter_pages
from home.models import StarterStep
from people import roles

STEPS: dict[str, Callable[[], None]] = {
    "pages": starter_pages.load,
    "library": starter_library.load,
    "authorities": starter_library.load_authorities,
    "collection pages": starter_library.load_pages,
    "courses": starter_learning.load_courses,
    "targets": starter_learning.load_targets,
    "people": starter_learning.load_people,
}


class Command(BaseCommand):
    help = (
        "Load the starter content: pages, sample records, courses, demo learners and one account per role. Idempotent."
    )

    def handle(self, *args: object, **options: object) -> None:
        roles.ensure()
        done = set(StarterStep.objects.values_list("name", flat=True))
        for name, load in STEPS.items():
            if name not in done:
                with transaction.atomic():
                    load()
                    StarterStep.objects.create(name=name)
                self.stdout.write(f"loaded: {name}")
        if len(done) < len(STEPS):
            outbox.drain_all()
        starter_accounts.ensure(starter_learning.first_commune())
