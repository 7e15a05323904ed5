"""The admin's classes: the list, one class with people, sessions and attendance, and what is changed there."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin.widgets import AdminDateInput

from core.admin_pages import AdminPage
from lms import class_conclusions, class_evidence, class_pages, cohort_rules, cohorts, joining, qr, sharing
from lms.class_forms import keep_near
from lms.models import Cohort, CohortRule, Course
from people import roles
from people.admin_choosers import organisation_chooser, person_chooser, unit_chooser
from people.models import Audience, GroupMembership, Organisation, Unit, User

VIEW, ADD, CHANGE = "lms.view_cohort", "lms.add_cohort", "lms.change_cohort"
TRAINERS = 3  # fields of the form


class CohortForm(forms.ModelForm):
    """What is said of a class. Choices are what the user may see. Two presses come with one key and open one class."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    class Meta:
        model = Cohort
        fields = [
            "course",
            "name",
            "since",
            "until",
            "mode",
            "place",
            "seats",
            "unit",
            "organisation",
            "join_open",
            "source",
        ]
        widgets = {
            "since": AdminDateInput(),
            "until": AdminDateInput(),
            "unit": unit_chooser.widget_class(),
            "organisation": organisation_chooser.widget_class(),
        }

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        for name in ("since", "until"):
            keep_near(self.fields[name])
        self._limit("course", Course.objects.all())
        self._limit("unit", Unit.objects.visible_to(reader))
        self._limit("organisation", Organisation.objects.visible_to(reader))
        if self.instance.pk is not None:
            del self.fields["course"], self.fields["key"]
        leading = self._leading()
        for number in range(TRAINERS):
            self.fields[f"trainer_{number + 1}"] = forms.ModelChoiceField(
                label=_("Giảng viên %(number)s") % {"number": number + 1},
                queryset=_may_lead(reader) | User.objects.filter(pk__in=[each.pk for each in leading]),
                widget=person_chooser.widget_class(),
                required=False,
                initial=leading[number].pk if number < len(leading) else None,
            )

    def trainers(self) -> list[User]:
        """Those chosen; the leaders beyond the form's fields stay."""
        chosen = [self.cleaned_data.get(f"trainer_{number + 1}") for number in range(TRAINERS)]
        return [*(each for each in chosen if each), *self._leading()[TRAINERS:]]

    def plain(self) -> dict[str, Any]:
        """The fields of the class itself."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}

    def clean(self) -> dict[str, Any]:
        """The user must still see the class that they make."""
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        return data

    def _leading(self) -> list[User]:
        if self.instance.pk is None:
            return [self.reader]
        leads = GroupMembership.objects.on().filter(group=self.instance.group_id, leader=True).order_by("pk")
        return [row.person for row in leads.select_related("person")]

    def _limit(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows


def _may_lead(reader: User) -> QuerySet[User]:
    """Staff whom the user may see: a learner who led a class would see its people without a second factor."""
    roled = User.groups.through.objects.filter(group__name__in=roles.STAFF).values("user")
    return User.objects.visible_to(reader).filter(Q(pk__in=roled) | Q(is_staff=True) | Q(is_superuser=True))


class RuleForm(forms.Form):
    """Whom to enrol by rule."""

    audience = forms.ChoiceField(label=gettext_lazy("Nhóm đối tượng"), choices=Audience.choices)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Địa bàn"), queryset=Unit.objects.none(), widget=unit_chooser.widget_class()
    )
    day = forms.DateField(
        label=gettext_lazy("Theo danh sách ngày"), widget=AdminDateInput(), initial=timezone.localdate
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.visible_to(reader)


class ClassView(PermissionRequiredMixin, AdminPage):
    """What all pages share."""

    permission_required = VIEW
    raise_exception = True
    header_icon = "group"
    page_title = gettext_lazy("Lớp học")
    section = ("lms_admin:classes", page_title)
    request: HttpRequest
    kwargs: dict[str, Any]

    @property
    def reader(self) -> User:
        """Who is signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def cohort(self) -> Cohort:
        """The class of the address, if the user runs it."""
        return cohort_or_404(self.request, self.kwargs["cohort"])


def cohort_or_404(request: HttpRequest, uuid: Any) -> Cohort:
    """The class, if the user runs it."""
    rows = Cohort.objects.visible_to(request.user).select_related("course", "unit", "organisation", "group")
    return get_object_or_404(rows, uuid=uuid)


class ClassesView(ClassView, TemplateView):
    """The list, the newest first."""

    template_name = "lms/admin/classes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        seen = Cohort.objects.visible_to(self.reader)
        found = seen.found_by(text) if text else seen
        page = class_pages.page_with_counts(found, self.request.GET.get("page", ""))
        may_add = self.reader.has_perm(ADD)
        return super().get_context_data(page=page, text=text, may_add=may_add, today=timezone.localdate(), **kwargs)


