"""Pieces of the admin's lists and choosers of people and units: search by words without marks, days as days."""

from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.model import ModelViewSet

PEOPLE_MENU = "register_people_menu_item"  # hook for entries below "Người, địa bàn" beside those of its view sets


class SearchByWords:
    """For a listing view over a queryset that has found_by(text)."""

    is_searchable = True
    is_searching: bool
    search_query: str

    def search_queryset(self, queryset: Any) -> Any:
        """Filter by the words typed."""
        return queryset.found_by(self.search_query) if self.is_searching else queryset


class OnlyVisible:
    """For a view of one row: what the user may not see is 404, before anything else is asked."""

    model: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The key stands in the address by name or by place."""
        key = unquote(str(kwargs.get("pk", args[0] if args else "")))
        if not key.isdecimal() or not self.visible(request.user).filter(pk=key).exists():
            raise Http404
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def visible(self, user: Any) -> QuerySet[Any]:
        """The rows of the model that the user may see: by visible_to, or by the person whom a row is about."""
        rows = self.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            return rows.visible_to(user)
        people: Any = self.model._meta.get_field("person").related_model
        return rows.filter(person__in=people._default_manager.visible_to(user))


class VisibleHistoryView(OnlyVisible, HistoryView):
    """The history of a row."""


class VisibleUsageView(OnlyVisible, UsageView):
    """Where a row is used."""


class VisibleDeleteView(OnlyVisible, DeleteView):
    """Asks before a row goes."""


class VisibleViewSet(ModelViewSet):
    """Every view of one row keeps to what the user may see."""

    history_view_class = VisibleHistoryView
    usage_view_class = VisibleUsageView
    delete_view_class = VisibleDeleteView
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50


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
