"""Who learns for a household or an organisation, and who asks to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import access
from people.dated import Dated
from people.models.organisation import Household, Organisation
from people.models.unit import Unit


class Representation(Dated):
    """A person learns for a household or an organisation."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="representations"
    )
    household = models.ForeignKey(
        Household,
        verbose_name=_("hộ gia đình"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="representations",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("cơ quan, tổ chức"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="representations",
    )

    objects = access.OfPersonQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("học thay cho")
        verbose_name_plural = _("học thay cho")
        ordering = ["person", "since"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(household__isnull=False, organisation=None) | Q(household=None, organisation__isnull=False),
                name="people_representation_of_one",
                violation_error_message=_("Hãy chọn một hộ gia đình hoặc một tổ chức."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.subject}"

    @property
    def subject(self) -> Household | Organisation:
        """What the person learns for."""
        subject = self.household or self.organisation
        assert subject is not None  # the check constraint
        return subject


class RequestQuerySet(models.QuerySet["RepresentationRequest"]):
    """Reads of requests."""

    def visible_to(self, user: Any) -> "RequestQuerySet":
        """Those of people whom the user may see."""
        people: Any = self.model._meta.get_field("person").related_model
        return self.filter(person__in=people._default_manager.visible_to(user))

    def waiting(self) -> "RequestQuerySet":
        """Those that staff have not answered, the oldest first."""
        return self.filter(state=RepresentationRequest.State.WAITING).order_by("asked_at", "id")


class RepresentationRequest(models.Model):
    """A learner says for which household or organisation they learn; staff confirm it."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", _("Hộ gia đình")
        COOPERATIVE = "cooperative", _("Hợp tác xã")
        ENTERPRISE = "enterprise", _("Doanh nghiệp")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ xác nhận")
        CONFIRMED = "confirmed", _("Đã xác nhận")
        REFUSED = "refused", _("Không được xác nhận")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="subject_requests"
    )
    kind = models.CharField(_("học cho"), max_length=12, choices=Kind)
    name = models.CharField(_("tên chủ hộ, hợp tác xã hoặc doanh nghiệp"), max_length=255)
    code = models.CharField(_("số hộ hoặc mã số thuế"), max_length=32, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("địa bàn"), null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("nơi ở hoặc trụ sở"), max_length=255, blank=True)
    asked_at = models.DateTimeField(_("gửi lúc"), default=timezone.now, editable=False)
    state = models.CharField(_("tình trạng"), max_length=9, choices=State, default=State.WAITING)
    answer = models.CharField(_("trả lời"), max_length=255, blank=True)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)
    representation = models.ForeignKey(
        Representation, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị học thay")
        verbose_name_plural = _("đề nghị học thay")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["state", "asked_at"], name="people_request_waiting")]

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"
