"""Paragraphs of a Word file, and how the words in them stand out."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Marks:
    """How words stand out."""

    bold: bool = False
    underlined: bool = False
    coloured: bool = False
    highlighted: bool = False


@dataclass(frozen=True)
class Piece:
    """Words that stand out alike."""

    text: str
    marks: Marks


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or what a line of one holds."""

    pieces: list[Piece]
    has_picture: bool = False
    has_equation: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(piece.text for piece in self.pieces)

    def part(self, start: int, end: int) -> "Paragraph":
        """The characters from start to end."""
        pieces, at = [], 0
        for piece in self.pieces:
            words = piece.text[max(0, start - at) : max(0, end - at)]
            pieces += [Piece(words, piece.marks)] if words else []
            at += len(piece.text)
        return replace(self, pieces=pieces)
