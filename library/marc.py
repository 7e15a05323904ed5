"""A MARC 21 record in memory: a leader and fields in their order. Light, since a catalogue has many."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SUBFIELD = "\x1f"
FIELD_END = "\x1e"
RECORD_END = "\x1d"
TAG = re.compile("[0-9A-Za-z]{3}")
NOT_IN_TAG = re.compile("[^0-9A-Za-z]")
NOT_IN_LEADER = re.compile(r"[^\x20-\x7e]")


class Subfield(NamedTuple):
    """A subfield's one-character code and its value."""

    code: str
    value: str


class ControlField:
    """A field without indicators and subfields, such as 001 or 008."""

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: str) -> None:
        self.tag = tag
        self.value = value

    @property
    def content(self) -> str:
        """The field as MARC writes it, without its end mark."""
        return self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ControlField) and (self.tag, self.value) == (
            other.tag,
            other.value,
        )

    def __hash__(self) -> int:
        return hash((self.tag, self.value))

    def __repr__(self) -> str:
        return f"ControlField({self.tag!r}, {self.value!r})"


class DataField:
    """A field with two indicators and subfields. It keeps its text as MARC writes it and splits it when asked, once."""

    __slots__ = ("_split", "content", "tag")

    def __init__(self, tag: str, content: str) -> None:
        self.tag = tag
        self.content = content
        self._split: list[str] | None = None

    @classmethod
    def of(cls, tag: str, indicators: str, subfields: Iterable[tuple[str, str]]) -> "DataField":
        """A field from its parts: DataField.of("245", "10", [("a", "Truyện cổ Tày")])."""
        return cls(
            tag,
            indicators + "".join(f"{SUBFIELD}{code}{value}" for code, value in subfields),
        )

    def _parts(self) -> list[str]:
        """The subfields, each with its code before its value; a delimiter with nothing behind it is none."""
        if self._split is None:
            self._split = list(filter(None, self.content.split(SUBFIELD)[1:]))
        return self._split

    @property
    def indicators(self) -> str:
        """Two characters, also where the field has fewer or more of them."""
        return self.content.split(SUBFIELD, 1)[0].ljust(2)[:2]

    @property
    def indicator1(self) -> str:
        return self.indicators[0]

    @property
    def indicator2(self) -> str:
        return self.indicators[1]

    @property
    def subfields(self) -> list[Subfield]:
        """All subfields in their order; a delimiter with nothing behind it is none."""
        return [Subfield(part[0], part[1:]) for part in self._parts()]

    def values(self, codes: str) -> list[str]:
        """The values of these one-character codes, in the field's order."""
        parts = self._split if self._split is not None else self._parts()
        return [part[1:] for part in parts if part[0] in codes]

    def first(self, code: str) -> str:
        """The first subfield with this code, or ""."""
        return next((part[1:] for part in self._parts() if part[0] == code), "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DataField) and (self.tag, self.content) == (
            other.tag,
            other.content,
        )

    def __hash__(self) -> int:
        return hash((self.tag, self.content))

    def __repr__(self) -> str:
        return f"DataField({self.tag!r}, {self.content!r})"


Field = ControlField | DataField


def field(tag: str, content: str) -> Field:
    """A field from its text: 00X are control fields, and so are local tags of letters without any subfield."""
    if tag[:2] == "00" or (SUBFIELD not in content and not tag.isdigit()):
        return ControlField(tag, content)
    return DataField(tag, content)


def mended_tag(tag: str) -> str:
    """The tag with X for what is neither a letter nor a digit, as in 24X."""
    return NOT_IN_TAG.sub("X", tag)


class MarcRecord:
    """Leader (24 characters) and fields in their order."""

    __slots__ = ("fields", "leader")

    def __init__(self, leader: str, fields: Iterable[Field] = ()) -> None:
        self.leader = leader
        self.fields = list(fields)

    def control(self, tag: str) -> str:
        """The value of the first control field with this tag, or ""."""
        for each in self.fields:
            if each.tag == tag and isinstance(each, ControlField):
                return each.value
        return ""

    def data(self, *tags: str) -> Iterator[DataField]:
        """The data fields with any of these tags, in the record's order."""
        wanted = frozenset(tags) if len(tags) > 2 else tags
        return iter([each for each in self.fields if each.tag in wanted and isinstance(each, DataField)])

    def first(self, *tags: str) -> DataField | None:
        """The first data field with any of these tags."""
        for each in self.fields:
            if each.tag in tags and isinstance(each, DataField):
                return each
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MarcRecord) and (self.leader, self.fields) == (
            other.leader,
            other.fields,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"MarcRecord({self.leader!r}, {self.fields!r})"
