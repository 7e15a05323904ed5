"""The admin's forms of what one writes about a unit: its villages, its attributes, who answers for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from people import unit_attributes
from people.admin_choosers import organisation_chooser, unit_chooser
from people.models import Organisation, Unit

DOCUMENT = _("Số, ngày và cơ quan ban hành, ví dụ: Nghị quyết số 15/NQ-HĐND ngày 10/7/2026 của HĐND tỉnh.")
FULL_NAME = _("Viết đầy đủ, ví dụ: Bản Lìm Mông, Thôn 3, Tổ dân phố số 5.")


class UnitForm(forms.Form):
    """A form about one unit, filled by one user."""

    def __init__(self, *args: Any, unit: Unit, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.user = unit, user


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=AdminDateInput, required=required)


def _document() -> forms.CharField:
    return forms.CharField(label=_("Văn bản"), help_text=DOCUMENT, max_length=200)


class AddVillageForm(UnitForm):
    """A new village of a commune."""

    name = forms.CharField(label=_("Tên thôn, bản"), help_text=FULL_NAME, max_length=120)
    since = _day(_("Từ ngày"))
    code = forms.CharField(
        label=_("Mã"), help_text=_("Để trống: hệ thống đặt mã theo mã xã."), max_length=16, required=False
    )


class RenameVillageForm(UnitForm):
    """Another name from a day on."""

    name = forms.CharField(label=_("Tên mới"), help_text=FULL_NAME, max_length=120)
    from_day = _day(_("Mang tên mới từ ngày"))
    document = _document()


class MoveVillageForm(UnitForm):
    """To another commune from a day on."""

    commune = forms.ModelChoiceField(
        label=_("Chuyển đến xã, phường"), queryset=Unit.objects.none(), widget=unit_chooser.widget_class()
    )
    from_day = _day(_("Thuộc xã mới từ ngày"))
    document = _document()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["commune"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = Unit.objects.current().filter(level=Unit.Level.COMMUNE).managed_by(self.user)
        chosen.error_messages["invalid_choice"] = _("Chỉ chuyển đến xã, phường hiện nay mà ông, bà quản lý.")


class _WithNeighbours(UnitForm):
    """Names the other villages of the commune."""

    def neighbours(self) -> Any:
        villages = Unit.objects.current().filter(parent=self.unit.parent, level=Unit.Level.VILLAGE)
        return villages.exclude(pk=self.unit.pk).order_by("name", "code")


class MergeVillagesForm(_WithNeighbours):
    """This village and others of the commune become one."""

    others = forms.ModelMultipleChoiceField(
        label=_("Nhập cùng với"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label=_("Tên sau khi nhập"), help_text=FULL_NAME, max_length=120)
    from_day = _day(_("Từ ngày"))
    document = _document()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = self.neighbours()  # type: ignore[attr-defined]


class EndVillageForm(_WithNeighbours):
    """The village ends; its people go to one or several others."""

    heirs = forms.ModelMultipleChoiceField(
        label=_("Đơn vị kế thừa"),
        help_text=_(
            "Chọn một: mọi người ở đây tính vào đơn vị ấy. Chọn nhiều (thôn bị chia) hoặc không chọn: mọi người đứng"
            " trong danh sách cần xếp."
        ),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    last_day = _day(_("Kết thúc vào hết ngày"))
    document = _document()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heirs"].queryset = self.neighbours()  # type: ignore[attr-defined]


class AttributeForm(UnitForm):
    """One thing that the state says of the unit: kinds that fit its level, each with its values."""

    said = forms.ChoiceField(label=_("Thuộc tính"))
    since = _day(_("Từ ngày"), _("Thuộc tính cùng loại đang có sẽ kết thúc vào ngày liền trước."))
    until = _day(_("Đến hết ngày"), _("Để trống nếu chưa biết ngày kết thúc."), required=False)
    document = _document()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said"].choices = [("", "—"), *unit_attributes.sayings(self.unit.level)]  # type: ignore[attr-defined]

    def clean_said(self) -> tuple[str, str]:
        """(kind, value)"""
        kind, _colon, value = str(self.cleaned_data["said"]).partition(":")
        return kind, value


class EndAttributeForm(UnitForm):
    """Through which day an attribute holds."""

    last_day = _day(_("Đến hết ngày"))


class AgencyForm(UnitForm):
    """Who answers for the unit from a day on."""

    organisation = forms.ModelChoiceField(
        label=_("Cơ quan phụ trách"), queryset=Organisation.objects.none(), widget=organisation_chooser.widget_class()
    )
    since = _day(_("Từ ngày"), _("Cơ quan đang phụ trách sẽ thôi phụ trách vào ngày liền trước."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(self.user)  # type: ignore[attr-defined]
