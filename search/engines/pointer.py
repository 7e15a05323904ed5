"""The file that names the live index folder: replaced in one step, on the disk before the old folder goes."""

import os
from pathlib import Path

POINTER = "current"


def read_pointer(folder: Path) -> str:
    """The live index's name, or nothing."""
    try:
        name = (folder / POINTER).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return name if name and "/" not in name and name not in {".", ".."} else ""


def write_pointer(folder: Path, name: str) -> None:
    """Make another index the live one."""
    draft = folder / f"{POINTER}.new"
    with draft.open("w", encoding="ascii") as out:
        out.write(name + "\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / POINTER)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
