"""What reading a file of records yields, whatever its format."""

from dataclasses import dataclass
from enum import StrEnum

from library.marc import MarcRecord


class Repair(StrEnum):
    """How a record differs from the bytes that it came in; the names are kept in Record.repairs."""

    LENGTH = "length"  # the record's length in the leader was wrong
    END = "end"  # the record's or a field's end mark was missing
    DIRECTORY = "directory"  # the directory or its place did not fit the fields
    BYTES = "bytes"  # bytes that are no text in their encoding became U+FFFD
    ENCODING = "encoding"  # the leader named another character encoding than the text has
    LEADER = "leader"  # the leader had another length or characters that none may have
    FIELD = "field"  # a field's tag, indicator or subfield code was damaged
    EDITED = "edited"  # somebody changed the record here afterwards: the bytes received are no longer what it says


HARMLESS = frozenset({Repair.ENCODING, Repair.LEADER, Repair.FIELD})  # the bytes can still be exchanged as they came


@dataclass(slots=True, frozen=True)
class Read:
    """A record that was read: its content, the bytes it came in, and what had to be mended."""

    marc: MarcRecord
    raw: bytes
    raw_format: str
    repairs: tuple[Repair, ...] = ()


@dataclass(slots=True, frozen=True)
class Refused:
    """Bytes that could not be read as a record, and why (a sentence in English for the report)."""

    raw: bytes
    reason: str
