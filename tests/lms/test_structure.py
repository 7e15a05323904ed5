"""Programmes, sections, what must come first, when a lesson opens, when it is done; copying and approving a course."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, TaskState, WorkflowState

from lms import attendance, courses, grading, joining, keys, learning, opening, timetable
from lms.attendance import Said
from lms.enrolment import enrol
from lms.exceptions import InvalidCourse
from lms.models import (
    Answer,
    Cohort,
    Course,
    CoursePage,
    CoursePrerequisite,
    Enrolment,
    LessonPage,
    Mark,
    Programme,
    ProgrammePage,
    Question,
    SectionPage,
)
from people import accounts, roles
from people.models import User
from tests.lms.classes import class_of
from tests.lms.conftest import COURSE, finish_course, lesson, settle
from tests.people.signing_in import sign_in_staff
from xapi.models import Statement

pytestmark = pytest.mark.django_db


def text(key: str, **more: Any) -> dict[str, Any]:
    """A lesson to read."""
    blocks = [{"type": "text", "html": f"<p>Bài {key}.</p>"}]
    return {"key": key, "title": f"Bài {key}", "minutes": 5, "blocks": blocks} | more


def publish(*lessons: dict[str, Any], **more: Any) -> Course:
    """The course with these lessons."""
    made = courses.publish_course(**{**COURSE, "lessons": lessons, **more})
    settle()
    made.refresh_from_db()
    return made


def order(course: Course) -> list[str]:
    return list(course.lessons.in_order().values_list("key", flat=True))


def class_with(course: Course, learner: User) -> Cohort:
    """A class of the course in which the learner is."""
    cohort, trainer, _people = class_of(course, names=0)
    joining.add(cohort, [learner], by=trainer, since=cohort.since)
    return cohort


def sections() -> Course:
    return publish(
        text("mo-dau"), text("a1", section="Phần A"), text("a2", section="Phần A"), text("b1", section="Phần B")
    )


def test_sections_keep_the_order_of_the_tree(pupil: Client, learner: User) -> None:
    """Lessons count through; the course's page has the sections as headings, a lesson says where it stands."""
    course = sections()
    assert order(course) == ["mo-dau", "a1", "a2", "b1"]
    enrol(learner=learner, course=course)
    page = pupil.get("/courses/an-toan/").content.decode()
    assert page.index("Phần A") < page.index("Bài a1") < page.index("Phần B") < page.index("Bài b1")
    assert '<ol class="lessons" start="4">' in page
    assert (
        'Dùng điện thoại an toàn</a> · <span lang="vi">Phần A</span> · Bài 3 trên 4'
        in pupil.get("/courses/an-toan/phan-a/a2/").content.decode()
    )
    assert pupil.get("/courses/an-toan/phan-a/").headers["Location"] == "/courses/an-toan/#phan-a"
    section = SectionPage.objects.get(title="Phần B")
    section.move(SectionPage.objects.get(title="Phần A"), pos="left")
    settle()
    assert order(course) == ["mo-dau", "b1", "a1", "a2"]


def test_a_hidden_section_hides_its_lessons() -> None:
    """And gives them back; a section that goes takes them out of the course, learning stays."""
    course = sections()
    SectionPage.objects.get(title="Phần A").unpublish()
    settle()
    assert order(course) == ["mo-dau", "b1"]
    SectionPage.objects.get(title="Phần A").get_latest_revision_as_object().save_revision().publish()
    settle()
    assert order(course) == ["mo-dau", "a1", "a2", "b1"]
    SectionPage.objects.get(title="Phần A").delete()
    settle()
    assert order(course) == ["mo-dau", "b1"]
    assert course.lessons.count() == 4


def test_a_section_moves_to_another_course() -> None:
    """Its lessons are lessons of that course from now on; the old rows stay with what was learned."""
    course = sections()
    other = courses.publish_course(key="khac", title="Khóa khác", lessons=[text("dau")])
    target = CoursePage.objects.get(course=other)
    SectionPage.objects.get(title="Phần A").move(target, pos="last-child")
    settle()
    assert (order(course), order(other)) == (["mo-dau", "b1"], ["dau", "a1", "a2"])
    assert {page.lesson.course_id for page in LessonPage.objects.descendant_of(target)} == {other.pk}


