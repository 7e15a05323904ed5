"""MARC as cataloguers read it: blanks that have a meaning are seen, as "#"."""

from django import template

from library import marc_lines
from library.marc import ControlField

register = template.Library()


@register.filter
def blanks(text: str) -> str:
    """A leader or indicators."""
    return text.replace(" ", "#")


@register.filter
def fixed(field: ControlField) -> str:
    """What a control field says; where each position has its meaning, with the blanks."""
    return blanks(field.value) if field.tag in marc_lines.FIXED else field.value
