"""PDF documents as pictures of their pages, made by lms.slides when a lesson is published."""

from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _


def place_of(page: "SlidePage", name: str) -> str:
    """Beside the other pictures, which everybody may read, as the document itself."""
    return f"images/slides/{page.deck.document_id}-{page.deck.file_hash[:12]}/{name}"


class SlideDeck(models.Model):
    """One document as it was when its pages were made."""

    document = models.OneToOneField("wagtaildocs.Document", on_delete=models.CASCADE, related_name="slides")
    file_hash = models.CharField(max_length=40, help_text="the document's, when the pages were made")
    problem = models.CharField(_("vì sao không có trang nào"), max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.document_id}/{self.file_hash[:12]}"


class SlidePage(models.Model):
    """One page: its picture (WebP) and its words."""

    deck = models.ForeignKey(SlideDeck, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField(help_text="1 is the first")
    picture = models.FileField(upload_to=place_of, max_length=200)
    width = models.PositiveSmallIntegerField(help_text="pixels")
    height = models.PositiveSmallIntegerField(help_text="pixels")
    text = models.TextField(blank=True, help_text="the page's words, for who cannot see the picture")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["deck", "number"], name="lms_slide_number")]

    def __str__(self) -> str:
        return f"{self.deck_id}/{self.number}"


@receiver(post_delete, sender=SlidePage, dispatch_uid="lms.slides.file")
def _remove_picture(instance: SlidePage, **_signal: Any) -> None:
    name, storage = str(instance.picture.name), instance.picture.storage
    transaction.on_commit(lambda: storage.delete(name))