def test_plain_data_moves_lessons_between_sections() -> None:
    """The same file again changes nothing; another order and other sections are followed."""
    course = sections()
    version, revisions = course.version, Page.objects.count()
    assert (sections().version, Page.objects.count()) == (version, revisions)
    publish(text("b1", section="Phần B"), text("a1", section="Phần B"), text("mo-dau"))
    assert order(course) == ["b1", "a1", "mo-dau"]
    assert SectionPage.objects.get(title="Phần A").live is False
    with pytest.raises(InvalidCourse, match="an-toan, x: unknown completion 'seen'"):
        publish(text("x", completion="seen"))


def test_prerequisite_closes_the_course(pupil: Client, learner: User, course: Course) -> None:
    """One cannot enter before; whom a trainer enrolled all the same finds the lessons closed, with the reason."""
    courses.publish_course(
        key="sau", title="Khóa sau", lessons=[text("dau")], prerequisites=["an-toan"], level="advanced"
    )
    settle()
    after = Course.objects.get(key="sau")
    assert (list(after.prerequisites.all()), after.level) == ([course], "advanced")
    page = pupil.get("/courses/sau/").content.decode()
    assert "Ông, bà cần học xong trước:" in page
    assert "Nâng cao" in page
    assert "Vào học" not in page
    pupil.post("/learn/sau/enrol/")
    assert not Enrolment.objects.filter(course=after).exists()
    own = enrol(learner=learner, course=after)
    page = pupil.get("/courses/sau/").content.decode()
    assert '<p class="note">Ông, bà cần học xong trước: <a href="/courses/an-toan/">' in page
    assert "Cần học xong trước: Dùng điện thoại an toàn." in pupil.get("/courses/sau/dau/").content.decode()
    pupil.post("/learn/sau/dau/next/")
    assert not Statement.objects.filter(registration=own.registration).exists()
    finish_course(enrol(learner=learner, course=course))
    assert "Bài dau." in pupil.get("/courses/sau/dau/").content.decode()


def test_no_course_waits_for_itself(course: Course) -> None:
    """Neither as a translation, nor round through another course; drafts published in turn make no circle."""
    courses.publish_course(key="sau", title="Khóa sau", lessons=[text("dau")], prerequisites=["an-toan"])
    first, after = (CoursePage.objects.get(course__key=key) for key in ("an-toan", "sau"))
    for wanted in (
        first,
        first.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0], copy_parents=True),
        after,
    ):
        with pytest.raises(ValidationError, match="phải học sau chính khóa đang soạn"):
            CoursePrerequisite(page=first, course_page=wanted).clean()
    first.required.add(CoursePrerequisite(course_page=after))
    first.save_revision().publish()
    settle()
    assert list(course.prerequisites.all()) == []
    assert list(after.course.prerequisites.all()) == [course]


def test_unknown_prerequisite(db: None) -> None:
    """Plain data that names no course is refused, and nothing is left of it."""
    with pytest.raises(InvalidCourse, match="sau: no course khong-co"):
        courses.publish_course(key="sau", title="Khóa sau", lessons=[], prerequisites=["khong-co"])
    assert not Course.objects.filter(key="sau").exists()


def test_lessons_one_after_the_other(learner: User) -> None:
    """The second opens with the first done; what was done stays open."""
    own = enrol(learner=learner, course=publish(text("a"), text("b"), text("c"), in_order=True))
    rows = {row.key: row for row in own.course.lessons.all()}
    closed = "Bài này mở khi ông, bà đã xong bài “Bài a”."
    assert [opening.why_closed(own, rows[key]) for key in "abc"] == ["", closed, closed]
    learning.go_on(own, rows["a"])
    assert [opening.why_closed(own, rows[key]) for key in "abc"] == [
        "",
        "",
        "Bài này mở khi ông, bà đã xong bài “Bài b”.",
    ]


def test_release_dates(learner: User) -> None:
    """A date for everybody, or days after one's own enrolment; the later of both."""
    course = publish(text("a"), text("b", opens_after=7))
    page = LessonPage.objects.get(lesson__key="a")
    page.opens_at = datetime(2199, 5, 1, 1, tzinfo=UTC)
    page.save_revision().publish()
    settle()
    own = enrol(learner=learner, course=course, at=timezone.now() - timedelta(days=6))
    assert opening.why_closed(own, lesson(course, "a")) == "Bài này mở lúc 08:00 01/05/2199."
    assert opening.why_closed(own, lesson(course, "b")).startswith("Bài này mở lúc ")
    own.enrolled_at -= timedelta(days=2)
    assert opening.why_closed(own, lesson(course, "b")) == ""


