"""How questions were answered: counted from what stands, in the words that were seen, for whom one may see."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms import chosen_answers, courses, learning, question_statistics
from lms.admin_question_report import lines
from lms.enrolment import enrol
from lms.models import Answer, Course, Enrolment, Lesson, Question
from lms.report_scope import Scope
from people import roles
from people.models import User
from tests.lms.all_kinds import LESSON
from tests.lms.conftest import COURSE, lesson, question, settle, void
from tests.lms.results import learner_in, said, staff

pytestmark = pytest.mark.django_db
REPORT = "/admin/progress/an-toan/questions/"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def minutes(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


@pytest.fixture
def boss() -> tuple[User, Any]:
    return staff("quan tri", roles.ADMINISTRATOR)


@pytest.fixture
def options(course: Course) -> dict[str, str]:
    """Ids of the first question's options by their words."""
    return {each.value["text"]: each.id for each in question("q1").answer[0].value["options"].bound_blocks}


def line_of(course: Course, reader: User, lesson_key: str, name: str, cohort: Any = None) -> Any:
    scope = Scope(course, reader, cohort)
    return lines(scope, [(lesson(course, lesson_key).pk, f"an-toan-{name}")])[0]


def test_attempts_first_latest_and_what_was_most_wrong(course: Course, options: dict[str, str], boss: Any) -> None:
    """By the time of the event, not of the arrival; a mean of the latest."""
    where, asked = lesson(course, "bai-1"), question("q1")
    wrong, right = [options["123456"]], [options["Số tự nghĩ ra"]]
    one, two, three = (learner_in(course, f"Người {n}") for n in range(3))
    said(one, where, asked, right, at=minutes(9))  # stored first, happened last
    said(one, where, asked, wrong, at=minutes(1))
    said(one, where, asked, wrong, at=minutes(2))
    said(two, where, asked, right, at=minutes(3))
    said(three, where, asked, wrong, at=minutes(4))
    line = line_of(course, boss[0], "bai-1", "q1")
    own = line.figures
    assert (own.attempts, own.learners, own.waiting, own.parting) == (5, 3, 0, None)
    assert (round(own.first_right, 2), round(own.latest_right, 2), round(own.mean, 2)) == (33.33, 66.67, 66.67)
    assert [(each.words, each.right, each.times) for each in line.choices] == [
        ("123456", False, 3),
        ("Số tự nghĩ ra", True, 2),
    ]
    assert (line.most_wrong.words, line.most_wrong.wrong) == ("123456", 3)


def test_what_was_voided_counts_no_more(course: Course, options: dict[str, str], boss: Any, learner: User) -> None:
    """The second answer is then the first."""
    enrolment = enrol(learner=learner, course=course)
    where, asked = lesson(course, "bai-1"), question("q1")
    first = learning.answer(enrolment, where, asked, [options["123456"]], at=minutes(1))
    learning.answer(enrolment, where, asked, [options["Số tự nghĩ ra"]], at=minutes(2))
    own = line_of(course, boss[0], "bai-1", "q1").figures
    assert (own.attempts, own.first_right, own.latest_right) == (2, 0, 100)
    void(first.statement_id)
    line = line_of(course, boss[0], "bai-1", "q1")
    assert (line.figures.attempts, line.figures.first_right, line.most_wrong) == (1, 100, None)


def test_words_are_those_that_were_seen(course: Course, options: dict[str, str], boss: Any) -> None:
    """An option is known by its block's id: two wordings are one; what was right then is right then."""
    where, asked = lesson(course, "bai-1"), question("q1")
    learners = [learner_in(course, f"Người {n}") for n in range(3)]
    said(learners[0], where, asked, [options["123456"]])
    said(learners[1], where, asked, [options["Số tự nghĩ ra"]])
    for option in asked.answer[0].value["options"]:
        option["right"] = not option["right"]
        option["text"] = option["text"].replace("123456", "Dãy 123456")
    asked.save_revision().publish()
    asked.refresh_from_db()
    said(learners[2], where, asked, [options["123456"]])
    line = line_of(course, boss[0], "bai-1", "q1")
    assert [(each.words, each.right, each.times, each.wrong) for each in line.choices] == [
        ("Dãy 123456", True, 2, 1),
        ("Số tự nghĩ ra", False, 1, 0),
    ]
    assert line.figures.first_right == pytest.approx(200 / 3)
    for option in asked.answer[0].value["options"]:
        option["text"] = "Chưa ai thấy"
    asked.save_revision().publish()
    assert [each.words for each in line_of(course, boss[0], "bai-1", "q1").choices] == ["Dãy 123456", "Số tự nghĩ ra"]


@pytest.fixture
def every_kind(db: None) -> tuple[Course, Lesson]:
    """A lesson that asks every kind of question."""
    made = courses.publish_course(**(COURSE | {"lessons": [LESSON]}))
    settle()
    made.refresh_from_db()
    return made, made.lessons.get()


