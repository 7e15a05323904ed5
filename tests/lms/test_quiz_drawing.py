"""What a quiz asks: draws by tag and kind, and what its block says about it."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from lms import courses, plain_questions, quizzes
from lms.exceptions import InvalidCourse
from lms.models import Course, LessonPage, Question, QuestionTag, Quiz
from lms.quizzes import Draw, Plan, Shortage
from tests.lms.conftest import COURSE, settle
from tests.lms.quizzes import NUMBER, publish, quiz, single

pytestmark = pytest.mark.django_db


def ask(key: str, *tags: str, publish: bool = True) -> Question:
    return plain_questions.save(single(key, f"Câu {key}?"), key=key, tags=tags, publish=publish)


def slugs(*names: str) -> tuple[str, ...]:
    return tuple(QuestionTag.objects.get(name=name).slug for name in names)


def drawn(plan: Plan, seed: str = "1", **more: set[str]) -> list[str]:
    return [each.key for each in quizzes.draw(plan, Locale.get_default(), Random(seed), **more)]


def test_a_draw_takes_published_questions_with_all_its_tags() -> None:
    """And only of its kind; what a person grades or nobody can is never drawn."""
    ask("a", "OTP", "dễ")
    ask("b", "OTP")
    ask("c", "OTP", "dễ", publish=False)
    plain_questions.save(NUMBER, key="so", tags=("OTP", "dễ"))
    plain_questions.save({"kind": "written", "text": "Kể."}, key="viet", tags=("OTP", "dễ"))
    plain_questions.save({"kind": "scale", "text": "Khó?", "low": "Dễ", "high": "Khó"}, key="thang", tags=("OTP", "dễ"))
    both = slugs("OTP", "dễ")
    assert sorted(drawn(Plan((), (Draw(both, 9),)))) == ["a", "so"]
    assert drawn(Plan((), (Draw(both, 9, "number"),))) == ["so"]
    assert sorted(drawn(Plan((), (Draw(slugs("OTP"), 9),)))) == ["a", "b", "so"]


def test_no_question_is_asked_twice() -> None:
    """Neither by two draws nor because it is always asked; a narrow draw keeps its questions from a wide one."""
    for key in "abcd":
        ask(key, "OTP")
    ask("e", "OTP", "hiếm")
    plan = Plan(("a",), (Draw(slugs("OTP"), 3), Draw(slugs("hiếm"), 1)))
    for seed in range(20):
        keys = drawn(plan, str(seed))
        assert keys[0] == "a"
        assert sorted(keys[1:4]) == ["b", "c", "d"]
        assert keys[4:] == ["e"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.text(max_size=5), seen=st.sets(st.sampled_from("abcdef")), count=st.integers(1, 6))
def test_unseen_questions_come_first(db: None, seed: str, seen: set[str], count: int) -> None:
    """Whatever the seed; and the same seed draws the same."""
    for key in "abcdef":
        ask(key, "OTP")
    plan = Plan((), (Draw(slugs("OTP"), count),))
    keys = drawn(plan, seed, seen=seen)
    assert keys == drawn(plan, seed, seen=seen)
    assert len(set(keys)) == count
    assert sum(key not in seen for key in keys) == min(count, 6 - len(seen))


def test_other_seeds_draw_others() -> None:
    for key in "abcdef":
        ask(key, "OTP")
    plan = Plan((), (Draw(slugs("OTP"), 3),))
    assert len({tuple(sorted(drawn(plan, str(seed)))) for seed in range(40)}) > 5


def test_shortages_say_which_draw_and_by_how_much() -> None:
    for key in "abc":
        ask(key, "OTP")
    plan = Plan(("a",), (Draw(slugs("OTP"), 2), Draw(slugs("OTP"), 2)))
    assert list(quizzes.shortages(plan)) == [Shortage(1, 2, 0)]


def test_the_row_follows_the_page() -> None:
    """With the rule of the course; the mark is the course's unless the quiz has its own."""
    course = publish(pass_mark=None, minutes=20, attempts=3, answers_shown="last")
    row = Quiz.objects.get()
    assert (row.asks, row.minutes, row.attempts, row.pass_mark, row.answers_shown) == (4, 20, 3, 70, "last")
    assert row.plan["draws"] == [{"tags": [*slugs("OTP")], "count": 2, "kind": ""}]
    assert course.rule["lessons"][1] == {"key": "kiem-tra", "questions": [], "quiz": 4, "done": "passed"}
    page = LessonPage.objects.get(lesson__key="kiem-tra")
    page.body = []
    page.save_revision().publish()
    settle()
    course.refresh_from_db()
    assert Quiz.objects.count() == 0
    assert course.rule["lessons"][1] == {"key": "kiem-tra", "questions": [], "done": "passed"}


def test_a_withdrawn_question_is_no_longer_counted() -> None:
    course = publish()
    version = course.version
    Question.objects.get(key="an-toan-so").unpublish()
    settle()
    course.refresh_from_db()
    assert (course.rule["lessons"][1]["quiz"], course.version) == (3, version + 1)


def test_the_same_file_again_changes_nothing() -> None:
    publish()
    before = (Course.objects.get().version, list(LessonPage.objects.values_list("live_revision", flat=True)))
    publish()
    assert (Course.objects.get().version, list(LessonPage.objects.values_list("live_revision", flat=True))) == before


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"draws": [{"tags": ["OTP"], "count": 4}]}, "kho chỉ còn 3 câu"),
        ({"draws": [{"tags": ["không có"], "count": 1}]}, "no question has the tag 'không có'"),
        ({"questions": [], "draws": []}, "Hãy chọn ít nhất một câu hỏi"),
        ({"questions": [{"key": "viet", "kind": "written", "text": "Kể."}]}, "Câu này do giảng viên chấm"),
        ({"answers_shown": "sometimes"}, "sometimes"),
        ({"pass_mark": 120}, "100"),
        ({"draws": [{"tags": ["OTP"]}]}, "'count' is missing"),
    ],
)
def test_a_broken_quiz_in_a_course_file(rules: dict[str, object], complaint: str) -> None:
    """Says the place and what is wrong, and publishes nothing."""
    lesson = {"key": "kiem-tra", "title": "Kiểm tra", "minutes": 5, "blocks": [quiz(**rules)]}
    with pytest.raises(InvalidCourse) as refused:
        courses.publish_course(**(COURSE | {"lessons": [lesson]}))
    assert "an-toan, kiem-tra, block 1" in str(refused.value)
    assert complaint in str(refused.value)
    assert LessonPage.objects.count() == 0
