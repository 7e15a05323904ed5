"""What can go wrong in core."""

import requests


class FetchError(requests.RequestException):
    """Raised when an outgoing fetch is given up by our own rules."""


class Refused(FetchError):
    """Raised when an address, a scheme or a chain of redirects is not allowed."""


class TooLarge(FetchError):
    """Raised when an answer is longer than the caller wants to hold."""


class TooSlow(FetchError):
    """Raised when an answer has not come whole within the time limit."""


class Stopped(Exception):
    """Raised inside a job's handler by advance() when the job must end now: let it pass."""


class Interrupted(Stopped):
    """Raised when the worker shuts down: the job goes back to the queue with its cursor."""


class Overtaken(Stopped):
    """Raised when another worker has taken the job over, since this one seemed dead."""


class NotNow(Exception):
    """Raised by a queue's handler when nothing can be done at this time and no key is to blame: a server is down, a
    lock is held. The whole batch waits for so many seconds.
    """

    def __init__(self, text: str, *, seconds: float = 10) -> None:
        super().__init__(text)
        self.seconds = seconds


class NotAtThisState(Exception):
    """Raised when something was asked of an import that it is not ready for, or has behind it."""
