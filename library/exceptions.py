"""Errors of the library."""


class LibraryError(Exception):
    """The base of this package's errors."""


class Unreadable(LibraryError):
    """Raised when bytes cannot be read as a MARC record."""


class NotMarc(LibraryError):
    """Raised when a file is neither ISO 2709, nor MARCXML, nor MARC-in-JSON."""


class TooLong(LibraryError):
    """Raised when a record does not fit ISO 2709: a field over 9,999 bytes or a record over 99,999."""
