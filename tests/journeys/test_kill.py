"""Both journeys with the power cut at random moments: what was answered is there, nothing is doubled.

KILL_SEED=… repeats a run; each test prints its seed, its kills and what restarts cost.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import requests

from tests.journeys import starter_course
from tests.journeys.cuts import Cuts, cut_when
from tests.journeys.holdings import HARVESTED, OWN, OWN_BIB, contents, held, write_books
from tests.journeys.http_learner import Learner, Press, Step, steps
from tests.journeys.record_store import RecordStore, verbs
from tests.journeys.sites import CopiedSite, Prepared

SEED = os.environ.get("KILL_SEED") or str(random.SystemRandom().randrange(1_000_000))
LEARNER_KILLS = 10
EXCHANGE = ["import and site", "harvest", "import", "harvested site", "import"] * 2
BOOKS = 600  # in each imported file: three transactions
USER = "hocvien"


class Watched:
    """What the site has answered with success so far, held against what it has stored."""

    def __init__(self, site: CopiedSite) -> None:
        self.site = site
        self.store = RecordStore(site)
        self.store.session.headers["Connection"] = "close"
        self.answered: list[tuple[Step, Press]] = []

    def registrations(self) -> list[UUID]:
        sql = (
            "SELECT e.registration FROM lms_enrolment e JOIN people_user u ON u.id = e.learner_id "
            "JOIN lms_course c ON c.id = e.course_id WHERE u.username = ? AND c.key = ?"
        )
        return [UUID(str(row[0])) for row in self.site.rows(sql, USER, starter_course.KEY)]

    def statements(self) -> list[dict[str, Any]]:
        [registration] = self.registrations()
        return self.store.statements(registration=str(registration))

    def check(self) -> None:
        """All that was answered is there, once."""
        if not self.registrations():
            assert self.answered == []
            return
        statements = self.statements()
        ids = [UUID(each["id"]) for each in statements]
        assert len(set(ids)) == len(ids)
        counts = verbs(statements)
        assert counts.get("initialized", 0) <= 1
        for step, press in self.answered:
            assert press.event in ids if press.event else counts["initialized"] == 1, step
        asked = {UUID(each["id"]) for each in statements if each["verb"]["id"].endswith("/answered")}
        kept = [UUID(str(row[0])) for row in self.site.rows(f"SELECT statement_id {OF_LEARNER}", USER)]
        assert sorted(kept) == sorted(asked)
        assert self.results() <= (1, 1)
        assert max(counts.get("completed", 0), counts.get("passed", 0)) <= 1

    def fate(self, step: Step, press: Press | None, success: bool) -> str:
        """What became of a press in words."""
        if press is None:
            return "killed before it was sent"
        stored = bool(self.registrations()) and (
            press.event in [UUID(each["id"]) for each in self.statements()] if press.event else True
        )
        return f"{'answered' if success else 'no answer'}, {'stored' if stored else 'not stored'}"

    def results(self) -> tuple[int, int]:
        """Certificates and attainments of the learner."""
        certificates = (
            "SELECT count(*) FROM certificates_certificate c JOIN lms_enrolment e ON e.id = c.enrolment_id "
            "JOIN people_user u ON u.id = e.learner_id WHERE u.username = ?"
        )
        attainments = (
            "SELECT count(*) FROM targets_attainment a JOIN people_user u ON u.uuid = a.subject WHERE u.username = ?"
        )
        return self.site.count(certificates, USER), self.site.count(attainments, USER)


OF_LEARNER = (
    "FROM lms_answer a JOIN lms_enrolment e ON e.id = a.enrolment_id "
    "JOIN people_user u ON u.id = e.learner_id WHERE u.username = ?"
)


def test_a_learner_whose_site_dies(prepared: Prepared, copy_of: Callable[..., CopiedSite]) -> None:
    """Ten kills on the way through a course; the learner presses again what got no answer."""
    chance = random.Random(f"{SEED} learner")
    site = copy_of(prepared)
    cuts = Cuts(SEED)
    watched = Watched(site)
    learner = Learner(site.url)
    learner.sign_in(site.accounts["learner"])
    way = steps()
    doomed = {*chance.sample(range(len(way) - 1), LEARNER_KILLS - 1), len(way) - 1}
    took = [0.3]
    for number, step in enumerate(way):
        press = None
        if number in doomed:
            moment = chance.uniform(0, 1.5 * median(took) + (1.5 if number == len(way) - 1 else 0))
            press, success = die_during(learner, step, site, moment)
            cuts.restart(site)
            cuts.note(f"{step.verb} after {moment:.2f} s: {watched.fate(step, press, success)}")
            if success:
                watched.answered.append((step, press))
            watched.check()
            if success:
                continue
        begun = time.monotonic()
        press = press or learner.read(step)
        assert learner.send(press), step
        watched.answered.append((step, press))
        took.append(time.monotonic() - begun)
    site.wait_until_drained()
    watched.check()
    lessons = starter_course.lessons()
    assert verbs(watched.statements()) == {
        "initialized": 1,
        "answered": sum(len(lesson.questions) for lesson in lessons),
        "experienced": len(lessons),
        "completed": 1,
        "passed": 1,
    }
    assert watched.results() == (1, 1)
    check_replay(site)
    cuts.tell()


def die_during(learner: Learner, step: Step, site: CopiedSite, moment: float) -> tuple[Press | None, bool]:
    """Do the step and kill all processes a moment after its begin: what was sent, and whether it was answered."""
    sent: list[Press] = []
    answered: list[bool] = []

    def act() -> None:
        with suppress(requests.RequestException):
            sent.append(learner.read(step))
            answered.append(learner.send(sent[0]))

    acting = threading.Thread(target=act)
    acting.start()
    time.sleep(moment)
    site.kill()
    acting.join()
    return (sent[0] if sent else None), answered == [True]


def check_replay(site: CopiedSite) -> None:
    """Progress and attainment rebuilt from the statements are what they were."""
    queries = (
        "SELECT id, status, lessons_done, score, active_at, completed_at, passed_at FROM lms_enrolment ORDER BY id",
        "SELECT subject, target_id, attained_on, unit_id FROM targets_attainment ORDER BY subject, target_id",
    )
    live = [site.rows(query) for query in queries]
    site.manage("replay_progress")
    site.wait_until_drained()
    assert [site.rows(query) for query in queries] == live


def test_libraries_that_die(
    prepared: Prepared, prepared_empty: Prepared, copy_of: Callable[..., CopiedSite], tmp_path: Path
) -> None:
    """Ten kills of imports, harvests and the harvested site; doing it all again brings exactly what is missing."""
    chance = random.Random(f"{SEED} libraries")
    cuts = Cuts(SEED)
    here = copy_of(prepared)
    there = copy_of(prepared_empty, serve=False)
    there.manage("add_source", "Bản Mai", f"{here.url}/oai")
    files: list[Path] = []
    for number, kind in enumerate(EXCHANGE):
        if kind.startswith("import"):
            titles = {f"k{number}-{each}": f"Sách thứ {each} của lần {number}" for each in range(BOOKS)}
            files.append(write_books(tmp_path / f"{number}.mrc", titles))
            die_importing(here, files[-1], number, kind, cuts, chance)
        else:
            die_harvesting(there, here, kind, cuts, chance)
    in_before = here.count(IMPORTED)
    missing = len(files) * BOOKS - in_before
    again = f"imported {missing}, updated 0, unchanged {in_before}, rejected 0"
    assert here.last_line("import_marc", *map(str, files)) == again
    assert here.count(IMPORTED) == len(files) * BOOKS
    here.wait_until_drained()
    there.start()
    there.manage("harvest")
    assert there.last_line("harvest") == "harvested 0: imported 0, updated 0, unchanged 0, deleted 0"
    assert contents(held(there, HARVESTED)) == contents(held(here, OWN))
    there.wait_until_drained()
    assert here.indexed() == here.public_records()
    assert there.indexed() == there.public_records() == len(held(here, OWN_BIB))
    cuts.tell()


IMPORTED = "SELECT count(*) FROM library_record WHERE control_number LIKE 'k%-%'"
TAKEN = f"SELECT count(*) FROM library_record WHERE {HARVESTED}"


def die_importing(site: CopiedSite, file: Path, number: int, kind: str, cuts: Cuts, chance: random.Random) -> None:
    """Kill the import, the whole site with it where kind says so."""
    of_file = f"SELECT count(*) FROM library_record WHERE control_number LIKE 'k{number}-%'"
    running = site.launch_manage("import_marc", str(file))
    cut_when(lambda: site.count(of_file), chance.randrange(BOOKS - 150), chance.uniform(0, 0.05), running)
    if kind == "import":
        cuts.note(f"{kind}: {site.count(of_file)} of {BOOKS} were in")
        return
    site.kill()
    before = site.count(of_file)
    cuts.note(f"{kind}: {before} of {BOOKS} were in")
    cuts.restart(site)
    assert site.count(of_file) == before


def die_harvesting(there: CopiedSite, here: CopiedSite, kind: str, cuts: Cuts, chance: random.Random) -> None:
    """Kill the harvest, or the site it harvests, which comes back; the next harvest goes on."""
    before, wanted = there.count(TAKEN), len(held(here, OWN))
    running = there.launch_manage("harvest")
    threshold, later = chance.randrange(before, max(wanted, before + 1)), chance.uniform(0, 0.05)
    if kind == "harvest":
        cut_when(lambda: there.count(TAKEN), threshold, later, running)
        cuts.note(f"{kind}: {there.count(TAKEN) - before} of {wanted - before} were in")
    else:
        cut_when(lambda: there.count(TAKEN), threshold, later, running, here.kill)
        cuts.note(f"{kind}: {there.count(TAKEN) - before} of {wanted - before} were in")
        cuts.restart(here)
        _out, err = running.communicate(timeout=180)
        assert running.returncode == 0 or "Traceback" not in err, err
    assert there.count(TAKEN) <= wanted
