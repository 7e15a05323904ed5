"""Runs web server and worker as children: starts them, starts them again when they die, stops them cleanly."""

import ctypes
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from core.lifeline import SUPERVISED

logger = logging.getLogger(__name__)

LOOK = 0.2  # seconds between two looks at the children
GRACE = 12.0  # seconds that children have for a clean end
STEADY = 60.0  # seconds alive after which earlier deaths are forgotten
LONGEST_WAIT = 30.0  # seconds before a child that dies again and again is started once more
TRIES = 5  # deaths in a row before the site was ready for the first time: then it will never be
PR_SET_PDEATHSIG = 1


class NeverReady(Exception):
    """Raised when a child cannot even start."""


class Child:
    """One process that is to run always."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.deaths = 0
        self._environment = {**environment, SUPERVISED: "1"}
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0

    def keep_alive(self) -> None:
        """Start it if it does not run and its time has come."""
        now = time.monotonic()
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            self._process = None
            self.deaths = 1 if now - self._started > STEADY else self.deaths + 1
            wait = min(0.1 * 2**self.deaths, LONGEST_WAIT)
            self._due = now + wait
            logger.warning("%s ended with %s; starting it again in %.1f s", self.name, _reason(status), wait)
        if now >= self._due:
            self._started = now
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C at the terminal reaches the supervisor alone
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread here
            )

    def ask_to_end(self) -> None:
        """SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_for_end(self, seconds: float) -> None:
        """Wait, then insist."""
        if self._process is None:
            return
        try:
            self._process.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            logger.warning("%s did not end in time and is killed", self.name)
            self._process.kill()
            self._process.wait()


class Supervisor:
    """Keeps children alive until it is asked to end."""

    def __init__(
        self, children: Sequence[Child], *, is_ready: Callable[[], bool], on_ready: Callable[[], None]
    ) -> None:
        self._children = children
        self._is_ready = is_ready
        self._on_ready = on_ready
        self._ending = False

    def run(self) -> None:
        """Returns when SIGTERM, SIGINT or SIGHUP came and all children have ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        ready = False
        try:
            while not self._ending:
                for child in self._children:
                    child.keep_alive()
                    if not ready and child.deaths >= TRIES:
                        raise NeverReady(f"{child.name} ends as soon as it is started; its last lines above say why")
                if not ready and self._is_ready():
                    ready = True
                    self._on_ready()
                time.sleep(LOOK)
        finally:
            self._stop()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _stop(self) -> None:
        deadline = time.monotonic() + GRACE
        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.wait_for_end(deadline - time.monotonic())


def _die_with_parent() -> None:
    """Between fork and exec: the kernel sends SIGTERM when the supervisor dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _reason(status: int) -> str:
    return f"status {status}" if status >= 0 else signal.Signals(-status).name
