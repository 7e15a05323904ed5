"""From what a reader typed to what must match: one tree of terms that every engine translates word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.folding import Word, findable, identifier, is_name, runs, together, words

MAX_TEXT = 200  # characters of a query that count
MAX_UNITS = 24  # words and phrases of a query that count

# What a word weighs by the field it stands in. When marks were typed, the very same word counts in addition: even in
# the text it weighs more than another word of the same letters in the title.
WEIGHTS = {"title": 4.0, "people": 3.0, "subjects": 3.0, "body": 1.0}
MARKED_WEIGHTS = {"title_marked": 8.0, "people_marked": 6.0, "subjects_marked": 6.0, "body_marked": 6.0}
IDENTIFIER = 12.0

_PIECE = re.compile(r'[“”"„]([^“”"„]*)[“”"„]|([^“”"„]+)')


@dataclass(frozen=True)
class Term:
    """The field has this word."""

    field: str
    value: str
    boost: float = 1.0


@dataclass(frozen=True)
class Phrase:
    """The field has these words in a row."""

    field: str
    values: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True)
class Bool:
    """All of must match; should adds to the score. Without must, at least one of should matches."""

    must: "tuple[Node, ...]" = ()
    should: "tuple[Node, ...]" = ()


Node = Term | Phrase | Bool


@dataclass(frozen=True)
class Unit:
    """A word, words written as one (H’Mông), or a phrase in quotes: what must match as a whole."""

    words: tuple[Word, ...]
    quoted: bool = False

    @property
    def folded(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(word.folded for word in self.words)


@dataclass(frozen=True)
class Wanted:
    """A query's text, taken apart. cut says that it was too long and its end was left out."""

    units: tuple[Unit, ...]
    identifier: str
    cut: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        """All its words in their order."""
        return tuple(word for unit in self.units for word in unit.words)


def wanted(text: str) -> Wanted:
    """Take a query's text apart. Quotes hold words together; everything else but letters and digits only parts them."""
    text = findable(" ".join(text.split()))
    units: list[Unit] = []
    for quoted, plain in _PIECE.findall(text[:MAX_TEXT]):
        if found := words(quoted):
            units.append(Unit(tuple(found), quoted=True))
        units += [Unit(tuple(run)) for run in runs(words(plain))]
    cut = len(text) > MAX_TEXT or len(units) > MAX_UNITS
    return Wanted(tuple(units[:MAX_UNITS]), identifier(text[:MAX_TEXT]), cut)


def all_words(asked: Wanted) -> Node:
    """Every unit must match somewhere; marks, closeness and names written as one raise the rank."""
    return _or_identifier(asked, Bool(must=tuple(map(_somewhere, asked.units)), should=_better(asked)))


def any_word(asked: Wanted) -> Node:
    """At least one unit matches; the more of them, the higher the rank."""
    found = Bool(should=tuple(map(_somewhere, asked.units)))
    return _or_identifier(asked, Bool(must=(found,), should=_better(asked)))


def _or_identifier(asked: Wanted, node: Node) -> Node:
    """The whole text may also be one identifier, however it is parted (978-604-1, (OCoLC)123)."""
    return Bool(should=(node, Term("identifiers", asked.identifier, IDENTIFIER)))


def _somewhere(unit: Unit) -> Node:
    """The unit stands in one of the fields, folded."""
    folded = unit.folded
    if len(folded) == 1:
        fields: list[Node] = [Term(field, folded[0], weight) for field, weight in WEIGHTS.items()]
        return Bool(should=(*fields, Term("identifiers", folded[0], IDENTIFIER)))
    fields = [Phrase(field, folded, weight) for field, weight in WEIGHTS.items()]
    if unit.quoted:
        return Bool(should=tuple(fields))
    joined = together(unit.words)[0]
    fields += [Term(field, joined, weight) for field, weight in WEIGHTS.items()]
    return Bool(should=(*fields, Term("identifiers", joined, IDENTIFIER)))


def _better(asked: Wanted) -> tuple[Node, ...]:
    """What is no condition but raises the rank."""
    found = asked.words
    better: list[Node] = []
    if any(word.marked != word.folded for word in found):
        for unit in asked.units:
            better += [_in_field(field, unit, weight) for field, weight in MARKED_WEIGHTS.items()]
    for pair in pairwise(found):
        if is_name(*pair):
            joined = together(pair)[0]
            better += [Term(field, joined, weight) for field, weight in WEIGHTS.items()]
    if len(found) > 1:
        better += [Phrase(field, tuple(word.folded for word in found), weight) for field, weight in WEIGHTS.items()]
    return tuple(better)


def _in_field(field: str, unit: Unit, boost: float) -> Node:
    values = tuple(word.marked for word in unit.words)
    return Term(field, values[0], boost) if len(values) == 1 else Phrase(field, values, boost)


def filters(chosen: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Facet filters as (engine field, accepted values), without empty ones."""
    return tuple((facet_field(name), tuple(values)) for name, values in chosen if values)


def facet_field(name: str) -> str:
    """Where an engine keeps a facet."""
    return name if name in {"kind", "language"} else f"facets.{name}"