def block_ids(asked: Question, name: str) -> list[str]:
    return [each.id for each in asked.answer[0].value[name].bound_blocks]


def test_each_kind_in_words(every_kind: tuple[Course, Lesson], boss: Any) -> None:
    """What was said most often first; spellings that are forgiven are one; what a person reads is not counted."""
    course, where = every_kind
    asked = {row.kind: row for row in Question.objects.all()}
    pairs, steps, several = (
        block_ids(asked["matching"], "pairs"),
        block_ids(asked["ordering"], "steps"),
        block_ids(asked["multiple"], "options"),
    )
    people = [learner_in(course, f"Người {n}") for n in range(4)]
    responses: dict[str, list[Any]] = {
        "multiple": [sorted([several[0], several[1]]), [several[1]], sorted([several[0], several[2]])],
        "true_false": ["true", "false", "true"],
        "matching": [[[pairs[0], pairs[1]], [pairs[1], pairs[0]], [pairs[2], pairs[2]]]],
        "ordering": [[steps[1], steps[0], *steps[2:]], steps, [steps[1], steps[0], *steps[2:]]],
        "fill_in": ["Lào Cai", "lào cai", "Phú Thọ", "Sơn La"],
        "number": ["54", "54.0", "540"],
        "scale": ["4", "4", "1"],
        "written": ["Không đưa mã"],
    }
    for kind, given in responses.items():
        for person, response in zip(people, given, strict=False):
            said(person, where, asked[kind], response)
    keys = question_statistics.asked_in(course)
    found = {line.asked.question.kind: line for line in lines(Scope(course, boss[0]), keys)}
    words = {kind: [(each.words, each.right, each.times) for each in line.choices] for kind, line in found.items()}
    assert words == {
        "single": [],
        "multiple": [("Khóa sim", True, 2), ("Chờ vài ngày", False, 2), ("Khóa tài khoản", True, 1)],
        "true_false": [("Đúng", False, 2), ("Sai", True, 1)],
        "matching": [
            ("Mông – trống ghi-năng", False, 1),
            ("Chăm – khèn", False, 1),
            ("Tày – đàn tính", True, 1),
        ],
        "ordering": [
            ("Ghi giá và nơi giao → Chụp ảnh nơi đủ sáng → Đăng lên → Trả lời người hỏi mua", False, 2),
            ("Chụp ảnh nơi đủ sáng → Ghi giá và nơi giao → Đăng lên → Trả lời người hỏi mua", True, 1),
        ],
        "fill_in": [("Lào Cai", False, 2), ("Phú Thọ", True, 1), ("Sơn La", False, 1)],
        "number": [("54 nghìn đồng", False, 2), ("540 nghìn đồng", True, 1)],
        "scale": [("1 (Rất khó)", None, 1), ("2", None, 0), ("3", None, 0), ("4", None, 2), ("5 (Rất dễ)", None, 0)],
        "written": [],
        "upload": [],
    }
    assert found["multiple"].most_wrong.words == "Chờ vài ngày"
    assert found["scale"].figures.first_right is None
    assert found["multiple"].figures.latest_right == pytest.approx(100 / 3)


def test_only_the_most_common_texts_are_read(every_kind: tuple[Course, Lesson], boss: Any, monkeypatch: Any) -> None:
    """So that a question that everybody answers differently takes no more memory."""
    course, where = every_kind
    asked = Question.objects.get(kind="fill_in")
    monkeypatch.setattr(chosen_answers, "MOST_TEXTS", 3)
    for number in range(12):
        said(learner_in(course, f"Người {number}"), where, asked, f"Nơi {number // 2 if number < 4 else number}")
    found = chosen_answers.choices(Scope(course, boss[0]), [(where.pk, asked.key)])[where.pk, asked.key]
    assert [(each.words, each.times) for each in found][:2] in (
        [("Nơi 0", 2), ("Nơi 1", 2)],
        [("Nơi 1", 2), ("Nơi 0", 2)],
    )
    assert len(found) == 3


def test_a_question_parts_good_from_weak_learners(course: Course, options: dict[str, str], boss: Any) -> None:
    """From thirty learners with a score: best third against last third, first attempts."""
    where, asked = lesson(course, "bai-1"), question("q1")
    wrong, right = [options["123456"]], [options["Số tự nghĩ ra"]]
    for number in range(29):
        said(learner_in(course, f"Người {number}", score=number), where, asked, right if number >= 15 else wrong)
    assert line_of(course, boss[0], "bai-1", "q1").figures.parting is None
    said(learner_in(course, "Người 29", score=29), where, asked, wrong)
    line = line_of(course, boss[0], "bai-1", "q1")
    assert (line.figures.parting, line.parts_poorly) == (90, False)
    Enrolment.objects.update(score=50)
    assert line_of(course, boss[0], "bai-1", "q1").figures.parting is None


