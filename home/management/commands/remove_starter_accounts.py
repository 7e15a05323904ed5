"""Ends the accounts of the first look."""

from django.core.management.base import BaseCommand

from home import starter_accounts
from people.models import User


class Command(BaseCommand):
    help = "Switch off the starter accounts and remove their passwords from DATA_DIR."

    def handle(self, *args: object, **options: object) -> None:
        names = [account.username for account in starter_accounts.ACCOUNTS]
        for user in User.objects.filter(username__in=names):
            user.is_active = False
            user.set_unusable_password()
            user.save(update_fields=["is_active", "password"])
        starter_accounts.path().unlink(missing_ok=True)
        self.stdout.write(f"switched off: {', '.join(names)}")
