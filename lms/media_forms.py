"""The form with which trainers put in a recording or a film, with its captions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser
from wagtailmedia.forms import BaseMediaForm
from wagtailmedia.settings import wagtailmedia_settings as KINDS  # noqa: N812 - constants

from library import files
from library.exceptions import BadFile
from library.models import RecordFile
from lms import captions
from lms.exceptions import InvalidCaptions
from lms.models import LessonMedia, MediaCaption
from lms.tongues import TONGUES


class MediaForm(BaseMediaForm):
    """Captions come as files, one language at a time; those that are there can be taken away."""

    caption_language = forms.ChoiceField(label=_("Ngôn ngữ của phụ đề"), choices=TONGUES, required=False)
    caption_file = forms.FileField(
        label=_("Thêm phụ đề"),
        required=False,
        help_text=_("Tệp WebVTT (.vtt) hoặc SRT (.srt). Phụ đề mới của một ngôn ngữ thay phụ đề cũ."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt"}),
    )
    removed_captions = forms.MultipleChoiceField(
        label=_("Bỏ phụ đề"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Media:
        js = ("media-form.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duration"].widget.attrs["step"] = "any"
        self.fields["poster"].widget = AdminImageChooser()
        if self.prefix:  # inside a dialogue, which cannot open another one
            del self.fields["poster"]
        if self.instance.type == "audio":
            for name in ("poster", "caption_language", "caption_file", "removed_captions"):
                self.fields.pop(name, None)
            return
        there = list(self.instance.captions.defer("text")) if self.instance.pk else []
        if there:
            self.fields["removed_captions"].choices = [(each.language, each.get_language_display()) for each in there]
        else:
            del self.fields["removed_captions"]

    def clean_file(self) -> Any:
        """One of the kinds that phones play; its first bytes must be what its name says."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            allowed = KINDS.AUDIO_EXTENSIONS if self.instance.type == "audio" else KINDS.VIDEO_EXTENSIONS
            if str(file.name).rpartition(".")[2].lower() not in allowed:
                raise ValidationError(_("Chỉ nhận các loại tệp: %(names)s.") % {"names": ", ".join(allowed)})
            try:
                files.check(file, use=RecordFile.Use.CONTENT)
            except BadFile as error:
                raise ValidationError(str(error)) from error
        return file

    def clean_caption_file(self) -> str:
        """The captions as WebVTT; empty where none came."""
        file = self.cleaned_data.get("caption_file")
        if not file:
            return ""
        try:
            return captions.webvtt(file.read(captions.LARGEST + 1))
        except InvalidCaptions as error:
            raise ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> LessonMedia:  # noqa: FBT001, FBT002 - Django's own signature
        medium: LessonMedia = super().save(commit=commit)
        data = self.cleaned_data
        if removed := data.get("removed_captions"):
            medium.captions.filter(language__in=removed).delete()
        if text := data.get("caption_file"):
            language = data.get("caption_language") or "vi"
            MediaCaption.objects.update_or_create(media=medium, language=language, defaults={"text": text})
        return medium
