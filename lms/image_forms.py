"""The form with which staff put in a picture."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class WholeImageField(WagtailImageField):
    """A picture that can be read to its end."""

    def to_python(self, data: Any) -> Any:
        """Raises ValidationError, for a photo of which only a part was copied too."""
        try:
            return super().to_python(data)
        except (OSError, SyntaxError, ValueError) as error:  # as Pillow says that a file is broken
            raise ValidationError(
                _(
                    "Tệp ảnh bị hỏng hoặc mới chép được một phần. "
                    "Hãy chép lại từ máy ảnh, điện thoại rồi tải lên lần nữa."
                ),
                code="broken",
            ) from error


class ImageForm(BaseImageForm):
    """Wagtail's, where a broken picture is refused with a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if file := self.fields.get("file"):  # several at once are described without their files
            self.fields["file"] = WholeImageField(label=file.label, widget=file.widget, required=file.required)
