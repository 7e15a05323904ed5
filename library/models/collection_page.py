"""The page of a collection, written in Wagtail: text and picture above its records."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from library.models.collection import Collection

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class LibraryPage(Page):
    """The branch of the tree that holds the collections' pages; readers see the library's own front page there."""

    max_count = 1
    subpage_types = ["library.CollectionPage"]

    class Meta:
        verbose_name = _("Thư viện")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The library's front page."""
        return _moved(super().get_url_parts(request), "/library/")


class CollectionPage(Page):
    """Text and picture of one collection. Its address, its records and its name on pages are the collection's."""

    collection = models.OneToOneField(
        Collection, verbose_name=_("bộ sưu tập"), on_delete=models.PROTECT, related_name="page"
    )
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("ảnh"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_text = models.CharField(
        _("ảnh có gì"), max_length=255, blank=True, help_text=_("Đọc cho người không nhìn thấy ảnh.")
    )
    body = RichTextField(_("giới thiệu"), features=TEXT_FEATURES, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("picture"),
        FieldPanel("picture_text"),
        FieldPanel("body"),
    ]
    parent_page_types = ["library.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("Trang bộ sưu tập")
        verbose_name_plural = _("Trang bộ sưu tập")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The collection's address."""
        return _moved(super().get_url_parts(request), f"/library/collections/{self.collection.slug}/")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The collection with this text, also where it is only a draft (preview)."""
        from library.views.collections import show

        return show(request, self.collection, self)


def _moved(parts: tuple[int, str, str] | None, path: str) -> tuple[int, str, str] | None:
    return parts and (parts[0], parts[1], path)
