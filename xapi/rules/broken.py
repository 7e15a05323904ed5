"""How a broken rule is said: the path to the property, and the rule."""

import re
from typing import Any, TypeVar

import msgspec

Model = TypeVar("Model")

_MESSAGE = re.compile(r"(?P<rule>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?", re.DOTALL)
_NAMED = (  # msgspec names these properties in the message; we put them into the path
    (re.compile(r"Object contains unknown field `(.*)`", re.DOTALL), "is not a property here"),
    (re.compile(r"Object missing required field `(.*)`", re.DOTALL), "is required"),
)


class Broken(ValueError):
    """Raised inside a model by the rule that is broken; the path is relative to the model."""

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path}: {rule}")
        self.path = path
        self.rule = rule

    def within(self, path: str) -> "Broken":
        """The same, seen from the object that holds the model at this path."""
        return Broken(join(path, self.path), self.rule)


def join(path: str, rest: str) -> str:
    """`actor` and `mbox` make `actor.mbox`; `[3]` follows without a dot."""
    return f"{path}{rest}" if not path or not rest or rest.startswith("[") else f"{path}.{rest}"


def read_as(kind: type[Model], value: Any) -> Model:
    """The plain data as the model (a type), or Broken with the path below the value."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _broken(error) from None


def _broken(error: msgspec.ValidationError) -> Broken:
    """The message of msgspec in our words. A rule of ours arrives as its cause, below the path that msgspec knows."""
    found = _MESSAGE.fullmatch(str(error))
    path = (found["path"] or "").lstrip(".") if found else ""
    if isinstance(error.__cause__, Broken):
        return error.__cause__.within(path)
    rule = found["rule"] if found else str(error)
    for pattern, words in _NAMED:
        if named := pattern.fullmatch(rule):
            return Broken(join(path, named[1]), words)
    if rule.endswith("got `null`"):
        return Broken(path, "must not be null")
    return Broken(path, rule.replace("`", "").replace("Expected", "expected").replace("Invalid", "invalid"))
