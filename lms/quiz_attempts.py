"""A learner takes a quiz: starts an attempt, keeps answers as they come, hands in.

An attempt keeps the questions and revisions that it drew, in their order, so that another device shows the same and a
quiz changed meanwhile leaves it valid. When its time is over the worker hands in what was kept.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from wagtail.models import Revision

from lms import activities, languages, learning, quizzes, statements, wording
from lms.exceptions import AttemptOver, EmptyAnswer, EmptyQuiz, InvalidAnswer, NoAttemptLeft
from lms.models import Answer, Enrolment, Question, Quiz, QuizAttempt, QuizQueue
from lms.quizzes import Plan
from lms.statements import Occasion
from lms.wording import Wording
from xapi.models import Statement
from xapi.statements import record

GRACE = timedelta(seconds=30)  # for what was sent in time over a slow line
WAS = "was"  # the field with the mark of what the page showed
LONGEST, MOST = 500, 20  # characters of a kept value, values of a kept field

Fields = Mapping[str, Sequence[str]]
Shown = tuple[Question, Revision, Wording]


def start(
    enrolment: Enrolment,
    quiz: Quiz,
    *,
    event: UUID | None = None,
    at: datetime | None = None,
    language: str = "",
) -> QuizAttempt:
    """The attempt that is open, or a new one. The same press sent twice starts one.

    language: in which the learner wants to be asked; what is not translated is asked as its source says it. Raises
    NoAttemptLeft and EmptyQuiz.
    """
    event = event or uuid4()
    with transaction.atomic():
        learning.lock(enrolment)
        own = QuizAttempt.objects.filter(enrolment=enrolment, lesson=quiz.lesson)
        if (known := own.filter(event=event).first()) is not None:
            return known
        if (running := own.filter(submitted_at=None).first()) is not None:
            if not is_late(running):
                return running
            hand_in(running)
        if quiz.attempts and own.standing().count() >= quiz.attempts:
            raise NoAttemptLeft
        return _begin(enrolment, quiz, list(own), Occasion.of(at=at, event=event), language)


def keep(attempt: QuizAttempt, form: QueryDict) -> QuizAttempt:
    """Keep what was filled in, of the questions that the form names. Raises AttemptOver and InvalidAnswer."""
    with transaction.atomic():
        attempt = _locked(attempt)
        if not attempt.is_open or is_late(attempt):
            raise AttemptOver
        attempt.drafts = attempt.drafts | _filled_in(attempt, form)
        attempt.save(update_fields=["drafts"])
    return attempt


def has_kept(attempt: QuizAttempt, form: QueryDict) -> bool:
    """Whether what was kept is what the form says, of the questions that it names."""
    try:
        said = _filled_in(attempt, form)
    except InvalidAnswer:
        return False
    return all(attempt.drafts.get(key, {}) == fields for key, fields in said.items())


def hand_in(attempt: QuizAttempt, *, at: datetime | None = None) -> QuizAttempt:
    """Grade what was kept and conclude the attempt, at its deadline at the latest. Handed in before, it stays so."""
    with transaction.atomic():
        learning.lock(attempt.enrolment)
        attempt = _locked(attempt)
        if not attempt.is_open:
            return attempt
        now = at or timezone.now()
        ends = min(now, attempt.deadline) if attempt.deadline else now
        attempt.submitted_at = max(ends, attempt.started_at)  # a clock may be set back
        shown = asked(attempt)
        _conclude(attempt, shown, _grade(attempt, shown))
        learning.happened(attempt.enrolment, statements.quiz_taken(attempt, _occasion(attempt)))
    return attempt


def drain(keys: Sequence[str]) -> None:
    """Handler of the queue: hand in the attempts whose time is over."""
    for attempt in QuizAttempt.objects.filter(pk__in=[int(key) for key in keys], submitted_at=None).order_by("pk"):
        hand_in(attempt)


def is_late(attempt: QuizAttempt) -> bool:
    """Its time is over, grace included."""
    return attempt.deadline is not None and timezone.now() > attempt.deadline + GRACE


def asked(attempt: QuizAttempt) -> list[Shown]:
    """The questions in the order shown, as they were when the attempt started; one deleted since is left out.

    The question is the source, the revision and the words those of the language in which it was asked. Two queries.
    """
    revisions = Revision.objects.in_bulk([revision for _key, revision in attempt.drawn])
    found = [revisions[revision] for _key, revision in attempt.drawn if revision in revisions]
    own = Question.objects.filter(pk__in=[int(each.object_id) for each in found])
    rows = Question.objects.filter(translation_key__in=own.order_by().values("translation_key")).order_by("-pk")
    by_key = {row.pk: row for row in rows}
    sources = {row.translation_key: row for row in by_key.values()}  # the first that was made stays
    return [(sources[by_key[int(each.object_id)].translation_key], each, wording.of_revision(each)) for each in found]


def response(words: Wording, fields: Fields) -> Any:
    """What the kept fields say. Raises EmptyAnswer and InvalidAnswer."""
    post = QueryDict(mutable=True)
    for name, values in fields.items():
        post.setlist(name, list(values))
    return words.kind.read(words.value, post, MultiValueDict())


def mark(fields: Fields) -> str:
    """By which a page says what it showed in the fields of a question."""
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:12]


def prefix(key: str) -> str:
    """Before the names of a question's fields in the attempt's form."""
    return f"{key}:"


def _begin(
    enrolment: Enrolment, quiz: Quiz, earlier: Sequence[QuizAttempt], occasion: Occasion, language: str
) -> QuizAttempt:
    number = max((each.number for each in earlier), default=0) + 1
    seed = f"{enrolment.registration} {number}"
    seen = {key for each in earlier for key, _revision in each.drawn}
    drawn = _drawn(quiz, seed, seen, language)
    if not drawn:
        raise EmptyQuiz
    attempt = QuizAttempt.objects.create(
        enrolment=enrolment,
        lesson=quiz.lesson,
        number=number,
        event=occasion.event,
        seed=seed,
        drawn=drawn,
        pass_mark=quiz.pass_mark,
        started_at=occasion.at,
        deadline=occasion.at + timedelta(minutes=quiz.minutes) if quiz.minutes else None,
    )
    if attempt.deadline:
        QuizQueue.objects.create(key=str(attempt.pk), not_before=attempt.deadline + GRACE)
    at_start = Occasion(occasion.at, learning.free_id(enrolment, uuid5(attempt.event, "started")))
    learning.happened(enrolment, statements.quiz_started(attempt, at_start))
    return attempt


def _drawn(quiz: Quiz, seed: str, seen: Collection[str], language: str) -> list[list[Any]]:
    random = Random(f"{seed} {quiz.lesson.iri}")
    questions = quizzes.draw(Plan.of(quiz.plan), quiz.locale, random, seen=seen)
    if quiz.shuffle:
        random.shuffle(questions)
    said = _translated(questions, quiz, language)
    return [[question.key, said.get(question.key, question).live_revision_id] for question in questions]


def _translated(questions: Sequence[Question], quiz: Quiz, language: str) -> dict[str, Question]:
    """By key the published translations; in a quiz that is written in the language none."""
    if language in {"", quiz.locale.language_code}:
        return {}
    keys = [question.key for question in questions]
    rows = Question.objects.filter(key__in=keys, locale__language_code=language)
    return {row.key: row for row in rows if row.is_asked}


def _locked(attempt: QuizAttempt) -> QuizAttempt:
    rows = QuizAttempt.objects.select_for_update(of=("self",))
    return rows.select_related("enrolment__learner", "enrolment__course", "lesson__course").get(pk=attempt.pk)


def _filled_in(attempt: QuizAttempt, form: QueryDict) -> dict[str, dict[str, list[str]]]:
    """By question key the fields of the form, for the questions that it says it has. Raises InvalidAnswer.

    A page that was opened before another device filled in more says by WAS what it showed: what was not touched there
    is left out.
    """
    told = set(form.getlist("has"))
    found = {}
    for question, _revision, words in asked(attempt):
        if question.key not in told:
            continue
        before = prefix(question.key)
        fields = {
            name.removeprefix(before): [value.replace("\0", "")[:LONGEST] for value in values[:MOST]]
            for name, values in form.lists()
            if name.startswith(before)
        }
        was = fields.pop(WAS, [])
        filled = {name: values for name, values in list(fields.items())[:MOST] if any(values)}
        if was == [mark(filled)]:
            continue
        found[question.key] = filled
        with suppress(EmptyAnswer):  # half filled in
            response(words, found[question.key])
    return found


def _grade(attempt: QuizAttempt, shown: Sequence[Shown]) -> list[Answer]:
    """Store an answer for each question that was answered; an answer half given is none."""
    given, said = [], []
    at = attempt.submitted_at or timezone.now()
    ids, within, codes = _answer_ids(attempt), activities.around(attempt.enrolment), languages.codes()
    earlier = Answer.objects.filter(enrolment=attempt.enrolment, quiz_attempt__lesson=attempt.lesson)
    before = list(earlier.values_list("question_id", flat=True))
    for question, revision, words in shown:
        try:
            reply = response(words, attempt.drafts.get(question.key, {}))
        except (EmptyAnswer, InvalidAnswer):
            continue
        graded = words.kind.grade(words.value, reply)
        occasion = Occasion(at, ids[question.key])
        given.append(
            Answer(
                enrolment=attempt.enrolment,
                lesson=attempt.lesson,
                question=question,
                revision=revision,
                statement_id=occasion.event,
                attempt=before.count(question.pk) + 1,
                response=reply,
                success=graded.success,
                score=None if graded.score is None else Decimal(str(graded.score)),
                answered_at=occasion.at,
                quiz_attempt=attempt,
            )
        )
        said.append(
            statements.answered(
                attempt.enrolment,
                attempt.lesson,
                question,
                words,
                reply,
                graded,
                occasion,
                in_quiz=True,
                within=within,
                language=codes.get(words.locale or 0, ""),
            )
        )
    Answer.objects.bulk_create(given)
    if said:
        record(said)
    return given


def _conclude(attempt: QuizAttempt, shown: Sequence[Shown], given: Sequence[Answer]) -> None:
    """The score is the mean over all questions that count; what was not answered is wrong."""
    counting = sum(not words.kind.survey for _question, _revision, words in shown)
    got = sum((answer.score for answer in given if answer.score is not None), Decimal(0))
    attempt.score = round(got / counting, 4) if counting else None
    if attempt.pass_mark and counting:
        attempt.success = got * 100 >= attempt.pass_mark * counting
    attempt.statement_id = learning.free_id(attempt.enrolment, uuid5(attempt.event, "concluded"))
    attempt.save(update_fields=["submitted_at", "score", "success", "statement_id"])


def _occasion(attempt: QuizAttempt) -> Occasion:
    assert attempt.submitted_at is not None
    assert attempt.statement_id is not None
    return Occasion.of(at=attempt.submitted_at, event=attempt.statement_id)


def _answer_ids(attempt: QuizAttempt) -> dict[str, UUID]:
    """By question key the id of the statement of its answer."""
    ids = {key: uuid5(attempt.event, f"answer {key}") for key, _revision in attempt.drawn}
    taken = set(Statement.objects.filter(statement_id__in=ids.values()).values_list("statement_id", flat=True))
    return {key: learning.free_id(attempt.enrolment, event) if event in taken else event for key, event in ids.items()}
