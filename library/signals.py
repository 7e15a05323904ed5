"""News of the library."""

from django.dispatch import Signal

# Sent once per stored batch inside its transaction, with records=[primary keys] of what was added, changed or deleted.
records_changed = Signal()
