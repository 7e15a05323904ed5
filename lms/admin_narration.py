"""The admin's page for the narration of a translated lesson, since the editor of translations takes only words."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail_localize.models import Translation
from wagtailmedia.widgets import AdminAudioChooser

from core.admin_pages import AdminPage
from lms import narration
from lms.models import LessonPage


class NarrationForm(ModelForm):
    """Chooses a recording; the page refuses a film."""

    class Meta:
        model = LessonPage
        fields = ("narration",)
        widgets = {"narration": AdminAudioChooser}


class NarrationView(AdminPage, FormView):
    """For who may change what readers of the translation are shown."""

    template_name = "lms/admin/narration.html"
    page_title = gettext_lazy("Bản đọc của bản dịch")
    header_icon = "wagtailmedia-audio"
    form_class = NarrationForm

    @cached_property
    def lesson_page(self) -> LessonPage:
        """The translated page; 404 for one that has an editor of its own."""
        page = get_object_or_404(LessonPage.objects.written().select_related("locale"), pk=self.kwargs["pk"])
        here = {"source__object_id": page.translation_key, "target_locale": page.locale}
        get_object_or_404(Translation, **here, enabled=True)
        allowed = page.permissions_for_user(self.request.user)
        if not (allowed.can_publish() if page.live else allowed.can_edit()):
            raise PermissionDenied
        return page

    def further(self) -> list[dict[str, Any]]:
        """Below the editor of the translation."""
        return [{"url": self.get_success_url(), "label": self.lesson_page.title}, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.lesson_page, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.lesson_page}

    def form_valid(self, form: NarrationForm) -> HttpResponse:
        narration.give(self.lesson_page, form.cleaned_data["narration"], by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("Đã lưu bản đọc."))
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.lesson_page.pk])
