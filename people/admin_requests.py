"""The admin's list of learners who say for whom they learn, and the page where staff confirm it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import AdminDateInput

from core.admin_pages import AdminPage
from people import representing
from people.admin_choosers import household_chooser, organisation_chooser, unit_chooser
from people.exceptions import NotPossible
from people.models import Household, Organisation, RepresentationRequest, Unit

PAGE = 50
PERMISSION = "people.change_representationrequest"


class AnswerForm(forms.Form):
    """Which household or organisation it is, from which day; or why not."""

    subject = forms.ModelChoiceField(label="", queryset=Household.objects.none(), required=False)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Chưa có trong danh sách: thêm mới ở địa bàn"),
        queryset=Unit.objects.none(),
        required=False,
        widget=unit_chooser.widget_class(),
    )
    since = forms.DateField(label=gettext_lazy("Học thay từ ngày"), widget=AdminDateInput, required=False)
    answer = forms.CharField(
        label=gettext_lazy("Lý do không xác nhận"),
        help_text=gettext_lazy("Người học đọc được. Chỉ cần khi bấm “Không xác nhận”."),
        max_length=255,
        required=False,
    )

    def __init__(self, *args: Any, request: RepresentationRequest, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_household = request.kind == RepresentationRequest.Kind.HOUSEHOLD
        chooser, model = (household_chooser, Household) if of_household else (organisation_chooser, Organisation)
        subject, unit = self.fields["subject"], self.fields["unit"]
        assert isinstance(subject, forms.ModelChoiceField)
        assert isinstance(unit, forms.ModelChoiceField)
        subject.label = _("Chọn trong danh sách đã có")
        subject.widget = chooser.widget_class()
        subject.queryset = model.objects.visible_to(reader)
        unit.queryset = Unit.objects.current().managed_by(reader)


class RequestView(PermissionRequiredMixin, AdminPage):
    """What the list and the page of one request share."""

    permission_required = PERMISSION
    raise_exception = True
    header_icon = "group"
    page_title = gettext_lazy("Đề nghị học thay")
    section = ("people_requests:index", page_title)


class RequestListView(RequestView, TemplateView):
    """Those that wait, the oldest first."""

    template_name = "people/admin/requests.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = RepresentationRequest.objects.waiting().visible_to(self.request.user)
        page = Paginator(rows.select_related("person", "unit"), PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, **kwargs)


class AnswerView(RequestView, FormView):
    """One request: confirm with one that exists, confirm with a new one, or refuse."""

    template_name = "people/admin/request.html"
    form_class = AnswerForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = RepresentationRequest.objects.visible_to(request.user).select_related("person", "unit__today")
        self.asked = get_object_or_404(rows, pk=kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        unit = self.asked.unit
        return {"since": timezone.localdate(self.asked.asked_at), "unit": unit.today if unit and unit.settled else None}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.asked, "reader": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alike = representing.alike(self.asked, self.request.user)
        return super().get_context_data(asked=self.asked, alike=alike, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        data = form.cleaned_data
        user: Any = self.request.user
        subject = data["subject"] or self._named()
        try:
            if "refuse" in self.request.POST:
                representing.refuse(request=self.asked, answer=data["answer"], by=user)
                messages.success(self.request, _("Đã trả lời là không xác nhận."))
            else:
                since = data["since"] or timezone.localdate(self.asked.asked_at)
                row = representing.confirm(request=self.asked, subject=subject, since=since, unit=data["unit"], by=user)
                messages.success(self.request, _("Đã xác nhận: %(name)s.") % {"name": row.subject})
        except NotPossible as reason:
            form.add_error(None, reason.message)
            return self.form_invalid(form)
        return redirect("people_requests:index")

    def _named(self) -> Household | Organisation | None:
        """One of the rows alike, chosen by its button."""
        key = self.request.POST.get("alike", "")
        alike = representing.alike(self.asked, self.request.user)
        return next((row for row in alike if str(row.pk) == key), None)


class _OnlyForAnswerers(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


class RequestViewSet(ViewSet):
    """The two pages under one entry of the menu."""

    icon = "group"
    menu_label = gettext_lazy("Đề nghị học thay")
    menu_item_class = _OnlyForAnswerers

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", RequestListView.as_view(), name="index"),
            path("<int:pk>/", AnswerView.as_view(), name="answer"),
        ]
