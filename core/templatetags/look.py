"""Small pieces of the look that need arithmetic or the page's language: bars, percentages, menu links."""

import re
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import reading_language

register = template.Library()
NO_BREAK = "\u00a0"


@register.filter(is_safe=True)
def held(title: str) -> str:
    """A title whose ISBD marks (" : ", " = ", " / ", " ; ") stay behind their word, so that no line begins with one."""
    return re.sub(r" (?=[:=/;] )", NO_BREAK, title)


@register.simple_tag
def bar(percent: float | Decimal | None, goal: float | None = None) -> SafeString:
    """A bar filled to percent (0 to 100) with a mark at goal; decoration only, the number stands beside it as text.

    Drawn as SVG because the Content-Security-Policy forbids inline styles.
    """
    value = min(max(float(percent or 0), 0.0), 100.0)
    tone = _tone(value, goal)
    mark = format_html('<line x1="{0}%" x2="{0}%" y1="0" y2="16"/>', min(goal, 99.6)) if goal else ""
    return format_html(
        '<svg class="bar {}" aria-hidden="true" focusable="false">'
        '<rect class="full" width="100%" height="12" y="2" rx="6"/>'
        '<rect class="part" width="{}%" height="12" y="2" rx="6"/>{}</svg>',
        tone,
        f"{value:.1f}",
        mark,
    )


def _tone(value: float, goal: float | None) -> str:
    """Leaf when the goal is met or nearly, turmeric past half of it, brocade below."""
    if not goal or value >= 0.9 * goal:
        return "high"
    return "mid" if value >= 0.5 * goal else "low"


@register.filter
def percent(value: float | Decimal | None) -> str:
    """46.2 as "46,2 %" in the reader's language, nothing and all as "0 %" and "100 %"; an unknown value as a dash.

    Something is never shown as nothing.
    """
    if value is None:
        return "–"
    share = float(value)
    shown = formats.number_format(max(round(share, 1), 0.1) if share else 0, decimal_pos=0 if share in {0, 100} else 1)
    sign = "<\u00a0" if 0 < share < 0.05 else ""
    return f"{sign}{shown}\u00a0%"


@register.simple_tag(takes_context=True)
def section_link(context: dict[str, Any], path: str, label: str) -> SafeString:
    """A link of the main menu in the page's language, marked as current inside its section."""
    href = localised(path)
    request = context.get("request")
    here = request is not None and _of_interface(request.path).startswith(href)
    return format_html('<a href="{}"{}>{}</a>', href, mark_safe(' aria-current="page"') if here else "", label)


@register.simple_tag(takes_context=True)
def other_language_url(context: dict[str, Any], language: str) -> str:
    """This very page in another language of the interface; an error page has none and leads to the front page."""
    request = context.get("request")
    path = request.get_full_path() if request is not None and request.method == "GET" else "/"
    return str(translate_url(_of_interface(path), language))


def _of_interface(path: str) -> str:
    """The path in a language of the interface: a course in Khmer, say, stands in the Vietnamese one."""
    if reading_language.is_of_interface(reading_language.prefix_of(path)):
        return path
    return reading_language.in_language(path, settings.LANGUAGE_CODE)


@register.simple_tag
def site_path(path: str) -> str:
    """A path of the site with the page's language before it: /courses/ is /en/courses/ in English."""
    return localised(path)


def localised(path: str) -> str:
    """The path with the active language's prefix; Vietnamese has none."""
    language = get_language()
    return path if language in {None, settings.LANGUAGE_CODE} else f"/{language}{path}"
