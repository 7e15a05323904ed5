"""Whom a class takes by rule: "all village heads of this province", as the registers stand on a day.

The rule is kept with the class. It is run by a job in batches and can be run again: then only who is new is added.
"""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from core import audit, jobs
from lms import joining
from lms.exceptions import CohortFull
from lms.models import Cohort, CohortRule
from people.dated import holds_on
from people.models import AudienceMembership, GroupMembership, Unit, User

JOB = "lms.enrol_by_rule"
BATCH = 25  # people in one transaction, which must stay short


def matching(audience: str, unit: Unit, day: date, reader: User | None) -> QuerySet[User]:
    """The people with an open account who belong to the audience on the day and count in the unit or below it.

    Only those whom the reader may see: who leads a class sees its people, so a rule must not bring strangers into it.
    """
    belongs = AudienceMembership.objects.filter(holds_on(day), audience=audience, person=OuterRef("pk"))
    return User.objects.visible_to(reader).of_unit(unit).filter(Exists(belongs), is_active=True)


def new_people(rule: CohortRule, reader: User | None) -> QuerySet[User]:
    """Those of the rule who were never in the class: who left is not brought back."""
    inside = GroupMembership.objects.filter(group=rule.cohort.group_id, person=OuterRef("pk"))
    return matching(rule.audience, rule.unit, rule.day, reader).exclude(Exists(inside))


def run(cohort: Cohort, *, audience: str, unit: Unit, day: date, by: User) -> CohortRule:
    """Keep the rule, or take the same one kept before, and have a job enrol whom it means."""
    with transaction.atomic():
        rule, _made = CohortRule.objects.get_or_create(cohort=cohort, audience=audience, unit=unit, day=day)
        rule.job = jobs.start(
            JOB,
            {"rule": rule.pk, "by": str(by.uuid)},
            by=by.uuid,
            title=_("Ghi danh: %(name)s") % {"name": cohort},
        )
        rule.save(update_fields=["job"])
        detail = {"audience": audience, "unit": unit.pk, "day": day.isoformat()}
        audit.record(by=by, action="cohort.run_rule", subject=str(cohort.uuid), detail=detail)
    return rule


@jobs.handler(JOB)
def enrol_by_rule(job: jobs.Job) -> None:
    """Walks by key; each batch is a transaction with its place. A class that is full ends it, and says so."""
    rule = CohortRule.objects.select_related("cohort__course", "cohort__group", "unit").get(pk=job.arguments["rule"])
    by = User.objects.filter(uuid=job.arguments["by"]).first()
    last, added = int(job.cursor.get("last", 0)), int(job.result.get("added", 0))
    if job.total is None:
        job.total = new_people(rule, by).count()
    while batch := list(new_people(rule, by).filter(pk__gt=last).order_by("pk")[:BATCH]):
        left = joining.places_left(rule.cohort)
        taken = batch if left is None else batch[:left]
        try:
            with transaction.atomic():
                added += joining.add(rule.cohort, taken, by=by) if taken else 0
                last = batch[-1].pk
                job.result = {"added": added, "full": len(taken) < len(batch)}
                job.advance(cursor={"last": last}, done=added)
        except CohortFull:  # somebody else took the last place meanwhile: count anew
            continue
        if len(taken) < len(batch):
            return
