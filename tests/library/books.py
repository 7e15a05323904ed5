"""Records made for the tests."""

from library.marc import ControlField, DataField, MarcRecord

LEADER = "00000nam a2200000 i 4500"


def book(
    number: str = "ns0001",
    title: str = "Truyện cổ Tày",
    *,
    agency: str = "VN-NhaSan",
    year: int = 1974,
    leader: str = LEADER,
    more: tuple[DataField, ...] = (),
) -> MarcRecord:
    """A small book; without number or agency the fields 001 or 003 are left out."""
    numbers = [ControlField(tag, value) for tag, value in (("001", number), ("003", agency)) if value]
    return MarcRecord(
        leader,
        [
            *numbers,
            ControlField("008", f"240101s{year:04}    vm            000 0 vie d"),
            DataField.of("100", "1 ", [("a", "Hoàng Quyết,"), ("d", "1929-"), ("e", "sưu tầm.")]),
            DataField.of("245", "10", [("a", f"{title} /"), ("c", "Hoàng Quyết sưu tầm.")]),
            DataField.of("260", "  ", [("a", "Hà Nội :"), ("b", "Văn hóa dân tộc,"), ("c", f"{year}.")]),
            DataField.of("300", "  ", [("a", "359 tr. ;"), ("c", "19 cm")]),
            DataField.of("650", " 4", [("a", "Văn học dân gian"), ("z", "Việt Nam.")]),
            *more,
        ],
    )
