"""The person who signs in, learns and is counted."""

import unicodedata
import uuid
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from people import access, ethnic_groups, languages, national_id, pins, roles, words
from people.folding import SearchKeyField
from people.models.name_fields import OneSpellingField, PhoneField, validate_phone, validate_username
from people.models.unit import Unit

NEEDS_NAME = _("Cần ít nhất một trong ba: số điện thoại, thư điện tử hoặc tên đăng nhập.")


class EthnicGroupField(models.CharField):
    """A code of the state list. The choices are the form's, so that a corrected name is no migration."""

    def formfield(self, **kwargs: Any) -> Any:
        choices = [("", "---------"), *ethnic_groups.choices()]
        return forms.ChoiceField(label=self.verbose_name, required=not self.blank, choices=choices)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value and value not in ethnic_groups.groups():
            raise ValidationError(_("Không có dân tộc mang mã này."), code="ethnic_group")


class SpokenLanguagesField(models.JSONField):
    """Codes of people.languages: ["hmn", "vi"]."""

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            label=self.verbose_name,
            choices=list(languages.LANGUAGES.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class UserQuerySet(models.QuerySet["User"]):
    """Reads of people."""

    def visible_to(self, user: Any) -> "UserQuerySet":
        """Those whom the user may see; see people.access."""
        return self.filter(access.people(user))

    def visible_in_parts(self, user: Any) -> "list[UserQuerySet]":
        """The same people in parts that may overlap, each of them found by an index in the order of names."""
        return [self.filter(condition) for condition in access.people_in_parts(user)]

    def learners(self) -> "UserQuerySet":
        """Those who are no staff."""
        staff_roles = list(Role.objects.filter(name__in=roles.STAFF).values_list("pk", flat=True))
        staff = User.groups.through.objects.filter(group__in=staff_roles)  # by keys: databases know how rare they are
        return self.filter(~Q(pk__in=staff.values("user")), is_staff=False, is_superuser=False)

    def of_unit(self, unit: Unit) -> "UserQuerySet":
        """Those who today count in the unit or below it, people of former units included.

        Of a unit that is a former one itself, those who are registered in it or below: nobody counts there any more.
        """
        if unit.valid_to is not None:
            return self.filter(unit__path__under=unit.path)
        return self.filter(unit__today__path__under=unit.path)

    def found_by(self, text: str) -> "UserQuerySet":
        """Those with words that begin with these, marks or no marks: for lists, never for sign-in. See people.words."""
        return self.filter(search_key__words=text) if words.has_words(text) else self.none()

    def persons(self) -> "UserQuerySet":
        """Those who stand for themselves: not merged into another, not erased."""
        merged = apps.get_model("people", "UserAlias").objects.filter(account__isnull=False)
        return self.filter(~Q(pk__in=merged.values("account")), erased_at=None)  # a join would mislead PostgreSQL

    def with_national_id(self, digits: str) -> "UserQuerySet":
        """The one with this national identity number, as national_id.read gives it."""
        return self.filter(national_id_key__in=national_id.match_keys(digits)) if digits else self.none()

    def named(self, name: str) -> "UserQuerySet":
        """The one whom a telephone number, an e-mail address or a user name means."""
        if not name.strip():
            return self.none()
        return self.filter(Q(username=name) | Q(phone=name) | Q(email=name))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts; people.accounts.create is the way in for everything but Django's own commands."""

    def create_user(self, username: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """Store a person with a hashed password (none: cannot sign in by password)."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """For manage.py createsuperuser."""
        return self.create_user(username, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str) -> "User":
        """The person of that name, whichever of the three it is."""
        return self.named(username).get()


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The uuid is the name in statements; it is never shown as a secret and never changes."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Nữ")
        MALE = "male", _("Nam")
        OTHER = "other", _("Khác")

    class Pin(models.TextChoices):
        GIVEN = "given", _("Mã PIN được cấp")
        CHOSEN = "chosen", _("Mã PIN tự chọn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = OneSpellingField(
        _("tên đăng nhập"), max_length=64, unique=True, null=True, blank=True, validators=[validate_username]
    )
    phone = PhoneField(
        _("số điện thoại"), max_length=16, unique=True, null=True, blank=True, validators=[validate_phone]
    )
    email = OneSpellingField(
        _("thư điện tử"),
        max_length=254,
        unique=True,
        null=True,
        blank=True,
        validators=[models.EmailField.default_validators[0]],
    )
    full_name = models.CharField(_("họ và tên"), max_length=150)
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    gender = models.CharField(_("giới tính"), max_length=6, choices=Gender, blank=True)
    language = models.CharField(
        _("ngôn ngữ"), max_length=12, default="vi", help_text=_("Mã ngôn ngữ, ví dụ vi, en, hmn.")
    )
    languages = SpokenLanguagesField(_("các ngôn ngữ nói được"), default=list, blank=True)
    # Sensitive by law: see people.sensitive for who may read it and how reads are logged.
    ethnic_group = EthnicGroupField(_("dân tộc"), max_length=2, blank=True)
    national_id_sealed = models.TextField(blank=True, editable=False, help_text="encrypted; see people.national_id")
    national_id_key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    unit = models.ForeignKey(
        Unit, verbose_name=_("địa bàn"), null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        verbose_name=_("cơ quan, tổ chức"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    is_active = models.BooleanField(_("đang hoạt động"), default=True, help_text=_("Bỏ chọn để khóa tài khoản."))
    is_staff = models.BooleanField(_("là cán bộ quản trị"), default=False)
    pin = models.CharField(
        _("mã PIN"),
        max_length=6,
        choices=Pin,
        blank=True,
        default="",
        editable=False,
        help_text="the password is a PIN",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="the row was emptied then")
    search_key = SearchKeyField(sources=("full_name", "username", "phone", "email"))
    name_key = SearchKeyField(sources=("full_name",), max_length=160)

    objects = UserManager()

    second_factor_given = True  # in this session; people.second_factor's middleware says so for each request

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")
        ordering = ["full_name", "id"]
        indexes = [
            models.Index(fields=["full_name", "id"], name="people_user_by_name"),
            models.Index(fields=["unit", "birth_year", "name_key"], name="people_user_duplicates"),
            models.Index(  # holds all that lists of a unit's people ask
                fields=["unit", "full_name", "id", "erased_at", "is_active", "is_staff", "is_superuser"],
                name="people_user_of_unit",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(username__isnull=False)
                | Q(phone__isnull=False)
                | Q(email__isnull=False)
                | Q(is_active=False),
                name="people_user_can_be_named",
                violation_error_message=NEEDS_NAME,
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.sign_in_name or (gettext("Người đã xóa dữ liệu") if self.erased_at else "")

    def set_password(self, raw_password: str | None) -> None:
        """A password, in place of the PIN if there was one."""
        super().set_password(raw_password)
        self.pin = ""

    def set_pin(self, pin: str, *, chosen: bool) -> None:
        """A PIN in the password's place; chosen: by the person. It ends the sessions, as a new password does."""
        self.password = pins.encode(self.uuid, pin)
        self.pin = self.Pin.CHOSEN if chosen else self.Pin.GIVEN

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password, or the PIN of who has one."""
        if self.pin:
            return pins.check(self.uuid, raw_password or "", self.password)
        return super().check_password(raw_password)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Staff have no permissions before the second factor, superusers neither."""
        return not roles.without_code(self) and super().has_perm(perm, obj)

    @property
    def sign_in_name(self) -> str:
        """The name this person most likely types to sign in."""
        return self.phone or self.username or self.email or ""

    def get_username(self) -> str:
        """What Django and Wagtail show where they have no better name."""
        return self.sign_in_name

    @property
    def national_id(self) -> str:
        """The digits of the national identity number; set it to store another."""
        return national_id.open_sealed(self.national_id_sealed)

    @national_id.setter
    def national_id(self, digits: str) -> None:
        self.national_id_sealed = national_id.seal(digits) if digits else ""
        self.national_id_key = national_id.match_key(digits) if digits else None

    @property
    def national_id_masked(self) -> str:
        """As pages show it."""
        return national_id.masked(self.national_id)

    @property
    def ethnic_group_name(self) -> str:
        """The name of the ethnic group; empty where none is known."""
        return ethnic_groups.name_of(self.ethnic_group)

    @property
    def first_name(self) -> str:
        """What Wagtail's menu calls the person."""
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        """The given name, which Vietnamese puts last."""
        return self.full_name.rsplit(" ", 1)[-1]

    def clean_fields(self, exclude: Any = None) -> None:
        """Names in one spelling before they are judged, and an empty one as none; marks composed, spaces in order."""
        self.full_name = " ".join(unicodedata.normalize("NFC", self.full_name).split())
        for field in self._meta.fields:
            if isinstance(field, OneSpellingField):
                setattr(self, field.name, field.to_python(getattr(self, field.name)))
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """An open account needs a name: the constraint's rule, which forms skip where they lack one of its fields."""
        if self.is_active and not self.sign_in_name:
            raise ValidationError(NEEDS_NAME, code="unnamed")


def field_label(name: str) -> str:
    """What pages call a field of a person."""
    return str(getattr(User._meta.get_field(name), "verbose_name", name))
