"""Dates as people type them in the admin: the day stands first in both languages of the interface."""

from datetime import date

import pytest
from django import forms
from django.utils import translation
from wagtail.admin.widgets import AdminDateInput


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["05/12/2026", "5/12/2026", "2026-12-05", "05-12-2026", "05.12.2026"])
def test_the_day_stands_first(language: str, typed: str) -> None:
    """The fifth of December, which Django without our formats reads as the twelfth of May."""
    with translation.override(language):
        assert forms.DateField().clean(typed) == date(2026, 12, 5)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_fields_show_what_they_take(language: str) -> None:
    with translation.override(language):
        field = forms.DateField(widget=AdminDateInput())
        shown = field.widget.format_value(date(2026, 12, 5))
        assert (shown, field.clean(shown)) == ("05/12/2026", date(2026, 12, 5))
