"""Derives the plain rows of a course from its source pages: order, questions, rule, citations, what search shows.

Saving a page or question queues the course in the same transaction (lms.models); the drain comes here. Of several
languages the source page, the first that was made, decides.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, pre_delete
from wagtail.models import Page
from wagtail.signals import post_page_move

from core import outbox
from library.models import Citation
from lms import addresses, course_tree, illustrations, lesson_contents, progress, quizzes, slides
from lms.models import (
    Completion,
    Course,
    CoursePage,
    Enrolment,
    Lesson,
    LessonPage,
    LessonQuestion,
    OutlineQueue,
    Question,
    Quiz,
    SectionPage,
)
from lms.questions import KINDS
from search.queue import enqueue

CHUNK = 500


def drain(course_keys: Sequence[str]) -> None:
    """Handler of the queue. Pictures are made outside the transaction; one whose file is gone holds no course up."""
    for key in course_keys:
        pages = LessonPage.objects.filter(lesson__course__key=key, live=True)
        try:
            illustrations.prepare(pages)
            slides.prepare(pages)
        finally:
            sync(key)


def sync(course_key: str) -> None:
    """Make the rows of one course say what its live source pages say; a changed rule recomputes its learners."""
    with transaction.atomic():
        course = Course.objects.select_for_update().filter(key=course_key).first()
        if course is None:
            return
        page = CoursePage.objects.written().filter(course=course).order_by("pk").select_related("locale").first()
        course.published = page is not None and page.live
        if page is not None and page.live:
            _take_over(course, page)
            lessons = _source_lessons(page)
            _store_rule(course, [_sync_lesson(*each) for each in enumerate(lessons, start=1)])
        course.save()
        enqueue("course", [course.key])


def connect() -> None:
    """Queue courses whose pages move or go. Saving is queued by the pages themselves."""
    post_page_move.connect(_page_moved, dispatch_uid="lms.outline.moved")
    for sender in (CoursePage, SectionPage, LessonPage):
        post_delete.connect(_page_deleted, sender=sender, dispatch_uid=f"lms.outline.deleted.{sender.__name__}")
        pre_delete.connect(_withdraw_aliases, sender=sender, dispatch_uid=f"lms.outline.aliases.{sender.__name__}")


def _take_over(course: Course, page: CoursePage) -> None:
    course.language, page.course = page.locale.language_code, course
    course.title, course.topic, course.hours, course.audiences = page.title, page.topic, page.hours, page.audiences
    course.pass_mark, course.certificate = page.pass_mark, page.certificate
    course.level, course.in_order = page.level, page.in_order
    wanted = Course.objects.filter(pk__in=page.required.values("course_page__course"))
    # published in turn, two drafts may have made a circle, in which nobody could begin
    course.prerequisites.set([each for each in wanted if not each.waits_for(course.pk)])


def _source_lessons(page: CoursePage) -> list[LessonPage]:
    """The live lessons in the order of the tree; lessons that went lose their place, what was learned in them stays."""
    pages = [place.page for place in course_tree.lessons(page)]
    gone = Lesson.objects.filter(course=page.course).exclude(pk__in=[each.lesson_id for each in pages])
    gone.update(position=None)
    LessonQuestion.objects.filter(lesson__in=gone).delete()
    Quiz.objects.filter(lesson__in=gone).delete()
    Citation.objects.filter(lesson_iri__in=[lesson.iri for lesson in gone.select_related("course")]).delete()
    return pages


def _sync_lesson(position: int, page: LessonPage) -> dict[str, Any]:
    """Store one lesson's row with its questions and citations; returns its part of the rule."""
    lesson = page.lesson
    lesson.position, lesson.title, lesson.minutes = position, page.title, page.minutes
    lesson.completion, lesson.opens_at, lesson.opens_after = page.completion, page.opens_at, page.opens_after
    lesson.save()
    questions = list(
        {block.value.pk: block.value for block in page.body if block.block_type == "question" and block.value}.values()
    )
    LessonQuestion.objects.filter(lesson=lesson).delete()
    LessonQuestion.objects.bulk_create(
        LessonQuestion(lesson=lesson, question=question, position=number)
        for number, question in enumerate(questions, start=1)
    )
    _sync_citations(page)
    lesson_contents.sync(lesson)
    return _lesson_rule(lesson, questions, quizzes.sync(lesson, page))


def _lesson_rule(lesson: Lesson, questions: Sequence[Question], quiz: Quiz | None) -> dict[str, Any]:
    """What lms.counting reads; what is as usual is left out."""
    rule: dict[str, Any] = {"key": lesson.key, "questions": [each.key for each in questions if each.counts]}
    if quiz and quiz.asks:
        rule["quiz"] = quiz.asks
    if lesson.completion != Completion.VIEWED:
        rule["done"] = str(lesson.completion)
    if lesson.completion == Completion.GRADED:
        rule["graded"] = [each.key for each in questions if each.counts and KINDS[each.kind].by_person]
    return rule


def _sync_citations(page: LessonPage) -> None:
    """Tell the library which records the lesson cites."""
    lesson = page.lesson
    cited = {b.value["record"].pk for b in page.body if b.block_type == "citation" and b.value["record"]}
    Citation.objects.filter(lesson_iri=lesson.iri).exclude(record__in=cited).delete()
    for record in cited:
        Citation.objects.update_or_create(
            record_id=record,
            lesson_iri=lesson.iri,
            defaults={
                "course_iri": lesson.course.iri,
                "title": f"{lesson.course.title}: {lesson.title}"[:500],
                "url": addresses.lasting_url(page),
            },
        )


def _store_rule(course: Course, lessons: list[dict[str, Any]]) -> None:
    rule = {"lessons": lessons, "pass_mark": course.pass_mark}
    if rule == course.rule:
        return
    course.rule, course.version = rule, course.version + 1
    registrations = Enrolment.objects.filter(course=course).values_list("registration", flat=True)
    progress.queue(registrations.iterator(chunk_size=CHUNK))


def _page_moved(instance: Any, parent_page_before: Any, parent_page_after: Any, **_signal: Any) -> None:
    page = instance.specific
    if not isinstance(page, LessonPage | SectionPage):
        return
    lessons = [page] if isinstance(page, LessonPage) else list(LessonPage.objects.child_of(page))
    with transaction.atomic():
        before = CoursePage.objects.ancestor_of(parent_page_before, inclusive=True).get()
        outbox.enqueue(OutlineQueue, [before.course.key])
        page.save(clean=False)
        for lesson in lessons:
            lesson.save(clean=False)  # in another course it is another lesson, see LessonPage.save


def _withdraw_aliases(instance: CoursePage | SectionPage | LessonPage, **_signal: Any) -> None:
    """What held the place of a translation is no page of its own once its source is gone."""
    Page.objects.filter(alias_of=instance.pk).update(live=False)


def _page_deleted(instance: CoursePage | SectionPage | LessonPage, **_signal: Any) -> None:
    if isinstance(instance, SectionPage):
        pages = CoursePage.objects.ancestor_of(instance).values_list("course__key", flat=True)
        outbox.enqueue(OutlineQueue, list(pages))
        return
    course = instance.course if isinstance(instance, CoursePage) else instance.lesson.course
    outbox.enqueue(OutlineQueue, [course.key])
