"""The admin's credentials: list, make, revoke. A secret is shown once, on the answer to making it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import audit
from xapi.models import Credential, Scope


class CredentialForm(forms.Form):
    """What a new credential needs."""

    name = forms.CharField(label=gettext_lazy("Tên hệ thống"), max_length=200)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Được phép"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    counts = forms.CharField(
        label=gettext_lazy("Khóa học được tính"),
        required=False,
        help_text=gettext_lazy("Mã các khóa học, cách nhau bằng dấu cách. Để trống: chỉ lưu, không tính vào tiến độ."),
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Credential.objects.filter(name=name).exists():
            raise forms.ValidationError(_("Đã có khóa truy cập với tên này."))
        return name


class CredentialsView(PermissionRequiredMixin, WagtailAdminTemplateMixin, FormView):
    """The list with the form for a new one."""

    permission_required = "xapi.add_credential"
    raise_exception = True
    header_icon = "key"
    page_title = gettext_lazy("Khóa truy cập LRS")
    template_name = "xapi/admin/credentials.html"
    form_class = CredentialForm

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": reverse("xapi_admin:credentials"), "label": self.page_title}
        return [*super().get_breadcrumbs_items(), own]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(credentials=Credential.objects.all(), **kwargs)

    def form_valid(self, form: CredentialForm) -> HttpResponse:
        """The answer is this page with the secret; there is no address at which it could be seen again."""
        asked = form.cleaned_data
        person: Any = self.request.user
        with transaction.atomic():
            made, secret = Credential.create(
                name=asked["name"], scopes=asked["scopes"], counts=asked["counts"].replace(",", " ").split()
            )
            audit.record(by=person, action="xapi.credential.create", subject=f"credential:{made.key}")
        return self.render_to_response(self.get_context_data(form=CredentialForm(), made=made, secret=secret))


@require_POST
@permission_required("xapi.change_credential", raise_exception=True)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on the credential opens nothing."""
    credential = get_object_or_404(Credential, pk=pk, revoked_at=None)
    person: Any = request.user
    with transaction.atomic():
        credential.revoke()
        audit.record(by=person, action="xapi.credential.revoke", subject=f"credential:{credential.key}")
    messages.success(request, _("Đã thu hồi khóa truy cập “%(name)s”.") % {"name": credential.name})
    return redirect("xapi_admin:credentials")
