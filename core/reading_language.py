"""The language in which a reader reads what staff wrote: /km/courses/… is Khmer, /en/… English, all else Vietnamese.

The interface speaks settings.INTERFACE_LANGUAGES, so that the words around a Khmer lesson are Vietnamese. A page that
was not translated stands at the same address in every language and says so.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ReadingLanguageMiddleware(LocaleMiddleware):
    """Sets request.reading_language, and the interface's language."""

    def process_request(self, request: HttpRequest) -> None:
        language = prefix_of(request.path_info)
        if language and not is_of_interface(language):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        else:
            super().process_request(request)
            language = translation.get_language()
        request.reading_language = language  # type: ignore[attr-defined]


def of(request: HttpRequest | None) -> str:
    """The language that the address names; without a request that of the interface."""
    active = translation.get_language() or ""
    return getattr(request, "reading_language", "") or (active if is_of_interface(active) else settings.LANGUAGE_CODE)


def is_of_interface(language: str) -> bool:
    """Whether the words of pages are written in it."""
    return any(language == code for code, _name in settings.INTERFACE_LANGUAGES)


def prefix_of(path: str) -> str:
    """The language before the path, "km" of /km/courses/; empty where there is none."""
    first = path[1:].partition("/")[0]
    is_prefix = first != settings.LANGUAGE_CODE and (first in settings.CONTENT_LANGUAGES or is_of_interface(first))
    return first if is_prefix else ""


def in_language(path: str, language: str) -> str:
    """The same place in another language: /courses/ is /km/courses/ in Khmer."""
    if prefix := prefix_of(path):
        path = path[len(prefix) + 1 :]
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


class ContentLanguage:
    """Before a path: a language of content that the interface does not speak."""

    regex = "[a-z]{2,3}"

    def to_python(self, value: str) -> str:
        if is_of_interface(value) or prefix_of(f"/{value}/") != value:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class PagePath:
    """A path of slugs, as Wagtail's."""

    regex = r"(?:[\w\-]+/)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class InEveryLanguage:
    """A page, named before Page among the bases, whose Vietnamese text stands at the address of every language.

    So a link on an English page leads to the English address, where the translation is shown once there is one.
    """

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        """As Wagtail's; of a page in Vietnamese at the reader's language."""
        parts = super().get_url_parts(request)  # type: ignore[misc]
        if not parts or not parts[2] or prefix_of(parts[2]):
            return parts
        return *parts[:2], in_language(parts[2], of(request))
