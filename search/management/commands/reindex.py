"""manage.py reindex: build the search index anew while the site serves."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import partial, sources
from search.exceptions import IndexMissing, SearchError
from search.rebuild import rebuild

EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    """Rebuild the whole index beside the live one and swap, or queue one kind anew."""

    help = "Builds the search index anew beside the live one and swaps them; with --kind, indexes one kind again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", help="only this kind, in the live index")

    def handle(self, *args: Any, kind: str | None, **options: Any) -> None:
        known = [source.kind for source in sources.sources()]
        if kind and kind not in known:
            raise CommandError(f"No kind is called {kind}. There are: {', '.join(known)}")
        self._next_line = 0.0
        try:
            self._one_kind(kind) if kind else self._everything()
        except SearchError as error:
            raise CommandError(str(error)) from error

    def _everything(self) -> None:
        self.stdout.write(f"indexed {rebuild(lambda done: self._say(f'{done} documents …'))} documents")

    def _one_kind(self, kind: str) -> None:
        try:
            queued = partial.queue(kind)
        except IndexMissing as error:
            self.stdout.write(f"{error}; building all of it")
            self._everything()
            return
        failed = partial.drain(kind, lambda left: self._say(f"{left} of {queued} left …"))
        if failed:
            raise CommandError(f"{failed} of {queued} could not be indexed; they stay in the queue: see its last_error")
        self.stdout.write(f"indexed {queued} of kind {kind} again")

    def _say(self, text: str) -> None:
        if time.monotonic() >= self._next_line:
            self.stdout.write(text)
            self.stdout.flush()
            self._next_line = time.monotonic() + EVERY
