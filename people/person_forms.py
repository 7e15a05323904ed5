"""The admin's forms of a person: the account, audiences as rows, likely doubles said before anything is saved."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput
from wagtail.users.forms import UserCreationForm, UserEditForm

from core import audit
from people import access, duplicates, entered, national_id, roles, sensitive
from people.admin_choosers import FromMany, organisation_chooser, unit_chooser
from people.models import AudienceMembership, Organisation, Unit, User

FIELDS = [
    "full_name",
    "phone",
    "email",
    "username",
    "birth_year",
    "gender",
    "language",
    "languages",
    "unit",
    "organisation",
    "groups",
]
AudienceRows: type[BaseInlineFormSet] = inlineformset_factory(
    User,
    AudienceMembership,
    fields=["audience", "since", "until", "decision_number", "decision_date"],
    widgets=dict.fromkeys(("since", "until", "decision_date"), AdminDateInput),
    extra=1,
)


class PersonForm:
    """Three optional names instead of Wagtail's user name, e-mail and two parts of a name; `by` is who fills it in."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    data: Any
    instance: User
    audiences: BaseInlineFormSet | None

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.by_administrator = access.sees_all(by)
        for name in ("first_name", "last_name"):
            del self.fields[name]
        self.fields["email"].required = False
        self.fields["username"].help_text = _("Chữ không dấu, chữ số và . _ -")
        self._choose("unit", unit_chooser, Unit.objects.to_look_up(by), self.instance.unit_id)
        organisations = Organisation.objects.visible_to(by)
        self._choose("organisation", organisation_chooser, organisations, self.instance.organisation_id)
        self.fields["groups"].label_from_instance = roles.label  # type: ignore[attr-defined]
        if not by.is_superuser:
            self.fields.pop("is_superuser", None)
        if not self.by_administrator:
            del self.fields["groups"]
        self.audiences = self._audience_rows()

    def _choose(self, name: str, chooser: FromMany, rows: QuerySet[Any], own: int | None) -> None:
        """Of those that who fills in may see, and what the person has already."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.widget = chooser.widget_class()
        field.queryset = rows.model.objects.filter(Q(pk__in=rows.order_by().values("pk")) | Q(pk=own))

    def _audience_rows(self) -> BaseInlineFormSet | None:
        """None where a form was sent without them."""
        given = self.data if self.is_bound else None  # type: ignore[attr-defined]
        if given is not None and "audience_memberships-TOTAL_FORMS" not in given:
            return None
        return AudienceRows(given, instance=self.instance)

    @property
    def media(self) -> forms.Media:
        """Of the rows of audiences too, which have fields for days."""
        own: forms.Media = super().media  # type: ignore[misc]
        return own + self.audiences.media if self.audiences is not None else own

    def _clean_username(self) -> None:
        """Wagtail's own check; ours is the field's unique constraint, which knows one spelling."""

    def clean_unit(self) -> Unit | None:
        """Who is no administrator enters people where they manage, or in their own place."""
        unit: Unit | None = self.cleaned_data["unit"]
        if self.by_administrator or (unit is not None and unit.pk == self.instance.unit_id):
            return unit
        if unit is None:
            raise forms.ValidationError(_("Hãy chọn địa bàn của người này."))
        own = Q(path__under=self.by.unit.path) if self.by.unit else access.NOBODY
        if not Unit.objects.filter(access.managed_units(self.by) | own, pk=unit.pk).exists():
            raise forms.ValidationError(_("Ông, bà không quản lý địa bàn này."))
        return unit

    def is_valid(self) -> bool:
        """The person, and every row of audiences."""
        person = super().is_valid()  # type: ignore[misc]
        return bool(person and (self.audiences is None or self.audiences.is_valid()))

    @transaction.atomic
    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        """Whoever has a role that enters the admin is staff; a new person is a learner at least."""
        is_new = self.instance.pk is None
        user: User = super().save(commit=False)  # type: ignore[misc]
        groups: QuerySet[Group] | None = self.cleaned_data.get("groups")
        if groups is not None:
            user.is_staff = groups.filter(permissions__codename="access_admin").exists()
        if is_new and not self.cleaned_data.get("password1"):
            user.set_unusable_password()
        if commit:
            user.save()
            self.save_m2m()  # type: ignore[attr-defined]
            if is_new and not user.groups.exists():
                user.groups.add(Group.objects.get(name=roles.LEARNER))
            if self.audiences is not None:
                self.audiences.instance = user
                self.audiences.save()
            if is_new:
                entered.keep([user], by=self.by)
            self._keep_in_mind(user, is_new=is_new)
        return user

    def _keep_in_mind(self, user: User, *, is_new: bool) -> None:
        changed = [name for name in self.changed_data if not name.startswith("password")]  # type: ignore[attr-defined]
        if self.audiences is not None and self.audiences.has_changed():
            changed.append("audiences")
        if self.cleaned_data.get("password1"):
            changed.append("password")
        audit.record(
            by=self.by,
            action="people.add" if is_new else "people.change",
            subject=f"person:{user.uuid}",
            detail={"fields": sorted(changed)},
        )


def _spelled(name: str, value: Any) -> str:
    """A name to sign in by in its one spelling."""
    field: Any = User._meta.get_field(name)
    return field.to_python(value) or ""


class SensitiveFields(sensitive.BasisForm):
    """Ethnic group and identity number, with why they may be kept."""

    ethnic_group = User._meta.get_field("ethnic_group").formfield()
    national_id = forms.CharField(
        label=gettext_lazy("Số căn cước"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("12 chữ số, hoặc 9 chữ số của chứng minh nhân dân cũ."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = ["ethnic_group", "national_id", "purpose", "basis", "document"]

    def read_national_id(self, *, birth_year: int | None, gender: str, person: User | None) -> str:
        """The digits; an error of the field where they cannot be this person's."""
        text = self.cleaned_data.get("national_id", "")
        if not text:
            return ""
        try:
            digits = national_id.read(text, birth_year=birth_year, gender=gender)
        except national_id.NotAnId as error:
            self.add_error("national_id", str(error))
            return ""
        if User.objects.with_national_id(digits).exclude(pk=person and person.pk).exists():
            self.add_error("national_id", _("Số căn cước này đã có ở một người khác."))
        return digits

    def need_basis(self) -> None:
        """An error where these are entered without a reason."""
        for name in ("purpose", "basis"):
            if not self.cleaned_data.get(name):
                self.add_error(name, _("Dân tộc, số căn cước là dữ liệu nhạy cảm: hãy ghi mục đích và chọn căn cứ."))

    def keep_basis(self, person: User) -> None:
        """Beside the person."""
        told = {name: self.cleaned_data[name] for name in ("purpose", "basis", "document")}
        sensitive.keep_basis([person], **told)