def test_done_when_passed(learner: User) -> None:
    """Going on is not enough: its questions must be answered well enough."""
    asking = COURSE["lessons"][0] | {"completion": "passed"}
    own = enrol(learner=learner, course=publish(asking))
    row = lesson(own.course, "bai-1")
    assert own.course.rule["lessons"] == [{"key": "bai-1", "questions": ["an-toan-q1", "an-toan-q2"], "done": "passed"}]
    learning.go_on(own, row)
    learning.answer(own, row, Question.objects.get(key="an-toan-q1"), ["b"])
    assert not own.done.exists()
    learning.answer(own, row, Question.objects.get(key="an-toan-q2"), ["a", "c"])
    assert own.done.get().lesson == row
    own.refresh_from_db()
    assert own.status == "passed"


def test_done_when_graded(learner: User) -> None:
    """A lesson with work to hand in is done when the trainer has graded it."""
    essay = {"type": "question", "key": "viet", "kind": "written", "text": "Ông, bà sẽ làm gì?"}
    essay["rubric"] = [{"key": "y", "title": "Đủ ý", "points": 4}]
    own = enrol(learner=learner, course=publish(text("a", completion="graded", blocks=[essay])))
    row = lesson(own.course, "a")
    question = Question.objects.get(key="an-toan-viet")
    given = learning.answer(own, row, question, "Họp thôn, nói với bà con.")
    learning.go_on(own, row)
    assert not own.done.exists()
    grading.grade(Answer.objects.get(pk=given.pk), points={"y": 3}, comment="Tốt.", by=learner)
    assert own.done.get().lesson == row


def test_done_when_attended(learner: User) -> None:
    """Whoever was at the session that taught the lesson has done it; a corrected mark takes it back."""
    course = publish(text("tai-lop", completion="attended"), text("o-nha"))
    cohort = class_with(course, learner)
    row = lesson(course, "tai-lop")
    [session] = timetable.add(
        cohort, day=timezone.localdate() - timedelta(days=1), starts=time(8), ends=time(11), by=None, lesson=row
    )
    own = Enrolment.objects.get(learner=learner, course=course)
    attendance.mark(session, [Said.now(learner, "present")], by=None, how=Mark.How.IMPORT)
    settle()
    assert own.done.get().lesson == row
    attendance.mark(session, [Said.now(learner, "absent")], by=None, how=Mark.How.IMPORT)
    settle()
    assert not own.done.exists()


def test_programme_lists_its_courses(pupil: Client, learner: User, course: Course) -> None:
    """In the order that the page names; how many are finished; courses lead back; a draft changes nothing."""
    courses.publish_course(key="hai", title="Khóa thứ hai", lessons=[text("dau")])
    programme = courses.publish_programme(
        key="ky-nang", title="Kỹ năng số", courses=["hai", "an-toan"], summary="Học dần."
    )
    settle()
    assert list(programme.courses.order_by("places__position").values_list("key", flat=True)) == ["hai", "an-toan"]
    finish_course(enrol(learner=learner, course=course))
    page = pupil.get("/courses/ky-nang/").content.decode()
    assert page.index("Khóa thứ hai") < page.index("Dùng điện thoại an toàn")
    assert "Đã học xong 1 trên 2 khóa học" in page
    assert 'href="/courses/ky-nang/"' in pupil.get("/courses/").content.decode()
    assert 'href="/courses/ky-nang/"' in pupil.get("/courses/hai/").content.decode()
    draft = ProgrammePage.objects.get()
    draft.title = "Bản nháp"
    draft.chosen.set(list(draft.chosen.all())[:1])
    draft.save_revision()
    programme.refresh_from_db()
    assert (programme.title, programme.courses.count()) == ("Kỹ năng số", 2)


def test_statements_say_programme_and_class(learner: User, course: Course) -> None:
    """Beside the course, so that a partner's store can group by them."""
    courses.publish_programme(key="ky-nang", title="Kỹ năng số", courses=["an-toan"])
    cohort = class_with(course, learner)
    own = Enrolment.objects.get(learner=learner, course=course)
    learning.go_on(own, lesson(course, "bai-1"))
    said = Statement.objects.get(registration=own.registration).data["context"]["contextActivities"]
    assert [each["id"] for each in said["parent"]] == [course.iri]
    assert [each["id"] for each in said["grouping"]] == [Programme.objects.get().iri, cohort.iri]


