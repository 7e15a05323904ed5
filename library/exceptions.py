"""Errors of the library."""


class LibraryError(Exception):
    """The base of this package's errors."""


class Unreadable(LibraryError):
    """Raised when bytes cannot be read as a MARC record."""


class NotMarc(LibraryError):
    """Raised when a file is neither ISO 2709, nor MARCXML, nor MARC-in-JSON."""


class TooLong(LibraryError):
    """Raised when a record does not fit ISO 2709: a field over 9,999 bytes or a record over 99,999."""


class BadRegisterNumber(LibraryError):
    """Raised when a register number or its series is not of the form VN.2026.000123."""


class ListFull(LibraryError):
    """Raised when a reader's list holds as many records, or a reader as many lists, as one may keep."""


class BadFile(LibraryError):
    """Raised when an uploaded file is of no kind that is handed out, or too large; the text says so to its owner."""