class CreateForm(PersonForm, SensitiveFields, UserCreationForm):
    """A new person. Who may be the same is shown first; the second press saves all the same."""

    password_required = False
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta(UserCreationForm.Meta):
        fields = [*FIELDS, "ethnic_group", "is_superuser"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike: list[duplicates.Candidate] = []
        self.alike_elsewhere: list[duplicates.Candidate] = []
        self.fields["password1"].help_text = _("Để trống nếu người này dùng thẻ đăng nhập, hoặc đặt mật khẩu sau.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        digits = self.read_national_id(
            birth_year=cleaned.get("birth_year"), gender=cleaned.get("gender", ""), person=None
        )
        cleaned["national_id"] = digits
        if digits or cleaned.get("ethnic_group"):
            self.need_basis()
            if not sensitive.may_enter(self.by, cleaned.get("unit")):
                self.add_error("ethnic_group", _("Chỉ người quản lý địa bàn được nhập dân tộc, số căn cước."))
        self._look_for_doubles(cleaned)
        return cleaned

    def _look_for_doubles(self, cleaned: dict[str, Any]) -> None:
        names = ("phone", "email", "username")
        sought = duplicates.Sought(
            full_name=cleaned.get("full_name") or "",
            national_id=cleaned.get("national_id") or "",
            **{name: _spelled(name, cleaned.get(name)) for name in names},
            birth_year=cleaned.get("birth_year"),
            unit=cleaned.get("unit"),
        )
        [found] = duplicates.candidates([sought])
        self.alike, self.alike_elsewhere = duplicates.visible_among(found, self.by)
        self.alike_elsewhere = [each for each in self.alike_elsewhere if each.is_certain]
        shown = self.fingerprint
        if shown and cleaned.get("confirmed") != shown:
            self.add_error(None, _("Có thể người này đã có trong hệ thống. Hãy xem danh sách bên dưới."))

    @property
    def fingerprint(self) -> str:
        """Names those who are shown, so that the second press is about the same."""
        return " ".join(str(each.person.pk) for each in (*self.alike, *self.alike_elsewhere))

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        """With the identity number and the reason why it is kept."""
        with transaction.atomic():
            self.instance.national_id = self.cleaned_data["national_id"]
            user = super().save(commit)
            if commit and (user.national_id_key or user.ethnic_group):
                self.keep_basis(user)
        return user


class EditForm(PersonForm, UserEditForm):
    """A person, and whether the account is open. Ethnic group and identity number have a page of their own."""

    class Meta(UserEditForm.Meta):
        fields = [*FIELDS, "is_active", "is_superuser"]


class SensitiveForm(SensitiveFields):
    """The same for a person who is here already; an empty number stays as it is."""

    forget_national_id = forms.BooleanField(label=gettext_lazy("Xóa số căn cước đã ghi"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)
        self.initial["ethnic_group"] = person.ethnic_group
        if person.national_id_key:
            self.fields["national_id"].help_text = _("Đang ghi: %(number)s. Để trống thì giữ nguyên.") % {
                "number": person.national_id_masked
            }
        else:
            del self.fields["forget_national_id"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["national_id"] = self.read_national_id(
            birth_year=self.person.birth_year, gender=self.person.gender, person=self.person
        )
        if cleaned["national_id"] or cleaned.get("ethnic_group", "") not in {"", self.person.ethnic_group}:
            self.need_basis()
        return cleaned

    @transaction.atomic
    def save(self, *, by: User) -> None:
        """Store what changed, the reason, and the entry in the log."""
        person, changed = self.person, []
        if self.cleaned_data["ethnic_group"] != person.ethnic_group:
            person.ethnic_group = self.cleaned_data["ethnic_group"]
            changed.append("ethnic_group")
        if self.cleaned_data["national_id"] or self.cleaned_data.get("forget_national_id"):
            person.national_id = self.cleaned_data["national_id"]
            changed.append("national_id")
        if not changed:
            return
        person.save()
        if self.cleaned_data.get("basis"):
            self.keep_basis(person)
        audit.record(by=by, action="people.change", subject=f"person:{person.uuid}", detail={"fields": changed})
