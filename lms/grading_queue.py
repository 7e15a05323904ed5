"""What waits for a trainer: narrowed to a course or a class, walked one by one, and as a file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms import joining
from lms.models import Answer, Cohort, Course
from lms.models.answer import AnswerQuerySet
from lms.report_files import Table, declare
from lms.report_scope import MOST_CLASSES
from people.models import User

ORDER = ("answered_at", "id")
STRETCH = 500


class QueueForm(forms.Form):
    """Of which course, of which class; nothing said is all that the reader may grade."""

    course = forms.ChoiceField(label=gettext_lazy("Khóa học"), required=False)
    cohort = forms.ChoiceField(label=gettext_lazy("Lớp"), required=False)

    def __init__(self, asked: QueryDict, *, reader: Any) -> None:
        super().__init__(asked)
        self.reader = reader
        self.all = Answer.objects.visible_to(reader).filter(waits=True)
        courses = Course.objects.filter(pk__in=self.all.order_by().values("enrolment__course"))
        classes = Cohort.objects.visible_to(reader).filter(course__in=courses.order_by().values("pk"))
        self._choose("course", [(each.key, each.title) for each in courses])
        self._choose("cohort", [(str(each.uuid), each.name) for each in classes[:MOST_CLASSES]])

    def waiting(self) -> AnswerQuerySet:
        """The oldest first; nothing where something asked is wrong."""
        if not self.is_valid():
            return Answer.objects.none()
        rows, said = self.all, self.cleaned_data
        if said["course"]:
            rows = rows.filter(enrolment__course__key=said["course"])
        if said["cohort"]:
            cohort = Cohort.objects.get(uuid=said["cohort"])
            people = joining.members(cohort).order_by().values("person")
            rows = rows.filter(enrolment__course=cohort.course_id, enrolment__learner__in=people)
        return rows.order_by(*ORDER)

    @property
    def query(self) -> str:
        """What is asked, for addresses that keep to it."""
        asked = QueryDict(mutable=True)
        asked.update({name: self.data[name] for name in self.fields if self.data.get(name)})
        return asked.urlencode()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
        field.choices = [("", _("Tất cả")), *choices]


def _later(answer: Answer) -> Q:
    return Q(answered_at__gt=answer.answered_at) | Q(answered_at=answer.answered_at, pk__gt=answer.pk)


def before(waiting: AnswerQuerySet, answer: Answer) -> Answer | None:
    """The one before the answer, which may wait no more."""
    earlier = Q(answered_at__lt=answer.answered_at) | Q(answered_at=answer.answered_at, pk__lt=answer.pk)
    return waiting.filter(earlier).order_by("-answered_at", "-pk").first()


def after(waiting: AnswerQuerySet, answer: Answer) -> Answer | None:
    """The one after it."""
    return waiting.filter(_later(answer)).order_by(*ORDER).first()


def with_rows(waiting: AnswerQuerySet) -> AnswerQuerySet:
    """With all that a list of them shows."""
    return waiting.select_related("enrolment__learner", "enrolment__course", "lesson", "question")


@declare("grading")
def table(reader: User, asked: QueryDict) -> Table:
    """The queue as a file; nothing for who may not grade."""
    waiting = QueueForm(asked, reader=reader).waiting() if reader.has_perm("lms.add_grading") else Answer.objects.none()
    headings = [_("Học viên"), _("Khóa học"), _("Bài học"), _("Câu hỏi"), _("Lần nộp"), _("Nộp lúc")]
    return Table(_("bai-cho-cham"), _("Bài chờ chấm"), headings, waiting.count(), _stretches(with_rows(waiting)))


def _stretches(waiting: AnswerQuerySet) -> Iterator[list[list[Any]]]:
    last: Answer | None = None
    while True:
        rows = list((waiting.filter(_later(last)) if last else waiting)[:STRETCH])
        if not rows:
            return
        yield [_cells(row) for row in rows]
        last = rows[-1]


def _cells(answer: Answer) -> list[Any]:
    return [
        str(answer.enrolment.learner),
        str(answer.enrolment.course),
        str(answer.lesson),
        answer.question.text,
        answer.attempt,
        f"{timezone.localtime(answer.answered_at):%d/%m/%Y %H:%M}",
    ]
