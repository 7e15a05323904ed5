"""The bank, or a part of it, as GIFT or as the XLSX that comes back in: few questions at once, many by a job."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core import exports, jobs
from core.spreadsheets import Heading, Sheet, write_xlsx
from lms import gift, plain_questions, question_cells, question_columns
from lms.models import Question, TaggedQuestion
from people.models import User

EXPORT = "lms.export_questions"
AT_ONCE = 300  # questions in one answer to a browser; more are a job's
BATCH = 100
FORMS = ("xlsx", "gift")
NAME = "cau-hoi"


def chosen(*, kind: str = "", tags: Iterable[int] = (), text: str = "") -> QuerySet[Question]:
    """Of the bank: of a kind, with one of the tags, with these words."""
    rows = Question.objects.order_by("pk")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(text__icontains=text) if text else rows
    tags = list(tags)
    return rows.filter(pk__in=TaggedQuestion.objects.filter(tag__in=tags).values("content_object")) if tags else rows


def write(form: str, rows: QuerySet[Question], file: IO[bytes], job: jobs.Job | None = None) -> int:
    """Write the questions as they stand in the bank; how many."""
    count = _Count(job)
    if form == "gift":
        for each, key, tags in count.of(_plain(rows)):
            file.write((gift.write([{**each, "key": key, "tags": tags}]) + "\n").encode())
        return count.done
    width = max((question_cells.width(each) for each, _key, _tags in _plain(rows)), default=0)
    letters = question_columns.LETTERS[: max(width, 4)]
    columns = question_columns.columns(letters)
    lines = (question_cells.cells(each, key=key, tags=tags) for each, key, tags in count.of(_plain(rows)))
    headings = [
        Heading(
            str(column.heading), 50 if column.name == "text" else 18, column.as_text, tuple(map(str, column.choices))
        )
        for column in columns
    ]
    body = ([line.get(column.name, "") for column in columns] for line in lines)
    write_xlsx([Sheet(_("Câu hỏi"), headings, body)], file)
    return count.done


def start(form: str, *, arguments: Mapping[str, Any], by: User, total: int) -> jobs.Job:
    """Let the worker write it; who starts it takes it away from the list of jobs."""
    told = {"form": form, "language": translation.get_language() or "vi", **arguments}
    return jobs.start(EXPORT, told, by=by.uuid, title=_("Xuất %(n)d câu hỏi") % {"n": total})


@jobs.handler(EXPORT)
def export(job: jobs.Job) -> None:
    """arguments: form, language, and those of chosen()."""
    said = dict(job.arguments)
    form, language = said.pop("form"), said.pop("language")
    with translation.override(language), tempfile.TemporaryFile() as room:
        done = write(form, chosen(**said), room, job)
        exports.keep(job, room, name=f"{NAME}.{form}", rows=done)


class _Count:
    """How many have gone by; tells the job now and then."""

    def __init__(self, job: jobs.Job | None) -> None:
        self.job = job
        self.done = 0

    def of(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            yield row
            self.done += 1
            if self.job and self.done % BATCH == 0:
                self.job.advance(done=self.done)


def _plain(rows: QuerySet[Question]) -> Iterator[tuple[dict[str, Any], str, list[str]]]:
    """(question, key, tags); two queries a batch."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        tags: dict[int, list[str]] = {row.pk: [] for row in batch}
        names = TaggedQuestion.objects.filter(content_object__in=tags).order_by("tag__name")
        for owner, name in names.values_list("content_object", "tag__name"):
            tags[owner].append(name)
        yield from ((plain_questions.as_plain(row), row.key, tags[row.pk]) for row in batch)
        last = batch[-1].pk
