"""Words that lessons explain, with what other languages call the thing."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.search import index

from core.folding import fold
from lms import keys
from lms.tongues import TONGUES


class GlossaryQuerySet(models.QuerySet["GlossaryTerm"]):
    """Reads of terms."""

    def published(self) -> "GlossaryQuerySet":
        """Those that lessons of published courses explain, in the order of the alphabet."""
        used = self.filter(lessons__position__isnull=False, lessons__course__published=True)
        return used.distinct().order_by("sort_key", "pk")

    def with_names(self) -> "GlossaryQuerySet":
        """With their names in other languages, by one query more."""
        return self.prefetch_related("names")


class GlossaryTerm(index.Indexed, ClusterableModel):
    """One word with its explanation."""

    key = models.SlugField(_("mã thuật ngữ"), max_length=100, unique=True, editable=False)
    term = models.CharField(_("thuật ngữ"), max_length=120)
    explanation = models.TextField(_("giải thích"), help_text=_("Một, hai câu dễ hiểu, như nói với bà con trong thôn."))
    sort_key = models.CharField(max_length=255, editable=False, db_index=True, help_text="the term without marks")
    # Derived by lms.outline: the lessons whose published pages show it
    lessons: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "lms.Lesson", related_name="terms", editable=False
    )

    objects = GlossaryQuerySet.as_manager()
    panels = [
        FieldPanel("term"),
        FieldPanel("explanation"),
        InlinePanel("names", heading=_("Tên trong tiếng khác"), label=_("Tên")),
    ]
    search_fields = [index.SearchField("term"), index.AutocompleteField("term"), index.SearchField("explanation")]

    class Meta:
        verbose_name = _("thuật ngữ")
        verbose_name_plural = _("thuật ngữ")
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.term

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The key is made once, from the first wording."""
        self.sort_key = fold(self.term)[:255]
        if not self.key:
            others = GlossaryTerm.objects.all()
            self.key = keys.free(keys.wanted("", self.term), lambda key: others.filter(key=key).exists())
        super().save(*args, **kwargs)


class GlossaryName(models.Model):
    """What one language calls it."""

    term = ParentalKey(GlossaryTerm, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("ngôn ngữ"), max_length=8, choices=TONGUES)
    name = models.CharField(_("tên"), max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["term", "language"], name="lms_term_language")]

    def __str__(self) -> str:
        return self.name
