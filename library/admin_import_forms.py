"""The forms of an import of records: the file, and how to import what was analysed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library import import_jobs, vietnamese_encodings
from library.models import Collection, ImportBatch

PUBLISH = "library.publish_record"


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Tệp biểu ghi"),
        widget=forms.ClearableFileInput(attrs={"accept": ".mrc,.marc,.dat,.iso,.xml,.json,.utf8,.txt"}),
        help_text=gettext_lazy(
            "ISO 2709 (UTF-8, MARC-8, TCVN3, VNI, VISCII, Windows-1258), MARCXML hoặc MARC-in-JSON, tối đa 2 GB. "
            "Chưa có gì được ghi cho đến khi ông, bà xem kết quả phân tích và đồng ý."
        ),
    )

    def clean_file(self) -> Any:
        """Not too large; the rest is seen when it is read."""
        file = self.cleaned_data["file"]
        if file.size > import_jobs.LARGEST:
            raise forms.ValidationError(_("Tệp lớn hơn 2 GB. Hãy chia thành nhiều tệp."))
        return file


class HowForm(forms.Form):
    """How to import what was analysed."""

    encoding = forms.ChoiceField(label=gettext_lazy("Bảng mã"), required=False, widget=forms.RadioSelect)
    match_on = forms.ChoiceField(
        label=gettext_lazy("So trùng theo"),
        choices=ImportBatch.MatchOn.choices,
        help_text=gettext_lazy("Thiếu thông tin này thì so theo số kiểm soát; không có nữa thì theo từng byte."),
    )
    on_match = forms.ChoiceField(label=gettext_lazy("Khi trùng"), choices=ImportBatch.OnMatch.choices)
    collection = forms.ModelChoiceField(
        Collection.objects.all(),
        label=gettext_lazy("Cho vào bộ sưu tập"),
        required=False,
        empty_label=gettext_lazy("Không bộ sưu tập nào"),
    )
    publish = forms.TypedChoiceField(
        label=gettext_lazy("Biểu ghi mới"), coerce=lambda value: value == "yes", choices=()
    )

    def __init__(self, batch: ImportBatch, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("no", _("để nháp, bạn đọc chưa thấy"))]
        if user.has_perm(PUBLISH):
            choices.insert(0, ("yes", _("công khai ngay")))
        self.fields["publish"].choices = choices  # type: ignore[attr-defined]
        self.fields["encoding"].choices = encoding_choices()  # type: ignore[attr-defined]
        self.fields["encoding"].initial = batch.encoding


def encoding_choices() -> list[tuple[str, Any]]:
    """As the bytes say, or one of the older ones."""
    return [("", _("UTF-8 hoặc MARC-8, theo từng biểu ghi")), *vietnamese_encodings.LABELS.items()]
