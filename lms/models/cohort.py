"""A class: people who take one course together, with their trainers, for a span of days."""

import secrets
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import identity
from lms.models.course import Course
from people import access
from people.dated import Dated, DatedQuerySet
from people.folding import SearchKeyField, matches
from people.merging import accounts_of
from people.models import Audience, Group, GroupMembership, Organisation, Unit, User

ALPHABET = "ACDEFGHJKMNPQRTUVWXY3479"  # none that look or sound alike: 8 and B, 1 and I, 0 and O, 5 and S
CODE_LENGTH = 8  # so many that guessing finds none, however fast


def new_code() -> str:
    """A join code that can be read from paper and over the telephone."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def new_token() -> str:
    """The secret part of a share link."""
    return secrets.token_urlsafe(12)


class CohortQuerySet(DatedQuerySet):
    """Reads of classes."""

    def visible_to(self, user: Any) -> "CohortQuerySet":
        """Those that the user runs: trainers theirs, managers those held in their units, administrators all."""
        return self.filter(access.cohorts(user))

    def of_member(self, user: models.Model) -> "CohortQuerySet":
        """Those that the user, or an account merged into theirs, learns in today, which are not over."""
        theirs = GroupMembership.objects.on().filter(person__in=accounts_of(user), leader=False)
        return self.filter(group__in=theirs.values("group")).running()

    def running(self) -> "CohortQuerySet":
        """Those that are not over."""
        from django.utils import timezone

        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def found_by(self, text: str) -> "CohortQuerySet":
        """Those whose name holds every word, marks or no marks, or whose code it is."""
        return self.filter(matches(text) | Q(join_code=text.upper().replace("-", "").strip()))


class Cohort(Dated):
    """A class of a course. Its people are the memberships of its group: leaders are trainers, the others learners."""

    class Mode(models.TextChoices):
        ONLINE = "online", _("Trực tuyến")
        CLASSROOM = "classroom", _("Tập trung")
        BLENDED = "blended", _("Kết hợp")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, verbose_name=_("khóa học"), on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("tên lớp"), max_length=200)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("địa bàn mở lớp"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cohorts",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("cơ quan, tổ chức mở lớp"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cohorts",
    )
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="cohort", editable=False)
    mode = models.CharField(_("hình thức"), max_length=9, choices=Mode, default=Mode.CLASSROOM)
    place = models.CharField(_("nơi học"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("số chỗ"), default=0, help_text=_("0: không giới hạn."))
    join_code = models.CharField(_("mã lớp"), max_length=12, unique=True, default=new_code, editable=False)
    join_open = models.BooleanField(
        _("nhận người vào lớp bằng mã"), default=True, help_text=_("Bỏ chọn để đóng: mã và đường dẫn không dùng được.")
    )
    share_token = models.CharField(max_length=24, unique=True, default=new_token, editable=False)
    source = models.CharField(
        _("nguồn"), max_length=200, blank=True, help_text=_("Của lớp nhập lại sau: văn bản, tệp, sổ nào.")
    )
    entered_afterwards = models.BooleanField(_("nhập lại sau khi lớp đã học xong"), default=False, editable=False)
    search_key = SearchKeyField(sources=("name",))
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.UUIDField(null=True, editable=False, help_text="the uuid of who made it; empty: the site")

    objects = CohortQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("lớp")
        verbose_name_plural = _("lớp")
        ordering = ["-since", "-id"]
        indexes = [
            models.Index(fields=["since", "id"], name="lms_cohort_by_day"),
            models.Index(fields=["course", "name", "since"], name="lms_cohort_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def iri(self) -> str:
        """The class as an activity of statements."""
        return f"{identity.id_base()}/activities/cohorts/{self.uuid}"

    @property
    def shown_code(self) -> str:
        """The code as people read it: "ACDK-3479"."""
        return f"{self.join_code[:4]}-{self.join_code[4:]}"

    @property
    def trainers(self) -> "models.QuerySet[User]":
        """Those who lead the class, whenever they did."""
        return User.objects.filter(group_memberships__group=self.group_id, group_memberships__leader=True).distinct()


class CohortRule(models.Model):
    """Whom a class takes by rule: those of an audience in a unit and all below it, as the registers stand on a day."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="rules")
    audience = models.CharField(_("nhóm đối tượng"), max_length=24, choices=Audience)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("theo danh sách ngày"), help_text=_("Ngày mà người học thuộc nhóm đối tượng."))
    created_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(
        "core.Job", null=True, editable=False, on_delete=models.SET_NULL, related_name="+", help_text="the last run"
    )

    class Meta:
        verbose_name = _("điều kiện ghi danh")
        verbose_name_plural = _("điều kiện ghi danh")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "audience", "unit", "day"], name="lms_cohortrule_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}, {self.unit}"


class CohortEvidence(models.Model):
    """A scanned list or another paper that shows who was there. Read only by those who run the class."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="evidence")
    name = models.CharField(_("tên tệp"), max_length=200)
    file = models.FileField(_("tệp"), upload_to="cohort-evidence/%Y/", max_length=255)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("minh chứng của lớp")
        verbose_name_plural = _("minh chứng của lớp")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["cohort", "sha256"], name="lms_cohortevidence_once")]

    def __str__(self) -> str:
        return self.name
