"""A question: a translatable snippet with revisions, used by lessons."""

import uuid
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index

from core import outbox
from lms.models.course import Course
from lms.models.queues import OutlineQueue
from lms.option_block import OptionBlock


def new_key() -> str:
    """A key for a question made in the admin, such as q-3f9a1c20."""
    return f"q-{uuid.uuid4().hex[:8]}"


class Question(DraftStateMixin, RevisionMixin, TranslatableMixin, index.Indexed, models.Model):
    """Readers see the published revision; an answer keeps the one it was given to. Options are known by block id."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("Chọn một")
        MULTIPLE = "multiple", _("Chọn nhiều")

    key = models.SlugField(
        _("mã câu hỏi"), max_length=150, default=new_key, help_text=_("Không đổi sau khi đã có người trả lời.")
    )
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.SINGLE)
    text = models.TextField(_("câu hỏi"))
    options = StreamField([("option", OptionBlock())], verbose_name=_("các phương án"), min_num=2, max_num=10)
    feedback = models.TextField(_("nhận xét chung"), blank=True, help_text=_("Hiện ra sau khi trả lời."))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="question")

    panels = [FieldPanel("kind"), FieldPanel("text"), FieldPanel("options"), FieldPanel("feedback"), FieldPanel("key")]
    search_fields = [
        index.SearchField("text"),
        index.AutocompleteField("text"),
        index.FilterField("kind"),
        index.FilterField("locale"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("câu hỏi")
        verbose_name_plural = _("câu hỏi")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["key", "locale"], name="lms_question_key")]

    def __str__(self) -> str:
        return self.text

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def is_asked(self) -> bool:
        """Published, so that lessons show it and it counts."""
        return self.live and self.live_revision_id is not None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A published or withdrawn question changes the rule of the courses that ask it."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            courses = Course.objects.filter(lessons__asked__question=self).distinct()
            outbox.enqueue(OutlineQueue, courses.values_list("key", flat=True))

    def clean(self) -> None:
        super().clean()
        right = [bool(option.value.get("right")) for option in self.options or ()]
        if self.kind == self.Kind.SINGLE and sum(right) != 1:
            raise ValidationError({"options": _("Câu hỏi chọn một cần đúng một phương án đúng.")})
        if self.kind == self.Kind.MULTIPLE and not any(right):
            raise ValidationError({"options": _("Câu hỏi chọn nhiều cần ít nhất một phương án đúng.")})
