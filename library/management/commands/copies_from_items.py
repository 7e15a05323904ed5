"""manage.py copies_from_items [--collection SLUG]"""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from library import koha_items
from library.management.commands.import_marc import find_collection


class Command(BaseCommand):
    help = "Makes copies of the items (952) in the records that Koha has exported; what is there already stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collection", metavar="SLUG", help="only the records of this collection")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        left = 0
        for key, number, reason in koha_items.make_copies(counts, find_collection(options["collection"])):
            left += 1
            self.stderr.write(f"record {key}, {number or '–'}: {reason}")
        self.stdout.write(f"made {counts['made']}, there {counts['there']}, left {left}")
