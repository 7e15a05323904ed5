"""Power cuts: at a random place of the work, and what they cost."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from tests.journeys.sites import CopiedSite


class Cuts:
    """Counts kills and restarts of a test, to be told at its end."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.begun = time.monotonic()
        self.restarts: list[float] = []
        self.lines: list[str] = []
        print(f"\nKILL_SEED={seed}", flush=True)

    def note(self, line: str) -> None:
        """Say what was cut."""
        self.lines.append(line)
        print(f"kill {len(self.lines)}: {line}", flush=True)

    def restart(self, site: CopiedSite) -> None:
        """Start the site again as its owner would."""
        begun = time.monotonic()
        site.start()
        self.restarts.append(time.monotonic() - begun)

    def tell(self) -> None:
        """Say what it took."""
        took = time.monotonic() - self.begun
        print(
            f"KILL_SEED={self.seed}: {len(self.lines)} kills in {took:.0f} s, of which {sum(self.restarts):.0f} s "
            f"for {len(self.restarts)} restarts"
        )


def cut_when(
    progress: Callable[[], int],
    threshold: int,
    later: float,
    running: subprocess.Popen[str],
    kill: Callable[[], None] | None = None,
) -> None:
    """Kill a moment after the work has passed a threshold: the running command, or what is given to be killed."""
    while progress() <= threshold and running.poll() is None:
        time.sleep(0.01)
    time.sleep(later)
    if kill is not None:
        kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