class ClassInspectView(ClassView, TemplateView):
    """One class."""

    template_name = "lms/admin/class.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort = self.cohort()
        page = class_pages.page_of(class_pages.people_of(cohort, self.reader), self.request.GET.get("page", ""))
        address = sharing.url(sharing.of(cohort), self.request)
        own = {
            "cohort": cohort,
            "sessions": class_pages.sessions_of(cohort),
            "page": page,
            "people": class_pages.learners(cohort, page),
            "hidden": class_pages.hidden_people(cohort, page.paginator.count),
            "places_left": joining.places_left(cohort),
            "rules": cohort.rules.select_related("unit", "job"),
            "rule_form": RuleForm(reader=self.reader),
            "evidence": cohort.evidence.all(),
            "trainers": cohort.trainers,
            "may_change": self.reader.has_perm(CHANGE),
            "address": address,
            "picture": qr.svg(address),
            "today": timezone.localdate(),
        }
        return super().get_context_data(**kwargs | own)


class GridView(ClassView, TemplateView):
    """Who was at which session."""

    template_name = "lms/admin/grid.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort = self.cohort()
        sessions = class_pages.sessions_of(cohort)
        page = class_pages.page_of(class_pages.people_of(cohort, self.reader), self.request.GET.get("page", ""))
        rows = class_pages.grid(cohort, page, sessions)
        own = {"cohort": cohort, "sessions": sessions, "page": page, "rows": rows}
        return super().get_context_data(**kwargs | own)


class CohortFormView(ClassView, FormView):
    """Make a class, or change one."""

    template_name = "lms/admin/class_form.html"
    form_class = CohortForm

    def get_form_kwargs(self) -> dict[str, Any]:
        instance = self.cohort() if "cohort" in self.kwargs else Cohort(since=timezone.localdate())
        return {**super().get_form_kwargs(), "reader": self.reader, "instance": instance}

    def form_valid(self, form: CohortForm) -> HttpResponse:
        if form.instance.pk is None:
            cohort = self._create(form)
            messages.success(self.request, _("Đã mở lớp “%(name)s”.") % {"name": cohort})
        else:
            cohort = cohort_or_404(self.request, form.instance.uuid)
            cohorts.change(cohort, by=self.reader, trainers=form.trainers(), **form.plain())
            class_conclusions.queue_members(cohort)
            messages.success(self.request, _("Đã lưu lớp “%(name)s”.") % {"name": cohort})
        if not Cohort.objects.visible_to(self.reader).filter(pk=cohort.pk).exists():
            return redirect("lms_admin:classes")
        return redirect("lms_admin:class", cohort.uuid)

    def _create(self, form: CohortForm) -> Cohort:
        key = form.cleaned_data["key"] or uuid4()
        try:
            return cohorts.create(**form.plain(), uuid=key, trainers=form.trainers(), by=self.reader)
        except IntegrityError:
            return get_object_or_404(Cohort, uuid=key, created_by=self.reader.uuid)


class CreateView(CohortFormView):
    """A new class."""

    permission_required = ADD
    page_title = gettext_lazy("Mở lớp")


class ChangeView(CohortFormView):
    """What may be changed; the course stays."""

    permission_required = CHANGE
    page_title = gettext_lazy("Sửa lớp")


class RuleView(ClassView, FormView):
    """How many a rule means, before it is run."""

    permission_required = CHANGE
    template_name = "lms/admin/rule.html"
    form_class = RuleForm
    page_title = gettext_lazy("Ghi danh theo điều kiện")

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return {"reader": self.reader, "data": asked if "audience" in asked else None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs | {"cohort": self.cohort()})
        form = context["form"]
        if form.is_bound and form.is_valid():
            rule = CohortRule(cohort=context["cohort"], **form.cleaned_data)
            context["matching"] = cohort_rules.matching(rule.audience, rule.unit, rule.day, self.reader).count()
            context["new"] = cohort_rules.new_people(rule, self.reader).count()
            context["left"] = joining.places_left(context["cohort"])
        return context

    def form_valid(self, form: forms.Form) -> HttpResponse:
        cohort = self.cohort()
        cohort_rules.run(cohort, by=self.reader, **form.cleaned_data)
        messages.success(self.request, _("Đang ghi danh. Trang Việc chạy nền cho biết đã đến đâu."))
        return redirect("lms_admin:class", cohort.uuid)


class EvidenceView(ClassView, FormView):
    """Attach a scanned list."""

    permission_required = CHANGE
    template_name = "lms/admin/evidence.html"
    form_class = class_evidence.EvidenceForm
    page_title = gettext_lazy("Đính kèm danh sách quét")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"cohort": self.cohort()})

    def form_valid(self, form: class_evidence.EvidenceForm) -> HttpResponse:
        cohort = self.cohort()
        class_evidence.attach(cohort, form.cleaned_data["file"], by=self.reader)
        messages.success(self.request, _("Đã đính kèm."))
        return redirect("lms_admin:class", cohort.uuid)
