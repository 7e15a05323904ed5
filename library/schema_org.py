"""Records and authorities as schema.org JSON-LD."""

from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe

from library import columns, languages, subjects
from library.authorities import Shown
from library.columns import joined, plain, without_end
from library.marc import MarcRecord

TYPES = {
    "book": "Book",
    "article": "Article",
    "serial": "Periodical",
    "map": "Map",
    "film": "VideoObject",
    "sound": "AudioObject",
    "music": "MusicRecording",
    "score": "SheetMusic",
    "picture": "ImageObject",
    "manuscript": "Manuscript",
}
AUTHORITY_TYPES = {
    "person": "Person",
    "body": "Organization",
    "meeting": "Event",
    "place": "Place",
    "language": "Language",
}


def script(marc: MarcRecord, *, kind: str, url: str) -> SafeString:
    """The content of a script element of type application/ld+json; it can end no element."""
    published = marc.first("264", "260")
    year = columns.year(marc, marc.control("008"))
    numbers = [plain(value) for each in marc.data("022") for value in each.values("a")]
    host = marc.first("773")
    return _written(
        {
            "@type": TYPES.get(kind, "CreativeWork"),
            "@id": url,
            "url": url,
            "name": columns.title(marc),
            "author": _makers(marc, "1"),
            "contributor": _makers(marc, "7"),
            "datePublished": str(year) if year else "",
            "publisher": {"@type": "Organization", "name": without_end(joined(published, "b"))}
            if published and published.first("b")
            else "",
            "inLanguage": languages.short(columns.language(marc, marc.control("008"))),
            "about": subjects.of(marc),
            "description": " ".join(joined(each, "ab") for each in marc.data("520")),
            "isbn": [plain(value.split("(")[0]) for each in marc.data("020") for value in each.values("a")],
            "issn": numbers,
            "isPartOf": {"@type": "CreativeWork", "name": without_end(joined(host, "t"))}
            if host and host.first("t")
            else "",
            "conditionsOfAccess": [joined(each, "abcdf") for each in marc.data("506")],
            "usageInfo": [joined(each, "abcdu") for each in marc.data("540")],
        }
    )


def authority_script(shown: Shown, *, url: str) -> SafeString:
    """The same for an authority: a term of our set, or a person, an organisation, a place."""
    return _written(
        {
            "@type": AUTHORITY_TYPES.get(shown.kind, "DefinedTerm"),
            "@id": url,
            "url": url,
            "name": shown.heading,
            "alternateName": shown.variants,
            "description": " ".join(shown.notes),
        }
    )


def _makers(marc: MarcRecord, beginning: str) -> list[dict[str, str]]:
    found = []
    for each in marc.data(*(f"{beginning}{ending}" for ending in ("00", "10", "11"))):
        is_person = each.tag.endswith("00")
        if name := without_end(joined(each, "abcq" if is_person else "abn")):
            found.append({"@type": "Person" if is_person else "Organization", "name": name})
    return found


def _written(document: dict[str, Any]) -> SafeString:
    filled = {"@context": "https://schema.org"} | {name: value for name, value in document.items() if value}
    text = orjson.dumps(filled).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308 - escaped above
