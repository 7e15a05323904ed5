"""The learner's page: for whom else one learns, and the request to learn for somebody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import representing
from people.exceptions import NotPossible
from people.models import Representation, RepresentationRequest
from people.tax_code import is_valid, normalise

Kind = RepresentationRequest.Kind
SHOWN = 20  # requests on the page


class SubjectForm(forms.Form):
    """For which household, cooperative or enterprise."""

    kind = forms.ChoiceField(label=gettext_lazy("Học cho"), choices=Kind.choices)
    name = forms.CharField(label=gettext_lazy("Tên chủ hộ, hợp tác xã hoặc doanh nghiệp"), max_length=255)
    code = forms.CharField(
        label=gettext_lazy("Số hộ hoặc mã số thuế"), help_text=gettext_lazy("Nếu biết."), max_length=32, required=False
    )
    place = forms.CharField(
        label=gettext_lazy("Nơi ở hoặc trụ sở"),
        help_text=gettext_lazy("Thôn, xã. Để trống nếu ở cùng xã với ông, bà."),
        max_length=255,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("code") and data.get("kind") in {Kind.COOPERATIVE, Kind.ENTERPRISE}:
            data["code"] = normalise(data["code"])
            if not is_valid(data["code"]):
                self.add_error("code", _("Mã số thuế chưa đúng. Hãy kiểm tra lại, hoặc để trống."))
        return data


@login_required
def subjects(request: HttpRequest) -> HttpResponse:
    """Show; a POST asks staff to confirm one more."""
    person: Any = request.user
    form = SubjectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            representing.ask(person=person, **form.cleaned_data)
        except NotPossible as reason:
            form.add_error(None, reason.message)
        else:
            messages.success(request, _("Đã gửi. Cán bộ sẽ xác nhận; ông, bà vẫn học bình thường trong khi chờ."))
            return redirect("people_subjects")
    rows = Representation.objects.on().filter(person=person).select_related("household__unit", "organisation__unit")
    asked = RepresentationRequest.objects.filter(person=person).exclude(state=RepresentationRequest.State.CONFIRMED)
    context = {"form": form, "representations": rows.order_by("since", "pk"), "asked": asked[:SHOWN]}
    return render(request, "people/subjects.html", context)