def test_copy_of_a_course_is_a_course_of_its_own(course: Course) -> None:
    """Through the admin, with its lessons: other keys, other rows, the same questions, nobody enrolled."""
    editor = accounts.create(full_name="Cán bộ", username="bien-soan", roles=[roles.EDITOR])
    page = CoursePage.objects.get(course=course)
    form = {"new_title": "Khóa chép", "new_slug": "khoa-chep", "new_parent_page": page.get_parent().pk}
    form |= {"copy_subpages": "on", "publish_copies": "on"}
    sent = sign_in_staff(Client(), editor).post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form)
    assert sent.status_code == 302
    settle()
    copy = Course.objects.get(key="khoa-chep")
    assert copy.rule == course.rule
    assert not set(copy.lessons.values_list("pk")) & set(course.lessons.values_list("pk"))
    assert order(copy) == order(course)


def test_trainer_submits_and_editor_approves(course: Course) -> None:
    """By Wagtail's workflow: learners see it only then."""
    trainer = sign_in_staff(Client(), accounts.create(full_name="Giảng viên", username="gv", roles=[roles.TRAINER]))
    editor = sign_in_staff(Client(), accounts.create(full_name="Biên soạn", username="bs", roles=[roles.EDITOR]))
    none = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""}
    form: dict[str, Any] = {"title": "Bài mới", "slug": "bai-moi", "minutes": "5", "completion": "viewed"}
    form |= {"body-count": "0", "action-submit": "1", **{f"comments-{key}": value for key, value in none.items()}}
    page = CoursePage.objects.get(course=course)
    trainer.post(reverse("wagtailadmin_pages:add", args=["lms", "lessonpage", page.pk]), form)
    made = LessonPage.objects.get(title="Bài mới")
    assert (made.live, WorkflowState.objects.get().workflow.name) == (False, "Duyệt khóa học")
    waiting = TaskState.objects.get()
    refused = trainer.post(
        reverse("wagtailadmin_pages:workflow_action", args=[made.pk, "approve", waiting.pk]), {"next": "/admin/"}
    )
    assert refused.status_code in {302, 403}
    made.refresh_from_db()
    assert made.live is False
    editor.post(
        reverse("wagtailadmin_pages:workflow_action", args=[made.pk, "approve", waiting.pk]), {"next": "/admin/"}
    )
    settle()
    made.refresh_from_db()
    assert made.live is True
    assert order(course)[-1] == "bai-moi"


@pytest.mark.parametrize(("slug", "title", "key"), [("giữ-nước", "", "giu-nuoc"), ("", "Đất và nước", "dat-va-nuoc")])
def test_keys_have_no_marks(slug: str, title: str, key: str) -> None:
    """Addresses of what learners do and activities are made of them."""
    assert keys.wanted(slug, title) == key


NONE = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""}
NO_COMMENTS = {f"comments-{key}": value for key, value in NONE.items()}


@pytest.mark.parametrize("slug", ["", "nước-ở-đồng"])
def test_an_address_is_made_of_the_title(course: Course, slug: str) -> None:
    """In letters without marks, whatever the admin's script makes; what is taken gets a number."""
    editor = sign_in_staff(Client(), accounts.create(full_name="Biên soạn", username="bs", roles=[roles.EDITOR]))
    form = {"title": "Nước ở đồng", "slug": slug, **NO_COMMENTS}
    page = CoursePage.objects.get(course=course)
    url = reverse("wagtailadmin_pages:add", args=["lms", "sectionpage", page.pk])
    for _time in range(2):
        editor.post(url, form | {"action-publish": "1"})
    slugs = SectionPage.objects.filter(title="Nước ở đồng").order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["nuoc-o-dong", "nuoc-o-dong-2"]


def test_an_address_that_stands_is_left_alone(course: Course) -> None:
    """One of before, with marks, is known to readers."""
    editor = sign_in_staff(Client(), accounts.create(full_name="Biên soạn", username="bs", roles=[roles.EDITOR]))
    page = CoursePage.objects.get(course=course).add_child(instance=SectionPage(title="Nước", slug="nước"))
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    editor.post(url, {"title": "Nước trong", "slug": "nước", "action-publish": "1", **NO_COMMENTS})
    page.refresh_from_db()
    assert (page.title, page.slug) == ("Nước trong", "nước")
