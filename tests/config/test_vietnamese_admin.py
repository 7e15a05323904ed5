"""The admin speaks Vietnamese: every message of Wagtail's installed packages, theirs or ours."""

import gettext
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation
from django.utils.timesince import timesince

OURS = Path(__file__).parents[2] / "locale" / "vi" / "LC_MESSAGES"
ENTRY = re.compile(r'^(?:msgctxt .*\n)?msgid ((?:".*"\n)+)(?:msgid_plural ((?:".*"\n)+))?', re.MULTILINE)
NAMES = re.compile(r"%\((\w+)\)|\{(\w*)\}")


def folders() -> list[Path]:
    """Where Wagtail's installed packages keep their words."""
    installed = (Path(config.path) / "locale" for config in apps.get_app_configs() if "wagtail" in config.path)
    return sorted(folder for folder in installed if folder.is_dir())


def catalogue(path: Path) -> gettext.GNUTranslations | None:
    """A compiled catalogue, if there is one."""
    if not path.exists():
        return None
    with path.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def messages(folder: Path, domain: str) -> Iterator[tuple[str, str]]:
    """Each message with its plural, empty where it has none, of a package in English."""
    source = folder / "en" / "LC_MESSAGES" / f"{domain}.po"
    if source.exists():
        for message, plural in ENTRY.findall(source.read_text(encoding="utf-8")):
            yield _text(message), _text(plural)


def _text(quoted: str) -> str:
    lines = [line[1:-1] for line in quoted.splitlines()]
    return "".join(lines).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_message_of_the_admin_is_vietnamese(domain: str) -> None:
    """New ones of a new Wagtail are listed here until they are translated; names of values are kept."""
    ours = catalogue(OURS / f"{domain}.mo")
    assert ours is not None
    missing, changed, seen = set(), set(), 0
    for folder in folders():
        theirs = catalogue(folder / "vi" / "LC_MESSAGES" / f"{domain}.mo")
        for message, plural in filter(lambda pair: pair[0], messages(folder, domain)):
            seen += 1
            said = [
                each.ngettext(message, plural, 1) if plural else each.gettext(message)
                for each in (ours, theirs)
                if each
            ]
            found = [text for text in said if text not in {message, plural}]
            if not found and not message.startswith(("Wagtail", "%(", "#")) and re.search("[a-z]{3}", message):
                missing.add(message)
            elif found and not set(NAMES.findall(found[0])) <= set(NAMES.findall(message + plural)):
                changed.add(message)
    assert seen > 50
    assert missing == set()
    assert changed == set()


def test_scripts_get_our_words(client: Client) -> None:
    """Beside Wagtail's own, at Wagtail's address."""
    page = client.get("/admin/jsi18n/").content.decode()
    assert "Vi\\u1ebft \\u1edf \\u0111\\u00e2y, ho\\u1eb7c g\\u00f5" in page  # Write something or type "/" …


def test_how_long_ago_something_was_is_said_in_vietnamese() -> None:
    """Django's own Vietnamese lacks these words."""
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    spans = [timedelta(minutes=3), timedelta(hours=4), timedelta(days=5), timedelta(days=14), timedelta(days=800)]
    with translation.override("vi"):
        said = [timesince(now - span, now, depth=1).replace("\xa0", " ") for span in spans]
    assert said == ["3 phút", "4 giờ", "5 ngày", "2 tuần", "2 năm"]
