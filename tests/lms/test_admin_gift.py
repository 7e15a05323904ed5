"""Questions come into the bank as GIFT and go out again, without loss; what is not understood is told by line."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import jobs
from core.models import Job
from lms import gift, plain_questions
from lms.models import Question, QuestionTag
from people import accounts, roles
from tests.lms.all_kinds import QUESTIONS
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
PATH = "/admin/gift/"


@pytest.fixture
def editor(db: None) -> Client:
    """Writes and publishes questions."""
    return sign_in_staff(Client(), accounts.create(full_name="Biên", username="bien", roles=[roles.EDITOR]))


def many(count: int) -> str:
    """So many choices."""
    return "\n\n".join(f"Câu {number}? {{=Đúng #Vì {number}. ~Sai}}" for number in range(count))


def test_two_hundred_questions_come_in_and_go_out_without_loss(editor: Client) -> None:
    """Looked at first, then taken in by a job; a second time doubles nothing."""
    text = f"$CATEGORY: An toàn\n\n{many(200)}\n\nHỏng {{"
    file = SimpleUploadedFile("cau-hoi.gift", text.encode())
    seen = editor.post(PATH, {"file": file, "tags": "thử", "publish": "on"}).content.decode()
    assert "200 câu đọc được" in seen
    assert "Dòng 403:" in seen
    assert not Question.objects.exists()
    for _time in range(2):
        editor.post(PATH, {"text": text, "tags": "thử", "publish": "on", "agreed": "1"})
        jobs.run_all()
    assert Question.objects.filter(live=True, tags__name="An toàn").count() == 200
    job = Job.objects.first()
    assert job is not None
    assert (job.result["taken"], [each["line"] for each in job.result["left_out"]]) == (200, [403])
    told = b"".join(editor.get(reverse("lms_gift:export")).streaming_content).decode()
    assert [each.question for each in gift.read(told)] == [each.question for each in gift.read(many(200))]


def test_the_bank_is_filtered_by_kind_and_tag(editor: Client) -> None:
    """And leads to the way in and out."""
    plain_questions.save({"kind": "true_false", "text": "Câu một"}, key="a", tags=["OTP"])
    plain_questions.save({"kind": "written", "text": "Câu hai"}, key="b", tags=["chợ"])
    path = reverse("wagtailsnippets_lms_question:list")
    tag = QuestionTag.objects.get(name="OTP")
    for query, shown in (({}, (True, True)), ({"tags": tag.pk}, (True, False)), ({"kind": "written"}, (False, True))):
        page = editor.get(path, query).content.decode()
        assert ("Câu một" in page, "Câu hai" in page) == shown
        assert reverse("lms_gift:import") in page


def test_every_kind_survives_the_bank(editor: Client) -> None:
    """Stored, exported, read: the same."""
    for number, plain in enumerate(QUESTIONS):
        plain_questions.save(plain, key=f"q-{number}")
    told = b"".join(editor.get(reverse("lms_gift:export")).streaming_content).decode()
    again: list[Any] = [each.question for each in gift.read(told)]
    stored = [plain_questions.as_plain(question) for question in Question.objects.order_by("pk")]
    for number, plain in enumerate(again):
        plain_questions.save(plain, key=f"again-{number}")
    copies = Question.objects.filter(key__startswith="again").order_by("pk")
    assert [plain_questions.as_plain(question) for question in copies] == stored
    assert len(copies) == len(QUESTIONS)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Hãy chọn tệp hoặc dán nội dung."),
        ({"file": SimpleUploadedFile("a.txt", "Hỏi".encode("utf-16"))}, "Tệp không phải mã Unicode (UTF-8)."),
    ],
)
def test_what_cannot_be_read_is_told(editor: Client, form: dict[str, Any], message: str) -> None:
    """On the form."""
    assert message in editor.post(PATH, form).content.decode()


def test_a_question_that_the_bank_refuses_is_left_out_with_its_line(editor: Client) -> None:
    """GIFT's comment of ours may say anything."""
    text = '// nhasan: {"kind": "single", "text": "Hỏi?", "options": []}\n\nĐúng? {T}'
    editor.post(PATH, {"text": text, "agreed": "1"})
    jobs.run_all()
    job = Job.objects.get()
    assert (job.state, job.result["taken"], job.result["left_out"][0]["line"]) == ("done", 1, 1)
    assert not Question.objects.get().live
