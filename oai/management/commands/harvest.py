"""manage.py harvest [SOURCE…]: take what changed at the partners since the last harvest."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from oai.exceptions import PartnerError
from oai.harvest import harvest
from oai.models import HarvestRun, HarvestSource


class Command(BaseCommand):
    help = "Harvests the sources named, or all. Goes on where a harvest was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="*", metavar="SOURCE", help="key or name, as given to add_source")

    def handle(self, *, sources: list[str], **options: Any) -> None:
        chosen = [_source(name) for name in sources] or list(HarvestSource.objects.select_related("source"))
        if not chosen:
            self.stdout.write("There is no source yet. Make one known by: manage.py add_source NAME URL")
            return
        runs: list[HarvestRun] = []
        failed = []
        for source in chosen:
            try:
                harvest(source, after_page=self._progress)
            except PartnerError as error:
                failed.append(str(error))
                self.stderr.write(f"{source.source.key}: {error}")
            run = source.runs.first()
            assert run is not None  # harvest() makes it first
            runs.append(run)
            if run.rejected:
                self.stderr.write(f"{source.source.key}: rejected {run.rejected}\n{run.error}")
            if len(chosen) > 1:
                self.stdout.write(f"{source.source.key}: {HarvestRun.summary([run])}")
        self.stdout.write(HarvestRun.summary(runs))
        if failed:
            raise CommandError(
                f"{len(failed)} of {len(chosen)} sources failed. What came before is kept; harvest again"
            )
        if any(run.rejected for run in runs):
            sys.exit(1)

    def _progress(self, run: HarvestRun) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{HarvestRun.summary([run])}", ending="")


def _source(name: str) -> HarvestSource:
    found = HarvestSource.objects.select_related("source").filter(Q(source__key=name) | Q(source__name=name)).first()
    if found is None:
        known = ", ".join(HarvestSource.objects.values_list("source__key", flat=True)) or "none yet"
        raise CommandError(f"No source {name}. Known: {known}")
    return found
