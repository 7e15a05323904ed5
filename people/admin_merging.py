"""Merging in the admin: choose the other account, see both side by side and what goes where, press; and undo."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from core.admin_pages import AdminPage
from people import duplicates, merging
from people.admin_choosers import person_chooser
from people.admin_pages import PersonPage, person_or_404, way_to
from people.exceptions import CannotMerge
from people.models import User, UserAlias
from people.models.user import field_label

SHOWN = ("full_name", "phone", "email", "username", "birth_year", "gender", "unit", "organisation")


class ChooseForm(forms.Form):
    """The other account."""

    other = forms.ModelChoiceField(
        label=gettext_lazy("Tài khoản kia"), queryset=User.objects.none(), widget=person_chooser.widget_class()
    )

    def __init__(self, *args: Any, seen: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = seen  # type: ignore[attr-defined]


class ChooseView(PersonPage, FormView):
    """Whom to merge with: proposed ones, or any that one may see."""

    template_name = "people/admin/merge_choose.html"
    form_class = ChooseForm
    page_title = gettext_lazy("Gộp với tài khoản khác")

    def get_form_kwargs(self) -> dict[str, Any]:
        seen = User.objects.visible_to(self.request.user).persons().exclude(pk=self.person.pk)
        return {**super().get_form_kwargs(), "seen": seen}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.person
        sought = duplicates.Sought(full_name=person.full_name, birth_year=person.birth_year, unit=person.unit)
        [found] = duplicates.candidates([sought], but=person.pk)
        proposed, _elsewhere = duplicates.visible_among(found, self.request.user)
        return super().get_context_data(proposed=proposed[:10], **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        return redirect("people_merging:merge", self.person.pk, form.cleaned_data["other"].pk)


class MergeView(PersonPage, TemplateView):
    """Both side by side; the person of the address is kept, the other goes in."""

    template_name = "people/admin/merge.html"
    page_title = gettext_lazy("Gộp hai tài khoản")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        other = self._other()
        taken = set(merging.would_take_over(self.person, other))
        labels = {name: field_label(name) for name in SHOWN}
        rows = [(labels[name], _shown(self.person, name), _shown(other, name), name in taken) for name in SHOWN]
        counts = [
            (_("Nhóm đối tượng"), self.person.audience_memberships.count(), other.audience_memberships.count()),
            (_("Học thay cho"), self.person.representations.count(), other.representations.count()),
            (_("Nhóm, lớp"), self.person.group_memberships.count(), other.group_memberships.count()),
            (_("Khóa học"), _enrolments(self.person), _enrolments(other)),
        ]
        return super().get_context_data(**{**kwargs, "other": other, "rows": rows, "counts": counts})

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Merge them. A second press finds them merged, and leads to the same page."""
        if UserAlias.objects.filter(account=self.kwargs["other"], into=self.person).exists():
            return redirect("wagtailusers_users:edit", self.person.pk)
        by: Any = request.user
        other = self._other()
        try:
            merging.merge(kept=self.person, merged=other, by=by)
        except CannotMerge as reason:
            messages.error(request, str(reason))
            return redirect("people_merging:merge", self.person.pk, other.pk)
        text = _("Đã gộp. Mọi việc học của hai tài khoản nay tính cho một người. Có thể tách ra bất cứ lúc nào.")
        messages.success(request, text)
        return redirect("wagtailusers_users:edit", self.person.pk)

    def _other(self) -> User:
        return person_or_404(self.request, self.kwargs["other"])


class UnmergeView(AdminPage, TemplateView):
    """Undo it."""

    template_name = "people/admin/unmerge.html"
    page_title = gettext_lazy("Tách tài khoản đã gộp")
    header_icon = "user"

    def further(self) -> list[dict[str, Any]]:
        return [*way_to(self._alias().person), *super().further()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(alias=self._alias(), **kwargs)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """The merged account is a person of its own again."""
        by: Any = request.user
        alias = self._alias()
        try:
            account = merging.unmerge(alias, by=by)
        except CannotMerge as reason:
            messages.error(request, str(reason))
            return redirect("wagtailusers_users:edit", alias.person_id)
        messages.success(request, _("Đã tách: %(person)s lại là một người riêng.") % {"person": account})
        return redirect("wagtailusers_users:edit", account.pk)

    def _alias(self) -> UserAlias:
        if not self.request.user.has_perm("people.change_user"):
            raise PermissionDenied
        alias = get_object_or_404(
            UserAlias.objects.select_related("account", "into", "person"), pk=self.kwargs["pk"], account__isnull=False
        )
        person_or_404(self.request, alias.person_id)
        if alias.account is None:
            raise Http404
        return alias


def _shown(person: User, name: str) -> str:
    display = getattr(person, f"get_{name}_display", None)
    return str(display() if display else getattr(person, name) or "")


def _enrolments(person: User) -> int:
    """How many courses; the relation is that of the package that has them."""
    return int(person.enrolments.count())
