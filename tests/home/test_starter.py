"""The starter content: complete, consistent, loaded once."""

import pytest
from django.core.management import call_command

from certificates.models import Certificate
from core import outbox
from home import starter_accounts
from home.models import HomePage, PlainPage
from home.starter_files import courses, read_toml
from library.models import Record
from lms.models import Course, Enrolment
from people.models import Unit, User
from targets.models import Attainment, Population


@pytest.fixture
def units(db):
    """The places that the starter content names."""
    for row in read_toml("people.toml")["units"]:
        province = Unit.objects.create(
            code=row["province_code"],
            level="province",
            name=row["province"],
            short_name=row["province"].removeprefix("Tỉnh "),
            valid_from="2025-07-01",
        )
        for commune in row["communes"]:
            Unit.objects.create(
                code=commune["commune_code"],
                level="commune",
                name=commune["commune"],
                short_name=commune["commune"].removeprefix("Xã "),
                parent=province,
                valid_from="2025-07-01",
            )


def counts():
    """How much there is of everything."""
    models = (HomePage, PlainPage, Record, Course, Enrolment, Population, Attainment, Certificate, User)
    return {model.__name__: model.objects.count() for model in models}


def test_loading_twice_gives_the_same_and_the_first_screen_is_alive(units, capsys):
    """At least five attained in each province; one account per role; a deleted page stays deleted."""
    call_command("load_starter", verbosity=0)
    outbox.drain_all()
    first = counts()
    provinces = Unit.objects.provinces()
    assert all(Attainment.objects.in_unit(province).count() >= 5 for province in provinces)
    assert first["Course"] == 3
    assert first["Attainment"] == sum(row["attained"] for row in read_toml("people.toml")["people"])
    assert first["Record"] >= 36
    lines = starter_accounts.path().read_text().splitlines()
    assert [line.split()[1] for line in lines] == ["learner", "trainer", "librarian", "manager", "admin"]
    assert [len(line.split()) for line in lines] == [4, 5, 5, 5, 5]
    assert starter_accounts.path().stat().st_mode & 0o077 == 0
    PlainPage.objects.get(slug="partners").delete()
    call_command("load_starter", verbosity=0)
    assert counts() == first | {"PlainPage": first["PlainPage"] - 1}
    assert starter_accounts.path().read_text().splitlines() == lines


def test_lost_accounts_file_gives_new_passwords(units):
    """Nobody knows the old ones, so the accounts must not be lost with them."""
    call_command("load_starter", verbosity=0)
    before = starter_accounts.path().read_text()
    starter_accounts.path().unlink()
    call_command("load_starter", verbosity=0)
    after = starter_accounts.path().read_text()
    assert before != after
    _word, _role, username, password = after.splitlines()[0].split()
    assert User.objects.get(username=username).check_password(password)


def test_every_course_has_a_right_answer_to_each_question():
    """One right option of a single choice, at least one of a multiple choice; six lessons or more for village heads."""
    for course in courses():
        blocks = [block for lesson in course["lessons"] for block in lesson["blocks"] if block["type"] == "question"]
        assert blocks
        for block in blocks:
            right = sum(option["right"] for option in block["options"])
            assert right == 1 if block["kind"] == "single" else right >= 1
    by_key = {course["key"]: course for course in courses()}
    assert len(by_key["dien-thoai-an-toan"]["lessons"]) == 7
