"""The control number (001 and 003) of a record that is made here, by which its edited export finds it again."""

from hashlib import sha256
from uuid import uuid4

from django.conf import settings

from library.marc import ControlField, MarcRecord

PREFIX = "ns-"  # no starter authority begins so
LENGTH = 16  # hexadecimal digits: 64 bits, so that sites that share a code do not meet either


def new() -> str:
    """A number that no record has."""
    return f"{PREFIX}{uuid4().hex[:LENGTH]}"


def of_content(raw: bytes) -> str:
    """The number of a record that is made from a row: the same row gives the same number again."""
    return f"{PREFIX}{sha256(raw).hexdigest()[:LENGTH]}"


def is_numbered(marc: MarcRecord) -> bool:
    """Whether somebody wrote a 001."""
    return bool(marc.control("001").strip())


def numbered(marc: MarcRecord, number: str, agency: str = "") -> MarcRecord:
    """The record with this 001 and with 003 of whose number it is: the library's own, unless agency says another."""
    control = [ControlField("001", number), ControlField("003", agency or settings.MARC_AGENCY)]
    return MarcRecord(marc.leader, [*control, *(each for each in marc.fields if each.tag not in {"001", "003"})])
