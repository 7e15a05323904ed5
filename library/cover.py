"""The cover of a record: its own picture, else one drawn in the house's look with the title on it."""

from dataclasses import dataclass, field

from library.models import Record, RecordFile

LINE, LINES = 13, 6  # characters in a line of the drawn title, lines
TONES = {"map": "leaf", "picture": "leaf", "film": "brocade", "sound": "brocade", "music": "brocade"}
TONES |= {"article": "turmeric", "serial": "turmeric", "object": "turmeric"}


@dataclass(frozen=True)
class Cover:
    """A picture's address, or the lines of a drawn cover with their places (of a sheet of 120 by 160)."""

    url: str = ""
    tone: str = "indigo"
    lines: list[tuple[int, str]] = field(default_factory=list)
    author: str = ""


def of(record: Record, picture: RecordFile | None) -> Cover:
    """The cover to show; picture is the file that serves as one, where there is any for this reader."""
    if picture is not None:
        return Cover(url=picture.get_absolute_url())
    lines = wrapped(record.title)
    drawn = [(34 + 17 * number, line) for number, line in enumerate(lines)]
    return Cover(tone=TONES.get(record.material, "indigo"), lines=drawn, author=_cut(record.author, 19))


def wrapped(title: str) -> list[str]:
    """The title in short lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(_cut(word, LINE))
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], _cut(f"{lines[LINES - 1]} …", LINE + 1)]
    return lines


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
