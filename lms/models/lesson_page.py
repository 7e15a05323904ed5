"""The page of a lesson; its order and its rules are those of the source page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtailmedia.edit_handlers import MediaChooserPanel

from core import outbox
from core.reading_language import InEveryLanguage
from lms import keys
from lms.blocks import LessonBlock
from lms.models.course import Completion, Course, Lesson
from lms.models.course_pages import CoursePage
from lms.models.media import LessonMedia
from lms.models.queues import OutlineQueue
from lms.models.translated import LessonPages, OwnField, as_in_source
from lms.page_forms import AddressedPageForm

COMPLETION_HELP = _("Bài có bài kiểm tra: nên chọn “Khi người học đạt điểm ở các câu hỏi, bài kiểm tra của bài”.")


class LessonPage(InEveryLanguage, Page):
    """One lesson. Only who is enrolled reads it; the courses' own pages are for everyone."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+", editable=False)
    minutes = models.PositiveSmallIntegerField(_("số phút"), default=10)
    completion = models.CharField(
        _("bài được tính là xong"), max_length=8, choices=Completion, default=Completion.VIEWED
    )
    opens_at = models.DateTimeField(_("mở từ"), null=True, blank=True, help_text=_("Để trống: mở ngay khi xuất bản."))
    opens_after = models.PositiveSmallIntegerField(
        _("mở sau (ngày)"), null=True, blank=True, help_text=_("Số ngày kể từ khi người học ghi danh.")
    )
    narration = models.ForeignKey(
        LessonMedia,
        verbose_name=_("bản đọc của bài"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Ghi âm đọc cả bài, bằng tiếng của trang này. Mỗi bản dịch có bản đọc riêng."),
    )
    body = StreamField(LessonBlock(), verbose_name=_("nội dung"), blank=True)

    exclude_fields_in_copy = ["lesson"]
    override_translatable_fields = [
        *as_in_source("slug", "minutes", "completion", "opens_at", "opens_after"),
        OwnField("narration"),
    ]
    objects = LessonPages()
    base_form_class = AddressedPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("minutes"),
        MediaChooserPanel("narration", media_type="audio"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("completion", help_text=COMPLETION_HELP), FieldPanel("opens_at"), FieldPanel("opens_after")],
            heading=_("Mở bài và hoàn thành"),
        ),
    ]
    known_restrictions: list[PageViewRestriction] | None = None  # of a page that is kept in memory
    parent_page_types = ["lms.CoursePage", "lms.SectionPage"]
    subpage_types: list[str] = []
    template = "lms/lesson.html"

    class Meta:
        verbose_name = _("bài học")

    def clean(self) -> None:
        """What is read out is heard; a film is a block of the lesson."""
        super().clean()
        if self.narration is not None and self.narration.type != "audio":
            message = _("“%(title)s” là phim. Bản đọc của bài phải là tệp ghi âm; phim thì đặt vào nội dung bài.")
            raise ValidationError({"narration": message % {"title": self.narration.title}})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Every saved page has its row; what follows from a change is queued in the same transaction."""
        with transaction.atomic():
            self.lesson = self._row(self.course_page().course)
            if self.pk is None and self._in_other_languages().exists():
                self.narration = None  # copied to be translated
            result = super().save(*args, **kwargs)
            outbox.enqueue(OutlineQueue, [self.lesson.course.key])
        return result

    def with_content_json(self, content: dict[str, Any]) -> "LessonPage":
        """With its own narration where the content comes from a page in another language."""
        page: LessonPage = super().with_content_json(content)
        if content.get("locale") != self.locale_id:
            page.narration_id = self.narration_id
        return page

    def course_page(self) -> CoursePage:
        """The course's page above, over the section if there is one."""
        return CoursePage.objects.select_related("course").ancestor_of(self).get()

    def _in_other_languages(self) -> Any:
        return LessonPage.objects.filter(translation_key=self.translation_key).exclude(locale=self.locale_id)

    def _row(self, course: Course) -> Lesson:
        """The row it has in this course, else that of the page it translates, else a new one."""
        if self.pk is None and self.lesson_id:
            return self.lesson
        known = LessonPage.objects.filter(translation_key=self.translation_key, lesson__course=course).select_related(
            "lesson__course"
        )
        if page := known.filter(pk=self.pk).first() or known.first():
            return page.lesson
        wanted = keys.wanted(self.slug, self.title)
        key = keys.free(wanted, lambda key: Lesson.objects.filter(course=course, key=key).exists())
        return Lesson.objects.create(course=course, key=key, title=self.title, minutes=self.minutes)

    def get_view_restrictions(self) -> Any:
        """Those of the page and of what is above it."""
        return super().get_view_restrictions() if self.known_restrictions is None else self.known_restrictions

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from lms import reading

        return reading.serve(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from lms import reading

        return reading.preview(self, request)
