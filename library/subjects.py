"""What a record is about, as text for people: one text per heading, its subdivisions behind dashes."""

from library.columns import plain, without_end
from library.marc import DataField, MarcRecord

TAGS = ("600", "610", "611", "630", "647", "648", "650", "651", "653", "655")
DASH = " – "


def of(marc: MarcRecord, *tags: str) -> list[str]:
    """The distinct headings in the record's order; of all subject tags, or of the given ones."""
    found = [text for each in marc.data(*(tags or TAGS)) for text in headings(each)]
    return list(dict.fromkeys(found))


def headings(each: DataField) -> list[str]:
    """The headings in one field: usually one; each $a of an uncontrolled 653 is one."""
    if each.tag == "653":
        return [text for value in each.values("a") if (text := without_end(plain(value)))]
    main = plain(" ".join(each.values("abcdfgklmnopqrst")))
    parts = [without_end(part) for part in (main, *map(plain, each.values("vxyz")))]
    text = DASH.join(filter(None, parts))
    return [text] if text else []
