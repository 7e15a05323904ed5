"""Targets, the populations they are measured against, and who has attained them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import QueueRow
from people.dated import Dated, DatedQuerySet
from people.models import Unit, User


class Target(models.Model):
    """One training target of the decision: a share of a population to be trained by 2030."""

    class SubjectKind(models.TextChoices):
        PERSON = "person", _("người")
        ECONOMY = "economy", _("hộ, hợp tác xã, doanh nghiệp")

    key = models.SlugField(unique=True)
    name = models.CharField(_("tên"), max_length=255)
    short_name = models.CharField(_("tên ngắn"), max_length=100)
    counted = models.CharField(_("đơn vị đếm"), max_length=40, help_text=_("viết sau con số, ví dụ: người"))
    percent = models.PositiveSmallIntegerField(_("mục tiêu năm 2030"), help_text=_("phần trăm"))
    subject_kind = models.CharField(_("đối tượng"), max_length=8, choices=SubjectKind)
    audiences = models.JSONField(_("nhóm đối tượng"), default=list, help_text="keys of people.Audience")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name in the reader's language, where it is one of the decision's own."""
        return gettext(self.short_name)

    @property
    def unit_label(self) -> str:
        """What is written after a count, in the reader's language."""
        return gettext(self.counted)


class TargetCourse(Dated):
    """The rule: completing this course while the row holds meets the target."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="target_courses")
    course = models.ForeignKey("lms.Course", on_delete=models.PROTECT, related_name="target_courses")

    class Meta(Dated.Meta):
        verbose_name = _("khóa học được tính cho chỉ tiêu")
        verbose_name_plural = _("khóa học được tính cho chỉ tiêu")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["target", "course", "since"], name="targets_targetcourse_once"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.course}"


class PopulationQuerySet(DatedQuerySet):
    """Reads of populations."""

    def visible_to(self, user: Any) -> "PopulationQuerySet":
        """Those of units whose people the user may see."""
        return self.filter(unit__in=Unit.objects.visible_to(user))


class Population(Dated):
    """Of how many the share is taken, in a province or commune: a named list, or a number with its source."""

    class Kind(models.TextChoices):
        LIST = "list", _("Danh sách")
        NUMBER = "number", _("Số lượng")

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="populations")
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="populations")
    kind = models.CharField(_("hình thức"), max_length=8, choices=Kind)
    number = models.PositiveIntegerField(_("tổng số"), null=True, blank=True)
    source = models.CharField(_("nguồn số liệu"), max_length=255)
    decision_number = models.CharField(_("số quyết định"), max_length=60, blank=True)
    decision_date = models.DateField(_("ngày quyết định"), null=True, blank=True)

    objects = PopulationQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("tổng số đối tượng")
        verbose_name_plural = _("tổng số đối tượng")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="list", number=None) | Q(kind="number", number__isnull=False),
                name="targets_population_number_or_list",
                violation_error_message=_("Nhập tổng số khi chọn “Số lượng”; để trống khi chọn “Danh sách”."),
            ),
            models.UniqueConstraint(fields=["target", "unit", "kind", "since"], name="targets_population_once"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.unit}"

    @property
    def path(self) -> str:
        """The path of the unit where the population counts today."""
        today = self.unit.today
        assert today is not None  # kept by people.succession for every unit
        return today.path


class PopulationMember(models.Model):
    """A name on a list: the uuid of a person, household or organisation."""

    population = models.ForeignKey(Population, on_delete=models.CASCADE, related_name="members")
    subject = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["population", "subject"], name="targets_populationmember_once")]
        indexes = [models.Index(fields=["subject"], name="targets_member_subject")]

    def __str__(self) -> str:
        return str(self.subject)


class AttainmentQuerySet(models.QuerySet["Attainment"]):
    """Reads of attainments."""

    def visible_to(self, user: Any) -> "AttainmentQuerySet":
        """Those reached by people whom the user may see."""
        return self.filter(person__in=User.objects.visible_to(user))

    def in_unit(self, unit: Unit) -> "AttainmentQuerySet":
        """Those that count in the unit today, former units' included."""
        return self.filter(unit__today__path__under=unit.path)

    def for_list(self) -> "AttainmentQuerySet":
        """With what the named list shows, newest first."""
        return self.select_related("person", "unit__today__parent", "enrolment__course").order_by("-attained_on", "-id")


class Attainment(models.Model):
    """One subject has met one target's rule, first on attained_on (Asia/Ho_Chi_Minh). See targets.attainment."""

    class Subject(models.TextChoices):
        PERSON = "person", _("người")
        HOUSEHOLD = "household", _("hộ gia đình")
        ORGANISATION = "organisation", _("tổ chức")

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="attainments")
    subject_kind = models.CharField(max_length=12, choices=Subject)
    subject = models.UUIDField(help_text="of the person, household or organisation")
    subject_name = models.CharField(max_length=255)
    attained_on = models.DateField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="attainments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attainments", help_text="who learned")
    enrolment = models.ForeignKey("lms.Enrolment", on_delete=models.PROTECT, related_name="attainments")

    objects = AttainmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("đối tượng đã được đào tạo, tập huấn")
        verbose_name_plural = _("đối tượng đã được đào tạo, tập huấn")
        constraints = [models.UniqueConstraint(fields=["target", "subject"], name="targets_attainment_once")]
        indexes = [models.Index(F("target"), F("attained_on").desc(), name="targets_attainment_newest")]

    def __str__(self) -> str:
        return f"{self.subject_name}: {self.target} ({self.attained_on})"


class AttainmentQueue(QueueRow):
    """Uuids of people whose attainment must be derived again."""
