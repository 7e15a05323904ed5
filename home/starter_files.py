"""Reads the starter content that ships with the code (home/starter, described in its README)."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "starter"


def read_toml(name: str) -> dict[str, Any]:
    """One file of the starter content."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def courses() -> list[dict[str, Any]]:
    """The courses, as lms.courses.publish_course takes them."""
    return [read_toml(path.name) for path in sorted(FOLDER.glob("course-*.toml"))]


def programmes() -> list[dict[str, Any]]:
    """The programmes, as lms.courses.publish_programme takes them."""
    return read_toml("programmes.toml")["programmes"]
