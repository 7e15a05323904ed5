"""Small MARC records."""

from library.marc import ControlField, DataField, MarcRecord

LEADER = "00000nam a2200000 a 4500"


def book(number: str, title: str = "Truyện cổ Tày", **more: str) -> MarcRecord:
    """A small bibliographic record."""
    fields = [
        ControlField("001", number),
        ControlField("003", "NhaSan"),
        ControlField("008", "260301s2019    vm            000 0 vie d"),
        DataField.of("245", "00", [("a", title)]),
        *[DataField.of("650", " 4", [("a", subject)]) for subject in more.get("subjects", "").split("|") if subject],
    ]
    return MarcRecord(more.get("leader", LEADER), fields)
