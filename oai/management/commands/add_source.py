"""manage.py add_source NAME URL [--prefix marc21] [--set S]: make a partner known whose records are harvested."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oai import sources
from oai.exceptions import PartnerError


class Command(BaseCommand):
    help = "Asks a partner's OAI-PMH provider what it can and keeps it as a source for harvests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the source is called here, such as 'Thư viện tỉnh Lào Cai'")
        parser.add_argument("url", help="its OAI-PMH base URL, such as https://thuvien.example.vn/oai")
        parser.add_argument("--prefix", default="", help="metadataPrefix; by default the one that is MARCXML")
        parser.add_argument("--set", default="", dest="set_spec", help="setSpec of the one set to harvest")

    def handle(self, *, name: str, url: str, prefix: str, set_spec: str, **options: Any) -> None:
        try:
            source, new = sources.add(name=name, url=url.strip(), prefix=prefix, set_spec=set_spec)
        except PartnerError as error:
            raise CommandError(str(error)) from error
        done = "added" if new else "changed"
        key = source.source.key
        self.stdout.write(f"{done} {key}: {source.url} ({source.prefix}). Now: manage.py harvest {key}")
