"""The admin's list of actors that other systems speak of: whom they mean, or that they mean nobody of ours."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from core.admin_pages import AdminPage
from core.folding import fold
from people import actors
from people.admin_choosers import person_chooser
from people.exceptions import IdentifierTaken
from people.folding import matches
from people.models import User
from xapi import clock, foreign_actors, meanings, sentences
from xapi.admin_statements import read_key
from xapi.models import ForeignActor, Statement

PAGE = 50
CHANGE = "xapi.change_foreignactor"
State = ForeignActor.State


class AttachForm(forms.Form):
    """Whom the actor means: one of those whom the user may see."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Đây là"), queryset=User.objects.none(), widget=person_chooser.widget_class()
    )

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["person"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = User.objects.visible_to(reader)


class ForeignActorView(PermissionRequiredMixin, AdminPage, TemplateView):
    """What the list and the page of one actor share."""

    permission_required = "xapi.view_foreignactor"
    raise_exception = True
    header_icon = "user"
    page_title = gettext_lazy("Định danh ngoài")
    section = ("xapi_admin:actors", page_title)


class ForeignActorListView(ForeignActorView):
    """One state at a time, those first of whom something came last."""

    template_name = "xapi/admin/foreign_actors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        state = asked.get("state", State.WAITING)
        if state not in State.values:
            raise Http404
        text = asked.get("q", "").replace("\0", "").strip()[:200]
        rows = ForeignActor.objects.filter(state=state).select_related("credential").order_by("-last")
        if fold(text):
            rows = rows.filter(matches(text))
        if (below := read_key(asked.get("below"))) is not None:
            rows = rows.filter(last__lt=below)
        found = list(rows[: PAGE + 1])
        shown = found[:PAGE]
        return super().get_context_data(
            entries=_entries(shown, self.request.user),
            state=state,
            states=[(value, label, value == state) for value, label in State.choices],
            text=text,
            below=below,
            more=shown[-1].last if len(found) > PAGE else None,
            **kwargs,
        )


class ForeignActorInspectView(ForeignActorView):
    """One actor, an example of what is said of it, and what can be done."""

    template_name = "xapi/admin/foreign_actor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = get_object_or_404(ForeignActor.objects.select_related("credential"), pk=self.kwargs["pk"])
        [entry] = _entries([row], self.request.user)
        return super().get_context_data(
            entry=entry,
            actor=row,
            full=f"{row.home_page} {row.value}".strip(),
            typed=meanings.text_of(actors.actor_with(row.identifier)),
            form=kwargs.pop("form", None) or AttachForm(reader=self.request.user),
            may_change=self.request.user.has_perm(CHANGE),
            **kwargs,
        )


def _entries(rows: Sequence[ForeignActor], reader: Any) -> list[dict[str, Any]]:
    """For each actor its example, its person where it is known and visible, and the likely one where it is not."""
    examples = Statement.objects.select_related("credential").in_bulk([row.last for row in rows])
    lines = {line.row.pk: line for line in sentences.in_words(list(examples.values()), reader=reader)}
    names = sentences.persons_named([actors.actor_with(row.identifier) for row in rows], reader)
    likely = _likely([row for row in rows if row.state == State.WAITING], reader)
    return [
        {
            "actor": row,
            "person": name,
            "line": lines.get(row.last),
            "first": clock.stored_at(row.first),
            "last": clock.stored_at(row.last),
            "likely": likely.get(row.pk),
        }
        for row, name in zip(rows, names, strict=True)
    ]


def _likely(rows: Sequence[ForeignActor], reader: Any) -> dict[int, User]:
    """The person whose address, telephone number or user name the actor has, among those whom the reader may see."""
    names = {row.pk: row.shown.lower() for row in rows if row.kind in {actors.Kind.MBOX, actors.Kind.ACCOUNT}}
    if not names:
        return {}
    said = list(names.values())
    people = User.objects.visible_to(reader).filter(Q(email__in=said) | Q(username__in=said) | Q(phone__in=said))
    by_name = {name: person for person in people for name in (person.email, person.username, person.phone) if name}
    found = {
        pk: by_name.get(User._meta.get_field("phone").spelling(name), by_name.get(name)) for pk, name in names.items()
    }
    return {pk: person for pk, person in found.items() if person}


@require_POST
@permission_required(CHANGE, raise_exception=True)
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """The actor is this person."""
    actor = get_object_or_404(ForeignActor, pk=pk)
    form = AttachForm(request.POST, reader=request.user)
    if not form.is_valid():
        messages.error(request, _("Hãy chọn một người trong danh sách mà ông, bà được xem."))
        return redirect("xapi_admin:actor", pk)
    person, by = form.cleaned_data["person"], request.user
    assert isinstance(by, User)
    try:
        foreign_actors.attach(actor, person=person, by=by)
    except IdentifierTaken:
        messages.error(request, _("Định danh này đã gắn với người khác. Hãy gỡ ra trước."))
        return redirect("xapi_admin:actor", pk)
    said = {"actor": actor, "person": person}
    messages.success(request, _("Đã gắn “%(actor)s” với %(person)s. Tiến độ sẽ được tính lại ngay sau đây.") % said)
    return redirect("xapi_admin:actors")


def _simple(decide: Callable[..., None], expected: str, done: Any) -> Callable[..., HttpResponse]:
    """A button that needs nothing but the actor in the state expected."""

    @require_POST
    @permission_required(CHANGE, raise_exception=True)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        actor = get_object_or_404(ForeignActor, pk=pk, state=expected)
        decide(actor, by=request.user)
        messages.success(request, done % {"actor": actor})
        return redirect("xapi_admin:actors")

    return view


detach = _simple(
    foreign_actors.detach, State.ATTACHED, gettext_lazy("Đã gỡ “%(actor)s”. Tiến độ sẽ được tính lại ngay sau đây.")
)
ignore = _simple(foreign_actors.ignore, State.WAITING, gettext_lazy("Đã bỏ qua “%(actor)s”."))
restore = _simple(foreign_actors.restore, State.IGNORED, gettext_lazy("“%(actor)s” lại nằm trong danh sách chờ."))
