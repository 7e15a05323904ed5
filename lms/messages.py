"""Writes to the people of a class, and to one who asked: chosen and queued in one transaction, sent by a job."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from lms import channels
from lms.models import Cohort, Delivery, Enrolment, Inquiry, Message
from people.merging import person_of_account
from people.models import GroupMembership, User, UserAlias

JOB = "lms.send_message"
State = Delivery.State


def recipients(cohort: Cohort, *, behind_only: bool) -> QuerySet[User]:
    """The learners of today with an open account; of those who are behind only the unfinished, idle for a week.

    An account that was merged is its person: who has the account that is kept.
    """
    members = GroupMembership.objects.on().filter(group=cohort.group_id, leader=False).order_by().values("person")
    merged = UserAlias.objects.filter(account__in=members).order_by().values("person")
    people = User.objects.filter(Q(pk__in=members) | Q(pk__in=merged), is_active=True)
    if not behind_only:
        return people
    theirs = Q(learner=OuterRef("pk")) | Q(learner__merged_as__person=OuterRef("pk"))
    enrolments = Enrolment.objects.filter(theirs, course=cohort.course_id)
    going = enrolments.exclude(pk__in=Enrolment.objects.behind())
    return people.filter(Exists(enrolments)).exclude(Exists(going))


def send(
    cohort: Cohort,
    *,
    subject: str,
    body: str,
    behind_only: bool,
    by: User,
    by_channels: Sequence[str] = ("page",),
    form: UUID | None = None,
) -> Message:
    """Keep the message and have a job deliver it to who is concerned now.

    form: the key of the page on which it was written. The same words from the same page are one message, however often
    they arrive.
    """
    said: dict[str, Any] = {"cohort": cohort, "subject": subject, "body": body, "behind_only": behind_only}
    key = uuid5(form, f"{cohort.uuid} {by.uuid} {behind_only} {subject}\n{body}") if form else uuid4()
    with transaction.atomic():
        message, new = Message.objects.get_or_create(uuid=key, defaults={**said, "sent_by": by.uuid})
        if not new:
            return message
        people = recipients(cohort, behind_only=behind_only)
        for name in by_channels:
            reached = people.filter(channels.BY_NAME[name].reaches).values_list("pk", flat=True)
            Delivery.objects.bulk_create(
                [Delivery(message=message, person_id=pk, channel=name) for pk in reached], batch_size=500
            )
        jobs.start(JOB, {"message": message.pk}, by=by.uuid, title=_("Gửi tin nhắn: %(name)s") % {"name": cohort})
        audit.record(by=by, action="cohort.message", subject=str(cohort.uuid), detail={"message": str(message.uuid)})
    return message


def answer(inquiry: Inquiry, *, by: User) -> Message:
    """Tell the learner, by every way that reaches them, that the question is answered; in the caller's transaction."""
    subject = _("Trả lời câu hỏi ở bài “%(lesson)s”") % {"lesson": inquiry.lesson}
    message = Message.objects.create(
        cohort=inquiry.cohort, inquiry=inquiry, subject=subject[:150], body=inquiry.answer, sent_by=by.uuid
    )
    person = person_of_account(inquiry.enrolment.learner)
    Delivery.objects.bulk_create(
        Delivery(message=message, person=person, channel=channel.name)
        for channel in channels.CHANNELS
        if User.objects.filter(channel.reaches, pk=person.pk, is_active=True).exists()
    )
    jobs.start(JOB, {"message": message.pk}, by=by.uuid, title=subject)
    return message


def with_counts(cohort: Cohort) -> QuerySet[Message]:
    """Messages to a class with how many people they are for, how many have them by each way, failed, were read."""
    return (
        cohort.messages.filter(inquiry=None)
        .annotate(
            people=Count("deliveries__person", distinct=True),
            on_page=Count("deliveries", filter=Q(deliveries__state=State.DELIVERED, deliveries__channel="page")),
            by_email=Count("deliveries", filter=Q(deliveries__state=State.DELIVERED, deliveries__channel="email")),
            failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
            waiting=Count("deliveries", filter=Q(deliveries__state__in=[State.WAITING, State.SENDING])),
            read=Count("deliveries", filter=Q(deliveries__read_at__isnull=False)),
        )
        .order_by("-sent_at", "-pk")
    )


def mark_read(delivery: Delivery) -> None:
    """The person has seen it on their page."""
    Delivery.objects.filter(pk=delivery.pk, read_at=None).update(read_at=timezone.now())


@jobs.handler(JOB)
def deliver(job: jobs.Job) -> None:
    """One delivery after the other. One that a kill interrupted is not sent again: it may have arrived."""
    rows = Delivery.objects.filter(message=job.arguments["message"])
    cut = rows.filter(state=State.SENDING)
    cut.update(state=State.FAILED, error="interrupted", at=timezone.now())
    job.total = rows.count()
    around = ("message__cohort", "message__inquiry__enrolment__course", "person")
    while delivery := rows.filter(state=State.WAITING).select_related(*around).first():
        rows.filter(pk=delivery.pk).update(state=State.SENDING)
        state, error = State.DELIVERED, ""
        try:
            channels.BY_NAME[delivery.channel].send(delivery)
        except Exception as wrong:  # noqa: BLE001 - whatever a mail server says, the others get theirs
            state, error = State.FAILED, type(wrong).__name__
        with transaction.atomic():
            rows.filter(pk=delivery.pk).update(state=state, error=error, at=timezone.now())
            job.result = dict(rows.order_by().values_list("state").annotate(Count("pk")))
            job.advance(done=job.total - job.result.get("waiting", 0))
