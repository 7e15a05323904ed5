"""Language maps as a reader is shown them (Data 4.2)."""

from django.utils.translation import get_language


def said(texts: dict[str, str] | None) -> str:
    """The reader's language where there is some, else Vietnamese, else the first; empty where there is nothing."""
    for wanted in (current(), "vi"):
        for tag, text in (texts or {}).items():
            if tag.lower().partition("-")[0] == wanted:
                return text
    return next(iter((texts or {}).values()), "")


def current() -> str:
    """The language of the page, without its region."""
    return (get_language() or "vi").partition("-")[0]
