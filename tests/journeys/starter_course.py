"""What the starter course asks and what is right, read from its source: the pages are to agree with it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import home

KEY = "dien-thoai-an-toan"
FILE = Path(home.__file__).parent / "starter" / f"course-{KEY}.toml"


@dataclass(frozen=True)
class Asked:
    """A question with the texts of its options."""

    key: str
    text: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Taught:
    """A lesson with its questions in their order."""

    key: str
    title: str
    questions: tuple[Asked, ...]


def title() -> str:
    """The course's title."""
    return _read()["title"]


def lessons() -> list[Taught]:
    """The course's lessons in their order."""
    return [
        Taught(
            lesson["key"],
            lesson["title"],
            tuple(_asked(block) for block in lesson["blocks"] if block["type"] == "question"),
        )
        for lesson in _read()["lessons"]
    ]


def _asked(block: dict) -> Asked:
    options = block["options"]
    return Asked(
        block["key"],
        block["text"],
        right=tuple(option["text"] for option in options if option["right"]),
        wrong=tuple(option["text"] for option in options if not option["right"]),
    )


def _read() -> dict:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
