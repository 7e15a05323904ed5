"""Loads Viet Nam's provinces, districts and communes, of today and of before July 2025, with what became of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.official_units import DataMissing, OfficialUnits
from people.unit_loading import load


class Command(BaseCommand):
    """Idempotent: adds only what is missing."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load(OfficialUnits())
        except DataMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"units added {loaded.units}, successions added {loaded.successions}, units placed {loaded.settled}, "
            f"regions added {loaded.regions}"
        )
