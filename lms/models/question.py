"""A question: a translatable snippet with revisions, used by lessons."""

import uuid
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index

from core import outbox
from lms.models.course import Course
from lms.models.queues import OutlineQueue
from lms.models.translated import as_in_source
from lms.questions import KINDS


def new_key() -> str:
    """A key for a question made in the admin, such as q-3f9a1c20."""
    return f"q-{uuid.uuid4().hex[:8]}"


class QuestionTag(TagBase):
    """A word by which the bank is sorted: a topic, a level. Trainers make them as they write."""

    free_tagging = True

    class Meta:
        verbose_name = _("nhãn câu hỏi")
        verbose_name_plural = _("nhãn câu hỏi")


class TaggedQuestion(ItemBase):
    """A question has a tag."""

    tag = models.ForeignKey(QuestionTag, on_delete=models.CASCADE, related_name="tagged")
    content_object = ParentalKey("lms.Question", on_delete=models.CASCADE, related_name="tagged")


class Question(DraftStateMixin, RevisionMixin, TranslatableMixin, index.Indexed, ClusterableModel):
    """Readers see the published revision; an answer keeps the one it was given to. Options are known by block id."""

    key = models.SlugField(
        _("mã câu hỏi"), max_length=150, default=new_key, help_text=_("Không đổi sau khi đã có người trả lời.")
    )
    kind = models.CharField(
        _("loại"),
        max_length=12,
        choices=[(kind.name, kind.label) for kind in KINDS.values()],
        editable=False,
        help_text="that of the answer's block",
    )
    text = models.TextField(_("câu hỏi"))
    answer = StreamField(
        [(kind.name, kind.block()) for kind in KINDS.values()],
        verbose_name=_("cách trả lời và đáp án"),
        min_num=1,
        max_num=1,
        help_text=_("Chọn loại câu hỏi, rồi ghi các phương án và đáp án. Học viên chỉ thấy đáp án sau khi trả lời."),
    )
    hint = models.TextField(_("gợi ý"), blank=True, help_text=_("Học viên mở ra khi cần, trước khi trả lời."))
    feedback = models.TextField(_("nhận xét chung"), blank=True, help_text=_("Hiện ra sau khi trả lời."))
    tags = ClusterTaggableManager(through=TaggedQuestion, verbose_name=_("nhãn"), blank=True)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="question")

    exclude_fields_in_copy = ["live_revision"]
    # The key is one in all languages; tags sort the bank and stay with the source.
    override_translatable_fields = as_in_source("key")
    panels = [FieldPanel(name) for name in ("text", "answer", "hint", "feedback", "tags", "key")]
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
        return self.text or gettext("Câu hỏi chưa có lời hỏi")

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def is_asked(self) -> bool:
        """Published, so that lessons show it."""
        return self.live and self.live_revision_id is not None

    @property
    def counts(self) -> bool:
        """Asked, and right or wrong: part of a course's score."""
        return self.is_asked and not KINDS[self.kind].survey

    @property
    def is_answered(self) -> bool:
        """Someone answered it, or answered its source in the words of this translation."""
        from lms.models.answer import Answer

        return Answer.objects.filter(models.Q(question=self.pk) | models.Q(revision__in=self.revisions.all())).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A published or withdrawn question changes the rule of the courses that ask it.

        When a lesson is sent to be translated again, wagtail-localize makes drafts of its questions' translations; a
        published one stays as it is, and the draft is the revision that follows. Unpublishing leaves no live revision.
        """
        if self.live_revision_id and not self.live:  # type: ignore[has-type]
            self.live = True
            if "update_fields" not in kwargs:
                return
        if self.answer:
            self.kind = self.answer[0].block_type
        with transaction.atomic():
            super().save(*args, **kwargs)
            asking = models.Q(lessons__asked__question=self) | models.Q(lessons__quiz__fixed=self)
            courses = Course.objects.filter(asking).distinct()
            outbox.enqueue(OutlineQueue, courses.values_list("key", flat=True))
