"""What makes two records the same, within a source."""

from hashlib import sha256


def digest(raw: bytes, older: str = "") -> str:
    """Of the bytes as received, and of the older encoding in which somebody said to read them."""
    return sha256(raw + older.encode()).hexdigest()


def key(*, source: int | None, identifier: str, agency: str, number: str, raw_digest: str) -> str:
    """The value of Record.match_key, unique over the library.

    The source's own identifier where it gave one (a harvest); else 003 and 001 where both exist; else identical bytes.
    """
    if identifier:
        parts = ["identifier", identifier]
    elif agency and number:
        parts = ["number", agency, number]
    else:
        parts = ["bytes", raw_digest]
    return sha256("\x00".join((str(source or 0), *parts)).encode()).hexdigest()
