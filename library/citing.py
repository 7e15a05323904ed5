"""References as text, for readers who write them by hand, and BibTeX."""

import re

from library import columns, material
from library.columns import joined, without_end
from library.marc import MarcRecord
from library.vietnamese import compose

BRACES = re.compile(r"[{}\\]")
KINDS = {"article": "article", "book": "book", "manuscript": "unpublished"}


def _parts(marc: MarcRecord) -> dict[str, str]:
    year = columns.year(marc, marc.control("008"))
    published = marc.first("264", "260")
    return {
        "author": columns.author(marc),
        "year": str(year) if year else "",
        "title": columns.title(marc),
        "publisher": without_end(joined(published, "b")) if published else "",
        "address": without_end(joined(published, "a")) if published else "",
    }


def vietnamese(marc: MarcRecord) -> str:
    """As references are written in Viet Nam: author (year), title, publisher, place."""
    parts = _parts(marc)
    dated = " ".join(filter(None, (parts["author"], f"({parts['year']})" if parts["year"] else "")))
    return ", ".join(filter(None, (dated, parts["title"], parts["publisher"], parts["address"]))) + "."


def apa(marc: MarcRecord) -> str:
    """After the style of the American Psychological Association."""
    parts = _parts(marc)
    year = f"({parts['year'] or 'n.d.'})."
    if not parts["author"]:
        return " ".join(filter(None, (f"{parts['title']}.", year, _sentence(parts["publisher"]))))
    return " ".join(
        filter(None, (_sentence(parts["author"]), year, f"{parts['title']}.", _sentence(parts["publisher"])))
    )


def bibtex(marc: MarcRecord, *, key: str, url: str) -> str:
    """One entry in UTF-8."""
    fields = _parts(marc) | {"url": url}
    lines = [f"  {name} = {{{BRACES.sub('', compose(value))}}}" for name, value in fields.items() if value]
    kind = KINDS.get(material.of(marc.leader), "misc")
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _sentence(text: str) -> str:
    return f"{text.rstrip('.')}." if text else ""
