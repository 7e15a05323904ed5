"""manage.py rebuild_collections [SLUG…]"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from library import collections, shelving
from library.management.commands.import_marc import find_collection
from library.models import Collection


class Command(BaseCommand):
    help = (
        "Follows the rules of collections for every record, and makes the pages that are missing. Headings that rules "
        "look by are derived by the worker; with --headings every record is queued for that too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="only these collections")
        parser.add_argument("--headings", action="store_true", help="queue all records, so that headings are new too")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [found for slug in options["slugs"] if (found := find_collection(slug))]
        for collection in chosen or Collection.objects.order_by("slug"):
            collections.ensure_page(collection)
            after, number = 0, 0
            while True:
                after, some = shelving.apply_rule(collection, after=after)
                if not some:
                    break
                number += some
            members = collection.memberships.count()
            self.stdout.write(f"{collection.slug}: {members} records, {number} looked at")
        if options["headings"]:
            self.stdout.write(f"queued: {shelving.enqueue_all()}")
