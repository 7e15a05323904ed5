"""The chooser with which trainers look for a library record while they write a lesson."""

import logging
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.blocks import ChooserBlock

from library.models import Record
from search import engines
from search.exceptions import SearchError
from search.queries import Query

logger = logging.getLogger(__name__)


class RecordFilterForm(BaseFilterForm):
    """Finds records as readers do: by the search engine, with or without Vietnamese marks."""

    q = forms.CharField(label=_("Tìm trong thư viện"), required=False)
    is_search_down = False

    def filter(self, objects: models.QuerySet[Record]) -> models.QuerySet[Record]:
        text = self.cleaned_data["q"]
        if not text:
            return objects
        self.is_searching, self.search_query = True, text
        try:
            hits = engines.engine().search(Query(text=text, kinds=("record",), size=50)).hits
        except SearchError:
            logger.exception("lms: the record chooser cannot search")
            self.is_search_down = True
            return objects.none()
        return objects.filter(pk__in=[int(hit.key) for hit in hits])


class RecordList(chooser.BaseChooseView):
    """What may be cited: what any reader may open."""

    filter_form_class = RecordFilterForm
    results_template_name = "lms/record_results.html"

    def get_object_list(self) -> models.QuerySet[Record]:
        return Record.objects.public().bibliographic().light()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_search_down": self.filter_form.is_search_down}


class RecordChooseView(RecordList, chooser.ChooseView):
    """The whole dialogue."""


class RecordResultsView(RecordList, chooser.ChooseResultsView):
    """The list in it."""


class BaseRecordBlock(ChooserBlock):
    """Loads all records of a page in one query, without their MARC."""

    def bulk_to_python(self, values: Sequence[int | None]) -> list[Record | None]:
        records = Record.objects.light().in_bulk([value for value in values if value is not None])
        return [records.get(value) if value is not None else None for value in values]


class RecordChooserViewSet(ChooserViewSet):
    """Registered in wagtail_hooks."""

    model = Record
    icon = "openquote"
    choose_one_text = _("Chọn tài liệu trong thư viện")
    choose_another_text = _("Chọn tài liệu khác")
    edit_item_text = _("Xem biểu ghi")
    choose_view_class = RecordChooseView
    choose_results_view_class = RecordResultsView
    base_block_class = BaseRecordBlock
    register_widget = False


viewset = RecordChooserViewSet("lms_record_chooser", url_prefix="lms/records")
RecordChooserBlock: Any = viewset.get_block_class(name="RecordChooserBlock", module_path="lms.record_chooser")
