"""CONTENT_LANGUAGES: what may stand in it, how the languages are named, and that the library knows the same."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language_info

from config import environment
from people import languages

ISO = {"vi": "vie", "en": "eng", "km": "khm"}


@pytest.mark.parametrize(
    ("said", "codes"),
    [("", ["vi", "km"]), ("vi,tyz nut", ["vi", "tyz", "nut"]), ("km, vi, km", ["km", "vi"])],
)
def test_codes_in_their_order(monkeypatch: Any, said: str, codes: list[str]) -> None:
    """Each once; the default where nothing is said."""
    monkeypatch.setenv("CONTENT_LANGUAGES", said)
    assert environment.languages("CONTENT_LANGUAGES", ["vi", "km"]) == codes


@pytest.mark.parametrize(("said", "why"), [("vi,xx", "xx is unknown"), ("km,en", "vi must be among")])
def test_what_makes_no_sense_is_refused(monkeypatch: Any, said: str, why: str) -> None:
    """By name, with what would be right."""
    monkeypatch.setenv("CONTENT_LANGUAGES", said)
    with pytest.raises(ImproperlyConfigured, match=f"CONTENT_LANGUAGES: {why}"):
        environment.languages("CONTENT_LANGUAGES", ["vi"])


def test_named_in_their_own_writing() -> None:
    """Where it is known for certain; else in Vietnamese. The interface has two languages, whatever content has."""
    assert get_language_info("km")["name_local"] == "ភាសាខ្មែរ"
    own = [get_language_info(code)["name_local"] for code in ("blt", "cjm", "rad", "hmn")]
    assert own == ["ꪼꪕꪒꪾ", "ꨌꩌ", "Klei Êđê", "Tiếng Mông"]
    assert get_language_info("bdq")["name_local"] == "Tiếng Ba-na"
    assert [code for code, _name in settings.INTERFACE_LANGUAGES] == ["vi", "en"]


def test_editors_read_both_names() -> None:
    """Their computers seldom show Cham or Tai Viet, and few of them read it."""
    names = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
    assert (names["cjm"], names["hmn"], names["vi"]) == ("Tiếng Chăm (ꨌꩌ)", "Tiếng Mông", "Tiếng Việt")


def test_library_knows_the_same_languages() -> None:
    """By the codes of ISO 639-3 that its list of languages has."""
    path = Path(__file__).parents[2] / "library" / "starter" / "languages.csv"
    with path.open(encoding="utf-8") as stream:
        known = {row["iso"] for row in csv.DictReader(stream)}
    wanted = [*settings.CONTENT_LANGUAGES, "tyz", "nut", "mtq", "ium", "hre", "kpm"]
    assert [code for code in wanted if ISO.get(code, code) not in known | {"eng"}] == []
    assert [code for code in wanted if code not in languages.LANGUAGES] == []
