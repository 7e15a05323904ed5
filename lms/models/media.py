"""Recordings and films of lessons, with their captions. Handed out only by lms.media_views, which knows who may."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia, MediaQuerySet

from lms.models.enrolment import Enrolment
from lms.tongues import TONGUES


def place_of(medium: "LessonMedia", name: str) -> str:
    """Outside the folders that everybody may read."""
    return f"lesson_media/{medium.uuid}/{name}"


class LessonMediaQuerySet(MediaQuerySet):
    """Reads of media."""

    def visible_to(self, user: Any) -> "LessonMediaQuerySet":
        """Those of lessons that the person may read: as one enrolled, or as one who works on courses."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff and user.has_perm("lms.view_lessonmedia"):
            return self
        courses = Enrolment.objects.of_person(user).order_by().values("course")
        return self.filter(lessons__position__isnull=False, lessons__course__in=courses).distinct()

    def for_lesson(self) -> "LessonMediaQuerySet":
        """With poster and captions, without the captions' text."""
        captions = models.Prefetch("captions", MediaCaption.objects.defer("text"))
        return self.select_related("poster").prefetch_related(captions)


class LessonMedia(AbstractMedia):
    """A recording or a film. The uuid is part of its activity's IRI and never changes."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    file = models.FileField(_("tệp"), upload_to=place_of, max_length=255)
    thumbnail = None  # the poster is an image of the library of images, scaled as all are
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("người tải lên"),
    )
    poster = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ảnh bìa"),
        help_text=_("Hiện ra trước khi phim chạy."),
    )
    transcript = models.TextField(
        _("lời đọc"), blank=True, help_text=_("Toàn bộ lời nói, cho người không nghe được hoặc không mở được tiếng.")
    )
    # Derived by lms.outline: the lessons whose published pages show it
    lessons: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "lms.Lesson", related_name="media", editable=False
    )

    objects = LessonMediaQuerySet.as_manager()
    admin_form_fields = ("title", "file", "collection", "duration", "poster", "transcript", "tags")

    class Meta:
        verbose_name = _("bản ghi âm, phim")
        verbose_name_plural = _("ghi âm và phim")

    @property
    def url(self) -> str:
        """Where our own view hands it out."""
        return reverse("lms:media", args=[self.uuid])


class MediaCaption(models.Model):
    """The captions of a film in one language."""

    media = models.ForeignKey(LessonMedia, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(_("ngôn ngữ"), max_length=8, choices=TONGUES)
    text = models.TextField(help_text="WebVTT; see lms.captions")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["media", "language"], name="lms_caption_language")]

    def __str__(self) -> str:
        return f"{self.media_id}/{self.language}"

    @property
    def url(self) -> str:
        """Where our own view hands it out."""
        return reverse("lms:captions", args=[self.media.uuid, self.language])
