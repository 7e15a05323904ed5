"""Erasure in the admin: who asked for it, what will go, and the press of the button."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from people import erasure
from people.admin_lists import DayColumn
from people.admin_pages import PersonPage
from people.exceptions import CannotErase
from people.models import ErasureRequest


class EraseForm(forms.Form):
    """The name once more, so that nobody is erased by a slip; or a reason why not."""

    name = forms.CharField(label=gettext_lazy("Gõ lại họ và tên của người này để xác nhận"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Hoặc ghi lý do không xóa; người học sẽ đọc được"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, person: Any, refusing: bool, **kwargs: Any) -> None:
        self.person, self.refusing = person, refusing
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.refusing and not cleaned.get("answer"):
            self.add_error("answer", _("Hãy ghi lý do để người học biết."))
        if not self.refusing and cleaned.get("name", "").casefold() != str(self.person).casefold():
            self.add_error("name", _("Họ và tên chưa khớp."))
        return cleaned


class ErasePersonView(PersonPage, FormView):
    """What erasing means for this person; answers a request where one waits."""

    template_name = "people/admin/erase.html"
    form_class = EraseForm
    page_title = gettext_lazy("Xóa dữ liệu cá nhân")

    def get_form_kwargs(self) -> dict[str, Any]:
        refusing = self.request.POST.get("do") == "refuse"
        return {**super().get_form_kwargs(), "person": self.person, "refusing": refusing}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(erasure_request=self._request(), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        by: Any = self.request.user
        waiting = self._request()
        if form.refusing:
            if waiting:
                erasure.refuse(waiting, by=by, answer=form.cleaned_data["answer"])
                messages.success(self.request, _("Đã trả lời. Người học đọc được lý do ở trang của mình."))
            return redirect("wagtailusers_users:edit", self.person.pk)
        try:
            erasure.erase(self.person, by=by)
        except CannotErase as reason:
            messages.error(self.request, str(reason))
            return redirect("people_erasure:person", self.person.pk)
        messages.success(self.request, _("Đã xóa dữ liệu cá nhân. Số liệu đã học vẫn được giữ, không còn tên."))
        return redirect("wagtailusers_users:index")

    def _request(self) -> ErasureRequest | None:
        return self.person.erasure_requests.waiting().first()


class ErasureRequestsView(IndexView):
    """Who asked, the waiting first."""

    default_ordering = "asked_at"
    header_more_buttons = ()

    def get_base_queryset(self) -> Any:
        return ErasureRequest.objects.visible_to(self.request.user).waiting().select_related("person__unit")

    def get_edit_url(self, instance: ErasureRequest) -> str:
        return reverse("people_erasure:person", args=[instance.person_id])

    def get_inspect_url(self, instance: ErasureRequest) -> None:
        """The page of the person says all."""

    def get_delete_url(self, instance: ErasureRequest) -> None:
        """A request is answered, not deleted."""


class ErasureRequestViewSet(ModelViewSet):
    """Requests that wait for an answer."""

    model = ErasureRequest
    icon = "bin"
    menu_label = gettext_lazy("Yêu cầu xóa dữ liệu")
    index_view_class = ErasureRequestsView
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    form_fields = ("state",)
    list_per_page = 50
    list_display = [
        "person",
        Column("person__unit", label=gettext_lazy("Địa bàn")),
        DayColumn("asked_at", label=gettext_lazy("Ngày yêu cầu")),
    ]
