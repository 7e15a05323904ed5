"""What a learner filled in before and has not handed in, put back into the fields of a question.

asked is a question on a page; in a quiz it has `kept`, the values by field.
"""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def ticked(asked: Any, name: str, value: Any) -> str:
    """The attribute of a box or button that was chosen."""
    return " checked" if str(value) in _kept(asked, name) else ""


@register.simple_tag
def picked(asked: Any, stem: str, item: Any, value: Any) -> str:
    """The attribute of a list's entry that was chosen; the list's name is the stem with the item."""
    return " selected" if str(value) in _kept(asked, f"{stem}{item}") else ""


@register.simple_tag
def typed(asked: Any, name: str) -> str:
    """What was written."""
    return next(iter(_kept(asked, name)), "")


def _kept(asked: Any, name: str) -> Sequence[str]:
    found: Sequence[str] = getattr(asked, "kept", {}).get(name, ())
    return found
