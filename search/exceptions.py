"""What can go wrong in search."""


class SearchError(Exception):
    """The base of all of these."""


class IndexMissing(SearchError):
    """Raised when there is no live index, it cannot be opened, or it has the fields of another version."""


class EngineUnavailable(SearchError):
    """Raised when the engine cannot answer now: a server is down or overloaded."""


class IndexBusy(EngineUnavailable):
    """Raised when another process writes the index just now."""


class WriteRefused(SearchError):
    """Raised when the engine took a batch but refused some of its documents."""


class TooDeep(SearchError):
    """Raised when a page lies behind the hits that can be paged through."""


class RebuildRunning(SearchError):
    """Raised when another rebuild is alive."""


class RebuildLost(SearchError):
    """Raised inside a rebuild that others took for dead: what it filled is worth nothing any more."""
