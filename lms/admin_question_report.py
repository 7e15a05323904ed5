"""The admin's report of how questions were answered: those of a course in its order, and one by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms import chosen_answers, question_statistics
from lms.admin_progress import OfCourse
from lms.chosen_answers import Choice
from lms.learner_grid import class_choices
from lms.models import Lesson
from lms.question_statistics import AskedQuestion, Figures, Key
from lms.questions import KINDS, QuestionKind
from lms.report_files import Table, declare
from lms.report_scope import Scope, scope_or_404
from people.models import User

QUESTIONS = 20  # on one page, and in one stretch of the file
MOST_SHOWN = 20  # different texts of one question on its page
POOR = 10  # percentage points: a question that parts good from weak learners by less is worth a look


@dataclass(frozen=True)
class Line:
    """A question with its figures and what was chosen."""

    asked: AskedQuestion
    figures: Figures
    choices: Sequence[Choice]

    @property
    def kind(self) -> QuestionKind:
        """Of the question as it stands today."""
        return KINDS[self.asked.question.kind]

    @property
    def most_wrong(self) -> Choice | None:
        """What was wrongly chosen most often."""
        return chosen_answers.most_wrong(self.choices)

    @property
    def parts_poorly(self) -> bool:
        """Weak learners get it right nearly as often as good ones, or more often."""
        return self.figures.parting is not None and self.figures.parting < POOR


class QuestionsForm(forms.Form):
    """Whose answers, and in which lesson."""

    cohort = forms.ChoiceField(label=gettext_lazy("Lớp"), required=False)
    lesson = forms.ChoiceField(label=gettext_lazy("Bài học"), required=False)

    def __init__(self, asked: QueryDict, *, scope: Scope, lessons: Sequence[Lesson]) -> None:
        super().__init__(asked)
        titles = [(each.key, each.title) for each in lessons]
        for name, choices in (("cohort", class_choices(scope)), ("lesson", [("", _("Tất cả")), *titles])):
            field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
            field.choices = choices


def lines(scope: Scope, keys: Sequence[Key]) -> list[Line]:
    """These questions with all that is counted of them; a constant number of queries."""
    figures, choices = question_statistics.figures(scope, keys), chosen_answers.choices(scope, keys)
    return [
        Line(asked, figures.get(asked.key, Figures()), choices.get(asked.key, []))
        for asked in question_statistics.with_rows(keys)
    ]


def keys_of(scope: Scope, lesson: str) -> list[Key]:
    """The questions of the course, or of the lesson with this key."""
    keys = question_statistics.asked_in(scope.course)
    if not lesson:
        return keys
    meant = set(scope.course.lessons.filter(key=lesson).values_list("pk", flat=True))
    return [key for key in keys if key[0] in meant]


class QuestionsView(OfCourse):
    """All questions of the course or of a lesson; the answers to a page of them are counted."""

    template_name = "lms/admin/progress_questions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lessons = list(self.scope.course.lessons.order_by("position", "id"))
        form = QuestionsForm(self.request.GET, scope=self.scope, lessons=lessons)
        keys = keys_of(self.scope, form.cleaned_data["lesson"]) if form.is_valid() else []
        page = self.page_of(keys, QUESTIONS)
        return super().get_context_data(form=form, page=page, lines=lines(self.scope, list(page)), **kwargs)


class QuestionView(OfCourse):
    """One question in one lesson: its figures, and everything that was chosen."""

    template_name = "lms/admin/progress_question.html"

    @cached_property
    def line(self) -> Line:
        """404 where the course never asked it there."""
        return line_or_404(self.scope, self.kwargs["lesson"], self.kwargs["question"])

    def further(self) -> list[dict[str, Any]]:
        return [*super().further(), {"url": "", "label": _("Câu hỏi")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [(each, _share(each, self.line.figures)) for each in self.line.choices[:MOST_SHOWN]]
        more = len(self.line.choices) - len(shown)
        return super().get_context_data(line=self.line, shown=shown, more=more, **kwargs)


def line_or_404(scope: Scope, lesson: str, question: str) -> Line:
    """By their keys."""
    for key in keys_of(scope, lesson):
        if key[1] == question:
            return lines(scope, [key])[0]
    raise Http404


def _share(choice: Choice, figures: Figures) -> float:
    """Percent of all attempts."""
    return 100 * choice.times / figures.attempts if figures.attempts else 0


@declare("questions")
def questions_table(reader: User, asked: QueryDict, *, course: str) -> Table:
    """All questions as a file, by the filters of the page."""
    scope = scope_or_404(reader, course, asked.get("cohort", ""))
    keys = keys_of(scope, asked.get("lesson", ""))
    headings = [
        _("Bài học"),
        _("Câu hỏi"),
        _("Loại"),
        _("Lượt trả lời"),
        _("Người trả lời"),
        _("Đúng lần đầu (phần trăm)"),
        _("Đúng lần cuối (phần trăm)"),
        _("Điểm trung bình (phần trăm)"),
        _("Chờ chấm"),
        _("Độ phân biệt (điểm phần trăm)"),
        _("Sai nhiều nhất"),
        _("Số lượt sai như thế"),
    ]
    name, title = _("cau-hoi") + f"-{scope.course.key}", _("Câu hỏi của khóa học %(course)s") % {"course": scope.course}
    return Table(name, title, headings, len(keys), _stretches(scope, keys))


def _stretches(scope: Scope, keys: Sequence[Key]) -> Iterator[list[list[Any]]]:
    for start in range(0, len(keys), QUESTIONS):
        yield [_cells(line) for line in lines(scope, keys[start : start + QUESTIONS])]


def _cells(line: Line) -> list[Any]:
    own, wrong = line.figures, line.most_wrong
    return [
        line.asked.lesson.title,
        line.asked.question.text,
        str(line.kind.label),
        own.attempts,
        own.learners,
        _figure(own.first_right),
        _figure(own.latest_right),
        _figure(own.mean),
        own.waiting,
        _figure(own.parting),
        wrong.words if wrong else "",
        wrong.wrong if wrong else "",
    ]


@declare("question")
def question_table(reader: User, asked: QueryDict, *, course: str, lesson: str, question: str) -> Table:
    """What was chosen of one question, as a file."""
    scope = scope_or_404(reader, course, asked.get("cohort", ""))
    line = line_or_404(scope, lesson, question)
    rows = [
        [each.words, right_in_words(each), each.times, _figure(_share(each, line.figures))] for each in line.choices
    ]
    headings = [_("Câu trả lời"), _("Kết quả đúng, sai"), _("Số lượt"), _("Phần trăm số lượt trả lời")]
    name = _("cau-hoi") + f"-{line.asked.question.key}"
    return Table(name, line.asked.question.text[:200], headings, len(rows), [rows])


def right_in_words(choice: Choice) -> str:
    """The words for right and for wrong; nothing where there is neither."""
    return "" if choice.right is None else _("Đúng") if choice.right else _("Sai")


def _figure(value: float | None) -> float | str:
    """As pages show it: one decimal."""
    return "" if value is None else round(value, 1)
