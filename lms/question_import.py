"""Files of questions on their way into the bank: each question judged, shown as it will be, and written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import ImportedRow, TableImport
from core.sheet_reading import Sheet
from core.table_kinds import Kind, Problem, TableRow, Verdict, Work
from lms import plain_questions, question_columns, question_files, question_rows, question_template
from lms.exceptions import InvalidCourse
from lms.models import Question
from lms.models.question import new_key
from lms.question_matching import Finder
from lms.question_preview import Preview, preview
from lms.questions.short import readings
from people.models import User

MOST = 2000  # questions in one file
LONGEST_TAG = 100
ADD, CHANGE, SAME = ImportedRow.Outcome.ADD, ImportedRow.Outcome.CHANGE, ImportedRow.Outcome.SAME


class ForAll(forms.Form):
    """What is the same for all questions of a file."""

    tags = forms.CharField(
        label=gettext_lazy("Nhãn cho mọi câu"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Cách nhau bằng dấu phẩy. Nhãn ghi trong tệp vẫn được giữ."),
    )
    publish = forms.BooleanField(label=gettext_lazy("Xuất bản ngay (bỏ chọn: để bản nháp)"), required=False)


class Questions(Kind):
    """One row, one question."""

    name = "questions"
    title = gettext_lazy("Câu hỏi")
    help = gettext_lazy(
        "Tệp Excel theo mẫu, tệp Word có câu hỏi đánh số và phương án A, B, C, D, hoặc tệp GIFT của hệ thống khác. "
        "Nhập lại cùng một tệp thì chỉ những câu đã sửa được cập nhật, không có câu nào bị nhân đôi."
    )
    permission = "lms.add_question"
    columns = question_columns.COLUMNS
    template_columns = question_columns.TEMPLATE_COLUMNS
    form = ForAll
    batch = 5  # in one transaction, which must stay short
    endings = (".xlsx", ".csv", ".docx", ".gift", ".txt")
    preview_template = "lms/admin/question_preview.html"

    def work(self, table_import: TableImport) -> "_Questions":
        """In the name of who hands it in."""
        return _Questions(table_import)

    def sheets(self, file: IO[bytes]) -> Iterator[Sheet]:
        return question_files.sheets(file)

    def extra_sheets(self) -> Iterator[Any]:
        return question_template.sheets()

    def preview(self, table_import: TableImport, rows: Sequence[TableRow]) -> list[Preview]:
        """Each question, with what the check said of it."""
        if not rows:
            return []
        said: dict[int, list[str]] = {}
        for problem in table_import.problems.filter(line__range=(rows[0].line, rows[-1].line)):
            said.setdefault(problem.line, []).append(
                f"{problem.column}: {problem.text}" if problem.column else problem.text
            )
        verdicts = self.work(table_import).check(rows)
        return [
            preview(
                row.line, row["text"], verdict.plan.question if verdict.plan else None, verdict, said.get(row.line, [])
            )
            for row, verdict in zip(rows, verdicts, strict=True)
        ]


@dataclass(frozen=True)
class Plan:
    """What a row will write: the whole question, where it goes, its tags."""

    question: dict[str, Any]
    key: str
    tags: list[str]


class _Questions(Work):
    def __init__(self, table_import: TableImport) -> None:
        arguments = table_import.arguments
        self.said = set(table_import.headings.get("places", {}))
        self.tags = [name for tag in str(arguments.get("tags", "")).split(",") if (name := tag.strip())]
        by = User.objects.filter(uuid=table_import.started_by).first() if table_import.started_by else None
        self.by = by
        self.may_change = by is None or by.has_perm("lms.change_question")
        self.publish = bool(arguments.get("publish")) and (by is None or by.has_perm("lms.publish_question"))
        with table_import.file.open("rb") as file:
            self.reads = {read.line: read for read in question_files.reads(file)}
        written = table_import.outcomes.exclude(detail="").values("detail")
        self.finder = Finder(taken=Question.objects.filter(key__in=written).values_list("pk", flat=True))
        self.seen: dict[str, int] = {}
        self.rows = 0

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        read = [self._read(row) for row in rows]
        known = self.finder.find(
            [(question, row["key"].strip()) for row, (question, _said) in zip(rows, read, strict=True)]
        )
        return [
            self._verdict(row, question, problems, before)
            for row, (question, problems), before in zip(rows, read, known, strict=True)
        ]

    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        details = []
        for _row, verdict in rows:
            plan: Plan = verdict.plan
            if verdict.outcome != SAME:
                saved = plain_questions.save(
                    plan.question, key=plan.key, tags=plan.tags, publish=self.publish, by=self.by
                )
                self.finder.taken.add(saved.pk)
            details.append(plan.key)
        return details

    def _read(self, row: TableRow) -> tuple[dict[str, Any] | None, list[Problem]]:
        self.rows += 1
        if self.rows > MOST:
            return None, [Problem("", _("Một tệp có tối đa %(most)d câu. Hãy chia nhỏ tệp.") % {"most": MOST})]
        told = self.reads.get(row.line)
        warnings = [Problem("", text, fatal=False) for text in told.warnings] if told else []
        if told and told.problems:
            return None, [*(Problem("", text) for text in told.problems), *warnings]
        question, problems = question_rows.read(row.values, self.said)
        if told is None and question and question["kind"] == "number" and "." in row["right"]:
            warnings += _two_meanings(row["right"].strip())
        key = row["key"].strip()
        try:
            if key:
                validate_slug(key)
        except ValidationError:
            problems.append(Problem("key", _("Mã câu chỉ có chữ cái không dấu, chữ số, dấu - và _.")))
        if len(key) > 150:
            problems.append(Problem("key", _("Mã câu dài quá 150 ký tự.")))
        if any(len(tag) > LONGEST_TAG for tag in self._tags(row)):
            problems.append(Problem("tags", _("Một nhãn dài quá 100 ký tự.")))
        return (None if any(each.fatal for each in problems) else question), [*problems, *warnings]

    def _verdict(
        self, row: TableRow, question: dict[str, Any] | None, problems: list[Problem], before: Question | None
    ) -> Verdict:
        if question is None:
            return Verdict(problems=problems)
        twice = self._same_before(row, question)
        if twice:
            problems.append(Problem("", _("Câu này giống hệt câu ở dòng %(line)d.") % {"line": twice}))
        key = row["key"].strip()
        if key and self.seen.setdefault(f"key {key}", row.line) != row.line:
            problems.append(Problem("key", _("Mã câu này đã có ở dòng %(line)d.") % {"line": self.seen[f"key {key}"]}))
        if before is not None and not self.may_change:
            problems.append(Problem("", _("Ông, bà không được sửa câu hỏi đã có.")))
        try:
            return self._planned(row, question, problems, before)
        except (InvalidCourse, ValidationError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            return Verdict(problems=[*problems, Problem("", text)])

    def _planned(
        self, row: TableRow, question: dict[str, Any], problems: list[Problem], before: Question | None
    ) -> Verdict:
        tags = self._tags(row)
        if before is None:
            plain_questions.check(question)
            return Verdict(ADD, problems, Plan(question, row["key"].strip() or new_key(), tags))
        standing = plain_questions.standing(before)
        whole = plain_questions.merged(plain_questions.as_plain(standing), question)
        is_same = (
            not plain_questions.would_change(standing, whole)
            and set(tags) <= before.tag_names
            and (not self.publish or (before.live and not before.has_unpublished_changes))
        )
        return Verdict(SAME if is_same else CHANGE, problems, Plan(whole, before.key, tags))

    def _same_before(self, row: TableRow, question: Mapping[str, Any]) -> int | None:
        """The line of an earlier question that is the same in every word."""
        line = self.seen.setdefault(f"{row['key'].strip()} {question!r}", row.line)
        return None if line == row.line else line

    def _tags(self, row: TableRow) -> list[str]:
        return list(dict.fromkeys([*question_columns.words(row["tags"]), *self.tags]))


def _two_meanings(said: str) -> list[Problem]:
    """1.500 is taken as thousands; who wrote one and a half is asked to look."""
    meant = readings(said)
    text = _("đáp số %(said)s được hiểu là %(number)s; hãy xem lại.")
    return [Problem("right", text % {"said": said, "number": f"{meant[0]:f}"}, fatal=False)] if len(meant) > 1 else []
