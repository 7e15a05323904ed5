"""Where a learner stopped reading, as xAPI States of the lessons' activities.

The document "place" of a lesson under the learner's registration: {"block": "b-1f0c…"}, the id of a part of the
lesson's page. Any device of the learner finds it, and so does another system with a credential
(/xapi/activities/state).
"""

import json
import re
from dataclasses import dataclass
from uuid import UUID

from lms.models import Course, Enrolment, Lesson
from people.actors import actor_of
from xapi import documents
from xapi.documents import Content, Place
from xapi.models import Document

STATE = "place"
ANCHOR = re.compile(r"[\w-]{1,120}")


@dataclass(frozen=True)
class Reading:
    """The lesson that a learner read last in a course, and the part of its page."""

    activity: str
    block: str


def keep(enrolment: Enrolment, lesson: Lesson, block: str) -> bool:
    """The learner came as far as this part; False for what cannot be the id of one."""
    if not ANCHOR.fullmatch(block):
        return False
    content = Content("application/json", json.dumps({"block": block}).encode())
    documents.put(_place(enrolment, lesson), STATE, content, check=lambda _etag: None)
    return True


def find(enrolment: Enrolment, lesson: Lesson) -> str:
    """The part of the lesson where the learner stopped; empty where nobody knows. One query."""
    row = documents.find(_place(enrolment, lesson), STATE)
    return _block(row) if row else ""


def latest(enrolments: list[Enrolment]) -> dict[UUID, Reading]:
    """By registration, where the learner stopped last of all the course's lessons; one query for all."""
    if not enrolments:
        return {}
    actors = {enrolment.learner_id: actor_of(enrolment.learner) for enrolment in enrolments}
    wanted = {enrolment.registration for enrolment in enrolments}
    rows = documents.of_actors(actors.values()).filter(kind=Document.Kind.STATE, document_id=STATE)
    found: dict[UUID, Reading] = {}
    for row in rows.order_by("updated", "pk"):
        if row.registration in wanted and (block := _block(row)):
            found[row.registration] = Reading(row.activity, block)
    return found


def lesson_of(course: Course, reading: Reading) -> str:
    """The key of the lesson that was read; empty for another activity."""
    stem = f"{course.iri}/lessons/"
    return reading.activity.removeprefix(stem) if reading.activity.startswith(stem) else ""


def _place(enrolment: Enrolment, lesson: Lesson) -> Place:
    return documents.state_of(actor_of(enrolment.learner), lesson.iri, enrolment.registration)


def _block(row: Document) -> str:
    """What the document says; another system may have written something else under its name."""
    try:
        said = json.loads(bytes(row.content))["block"]
    except (ValueError, KeyError, TypeError):
        return ""
    return said if isinstance(said, str) and ANCHOR.fullmatch(said) else ""
