"""Organisations and households."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from people import access, words
from people.dated import Dated, DatedQuerySet
from people.folding import SearchKeyField
from people.models.name_fields import OneSpellingField
from people.models.unit import Unit
from people.tax_code import normalise, validate_tax_code

NEEDS_BASIS = _("Hãy cho biết căn cứ xác định là của người dân tộc thiểu số.")


class InUnitQuerySet(DatedQuerySet):
    """Reads of what stands in a unit and is learned for."""

    def visible_to(self, user: Any) -> "InUnitQuerySet":
        """Those in the units the user manages, and those the user learns for."""
        return self.filter(access.represented(user, self.model._meta.model_name))

    def found_by(self, text: str) -> "InUnitQuerySet":
        """Those with words that begin with these, marks or no marks. See people.words."""
        return self.filter(search_key__words=text) if words.has_words(text) else self.none()


class TaxCodeField(OneSpellingField):
    """A tax code as digits, a branch with its hyphen: 0100109106, 0100109106-001."""

    def spelling(self, value: str) -> str:
        return normalise(value)

    def formfield(self, **kwargs: Any) -> Any:
        """Typed with blanks between the digits it is longer."""
        return super().formfield(**{"max_length": 30, **kwargs})


class OfMinority(models.Model):
    """Whether it counts as one of an ethnic minority, on what basis, and by which paper."""

    ethnic_minority = models.BooleanField(_("của người dân tộc thiểu số"), default=False)
    basis = models.CharField(_("căn cứ xác định"), max_length=12, blank=True)
    basis_document = models.CharField(
        _("văn bản, giấy tờ"),
        max_length=255,
        blank=True,
        help_text=_("Ví dụ: danh sách kèm Quyết định số 12/QĐ-UBND ngày 05/01/2026; giấy chứng nhận đăng ký."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A claim has its basis; without a claim there is none."""
        super().clean()
        if self.ethnic_minority and not self.basis:
            raise ValidationError({"basis": NEEDS_BASIS})
        if not self.ethnic_minority:
            self.basis = self.basis_document = ""


class Organisation(OfMinority, Dated):
    """An agency, school, cooperative or enterprise in a unit."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Cơ quan nhà nước")
        SCHOOL = "school", _("Trường học")
        COOPERATIVE = "cooperative", _("Hợp tác xã")
        ENTERPRISE = "enterprise", _("Doanh nghiệp")

    class Basis(models.TextChoices):
        """No law defines these; the decision that approves a list may name any of them."""

        LIST = "list", _("Có tên trong danh sách được cơ quan có thẩm quyền phê duyệt")
        HEAD = "head", _("Chủ doanh nghiệp, giám đốc hoặc chủ tịch hội đồng quản trị là người dân tộc thiểu số")
        CAPITAL = "capital", _("Người dân tộc thiểu số góp trên một nửa vốn điều lệ")
        MEMBERS = "members", _("Trên một nửa thành viên hợp tác xã là người dân tộc thiểu số")
        WORKERS = "workers", _("Trên một nửa lao động là người dân tộc thiểu số")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("tên"), max_length=255)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="organisations")
    tax_code = TaxCodeField(
        _("mã số thuế"), max_length=14, unique=True, null=True, blank=True, validators=[validate_tax_code]
    )
    ethnic_affairs = models.BooleanField(_("cơ quan làm công tác dân tộc"), default=False)
    basis = models.CharField(_("căn cứ xác định"), max_length=12, choices=Basis, blank=True)
    search_key = SearchKeyField(sources=("name", "tax_code"))

    objects = InUnitQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("cơ quan, tổ chức")
        verbose_name_plural = _("cơ quan, tổ chức")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="people_organisation_by_name")]

    def __str__(self) -> str:
        return self.name


class Household(OfMinority, Dated):
    """A household economy."""

    class Basis(models.TextChoices):
        """As the state's surveys of the 53 ethnic minorities count households, or by an approved list."""

        LIST = "list", _("Có tên trong danh sách được cơ quan có thẩm quyền phê duyệt")
        HEAD = "head", _("Chủ hộ là người dân tộc thiểu số")
        SPOUSE = "spouse", _("Vợ hoặc chồng của chủ hộ là người dân tộc thiểu số")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("tên chủ hộ hoặc tên hộ"), max_length=255)
    code = models.CharField(_("số hộ, mã hộ"), max_length=32, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="households")
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("chủ hộ có tài khoản"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="headed_households",
    )
    basis = models.CharField(_("căn cứ xác định"), max_length=12, choices=Basis, blank=True)
    search_key = SearchKeyField(sources=("name", "code"))

    objects = InUnitQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("hộ gia đình")
        verbose_name_plural = _("hộ gia đình")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="people_household_by_name")]

    def __str__(self) -> str:
        return self.name
