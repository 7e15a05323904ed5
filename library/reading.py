"""What reading a file of records yields, whatever its format."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library import vietnamese_encodings
from library.marc import MarcRecord, field


class Repair(StrEnum):
    """How a record differs from the bytes that it came in; the names are kept in Record.repairs."""

    LENGTH = "length"  # the record's length in the leader was wrong
    END = "end"  # the record's or a field's end mark was missing
    DIRECTORY = "directory"  # the directory or its place did not fit the fields
    BYTES = "bytes"  # bytes that are no text in their encoding became U+FFFD
    ENCODING = "encoding"  # the leader named another character encoding than the text has
    CONVERTED = "converted"  # the text was in an older Vietnamese encoding, named at the import
    LEADER = "leader"  # the leader had another length or characters that none may have
    FIELD = "field"  # a field's tag, indicator or subfield code was damaged
    EDITED = "edited"  # somebody changed the record here afterwards: the bytes received are no longer what it says

    @property
    def label(self) -> Promise:
        """What was mended, for librarians."""
        return REPAIRS[self]


REPAIRS = {
    Repair.LENGTH: _("độ dài ghi ở đầu biểu sai"),
    Repair.END: _("thiếu dấu kết thúc"),
    Repair.DIRECTORY: _("danh mục trường sai"),
    Repair.BYTES: _("có byte không đọc được thành chữ"),
    Repair.ENCODING: _("đầu biểu ghi sai bảng mã"),
    Repair.CONVERTED: _("đã chuyển từ bảng mã cũ"),
    Repair.LEADER: _("đầu biểu hỏng"),
    Repair.FIELD: _("nhãn, chỉ thị hoặc mã trường con hỏng"),
    Repair.EDITED: _("đã sửa tại đây sau khi nhận"),
}
HARMLESS = frozenset({Repair.ENCODING, Repair.LEADER, Repair.FIELD})  # the bytes can still be exchanged as they came


@dataclass(slots=True, frozen=True)
class Read:
    """A record that was read: its content, the bytes it came in, and what had to be mended."""

    marc: MarcRecord
    raw: bytes
    raw_format: str
    repairs: tuple[Repair, ...] = ()

    def converted(self, older: str) -> "Read":
        """With text whose older Vietnamese encoding was taken for Latin-1 brought back; see vietnamese_encodings."""
        fields = [field(each.tag, vietnamese_encodings.mend(each.content, older)) for each in self.marc.fields]
        if fields == self.marc.fields:
            return self
        return replace(self, marc=MarcRecord(self.marc.leader, fields), repairs=(*self.repairs, Repair.CONVERTED))


@dataclass(slots=True, frozen=True)
class Refused:
    """Bytes that could not be read as a record, and why (a sentence in English for the report)."""

    raw: bytes
    reason: str
