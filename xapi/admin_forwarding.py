"""The admin's receivers: how far each is, making and changing them, and what they would not take."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from core.admin_pages import AdminPage
from core.encryption import InvalidToken
from xapi import forwarding, forwardings
from xapi.models import Credential, DeadLetter, Forwarding, ForwardingQueue
from xapi.receiver import Receiver
from xapi.rules import formats
from xapi.rules.broken import Broken
from xapi.sentences import in_words

PAGE = 50
TITLE = gettext_lazy("Chuyển tiếp bản ghi")
TAKEN = gettext_lazy("Đã có nơi nhận với tên này.")


class LinesField(forms.Field):
    """IRIs, one on a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: str | None) -> list[str]:
        return list(dict.fromkeys((value or "").split()))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: list[str]) -> None:
        for each in value:
            try:
                formats.iri(each.removesuffix("*"), "")
            except Broken:
                raise forms.ValidationError(_("“%(iri)s” không phải là một IRI.") % {"iri": each[:80]}) from None


class ForwardingForm(forms.Form):
    """A receiver and what goes to it. `of` is the one that is changed, None for a new one."""

    name = forms.CharField(label=gettext_lazy("Tên nơi nhận"), max_length=200)
    endpoint = forms.URLField(
        label=gettext_lazy("Địa chỉ của LRS"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy(
            "Bắt đầu bằng https://, không có “statements” ở cuối. Ví dụ: https://lrs.example.vn/xapi/"
        ),
    )
    key = forms.CharField(label=gettext_lazy("Khóa do nơi nhận cấp"), max_length=255)
    secret = forms.CharField(
        label=gettext_lazy("Mật khẩu do nơi nhận cấp"),
        max_length=500,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    version = forms.ChoiceField(label=gettext_lazy("Phiên bản xAPI của nơi nhận"), choices=Forwarding.Version.choices)
    senders = forms.ChoiceField(
        label=gettext_lazy("Gửi những bản ghi nào"), choices=Forwarding.Senders.choices, widget=forms.RadioSelect
    )
    credentials = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Các hệ thống được chọn"),
        queryset=Credential.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    verbs = LinesField(
        label=gettext_lazy("Chỉ những động từ này"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một IRI. Để trống: mọi động từ."),
    )
    activities = LinesField(
        label=gettext_lazy("Chỉ những hoạt động này"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một IRI; dấu * ở cuối: mọi IRI bắt đầu như vậy. Để trống: mọi hoạt động."),
    )
    since = forms.DateTimeField(
        label=gettext_lazy("Lưu từ lúc"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Để trống: từ bản ghi đầu tiên."),
    )

    def __init__(self, *args: Any, of: Forwarding | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of = of
        if of:
            self.fields["secret"].help_text = _("Để trống nếu giữ nguyên. Khi đổi địa chỉ thì phải nhập lại.")
        else:
            self.fields["secret"].required = True

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Forwarding.objects.exclude(pk=self._of.pk) if self._of else Forwarding.objects.all()
        if others.filter(name=name).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean_endpoint(self) -> str:
        """https, or a host that the operator named in FETCH_ALLOW."""
        parts = urlsplit(self.cleaned_data["endpoint"])
        if parts.scheme != "https" and not {parts.hostname, parts.netloc} & set(settings.FETCH_ALLOW):
            raise forms.ValidationError(_("Địa chỉ phải bắt đầu bằng https://, để không ai đọc được mật khẩu."))
        if parts.query or parts.fragment or parts.username:
            raise forms.ValidationError(_("Địa chỉ không được có dấu ?, dấu # hay mật khẩu."))
        path = parts.path.rstrip("/").removesuffix("/statements")
        return f"{parts.scheme}://{parts.netloc}{path}/"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self._of and "endpoint" in said and said["endpoint"] != self._of.endpoint and not said.get("secret"):
            self.add_error("secret", _("Địa chỉ đã đổi: hãy nhập lại mật khẩu."))  # else it goes to whoever is there
        if said.get("senders") == Forwarding.Senders.CHOSEN and not said.get("credentials"):
            self.add_error("credentials", _("Hãy chọn ít nhất một hệ thống."))
        return said


class ForwardingView(PermissionRequiredMixin, AdminPage):
    """What the pages share."""

    permission_required = "xapi.view_forwarding"
    raise_exception = True
    header_icon = "upload"
    page_title = TITLE
    section = ("xapi_admin:forwardings", page_title)

    @cached_property
    def forwarding(self) -> Forwarding:
        """The one in the address."""
        return _row(self.kwargs["pk"])


class ForwardingsView(ForwardingView, TemplateView):
    """Every receiver with how far it is, in a constant number of queries."""

    template_name = "xapi/admin/forwardings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(Forwarding.objects.annotate(refused=Count("dead_letters")))
        behind = forwarding.behind(rows)
        due = dict(ForwardingQueue.objects.order_by("-id").values_list("key", "not_before"))
        lines = [{"row": row, "behind": behind[row.pk], "next": due.get(str(row.pk))} for row in rows]
        return super().get_context_data(lines=lines, counted=forwarding.COUNTED, **kwargs)


class SettingsView(ForwardingView, FormView):
    """The form for a new receiver or a changed one."""

    template_name = "xapi/admin/forwarding.html"
    form_class = ForwardingForm

    def form_valid(self, form: ForwardingForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            self.keep({name: said[name] for name in forwardings.FIELDS}, said["secret"], said["credentials"])
        except IntegrityError:  # somebody took the name just now
            form.add_error("name", TAKEN)
            return self.form_invalid(form)
        return redirect("xapi_admin:forwardings")

    def keep(self, wanted: dict[str, Any], secret: str, credentials: Any) -> None:
        """Write what the form says."""
        raise NotImplementedError


class CreateView(SettingsView):
    """A new receiver."""

    permission_required = "xapi.add_forwarding"
    page_subtitle = gettext_lazy("Thêm nơi nhận")

    def get_initial(self) -> dict[str, Any]:
        return {"version": Forwarding.Version.V1, "senders": Forwarding.Senders.ALL}

    def keep(self, wanted: dict[str, Any], secret: str, credentials: Any) -> None:
        person: Any = self.request.user
        made = forwardings.make(settings=wanted, secret=secret, credentials=credentials, by=person)
        messages.success(self.request, _("Đã thêm nơi nhận “%(name)s”. Bản ghi đang được gửi.") % {"name": made.name})


class EditView(SettingsView):
    """Another key, another filter, another beginning."""

    permission_required = "xapi.change_forwarding"

    def get_page_subtitle(self) -> str:
        return self.forwarding.name

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"of": self.forwarding}

    def get_initial(self) -> dict[str, Any]:
        kept = {name: getattr(self.forwarding, name) for name in forwardings.FIELDS}
        return kept | {"credentials": self.forwarding.credentials.all()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(forwarding=self.forwarding, **kwargs)

    def keep(self, wanted: dict[str, Any], secret: str, credentials: Any) -> None:
        person: Any = self.request.user
        forwardings.change(self.forwarding, settings=wanted, secret=secret, credentials=credentials, by=person)
        messages.success(self.request, _("Đã sửa nơi nhận “%(name)s”.") % {"name": wanted["name"]})


class RefusedView(ForwardingView, TemplateView):
    """What one receiver would not take, in words, and why; pages go on behind the last one shown."""

    template_name = "xapi/admin/refused.html"

    def get_page_subtitle(self) -> str:
        return self.forwarding.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        after = self.request.GET.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 19):
            raise BadRequest(_("Không có trang như vậy."))
        letters = DeadLetter.objects.filter(forwarding=self.forwarding, pk__gt=int(after))
        found = list(letters.select_related("statement__credential").order_by("pk")[: PAGE + 1])
        shown = found[:PAGE]
        said = in_words([each.statement for each in shown], reader=self.request.user)
        lines = [{"letter": letter, "said": line} for letter, line in zip(shown, said, strict=True)]
        more = shown[-1].pk if len(found) > PAGE else None
        return super().get_context_data(forwarding=self.forwarding, lines=lines, more=more, after=after, **kwargs)


@require_POST
@permission_required("xapi.change_forwarding", raise_exception=True)
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause one that runs, let one that is paused go on."""
    row, person = _row(pk), _person(request)
    forwardings.turn(row, on=not row.enabled, by=person)
    said = _("Đã tạm dừng gửi đến “%(name)s”.") if row.enabled else _("Đã tiếp tục gửi đến “%(name)s”.")
    messages.success(request, said % {"name": row.name})
    return redirect("xapi_admin:forwardings")


@require_POST
@permission_required("xapi.change_forwarding", raise_exception=True)
def send_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not wait for the next try."""
    row = _row(pk)
    if row.enabled:
        forwarding.wake(row)
    messages.success(request, _("Đang gửi đến “%(name)s”. Tải lại trang để xem kết quả.") % {"name": row.name})
    return redirect("xapi_admin:forwardings")


@require_POST
@permission_required("xapi.change_forwarding", raise_exception=True)
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the receiver what it understands and whether it knows the key."""
    row = _row(pk)
    try:
        trial = Receiver.of(row).try_out()
    except InvalidToken:
        messages.error(request, _("Không đọc được mật khẩu đã lưu, vì SECRET_KEY đã đổi. Hãy sửa và nhập lại."))
        return redirect("xapi_admin:forwardings")
    about = {"name": row.name, "problem": trial.problem, "versions": ", ".join(trial.versions)[:200]}
    if trial.problem:
        messages.error(request, _("Chưa kết nối được với “%(name)s”: %(problem)s") % about)
    elif not any(each.startswith(row.version[:3]) for each in trial.versions):
        said = _("“%(name)s” chấp nhận khóa, nhưng chỉ hiểu xAPI %(versions)s. Hãy sửa phiên bản.")
        messages.warning(request, said % about)
    else:
        messages.success(request, _("“%(name)s” đã trả lời, chấp nhận khóa và hiểu xAPI %(versions)s.") % about)
    return redirect("xapi_admin:forwardings")


@require_POST
@permission_required("xapi.delete_forwarding", raise_exception=True)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Send no more, and forget what was refused."""
    row, person = _row(pk), _person(request)
    forwardings.delete(row, by=person)
    messages.success(request, _("Đã xóa nơi nhận “%(name)s”.") % {"name": row.name})
    return redirect("xapi_admin:forwardings")


@require_POST
@permission_required("xapi.change_forwarding", raise_exception=True)
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """One dead letter, or all."""
    row, person = _row(pk), _person(request)
    count = forwardings.send_again(row, _letter(request), by=person)
    said = ngettext("Sẽ gửi lại %(count)s bản ghi.", "Sẽ gửi lại %(count)s bản ghi.", count)
    messages.success(request, said % {"count": count})
    return redirect("xapi_admin:refused", pk)


@require_POST
@permission_required("xapi.change_forwarding", raise_exception=True)
def delete_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """One dead letter, or all."""
    row, person = _row(pk), _person(request)
    count = forwardings.forget(row, _letter(request), by=person)
    said = ngettext("Đã bỏ %(count)s bản ghi khỏi danh sách.", "Đã bỏ %(count)s bản ghi khỏi danh sách.", count)
    messages.success(request, said % {"count": count})
    return redirect("xapi_admin:refused", pk)


def _row(pk: int) -> Forwarding:
    return get_object_or_404(Forwarding, pk=pk)


def _person(request: HttpRequest) -> Any:
    return request.user


def _letter(request: HttpRequest) -> int | None:
    """The one that the button names; None for all."""
    said = request.POST.get("letter", "")
    if said == "all":
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise BadRequest(_("Không có bản ghi như vậy."))
    return int(said)
