"""How a reader wants pages to look on this device: size of text, colours, movement. Kept in a cookie, for everyone."""

from dataclasses import dataclass
from typing import Any

COOKIE = "nhasan_comfort"
AGE = 365 * 24 * 3600  # seconds
SIZES = ("", "large", "larger")
COLOURS = ("", "light", "dark", "contrast")
MOTIONS = ("", "less")


@dataclass(frozen=True)
class Comfort:
    """An empty value is what the device itself says."""

    size: str = ""
    colour: str = ""
    motion: str = ""

    @classmethod
    def chosen(cls, said: Any) -> "Comfort":
        """From a mapping such as a form; what is unknown is empty."""
        size, colour, motion = said.get("size", ""), said.get("colour", ""), said.get("motion", "")
        return cls(
            size if size in SIZES else "", colour if colour in COLOURS else "", motion if motion in MOTIONS else ""
        )

    @classmethod
    def of(cls, request: Any) -> "Comfort":
        """What this device's cookie says."""
        text = request.COOKIES.get(COOKIE, "") if request is not None else ""
        if text.count(".") != 2:
            return cls()
        return cls.chosen(dict(zip(("size", "colour", "motion"), text.split("."), strict=True)))

    @property
    def cookie(self) -> str:
        """The value to keep; empty where nothing was chosen."""
        return f"{self.size}.{self.colour}.{self.motion}" if self != Comfort() else ""
