"""RIS, which reference managers read."""

from library import citing, columns, material, subjects
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
    parts = citing.Parts.of(marc)
    kind = TYPES.get(material.of(marc.leader), "BOOK")
    lines = [("TY", "THES" if parts.thesis and not parts.inside else kind), ("TI", parts.title)]
    lines += [("AU", name) for name in parts.authors]
    others = [citing.name(each) for each in marc.data("700", "710", "711") if not each.first("t")]
    lines += [("A2", name) for name in dict.fromkeys(others) if name not in parts.authors]
    lines.append(("PY", parts.year))
    lines += [("CY", parts.place), ("PB", parts.publisher)]
    lines += [("ET", joined(each, "a")) for each in marc.data("250")]
    lines += [("T2", without_end(joined(each, "t"))) for each in marc.data("773")]
    first, _dash, last = parts.pages.replace("–", "-").partition("-")
    lines += [("IS", parts.where if parts.inside else ""), ("SP", first), ("EP", last)]
    lines += [("SN", plain(value.split("(")[0])) for each in marc.data("020", "022") for value in each.values("a")]
    lines += [("SN", without_end(joined(each, "x"))) for each in marc.data("773")]
    lines += [("KW", text) for text in subjects.of(marc)]
    lines += [("AB", joined(each, "ab")) for each in marc.data("520")]
    lines += [("LA", columns.language(marc, marc.control("008"))), ("UR", url)]
    written = [f"{tag}  - {value}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", ""])
