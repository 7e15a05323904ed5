"""Puts questions that came as GIFT into the bank, a few at a time."""

from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.db import transaction

from core import jobs
from lms import gift, plain_questions
from lms.exceptions import InvalidCourse

IMPORT = "lms.import_gift"
BATCH = 5  # questions in one transaction, which must stay short


def key_of(read: gift.Read) -> str:
    """The same text makes the same question, so that a file taken in twice doubles nothing."""
    return f"gift-{blake2b(repr(read.question).encode(), digest_size=8).hexdigest()}"


@jobs.handler(IMPORT)
def import_gift(job: jobs.Job) -> None:
    """arguments: text, tags, publish. result: how many came in, and what was left out with its line."""
    found = gift.read(job.arguments["text"])
    begun = int(job.cursor.get("done", 0))
    for start in range(begun, len(found), BATCH):
        with transaction.atomic():
            for read in found[start : start + BATCH]:
                _take(read, job)
            job.advance(cursor={"done": start + BATCH}, done=min(start + BATCH, len(found)), total=len(found))


def _take(read: gift.Read, job: jobs.Job) -> None:
    problem = read.problem
    if read.question is not None:
        try:
            with transaction.atomic():
                tags = [*read.tags, *job.arguments["tags"]]
                plain_questions.save(read.question, key=key_of(read), tags=tags, publish=bool(job.arguments["publish"]))
        except (InvalidCourse, ValidationError, KeyError, TypeError, ValueError) as error:
            problem = str(error)[:300]
    if problem:
        job.result.setdefault("left_out", []).append({"line": read.line, "problem": problem})
    else:
        job.result["taken"] = job.result.get("taken", 0) + 1
