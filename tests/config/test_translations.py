"""English for every message, compiled as committed."""

import gettext
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "locale" / "en" / "LC_MESSAGES"


def entries() -> list[str]:
    """The entries of the catalogue without its header."""
    return (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]


def test_every_message_has_its_english() -> None:
    """No empty and no fuzzy translation."""
    text = "\n\n".join(entries())
    assert "fuzzy" not in text
    assert re.findall(r'^msgstr(?:\[\d\])? ""$(?!\n")', text, re.MULTILINE) == []
    assert len(entries()) > 600


def test_placeholders_are_kept() -> None:
    """A translation names the values that its message names."""
    names = re.compile(r"%\((\w+)\)")
    for entry in entries():
        message, *translations = re.split(r"^msgstr", entry, flags=re.MULTILINE)
        for translation in translations:
            assert set(names.findall(translation)) <= set(names.findall(message)), entry


def test_compiled_catalogue_is_fresh() -> None:
    """django.mo says what django.po says."""
    with (FOLDER / "django.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    single = re.compile(r'^(?:msgctxt "(.+)"\n)?msgid "((?:[^"\\]|\\.)+)"\nmsgstr "((?:[^"\\]|\\.)*)"$', re.MULTILINE)
    for entry in entries():
        found = single.search(entry.strip())
        if found and "\\" not in found[0]:
            context, message, translation = found.groups()
            said = compiled.pgettext(context, message) if context else compiled.gettext(message)
            assert said == translation


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "heading"), [("/targets/", "Đào tạo, tập huấn"), ("/en/targets/", "Digital-skills training")]
)
def test_address_decides_the_language(client, path, heading) -> None:
    """Vietnamese without a prefix, English below /en/, whatever the browser prefers."""
    assert heading in client.get(path, HTTP_ACCEPT_LANGUAGE="en").content.decode()
