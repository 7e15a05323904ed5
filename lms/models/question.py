"""A question: a translatable snippet with revisions, used by lessons."""

import uuid
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin

from lms.option_block import OptionBlock


def new_key() -> str:
    """A key for a question made in the admin, such as q-3f9a1c20."""
    return f"q-{uuid.uuid4().hex[:8]}"


class Question(DraftStateMixin, RevisionMixin, TranslatableMixin, models.Model):
    """Readers see the published revision; an answer keeps the revision it was given to. Options are known by block id."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("Chọn một")
        MULTIPLE = "multiple", _("Chọn nhiều")

    key = models.SlugField(_("mã câu hỏi"), max_length=150, default=new_key, help_text=_("Không đổi sau khi đã có người trả lời."))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.SINGLE)
    text = models.TextField(_("câu hỏi"))
    options = StreamField([("option", OptionBlock())], verbose_name=_("các phương án"), min_num=2, max_num=10)
    feedback = models.TextField(_("nhận xét chung"), blank=True, help_text=_("Hiện ra sau khi trả lời."))
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="question")

    panels = [FieldPanel("kind"), FieldPanel("text"), FieldPanel("options"), FieldPanel("feedback"), FieldPanel("key")]

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
    def right_options(self) -> list[str]:
        """The ids of the right options, sorted: the answer key."""
        return sorted(option.id for option in self.options if option.value["right"])

    @property
    def option_ids(self) -> list[str]:
        """The ids of all options in their order."""
        return [option.id for option in self.options]

    def clean(self) -> None:
        super().clean()
        right = [bool(option.value.get("right")) for option in self.options or ()]
        if self.kind == self.Kind.SINGLE and sum(right) != 1:
            raise ValidationError({"options": _("Câu hỏi chọn một cần đúng một phương án đúng.")})
        if self.kind == self.Kind.MULTIPLE and not any(right):
            raise ValidationError({"options": _("Câu hỏi chọn nhiều cần ít nhất một phương án đúng.")})
