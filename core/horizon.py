"""Lists by time: up to which moment nothing can be missing from them.

A change gets its time before its transaction commits. A reader who has seen a list up to now, and asks later for what
came since, would miss a change that was stamped before now and committed after it. So whoever hands out lists by time
(OAI-PMH, xAPI's Consistent-Through, `since`) tells settled() as the moment to go on from, and lists nothing that is
stamped later than visible().

Both rest on one rule for writers: take the time inside the writing transaction, and keep the transaction short.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

LONGEST_WRITE = timedelta(seconds=1)  # on SQLite; four times what a transaction may take there

# A transaction that has not written yet may hold a time already, unless it is so old that it only reads (a backup).
OLDEST_WRITER = """
    SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND (backend_xid IS NOT NULL OR clock_timestamp() - xact_start < interval '10 seconds')
"""


def settled() -> datetime:
    """No change stamped before this moment can still appear. Going on from here misses nothing."""
    if connection.vendor == "postgresql":
        return _oldest_writer()
    return timezone.now() - LONGEST_WRITE


def visible() -> datetime:
    """Lists leave out what is stamped later than this, since something earlier may still appear.

    On SQLite writers come one after the other, each taking its time after the one before has committed: what is not yet
    to be seen is never earlier than what is, so nothing needs to be left out.
    """
    if connection.vendor == "postgresql":
        return _oldest_writer()
    return timezone.now()


def _oldest_writer() -> datetime:
    """Now, or the start of the oldest open transaction that may write; ages are measured by the database's clock."""
    now = timezone.now()  # before asking: who begins after the question has a later time
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_WRITER)
        age = cursor.fetchone()[0] or timedelta()
    return now - age
