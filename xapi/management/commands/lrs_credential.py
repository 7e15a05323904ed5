"""Credentials of the store from the shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from xapi import credentials
from xapi.models import Credential, Scope


class Command(BaseCommand):
    help = (
        "Make a credential for the Learning Record Store and print its key and secret, once;"
        " or list, change or revoke credentials."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="what the credential is called, such as the system that uses it")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="what it may do (default: all)")
        parser.add_argument(
            "--counts", nargs="*", metavar="COURSE", help="its statements count for these courses (keys)"
        )
        parser.add_argument("--limit", type=int, metavar="N", help="requests a minute at most; 0: the usual limit")
        parser.add_argument("--rename", metavar="NAME", help="with --change: what it is called from now on")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--change", action="store_true", help="give the credential these scopes, courses or limit")
        what.add_argument("--revoke", action="store_true", help="from now on it opens nothing")
        what.add_argument("--list", action="store_true", help="print all credentials, a line each, without secrets")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if not options["name"]:
            raise CommandError("Say which credential: lrs_credential NAME, or --list.")
        if options["limit"] is not None and not 0 <= options["limit"] < 2**31:
            raise CommandError("--limit takes a whole number that is not negative.")
        if options["rename"] and not options["change"]:
            raise CommandError("--rename goes with --change.")
        if options["revoke"]:
            self._revoke(options["name"])
        elif options["change"]:
            self._change(options["name"], options)
        else:
            self._create(options["name"], options)

    def _create(self, name: str, options: dict[str, Any]) -> None:
        try:
            credential, secret = credentials.make(
                name=name,
                scopes=options["scope"] or [Scope.ALL.value],
                counts=options["counts"] or [],
                requests_a_minute=options["limit"] or None,
                by=None,
            )
        except IntegrityError:
            raise CommandError(f"There is a credential called {name!r} already. Choose another name.") from None
        self.stdout.write(f"key: {credential.key}")
        self.stdout.write(f"secret: {secret}")

    def _change(self, name: str, options: dict[str, Any]) -> None:
        """Only what is given changes."""
        row = self._working(name)
        limit = row.requests_a_minute if options["limit"] is None else options["limit"] or None
        try:
            changed = credentials.change(
                row,
                name=options["rename"] or row.name,
                scopes=options["scope"] or row.scopes,
                counts=row.counts if options["counts"] is None else options["counts"],
                requests_a_minute=limit,
                by=None,
            )
        except IntegrityError:
            raise CommandError(f"There is a credential called {options['rename']!r} already.") from None
        self.stdout.write(f"{'changed' if changed else 'unchanged'}: {row.key}")

    def _revoke(self, name: str) -> None:
        credential = self._working(name)
        credentials.revoke(credential, by=None)
        self.stdout.write(f"revoked: {credential.key}")

    def _list(self) -> None:
        """Key, name, scopes, courses, limit, last use, state; tabs between."""
        for row in Credential.objects.all():
            limit = "usual limit" if row.requests_a_minute is None else f"{row.requests_a_minute} a minute"
            used = f"used {row.last_used_on}" if row.last_used_on else "never used"
            state = f"revoked {row.revoked_at:%Y-%m-%d}" if row.revoked_at else "works"
            counts = "counts: " + (",".join(row.counts) or "-")
            self.stdout.write("\t".join([row.key, row.name, ",".join(row.scopes), counts, limit, used, state]))

    def _working(self, name: str) -> Credential:
        credential = Credential.objects.filter(name=name, revoked_at=None).first()
        if credential is None:
            raise CommandError(f"There is no credential called {name!r} that still works.")
        return credential
