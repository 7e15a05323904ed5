"""Where a record's document can be had, library by library: fields 852 and 866, and our own copies."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from library import copies
from library.columns import joined, plain
from library.marc import MarcRecord
from library.models import Copy, HoldingLibrary


@dataclass
class Place:
    """One library with what it has: lines of text from the MARC, and copies."""

    name: str
    address: str = ""
    lines: list[str] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)

    @property
    def available(self) -> int:
        """How many copies one can ask for now."""
        return sum(copy.status in {Copy.Status.AVAILABLE, Copy.Status.READING_ROOM} for copy in self.copies)


def places(marc: MarcRecord, own: Sequence[Copy], libraries: Sequence[HoldingLibrary]) -> list[Place]:
    """The libraries that hold the document; a code in 852 $a that is one of our libraries is shown by its name."""
    known = {library.code: library for library in libraries}
    found: dict[str, Place] = {}
    for library, its_copies in copies.by_library(own):
        found[library.code] = Place(library.name, library.address, copies=its_copies)
    last = ""
    for each in marc.data("852", "866"):
        if each.tag == "866" and last and not each.first("a"):
            continue
        if each.tag == "852":
            last = plain(each.first("a")) or plain(each.first("b"))
            at_home = known.get(last)
            place = found.setdefault(last, Place(at_home.name if at_home else last, at_home.address if at_home else ""))
            text = joined(each, "bchijklmptz" if each.first("a") else "chijklmptz")
        else:
            place = found.setdefault(last, Place(""))
            text = joined(each, "az")
        if text and text not in place.lines:
            place.lines.append(text)
    return [place for place in found.values() if place.name or place.lines]
