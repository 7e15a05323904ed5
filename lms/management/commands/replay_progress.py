"""manage.py replay_progress"""

from typing import Any

from django.core.management.base import BaseCommand

from lms import progress


class Command(BaseCommand):
    """Rebuilds all progress, then, by the signal, what others derive from it."""

    help = "Rebuild progress and attainment from the statements and the registers. Issues and sends nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"replayed {progress.replay()} enrolments")
