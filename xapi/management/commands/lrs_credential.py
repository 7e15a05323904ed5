"""Credentials of the store from the shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from xapi.models import Credential, Scope


class Command(BaseCommand):
    help = "Make a credential for the Learning Record Store and print its key and secret, once; or revoke it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the credential is called, such as the system that uses it")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="what it may do (default: all)")
        parser.add_argument(
            "--counts", nargs="+", default=[], metavar="COURSE", help="its statements count for these courses (keys)"
        )
        parser.add_argument("--revoke", action="store_true", help="from now on it opens nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["revoke"]:
            self._revoke(options["name"])
        else:
            self._create(options["name"], options["scope"] or [Scope.ALL.value], options["counts"])

    def _create(self, name: str, scopes: list[str], counts: list[str]) -> None:
        try:
            with transaction.atomic():
                credential, secret = Credential.create(name=name, scopes=scopes, counts=counts)
        except IntegrityError:
            raise CommandError(f"There is a credential called {name!r} already. Choose another name.") from None
        self.stdout.write(f"key: {credential.key}")
        self.stdout.write(f"secret: {secret}")

    def _revoke(self, name: str) -> None:
        credential = Credential.objects.filter(name=name, revoked_at=None).first()
        if credential is None:
            raise CommandError(f"There is no credential called {name!r} that still works.")
        credential.revoke()
        self.stdout.write(f"revoked: {credential.key}")
