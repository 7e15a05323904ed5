"""How long something takes, in words."""

from decimal import Decimal

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def minutes_long(minutes: int) -> str:
    """70 as "1 giờ 10 phút"."""
    hours, rest = divmod(int(minutes), 60)
    words = []
    if hours:
        words.append(ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours})
    if rest or not hours:
        words.append(ngettext("%(n)d phút", "%(n)d phút", rest) % {"n": rest})
    return " ".join(words)


@register.filter
def hours_long(hours: Decimal | float) -> str:
    """1.5 as "1 giờ 30 phút"."""
    return minutes_long(round(float(hours) * 60))
