"""The front page and the plain pages (about, help, contact …), written in two languages side by side."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from core.reading_language import InEveryLanguage

RICH_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class HomePage(InEveryLanguage, Page):
    """The front page: what a visitor can do here and how far the country has come."""

    hero_text = models.TextField(_("Lời dẫn"), blank=True)
    hero_title_en = models.CharField(_("Tiêu đề (tiếng Anh)"), max_length=200, blank=True)
    hero_text_en = models.TextField(_("Lời dẫn (tiếng Anh)"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("hero_text"),
        MultiFieldPanel([FieldPanel("hero_title_en"), FieldPanel("hero_text_en")], heading=_("Tiếng Anh")),
    ]
    max_count = 1
    template = "home/front.html"

    class Meta:
        verbose_name = _("Trang chủ")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Lessons, which are read most and lie deepest, are found at once."""
        from lms import reading

        if len(path_components) > 2 and (lesson := reading.find(self, path_components)):
            return RouteResult(lesson)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home import front

        english = get_language() == "en"
        return {
            **super().get_context(request, *args, **kwargs),
            **front.context(request),
            "hero_title": (english and self.hero_title_en) or self.title,
            "hero_text": (english and self.hero_text_en) or self.hero_text,
        }


class PlainPage(InEveryLanguage, Page):
    """A page of text. Without an English text the Vietnamese one is shown and marked as such."""

    body = RichTextField(_("Nội dung"), features=RICH_TEXT, blank=True)
    title_en = models.CharField(_("Tiêu đề (tiếng Anh)"), max_length=200, blank=True)
    body_en = RichTextField(_("Nội dung (tiếng Anh)"), features=RICH_TEXT, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("body_en")], heading=_("Tiếng Anh")),
    ]
    template = "home/plain.html"
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Trang văn bản")
        verbose_name_plural = _("Trang văn bản")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        english = get_language() == "en" and bool(self.body_en)
        return {
            **super().get_context(request, *args, **kwargs),
            "heading": (english and self.title_en) or self.title,
            "text": self.body_en if english else self.body,
            "text_language": "en" if english else "vi",
        }


class StarterStep(models.Model):
    """A part of the starter content that was loaded. It is loaded once: what staff then delete stays deleted."""

    name = models.CharField(max_length=40, unique=True)
    done_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
