"""The admin's page of what belongs to a record beside its MARC: copies, digital files, consents of communities."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.widgets import AdminDateInput

from core.admin_pages import AdminPage
from library import consents, copies, files
from library.exceptions import BadFile, BadRegisterNumber
from library.models import CommunityConsent, Copy, HoldingLibrary, Record, RecordFile


class AddCopiesForm(forms.Form):
    """New copies with the next register numbers."""

    library = forms.ModelChoiceField(label=gettext_lazy("Thư viện"), queryset=HoldingLibrary.objects.all())
    series = forms.RegexField(
        label=gettext_lazy("Ký hiệu kho trong số ĐKCB"),
        regex=copies.SERIES,
        initial="VN",
        help_text=gettext_lazy("Chữ in hoa không dấu, ví dụ VN: số đăng ký sẽ là VN.2026.000123."),
    )
    number = forms.IntegerField(label=gettext_lazy("Số bản"), min_value=1, max_value=copies.AT_ONCE, initial=1)
    call_number = forms.CharField(
        label=gettext_lazy("Ký hiệu xếp giá"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Để trống thì lấy từ trường 852, 090 hoặc 082 của biểu ghi."),
    )
    location = forms.CharField(label=gettext_lazy("Kho, giá"), required=False, max_length=120)
    status = forms.ChoiceField(label=gettext_lazy("Tình trạng"), choices=Copy.Status.choices)


class CopyForm(forms.ModelForm):
    """One copy."""

    class Meta:
        model = Copy
        fields = ["library", "register_number", "call_number", "location", "status", "acquired_on", "note"]
        widgets = {"acquired_on": AdminDateInput}


class FileForm(forms.ModelForm):
    """One digital file."""

    class Meta:
        model = RecordFile
        fields = ["use", "name", "file"]

    def clean_file(self) -> Any:
        """Of a kind that is safe to hand out, and not too large."""
        file = self.cleaned_data["file"]
        try:
            files.check(file, use=self.cleaned_data.get("use", ""))
        except BadFile as error:
            raise forms.ValidationError(str(error)) from error
        return file


class ConsentForm(forms.ModelForm):
    """One consent, with its withdrawal."""

    class Meta:
        model = CommunityConsent
        fields = [
            "community",
            "given_by",
            "scope",
            "conditions",
            "given_on",
            "document",
            "withdrawn_on",
            "withdrawal",
        ]
        widgets = {
            "given_on": AdminDateInput,
            "withdrawn_on": AdminDateInput,
            "conditions": forms.Textarea({"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        """A withdrawal comes after the consent."""
        cleaned = super().clean() or {}
        given, withdrawn = cleaned.get("given_on"), cleaned.get("withdrawn_on")
        if given and withdrawn and withdrawn < given:
            self.add_error("withdrawn_on", _("Ngày rút lại phải sau ngày đồng ý."))
        return cleaned


class _OfRecord(AdminPage, TemplateView):
    """What the pages share: who may, which record."""

    permission = "library.change_record"
    header_icon = "folder-open-1"
    section = ("library_records:index", gettext_lazy("Biểu ghi"))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def record(self) -> Record:
        rows = Record.objects.visible_to(self.request.user).bibliographic().filter(deleted_at=None)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.record.title

    def further(self) -> list[dict[str, Any]]:
        return [{"url": reverse("library_records:inspect", args=[self.record.pk]), "label": str(self.record)[:60]}]

    def back(self) -> HttpResponse:
        return redirect("library_shelf:record", self.record.pk)


class ShelfView(_OfRecord):
    """Copies, files and consents of a record, each with a form for a new one."""

    page_title = gettext_lazy("Bản, tệp, sự đồng ý")
    template_name = "library/admin/shelf.html"
    FORMS = {"copies": AddCopiesForm, "file": FileForm, "consent": ConsentForm}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        empty = {f"{name}_form": form(prefix=name) for name, form in self.FORMS.items()}
        return super().get_context_data(
            **empty
            | {
                "record": self.record,
                "copies": self.record.copies.select_related("library")[:500],
                "files": self.record.files.all(),
                "consents": self.record.consents.all(),
                "libraries": HoldingLibrary.objects.exists(),
            }
            | kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("do", "")
        if name == "remove_file":
            file = get_object_or_404(self.record.files, pk=_number(request.POST.get("file", "")))
            files.remove(file, by=request.user)
            messages.success(request, _("Đã xóa tệp “%(name)s”.") % {"name": file.name})
            return self.back()
        if name not in self.FORMS:
            return self.back()
        form = self.FORMS[name](request.POST, request.FILES or None, prefix=name)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(**{f"{name}_form": form}), status=422)
        messages.success(request, getattr(self, f"_add_{name}")(form))
        return self.back()

    def _add_copies(self, form: forms.Form) -> str:
        made = copies.add(record=self.record, by=self.request.user, **form.cleaned_data)
        first, last = made[0].register_number, made[-1].register_number
        return _("Đã thêm %(number)s bản: %(first)s đến %(last)s.") % {
            "number": len(made),
            "first": first,
            "last": last,
        }

    def _add_file(self, form: forms.ModelForm) -> str:
        form.instance.record = self.record
        files.add(form.instance, by=self.request.user)
        return _("Đã thêm tệp “%(name)s”.") % {"name": form.instance.name}

    def _add_consent(self, form: forms.ModelForm) -> str:
        form.instance.record = self.record
        consents.keep(form.instance, by=self.request.user)
        return _("Đã ghi sự đồng ý của %(community)s.") % {"community": form.instance.community}


class CopyView(_OfRecord):
    """Change one copy."""

    page_title = gettext_lazy("Bản tài liệu")
    template_name = "library/admin/shelf_form.html"

    @cached_property
    def copy(self) -> Copy:
        return get_object_or_404(self.record.copies, pk=self.kwargs["copy"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": CopyForm(instance=self.copy)} | kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CopyForm(request.POST, instance=self.copy)
        if form.is_valid():
            try:
                copies.change(form.instance, by=request.user)
            except (IntegrityError, BadRegisterNumber):
                form.add_error("register_number", _("Thư viện này đã có số ĐKCB đó."))
            else:
                messages.success(request, _("Đã lưu bản %(copy)s.") % {"copy": form.instance})
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ConsentView(_OfRecord):
    """Change a consent, or note that it was withdrawn."""

    page_title = gettext_lazy("Sự đồng ý của cộng đồng")
    template_name = "library/admin/shelf_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": ConsentForm(instance=self.consent)} | kwargs)

    @cached_property
    def consent(self) -> CommunityConsent:
        return get_object_or_404(self.record.consents, pk=self.kwargs["consent"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ConsentForm(request.POST, instance=self.consent)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        consents.keep(form.instance, by=request.user)
        messages.success(request, _("Đã lưu."))
        return self.back()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
