"""Strings of a particular format. Each function takes the value and its property's name, and raises Broken."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from msgspec import UNSET, UnsetType

from xapi.rules.broken import Broken, join

_is_iri = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f]+").fullmatch
_is_mailto = re.compile(r"mailto:[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+").fullmatch
_is_sha1 = re.compile(r"[0-9a-fA-F]{40}").fullmatch
_is_sha2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})").fullmatch
_is_uuid = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_is_media_type = re.compile(r"[\w!#$&^.+\-]+/[\w!#$&^.+\-]+(?:\s*;.*)?", re.ASCII).fullmatch
_is_version = re.compile(r"(?:1\.0(?:\.\d+)?|2\.0\.\d+|2\.0)", re.ASCII).fullmatch
_is_timestamp = re.compile(
    r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?|\d{8}T\d{4}(?:\d\d(?:[.,]\d+)?)?)"
    r"(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
).fullmatch
_NUMBER = r"\d+(?:[.,]\d+)?"
_is_duration = re.compile(
    rf"P(?!.*[.,]\d+[YMWDHS].)(?:{_NUMBER}W"
    rf"|(?=.)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)",
    re.ASCII,
).fullmatch
_is_language_tag = re.compile(
    r"(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?"
    r"|x(?:-[a-z\d]{1,8})+|i-[a-z]{3,8}|en-GB-oed|sgn-(?:BE-FR|BE-NL|CH-DE))",
    re.ASCII | re.IGNORECASE,
).fullmatch


def iri(value: str | UnsetType, name: str) -> None:
    """An IRI with its scheme (Data 4.3 and 2.2; best effort, as 2.2 allows)."""
    if value is not UNSET and not _is_iri(value):
        raise Broken(name, "not an IRI with a scheme")


def mailto(value: str | UnsetType, name: str) -> None:
    """An e-mail address as a mailto IRI (Data 2.4.2.3)."""
    if value is not UNSET and not _is_mailto(value):
        raise Broken(name, "not a mailto IRI")


def sha1(value: str | UnsetType, name: str) -> None:
    """The hexadecimal SHA-1 of a mailto IRI (Data 2.4.2.3)."""
    if value is not UNSET and not _is_sha1(value):
        raise Broken(name, "not a SHA-1 in 40 hexadecimal digits")


def sha2(value: str, name: str) -> None:
    """The hexadecimal SHA-2 of an attachment (Data 2.4.11)."""
    if not _is_sha2(value):
        raise Broken(name, "not a SHA-2 in hexadecimal digits")


def uuid(value: str | UnsetType, name: str) -> None:
    """A UUID in its standard string form (Data 4.4)."""
    if value is not UNSET and not _is_uuid(value):
        raise Broken(name, "not a UUID in standard form")


def media_type(value: str, name: str) -> None:
    """An Internet media type (Data 2.4.11)."""
    if not _is_media_type(value):
        raise Broken(name, "not a media type")


def version(value: str | UnsetType, name: str) -> None:
    """1.0, 1.0.x, 2.0 or 2.0.x (Data 2.4.10)."""
    if value is not UNSET and not _is_version(value):
        raise Broken(name, "not a version 1.0.x or 2.0.x")


def duration(value: str | UnsetType, name: str) -> None:
    """An ISO 8601 duration such as PT4H35M59.14S, P3Y or P4W; weeks stand alone (Data 4.6)."""
    if value is not UNSET and not _is_duration(value):
        raise Broken(name, "not an ISO 8601 duration")


def timestamp(value: str | UnsetType, name: str) -> None:
    """An ISO 8601 date and time that exists (Data 4.5)."""
    if value is not UNSET:
        moment(value, name)


def moment(value: str, name: str) -> datetime:
    """The time that a timestamp says. Without an offset it is UTC; -00:00 means "unknown" and is refused (Data 4.5)."""
    try:
        return _moment(value)
    except ValueError as error:
        raise Broken(name, str(error)) from None


@lru_cache(maxsize=1000)
def _moment(value: str) -> datetime:
    found = _is_timestamp(value)
    if not found:
        raise ValueError("not an ISO 8601 date and time")
    offset = found["offset"]
    if offset in {"-00", "-0000", "-00:00"}:
        raise ValueError("the offset -00:00 is not allowed")
    try:
        time = datetime.fromisoformat(value)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("no such date and time") from None


@lru_cache(maxsize=1000)
def is_language_tag(value: str) -> bool:
    """Whether the tag has the form of RFC 5646 (Data 2.2)."""
    return _is_language_tag(value) is not None


def language_tag(value: str | UnsetType, name: str) -> None:
    """A language tag after RFC 5646 (Data 2.4.6)."""
    if value is not UNSET and not is_language_tag(value):
        raise Broken(name, "not a language tag of RFC 5646")


def language_map(value: dict[str, str] | UnsetType, name: str) -> None:
    """Texts by language tag (Data 4.2)."""
    if value is not UNSET:
        for tag in value:
            if not is_language_tag(tag):
                raise Broken(join(name, tag), "not a language tag of RFC 5646")


def extensions(value: dict[str, Any] | UnsetType, name: str) -> None:
    """Anything, under keys that are IRIs (Data 4.1)."""
    if value is not UNSET:
        for key in value:
            if not _is_iri(key):
                raise Broken(join(name, key), "the key of an extension must be an IRI")


def distinct(values: Iterable[str], name: str) -> None:
    """No value twice."""
    values = list(values)
    if len(set(values)) < len(values):
        raise Broken(name, "an id occurs twice")
