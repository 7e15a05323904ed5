"""What the reader chose for this device, as attributes of <html>; site.css reads them."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.comfort import Comfort

register = template.Library()


@register.simple_tag(takes_context=True)
def comfort_attributes(context: dict[str, Any]) -> SafeString:
    """` data-size="large" data-colour="dark"`, or nothing."""
    chosen = Comfort.of(context.get("request"))
    said = [(name, getattr(chosen, name)) for name in ("size", "colour", "motion")]
    return format_html_join("", ' data-{}="{}"', [(name, value) for name, value in said if value])


@register.inclusion_tag("core/comfort.html", takes_context=True)
def comfort_form(context: dict[str, Any]) -> dict[str, Any]:
    """The form with what stands."""
    request = context.get("request")
    return {"request": request, "csrf_token": context.get("csrf_token"), "chosen": Comfort.of(request)}