def test_only_people_whom_the_reader_may_see(course: Course, options: dict[str, str]) -> None:
    """A trainer counts their class; another's numbers do not show."""
    from tests.lms.classes import class_of

    trainer, browser = staff("giang vien", roles.TRAINER)
    cohort, _other, (pupil, *_rest) = class_of(course, trainer=trainer)
    where, asked = lesson(course, "bai-1"), question("q1")
    said(learner_in(course, "Người xa"), where, asked, [options["123456"]])
    said(Enrolment.objects.get(learner=pupil), where, asked, [options["Số tự nghĩ ra"]])
    for query in ("", f"?cohort={cohort.uuid}"):
        found = browser.get(f"{REPORT}{query}").context["lines"]
        assert [(line.figures.attempts, line.figures.first_right) for line in found] == [(1, 100), (0, None), (0, None)]
    page = browser.get(f"{REPORT}bai-1/an-toan-q1/").content.decode()
    assert "100" in page
    for end in ("bai-3/an-toan-q1/", "bai-1/khong-co/", "khong-co/an-toan-q1/", "bai-3/an-toan-q1/question.csv"):
        assert browser.get(f"{REPORT}{end}").status_code == 404, end


def test_files_have_the_numbers_of_the_pages(course: Course, options: dict[str, str], boss: Any) -> None:
    """The questions of a lesson, and what was chosen of one."""
    where, asked = lesson(course, "bai-1"), question("q1")
    for number in range(3):
        said(learner_in(course, f"N {number}"), where, asked, [options["123456" if number else "Số tự nghĩ ra"]])

    def rows(path: str) -> list[list[str]]:
        text = b"".join(boss[1].get(path).streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))[1:]

    assert rows("/admin/progress/an-toan/questions.csv?lesson=bai-1") == [
        ["Giữ máy", "Mã nào khó đoán?", "Chọn một", "3", "3", "33.3", "33.3", "33.3", "0", "", "123456", "2"],
        ["Giữ máy", "Mất máy thì làm gì?", "Chọn nhiều", "0", "0", "", "", "", "0", "", "", ""],
    ]
    assert len(rows("/admin/progress/an-toan/questions.csv")) == 3
    assert rows(f"{REPORT}bai-1/an-toan-q1/question.csv") == [
        ["123456", "Sai", "2", "66.7"],
        ["Số tự nghĩ ra", "Đúng", "1", "33.3"],
    ]
    page = boss[1].get(f"{REPORT}bai-1/an-toan-q1/").content.decode()
    assert "66,7\u00a0%" in page
    assert '<rect class="part" width="66.7%"' in page
    assert boss[1].get("/admin/progress/an-toan/questions.xlsx").status_code == 200


def test_questions_that_are_asked_no_more_stay_in_the_report(
    course: Course, options: dict[str, str], boss: Any
) -> None:
    """After those that are, while somebody answered them."""
    said(learner_in(course, "A"), lesson(course, "bai-1"), question("q1"), [options["123456"]])
    short = COURSE | {"lessons": [COURSE["lessons"][1], COURSE["lessons"][2]]}
    courses.publish_course(**short)
    settle()
    course.refresh_from_db()
    found = [(row.asked.lesson.key, row.asked.question.key) for row in boss[1].get(REPORT).context["lines"]]
    assert found == [("bai-3", "an-toan-q3"), ("bai-1", "an-toan-q1")]
    assert "không còn trong khóa học" in boss[1].get(REPORT).content.decode()


def test_number_of_queries_does_not_grow(every_kind: tuple[Course, Lesson], boss: Any) -> None:
    """For one learner and for forty, for two questions answered and for seven."""
    course, where = every_kind
    by_kind = {row.kind: row for row in Question.objects.all()}
    texts = {"fill_in": "Sơn La", "number": "5", "true_false": "true", "scale": "3", "written": "Bài"}
    counts: list[list[int]] = []
    for size, kinds in ((1, ["fill_in", "true_false"]), (40, [*texts])):
        for number in range(size):
            learner = learner_in(course, f"Người {number}", score=number)
            for kind in kinds:
                said(learner, where, by_kind[kind], f"{texts[kind]}{number}" if kind == "fill_in" else texts[kind])
        counts.append([])
        for path in (REPORT, f"{REPORT}du-loai/{by_kind['fill_in'].key}/"):
            boss[1].get(path)
            with CaptureQueriesContext(connection) as seen:
                assert boss[1].get(path).status_code == 200
            counts[-1].append(len(seen))
        if size == 1:  # the thresholds of the thirds are two queries that a small course does not need
            counts[-1] = [count + 2 for count in counts[-1]]
    assert counts[0] == counts[1]
    assert Answer.objects.count() == 202


def test_the_course_without_learners_says_so(course: Course, boss: Any) -> None:
    """No figures, no failure."""
    page = boss[1].get(REPORT).content.decode()
    assert page.count("Chưa ai trả lời.") == 3
