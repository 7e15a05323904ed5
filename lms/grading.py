"""Grading by a trainer: points for each criterion of the rubric, passed or not, and a word to the learner.

The grade is another `answered` statement about the same answer, by its time, with the trainer as instructor; so
progress reads it like any other. Grading again voids the statement of the grading before.
"""

from collections.abc import Mapping
from decimal import Decimal
from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from lms import learning, statements, wording
from lms.exceptions import InvalidGrading
from lms.models import Answer, Enrolment, Grading
from lms.questions import Grade
from lms.questions.by_person import ByPerson
from lms.statements import Occasion
from people.models import User
from xapi.statements import record

PASSING = Decimal("0.5")  # of the points, unless the trainer says otherwise


@transaction.atomic
def grade(
    answer: Answer,
    *,
    points: Mapping[str, int],
    by: User,
    success: bool | None = None,
    comment: str = "",
    seen: int | None = None,
) -> Grading:
    """Keep the grade and let it count. seen: how many gradings the trainer knew of, if that matters.

    Raises InvalidGrading where points are missing or too many, and where another trainer graded it meanwhile.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course", "learner")
        .get(pk=answer.enrolment_id)
    )
    asked = wording.of_revision(answer.revision)
    score = _score(asked, points)
    number = answer.gradings.count()
    before = answer.gradings.order_by("-id").first()
    if before is not None and seen is not None and seen < number:
        _refuse_overwriting(before)
    if before is not None:
        record([statements.voided(before.statement_id)])
    event = learning.free_id(enrolment, uuid5(answer.statement_id, f"grading {number + 1}"))
    passed = score >= PASSING if success is None else success
    given = Grading.objects.create(
        answer=answer,
        points=dict(points),
        score=score,
        success=passed,
        comment=comment,
        by=by.uuid,
        statement_id=event,
    )
    Answer.objects.filter(pk=answer.pk).update(score=score, success=passed, waits=False)
    occasion = Occasion.of(at=answer.answered_at, event=event)
    graded = Grade(float(score), passed)
    statement = statements.answered(
        enrolment, answer.lesson, answer.question, asked, answer.response, graded, occasion, instructor=by
    )
    learning.happened(enrolment, statement)
    audit.record(by=by, action="lms.grade", subject=f"answer:{answer.statement_id}")
    return given


def _refuse_overwriting(before: Grading) -> None:
    other = User.objects.filter(uuid=before.by).first()
    said = {"trainer": other or _("người khác"), "percent": f"{before.score * 100:.0f}"}
    raise InvalidGrading(
        _("Trong lúc ông, bà chấm, %(trainer)s đã chấm bài này (%(percent)s %% số điểm). Bấm lưu lần nữa để thay.")
        % said
    )


def _score(asked: wording.Wording, points: Mapping[str, int]) -> Decimal:
    assert isinstance(asked.kind, ByPerson)
    most = {criterion["id"]: criterion["points"] for criterion in asked.kind.rubric(asked.value)}
    if set(points) != set(most):
        raise InvalidGrading(_("Hãy cho điểm từng tiêu chí."))
    if any(not 0 <= points[each] <= most[each] for each in most):
        raise InvalidGrading(_("Điểm của một tiêu chí phải từ 0 đến điểm tối đa của tiêu chí đó."))
    return round(Decimal(sum(points.values())) / Decimal(sum(most.values())), 4)
