"""The admin's credentials: list, make, change, revoke. A secret is shown once, on the answer to making it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from core.admin_pages import AdminPage
from xapi import credentials, rate_limit
from xapi.models import Credential, Scope

TAKEN = gettext_lazy("Đã có khóa truy cập với tên này.")


class CredentialForm(forms.Form):
    """What a credential may do. `of` is the one that is changed, None for a new one."""

    name = forms.CharField(label=gettext_lazy("Tên hệ thống"), max_length=200)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Được phép"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    counts = forms.CharField(
        label=gettext_lazy("Khóa học được tính"),
        required=False,
        help_text=gettext_lazy("Mã các khóa học, cách nhau bằng dấu cách. Để trống: chỉ lưu, không tính vào tiến độ."),
    )
    requests_a_minute = forms.IntegerField(
        label=gettext_lazy("Số yêu cầu tối đa mỗi phút"), required=False, min_value=1, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, of: Credential | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of = of
        usual = _("Để trống: %(limit)s, đủ cho hầu hết các hệ thống.")
        self.fields["requests_a_minute"].help_text = usual % {"limit": intcomma(rate_limit.CREDENTIAL)}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Credential.objects.exclude(pk=self._of.pk) if self._of else Credential.objects.all()
        if others.filter(name=name).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean_counts(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["counts"].replace(",", " ").split()))


class CredentialView(PermissionRequiredMixin, AdminPage, FormView):
    """What the list and the page of one credential share."""

    permission_required = "xapi.add_credential"
    raise_exception = True
    header_icon = "key"
    page_title = gettext_lazy("Khóa truy cập LRS")
    section = ("xapi_admin:credentials", page_title)
    form_class = CredentialForm


class CredentialsView(CredentialView):
    """The list with the form for a new one."""

    template_name = "xapi/admin/credentials.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(credentials=Credential.objects.all(), **kwargs)

    def form_valid(self, form: CredentialForm) -> HttpResponse:
        """The answer is this page with the secret; there is no address at which it could be seen again."""
        person: Any = self.request.user
        try:
            made, secret = credentials.make(**form.cleaned_data, by=person)
        except IntegrityError:  # somebody took the name just now
            form.add_error("name", TAKEN)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=CredentialForm(), made=made, secret=secret))


class CredentialEditView(CredentialView):
    """Change what a credential may do; its key and secret stay."""

    permission_required = "xapi.change_credential"
    template_name = "xapi/admin/credential.html"

    @cached_property
    def credential(self) -> Credential:
        """The one in the address, if it still works."""
        return get_object_or_404(Credential, pk=self.kwargs["pk"], revoked_at=None)

    def get_page_subtitle(self) -> str:
        return self.credential.name

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"of": self.credential}

    def get_initial(self) -> dict[str, Any]:
        row = self.credential
        return {
            "name": row.name,
            "scopes": row.scopes,
            "counts": " ".join(row.counts),
            "requests_a_minute": row.requests_a_minute,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(credential=self.credential, **kwargs)

    def form_valid(self, form: CredentialForm) -> HttpResponse:
        person: Any = self.request.user
        before = self.credential.counts
        try:
            changed = credentials.change(self.credential, **form.cleaned_data, by=person)
        except IntegrityError:
            form.add_error("name", TAKEN)
            return self.form_invalid(form)
        if changed:
            said = _("Đã sửa khóa truy cập “%(name)s”.") % {"name": form.cleaned_data["name"]}
            if before != form.cleaned_data["counts"]:
                said += " " + _("Tiến độ của những người học liên quan đang được tính lại.")
            messages.success(self.request, said)
        return redirect("xapi_admin:credentials")


@require_POST
@permission_required("xapi.change_credential", raise_exception=True)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on the credential opens nothing."""
    credential = get_object_or_404(Credential, pk=pk, revoked_at=None)
    person: Any = request.user
    credentials.revoke(credential, by=person)
    messages.success(request, _("Đã thu hồi khóa truy cập “%(name)s”.") % {"name": credential.name})
    return redirect("xapi_admin:credentials")
