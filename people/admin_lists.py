"""Pieces of the admin's lists and choosers of people and units: search by words without marks, days as days."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column


class SearchByWords:
    """For a listing view over a queryset that has found_by(text)."""

    is_searchable = True
    is_searching: bool
    search_query: str

    def search_queryset(self, queryset: Any) -> Any:
        """Filter by the words typed."""
        return queryset.found_by(self.search_query) if self.is_searching else queryset


class DayColumn(Column):
    """A day as 31/12/2026; Wagtail's own column says "1 year ago"."""

    def get_value(self, instance: Any) -> str:
        """Empty where there is no day."""
        day = super().get_value(instance)
        return date_format(day, "d/m/Y") if day else ""


SPAN = [DayColumn("since", label=_("Từ ngày"), sort_key="since"), DayColumn("until", label=_("Đến hết ngày"))]


class ChooserSearchForm(BaseFilterForm):
    """The search field of a chooser."""

    q = forms.CharField(label=_("Tìm theo tên, mã hoặc số điện thoại"), required=False)

    def filter(self, objects: QuerySet[Any]) -> Any:
        """Filter by the words typed."""
        objects = super().filter(objects)
        if self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, self.cleaned_data["q"]
            objects = objects.found_by(self.search_query)  # type: ignore[attr-defined]
        return objects
