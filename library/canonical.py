"""The canonical form of a record: UTF-8, without ISO 2709's limits of length.

    leader 0x1E  tag content 0x1E  tag content 0x1E …

The leader has 24 characters, a tag three. A control field's content is its value; a data field's is two indicators
and then, for each subfield, 0x1F, its code and its value. There is no directory: fields are found by splitting at 0x1E.
"""

from library.marc import FIELD_END, SUBFIELD, DataField, MarcRecord, field


def write(marc: MarcRecord) -> bytes:
    """The canonical bytes of a record."""
    parts = [marc.leader]
    parts += [each.tag + each.content for each in marc.fields]
    return (FIELD_END.join(parts) + FIELD_END).encode()


def parse(data: bytes) -> MarcRecord:
    """The record behind canonical bytes."""
    leader, *fields = data.decode().split(FIELD_END)
    return MarcRecord(
        leader,
        [
            DataField(part[:3], part[3:]) if SUBFIELD in part and part[:2] != "00" else field(part[:3], part[3:])
            for part in fields[:-1]
        ],
    )
