"""The admin's collections: name, page, and the rule by which records join, seen before it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from library import collections, material, rules
from library.models import Collection, CollectionPage

SHOWN = 20  # records that a rule's preview names
LONGEST = 100  # values of one part of a rule
FIRST_YEAR, LAST_YEAR = 0, 2200


class LinesField(forms.CharField):
    """Values one on a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in str(value or "").splitlines()]
        found = list(dict.fromkeys(filter(None, lines)))
        if len(found) > LONGEST:
            raise ValidationError(_("Tối đa %(number)s dòng.") % {"number": LONGEST})
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class CollectionForm(forms.ModelForm):
    """A collection with its rule taken apart into fields."""

    subject = LinesField(
        label=gettext_lazy("Chủ đề"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một chủ đề, ví dụ Người Tày. Tên khác trong tiêu đề chuẩn cũng được tính."),
    )
    place = LinesField(label=gettext_lazy("Địa danh"), required=False)
    genre = LinesField(label=gettext_lazy("Thể loại (655)"), required=False)
    by = LinesField(label=gettext_lazy("Người, cơ quan"), required=False)
    language = LinesField(
        label=gettext_lazy("Ngôn ngữ"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một mã ba chữ của MARC hoặc ISO 639-3, ví dụ tyz."),
    )
    material = forms.MultipleChoiceField(
        label=gettext_lazy("Loại tài liệu"),
        required=False,
        choices=[(key, label) for key, label in material.LABELS.items() if key != "authority"],
        widget=forms.CheckboxSelectMultiple,
    )
    year_from = forms.IntegerField(
        label=gettext_lazy("Từ năm"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    year_to = forms.IntegerField(
        label=gettext_lazy("Đến năm"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )

    class Meta:
        model = Collection
        fields = ["name", "slug", "description", "parent"]

    RULE = ("subject", "place", "genre", "by", "language", "material", "year_from", "year_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.RULE:
            self.initial.setdefault(field, self.instance.rule.get("name" if field == "by" else field))

    def clean_language(self) -> list[str]:
        """Codes of three letters."""
        codes = [code.lower() for code in self.cleaned_data["language"]]
        wrong = [code for code in codes if not rules.LANGUAGE_CODE.fullmatch(code)]
        if wrong:
            raise ValidationError(_("“%(code)s” không phải mã ba chữ cái.") % {"code": wrong[0]})
        return codes

    def clean(self) -> dict[str, Any]:
        """No collection below itself; years in their order."""
        cleaned = super().clean() or {}
        parent = cleaned.get("parent")
        if parent and self.instance.pk and self.instance in [parent, *collections.path(parent)]:
            self.add_error("parent", _("Bộ sưu tập không thể nằm trong chính nó."))
        first, last = cleaned.get("year_from"), cleaned.get("year_to")
        if first is not None and last is not None and last < first:
            self.add_error("year_to", _("“Đến năm” phải từ “Từ năm” trở đi."))
        return cleaned

    @property
    def rule(self) -> rules.Rule:
        """The rule that the fields say; empty where they say none."""
        found = {"name" if field == "by" else field: self.cleaned_data.get(field) for field in self.RULE}
        return {name: value for name, value in found.items() if value not in (None, [], "")}


class _CollectionView:
    """What making and changing share: the preview, and saving by library.collections."""

    template_name = "library/admin/collection_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = context["form"]
        context["main_fields"] = [form[name] for name in form.Meta.fields]
        context["rule_fields"] = [form[name] for name in form.RULE]
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = getattr(self, "object", None)
        form = self.get_form()  # type: ignore[attr-defined]
        context: dict[str, Any] = {"form": form}
        if form.is_valid() and form.rule:
            taken = rules.taken(form.rule)
            context |= {"seen": True, "number": taken.count(), "taken": taken.light().order_by("-pk")[:SHOWN]}
        elif form.is_valid():
            context["no_rule"] = True
        self.form = form
        return self.render_to_response(self.get_context_data(**context))  # type: ignore[attr-defined]

    def save_instance(self) -> Collection:
        form: Any = self.form
        found: Collection = form.save(commit=False)
        found.rule = form.rule
        return collections.save(found, by=self.request.user)  # type: ignore[attr-defined]


class CollectionCreateView(_CollectionView, CreateView):
    """A new collection."""


class CollectionEditView(_CollectionView, EditView):
    """A collection as it is; its text and picture are on its page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = CollectionPage.objects.filter(collection=self.object).first()
        url = reverse("wagtailadmin_pages:edit", args=[page.pk]) if page else ""
        return super().get_context_data(**{"page_url": url} | kwargs)


class CollectionDeleteView(DeleteView):
    """Only an empty collection goes: others would vanish as sets for those who harvest them."""

    def get_queryset(self) -> models.QuerySet[Collection]:
        return Collection.objects.filter(memberships=None, children=None)

    def get_usage_url(self) -> None:
        return

    @transaction.atomic
    def delete_action(self) -> None:
        for page in CollectionPage.objects.filter(collection=self.object):
            page.delete()
        super().delete_action()


class CollectionIndexView(IndexView):
    """Collections with how many records they have."""

    def get_base_queryset(self) -> models.QuerySet[Collection]:
        return Collection.objects.select_related("parent").annotate(number=models.Count("memberships"))


class RuleColumn(BooleanColumn):
    """Whether records join by a rule."""

    def get_value(self, instance: Collection) -> bool:
        return bool(instance.rule)


class CollectionViewSet(ModelViewSet):
    """Collections: made and renamed here; filled by a rule, by imports, or record by record."""

    model = Collection
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Bộ sưu tập")
    name = "library_collections"
    url_prefix = "library/collections"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = CollectionIndexView
    add_view_class = CollectionCreateView
    edit_view_class = CollectionEditView
    delete_view_class = CollectionDeleteView
    list_per_page = 50
    list_display = (
        "name",
        "slug",
        Column("parent", label=gettext_lazy("Thuộc")),
        Column("number", label=gettext_lazy("Số biểu ghi")),
        RuleColumn("rule", label=gettext_lazy("Có quy tắc")),
    )

    def get_form_class(self, for_update: bool = False) -> type[CollectionForm]:  # noqa: FBT001, FBT002 - as Wagtail has it
        return CollectionForm
