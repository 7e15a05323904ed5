"""RIS, which reference managers read."""

from library import columns, material, subjects
from library.columns import joined, plain, without_end
from library.marc import MarcRecord

TYPES = {
    "article": "JOUR",
    "serial": "JFULL",
    "map": "MAP",
    "film": "VIDEO",
    "sound": "SOUND",
    "music": "SOUND",
    "score": "MUSIC",
    "picture": "ART",
    "electronic": "ELEC",
    "manuscript": "UNPB",
}


def to_ris(marc: MarcRecord, *, url: str) -> str:
    """One reference; lines end in CR LF as the format asks."""
    lines = [("TY", TYPES.get(material.of(marc.leader), "BOOK")), ("TI", columns.title(marc))]
    lines += [("AU", without_end(joined(each, "abcq"))) for each in marc.data("100", "110", "111")]
    lines += [("A2", without_end(joined(each, "abcq"))) for each in marc.data("700", "710", "711")]
    year = columns.year(marc, marc.control("008"))
    lines.append(("PY", str(year) if year else ""))
    for each in marc.data("260", "264"):
        lines += [("CY", without_end(joined(each, "a"))), ("PB", without_end(joined(each, "b")))]
    lines += [("ET", joined(each, "a")) for each in marc.data("250")]
    lines += [("T2", without_end(joined(each, "t"))) for each in marc.data("773")]
    lines += [("SN", plain(value)) for each in marc.data("020", "022") for value in each.values("a")]
    lines += [("KW", text) for text in subjects.of(marc)]
    lines += [("AB", joined(each, "ab")) for each in marc.data("520")]
    lines += [("LA", columns.language(marc, marc.control("008"))), ("UR", url)]
    written = [f"{tag}  - {value}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", ""])
