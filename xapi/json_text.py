"""JSON as the specification wants it: UTF-8, no property twice (Data 2.2)."""

import json
import re
from typing import Any

import orjson

from xapi.exceptions import InvalidStatement

_spaced_colon = re.compile(rb'"[ \t\r\n]+:').search
_escaped = re.compile(rb"\\u00(22|3[aA])").search  # a quote or a colon


def parse(text: bytes) -> Any:
    """The JSON; refused are what is no JSON, what is no UTF-8, and a property that occurs twice (Data 2.2)."""
    try:
        parsed = orjson.loads(text)
        if not is_countable(text) or count_properties(text) != count_properties(orjson.dumps(parsed)):
            json.loads(text, object_pairs_hook=_no_repeats, parse_int=str, parse_float=str)
    except orjson.JSONDecodeError as error:
        raise InvalidStatement("", f"not JSON: {error}") from None
    except (orjson.JSONEncodeError, RecursionError):
        raise InvalidStatement("", "nested too deeply") from None
    return parsed


def is_countable(text: bytes) -> bool:
    """Whether a cheap count finds all properties: no space or escape stands between a quote and a colon."""
    return not (_escaped(text) or _spaced_colon(text))


def count_properties(text: bytes) -> int:
    """How often `":` stands there: written out again, JSON has it as often, unless a property came twice."""
    return text.count(b'":')


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The slow and exact test, for each object."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise InvalidStatement(next(name for name in names if names.count(name) > 1), "occurs twice in one object")
    return found
