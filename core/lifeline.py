"""Ends a process whose parent has died, so that a killed supervisor leaves nobody behind that still writes."""

import os
import signal
import threading
import time

SUPERVISED = "NHASAN_SUPERVISED"  # set by the supervisor for its children
GRACE = 5.0  # seconds for a clean end


def hold() -> None:
    """In a supervised process: ask this process to end as soon as its parent is another one than now."""
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_watch, args=(os.getppid(),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
