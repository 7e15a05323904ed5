"""A record as schema.org JSON-LD, thin."""

import orjson
from django.utils.safestring import SafeString, mark_safe

from library import columns, languages, subjects
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


def script(marc: MarcRecord, *, kind: str, url: str) -> SafeString:
    """The content of a script element of type application/ld+json; it can end no element."""
    published = marc.first("264", "260")
    year = columns.year(marc, marc.control("008"))
    document = {
        "@context": "https://schema.org",
        "@type": TYPES.get(kind, "CreativeWork"),
        "@id": url,
        "url": url,
        "name": columns.title(marc),
        "author": columns.author(marc),
        "datePublished": str(year) if year else "",
        "publisher": without_end(joined(published, "b")) if published else "",
        "inLanguage": languages.short(columns.language(marc, marc.control("008"))),
        "about": subjects.of(marc),
        "isbn": [plain(value.split("(")[0]) for each in marc.data("020") for value in each.values("a")],
    }
    text = orjson.dumps({name: value for name, value in document.items() if value}).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308 - escaped above
