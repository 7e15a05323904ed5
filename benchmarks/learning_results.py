"""How fast a trainer sees who of a course has done which lesson, and how its questions were answered.

python benchmarks/learning_results.py [LEARNERS] [--rounds 20]

Makes two courses of 20 lessons with 30 questions in an empty database in a temporary folder (DATABASE_URL chooses
another): one with that many learners (5,000), each with some lessons done and an answer to each question, one with as
many as fit on a page (50). Asks for the pages of both through the whole site, rendering included, without a web server
between. The floor is the same page of the small course, asked for in turns: what a full page costs by itself.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import people_data
from people_data import FAMILIES, GIVEN, MIDDLES, insert
from people_lists import processor_time, signed_in

ROOT = Path(__file__).resolve().parent.parent
LESSONS, QUESTIONS, ROUNDS = 20, 30, 20
PAGE = 50  # learners on one page of the grid


def course(key: str) -> Any:
    """Published, with its questions in its first lessons."""
    from core import outbox
    from lms import courses

    options = [{"key": letter, "text": f"Phương án {letter}", "right": letter == "a", "why": ""} for letter in "abcd"]
    asked = [
        {"type": "question", "key": f"q{n}", "kind": "single", "text": f"Câu hỏi số {n}?", "options": options}
        for n in range(QUESTIONS)
    ]
    lessons = [
        {"key": f"bai-{n}", "title": f"Bài số {n}", "minutes": 10, "blocks": asked[n * 3 : n * 3 + 3]}
        for n in range(LESSONS)
    ]
    made = courses.publish_course(key=key, title=key, lessons=lessons)
    outbox.drain_all()
    made.refresh_from_db()
    return made


def fill(course: Any, count: int, first: int, trainer: Any) -> Any:
    """Learners from key `first` on, in a class of the trainer; their lessons and answers."""
    from django.utils import timezone

    from core.folding import fold
    from lms import cohorts
    from lms.models import Answer, Enrolment, LessonDone, LessonQuestion
    from people.models import GroupMembership, User

    chance, now = random.Random(5), timezone.now()
    cohort = cohorts.create(course=course, trainers=[trainer], name="Lớp", since=timezone.localdate())
    lessons = list(course.lessons.in_order())
    asked = list(LessonQuestion.objects.filter(lesson__course=course).select_related("question"))
    for start in range(first, first + count, 1000):
        keys = range(start, min(start + 1000, first + count))
        people, enrolments, members, done, answers = [], [], [], [], []
        for key in keys:
            name = f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
            part, active = chance.randrange(LESSONS + 1), now - timedelta(days=chance.randrange(40))
            people.append({"id": key, "uuid": uuid4(), "full_name": name, "username": f"n{key}",
                           "search_key": f"{fold(name)} n{key}", "name_key": fold(name)})  # fmt: skip
            members.append({"group_id": cohort.group_id, "person_id": key, "since": timezone.localdate()})
            enrolments.append({"id": key, "registration": uuid4(), "learner_id": key, "course_id": course.pk,
                               "enrolled_at": now, "enrolled_by": uuid4(), "status": "in_progress",
                               "lessons_done": part, "score": chance.randrange(101), "active_at": active})  # fmt: skip
            done += [{"enrolment_id": key, "lesson_id": lesson.pk, "at": active} for lesson in lessons[:part]]
            for each in asked:
                said = chance.choice("aaabcd")
                answers.append({"enrolment_id": key, "lesson_id": each.lesson_id, "question_id": each.question_id,
                                "revision_id": each.question.live_revision_id, "statement_id": uuid4(), "attempt": 1,
                                "response": f'["{said}"]', "success": said == "a", "score": int(said == "a"),
                                "answered_at": active})  # fmt: skip
        for model, rows in ((User, people), (Enrolment, enrolments), (GroupMembership, members), (LessonDone, done),
                            (Answer, answers)):  # fmt: skip
            insert(model, rows)
    return cohort


def measured(client: Any, paths: tuple[str, str], rounds: int) -> list[float]:
    """Median seconds of processor time of both pages, asked for in turns."""
    took: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds + 1):
        for each, path in zip(took, paths, strict=True):
            begun = processor_time()
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            if answer.streaming:
                for _part in answer.streaming_content:
                    pass
            each.append(processor_time() - begun)
    return [statistics.median(each[1:]) for each in took]


def main() -> None:
    """Fill, ask, print."""
    arguments = sys.argv[1:]
    rounds = int(arguments[arguments.index("--rounds") + 1]) if "--rounds" in arguments else ROUNDS
    count = int(arguments[0].replace(",", "")) if arguments and arguments[0][0].isdigit() else 5000
    folder = tempfile.mkdtemp(prefix="nhasan-results-")
    os.environ.update(DATA_DIR=folder, BASE_URL="http://testserver", DJANGO_SETTINGS_MODULE="config.settings")
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    from people import accounts, roles

    trainer = accounts.create(full_name="Giảng Viên", username="giang.vien", roles=[roles.TRAINER])
    accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    big, small = fill(course("lon"), count, 1000, trainer), fill(course("nho"), PAGE, 10_000_000, trainer)
    people_data.reset_sequences()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    begun = time.perf_counter()
    print(f"{connection.vendor}, {count:,} learners, {LESSONS} lessons, {QUESTIONS} questions; ms of processor time\n")
    print(f"{'page':34}{'reader':16}{'page':>8}{'floor':>8}{'times':>8}")
    for reader, username in (("administrator", "quan.tri"), ("trainer", "giang.vien")):
        client = signed_in(username)
        for name, path in (
            ("grid of the course", "{}/"),
            ("grid, page 50", "{}/?page=50"),
            ("grid of the class", "{}/?cohort={}"),
            ("grid, lowest score", "{}/?sort=lowest"),
            ("grid, who is behind", "{}/?status=behind&sort=longest"),
            ("grid, a name", "{}/?q=thi+mai"),
            ("questions of the course", "{}/questions/"),
            ("one question", "{}/questions/bai-0/{}-q0/"),
        ):
            pair = [
                "/admin/progress/" + path.format(each.course.key, each.course.key if "q0" in path else each.uuid)
                for each in (big, small)
            ]
            page, floor = measured(client, (pair[0], pair[1]), rounds)
            print(f"{name:34}{reader:16}{1000 * page:8.0f}{1000 * floor:8.0f}{page / floor:8.2f}", flush=True)
    print(f"\n{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
