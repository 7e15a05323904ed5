"""Files of questions through the admin: checked, shown, taken in by a job, taken in again, handed out again."""

import io
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import jobs
from core.models import AuditEntry, Job, TableImport
from lms import gift, plain_questions, question_exports
from lms.models import Question, QuestionTag
from people import accounts, roles
from tests.lms.all_kinds import QUESTIONS
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
PATH = "/admin/questions/"


@pytest.fixture
def editor(db: None) -> Client:
    """Writes and publishes questions."""
    return sign_in_staff(Client(), accounts.create(full_name="Biên", username="bien", roles=[roles.EDITOR]))


def hand_in(client: Client, name: str, content: bytes, **said: str) -> TableImport:
    """Hand in a file and let it be checked."""
    answer = client.post(PATH, {"file": SimpleUploadedFile(name, content), **said})
    assert answer.status_code == 302, answer.context["form"].errors
    jobs.run_all()
    row = TableImport.objects.first()
    assert row is not None
    assert answer["Location"] == reverse("core_admin:import", args=[row.pk])
    return row


def accept(client: Client, row: TableImport) -> TableImport:
    """Agree, and let it be written."""
    client.post(reverse("core_admin:accept_import", args=[row.pk]))
    jobs.run_all()
    row.refresh_from_db()
    assert row.state == "done"
    return row


def page(client: Client, row: TableImport, **query: str) -> str:
    return client.get(reverse("core_admin:import", args=[row.pk]), query).content.decode()


def handed_out(client: Client, form: str, **said: Any) -> bytes:
    """The bank, at once or by a job."""
    answer = client.post(f"{PATH}export/", {"form": form, **said})
    if answer.status_code == 302:
        jobs.run_all()
        job = Job.objects.first()
        assert job is not None
        assert job.state == "done", job.error
        answer = client.get(reverse("core_admin:job_file", args=[job.pk]))
    return b"".join(answer.streaming_content)


def bank() -> list[dict[str, Any]]:
    """All questions as they stand, with tags."""
    rows = Question.objects.order_by("pk")
    return [{**plain_questions.as_plain(row), "tags": sorted(row.tags.names())} for row in rows]


def every_kind(count: int) -> list[dict[str, Any]]:
    """So many questions of all kinds in turn, no two alike."""
    return [{**QUESTIONS[n % 10], "text": f"{QUESTIONS[n % 10]['text']} ({n})"} for n in range(count)]


def fill_bank(questions: list[dict[str, Any]]) -> None:
    for number, each in enumerate(questions):
        plain_questions.save(each, key=f"q-{number}", tags=["a, b", f"bài {number % 3}"])


@pytest.mark.parametrize("form", ["xlsx", "gift"])
def test_two_hundred_questions_of_all_kinds_go_out_and_come_in_without_loss(
    editor: Client, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a job; into an empty bank they are what they were, into the same bank they change nothing."""
    monkeypatch.setattr(question_exports, "AT_ONCE", 100)
    fill_bank(every_kind(200))
    before = bank()
    file = handed_out(editor, form)
    assert Job.objects.filter(kind="lms.export_questions").count() == 1
    row = hand_in(editor, f"cau-hoi.{form}", file, publish="on")
    assert row.found == {"same": 200}
    Question.objects.all().delete()
    row = hand_in(editor, f"cau-hoi.{form}", file, publish="on")
    assert row.found == {"add": 200}
    accept(editor, row)
    assert bank() == before
    assert Question.objects.filter(live=True, key__startswith="q-").count() == 200


def book(rows: list[list[str]]) -> bytes:
    """A workbook as a trainer makes it."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    room = io.BytesIO()
    made.save(room)
    return room.getvalue()


HEAD = ["STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án"]


def test_two_hundred_rows_of_excel_with_mistakes(editor: Client) -> None:
    """Each bad one told by its row; the right ones come in; the mended file doubles nothing."""
    rows = [[str(n), f"Câu số {n}?", "Một", "Hai", "Ba", "Bốn", "ABCD"[n % 4]] for n in range(1, 201)]
    rows[9][6] = ""
    rows[49][1] = ""
    rows[99][6] = "H"
    rows[149] = rows[148]
    row = hand_in(editor, "đề.xlsx", book([HEAD, *rows]), tags="an toàn", publish="on")
    assert row.found == {"add": 196, "wrong": 4}
    assert list(row.problems.values_list("line", "column")) == [
        (11, "Đáp án đúng"),
        (51, "Câu hỏi"),
        (101, "Đáp án đúng"),
        (151, ""),
    ]
    seen = page(editor, row)
    assert "Câu số 1?" in seen
    assert "✓ Hai" in seen
    assert "Câu số 21?" not in seen
    assert "Câu số 21?" in page(editor, row, q="2")
    assert not Question.objects.exists()
    accept(editor, row)
    assert Question.objects.filter(live=True, kind="single", tags__name="an toàn").count() == 196
    rows[9][6], rows[49][1], rows[99][6] = "A", "Câu thứ năm mươi?", "B"
    rows[0][5] = "Bốn, đã sửa"
    row = hand_in(editor, "đề.xlsx", book([HEAD, *rows]), tags="an toàn", publish="on")
    assert row.found == {"add": 3, "change": 1, "same": 195, "wrong": 1}
    accept(editor, row)
    assert Question.objects.count() == 199
    first = Question.objects.get(text="Câu số 1?")
    assert [revision.user.username for revision in first.revisions.all()] == ["bien", "bien"]


def test_numbers_of_a_table_mean_what_they_mean_in_viet_nam(editor: Client) -> None:
    """Written as words, a point before three digits means thousands, which is told; a number of Excel is itself."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Loại", "Câu hỏi", "Đáp án", "Sai số"])
    for number, (right, off) in enumerate([("1.500", "0.5"), (1.125, 0.125), ("1,125", None), ("1.25", None)]):
        sheet.append(["Điền số", f"Bao nhiêu {number}?", right, off])
    room = io.BytesIO()
    made.save(room)
    row = hand_in(editor, "so.xlsx", room.getvalue(), publish="on")
    assert [tuple(each) for each in row.problems.values_list("line", "fatal", "text")] == [
        (2, False, "đáp số 1.500 được hiểu là 1500; hãy xem lại.")
    ]
    accept(editor, row)
    assert [(each["number"], each.get("tolerance")) for each in bank()] == [
        ("1500", "0.5"),
        ("1.125", "0.125"),
        ("1.125", "0"),
        ("1.25", "0"),
    ]


def test_cells_are_read_as_their_author_sees_them(editor: Client) -> None:
    """Shares and days as Excel shows them; what a formula could not compute is told."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Câu hỏi", "A", "B", "C", "Đáp án"])
    sheet.append(["Giảm bao nhiêu, từ ngày nào?", 0.5, datetime(2026, 9, 2), 0.1 + 0.2, "A"])  # noqa: DTZ001 - a day has no zone
    sheet["B2"].number_format, sheet["C2"].number_format = "0%", "dd/mm/yyyy"
    sheet.append(["Bao nhiêu?", "1", "2", None, "A"])
    sheet["C3"].value, sheet["C3"].data_type = "#REF!", "e"
    room = io.BytesIO()
    made.save(room)
    row = hand_in(editor, "cau-hoi.xlsx", room.getvalue(), publish="on")
    (problem,) = row.problems.values_list("line", "text")
    assert problem == (3, "Ô này có lỗi công thức (#REF!). Hãy sửa trong bảng tính.")
    accept(editor, row)
    (found,) = bank()
    assert [each["text"] for each in found["options"]] == ["50%", "2/9/2026", "0,3"]


def test_two_hundred_questions_of_word(editor: Client) -> None:
    """All kinds that a Word file can hold; bad ones told by their numbers."""
    document = docx.Document()
    for n in range(1, 201):
        document.add_paragraph(f"Câu {n}. Hỏi lần thứ {n}? (Tự luận)" if n % 5 == 0 else f"Câu {n}. Hỏi lần thứ {n}?")
        if n % 5 in {1, 2}:
            for place, letter in enumerate("ABCD"):
                run = document.add_paragraph().add_run(f"{letter}. Phương án {letter} của {n}")
                run.bold = (place == n % 4 or (n % 5 == 2 and place == (n + 1) % 4)) and n != 41
        elif n % 5 == 3:
            document.add_paragraph("Đáp án: Sai")
        elif n % 5 == 4:
            document.add_paragraph("Đáp án: Phú Thọ" if n % 2 else "Đáp án: 540")
    room = io.BytesIO()
    document.save(room)
    row = hand_in(editor, "đề.docx", room.getvalue(), publish="on")
    assert row.found == {"add": 199, "wrong": 1}
    assert "Câu 41: chưa có đáp án." in row.problems.get().text
    assert "Câu 41: chưa có đáp án." in page(editor, row)
    accept(editor, row)
    counted = {
        kind: Question.objects.filter(kind=kind).count()
        for kind in ("single", "multiple", "true_false", "fill_in", "number", "written")
    }
    assert counted == {"single": 39, "multiple": 40, "true_false": 40, "fill_in": 20, "number": 20, "written": 40}
    single = plain_questions.as_plain(Question.objects.get(text="Hỏi lần thứ 6?"))
    assert [(each["text"], each["right"]) for each in single["options"]] == [
        (f"Phương án {letter} của 6", letter == "C") for letter in "ABCD"
    ]
    assert hand_in(editor, "đề.docx", room.getvalue(), publish="on").found == {"same": 199, "wrong": 1}


def test_what_the_file_does_not_say_stays(editor: Client) -> None:
    """A hint and remarks written in the admin outlive the next file; options keep the ids that answers name."""
    plain_questions.save({**QUESTIONS[0], "options": QUESTIONS[0]["options"]}, key="q")
    rows = [["Câu hỏi", "A", "B", "C", "Đáp án"], ["Mã nào khó đoán?", "123456", "Số tự nghĩ ra", "Ngày cưới", "B"]]
    accept(editor, hand_in(editor, "đề.xlsx", book(rows), publish="on"))
    question = Question.objects.get()
    plain = plain_questions.as_plain(question)
    assert plain["hint"] == "Người khác không biết được."
    assert [each["why"] for each in plain["options"]] == ["Ai cũng thử trước.", "Khó đoán nhất.", ""]
    ids = [item["id"] for item in question.answer.get_prep_value()[0]["value"]["options"]]
    assert ids == ["a", "b", "1"]


def test_same_words_with_other_options_are_another_question(editor: Client) -> None:
    """“Chọn câu đúng” stands in many files."""
    head = ["Câu hỏi", "A", "B", "Đáp án"]
    for options in (["x", "y"], ["z", "t"]):
        accept(editor, hand_in(editor, "đề.xlsx", book([head, ["Chọn câu đúng", *options, "A"]])))
    assert Question.objects.count() == 2


def test_drafts_leave_the_published_wording(editor: Client) -> None:
    """Without “publish at once” learners see what they saw."""
    plain_questions.save({"kind": "true_false", "text": "Đúng?", "right": "true"}, key="q")
    accept(editor, hand_in(editor, "a.gift", b'// nhasan: {"key": "q"}\nSai? {F}'))
    question = Question.objects.get()
    assert (question.text, question.has_unpublished_changes) == ("Đúng?", True)
    assert plain_questions.standing(question).text == "Sai?"
    assert hand_in(editor, "a.gift", b'// nhasan: {"key": "q"}\nSai? {F}').found == {"same": 1}


def test_gift_tells_bad_questions_by_line(editor: Client) -> None:
    """Pasted; our comments may hold anything; categories become tags."""
    text = "$CATEGORY: An toàn\n\nĐúng? {T}\n\nHỏng {\n\n"
    notes = [
        '{"kind": "single", "text": "Hỏi?", "options": []}',
        '{"kind": "x"}',
        '{"kind": "scale", "text": ["a"]}',
        "[]",
    ]
    text = "\n\n".join([text.strip(), *(f"// nhasan: {note}\nA? {{T}}" for note in notes)]).replace(
        "Hỏng {", "Hỏng { ~a }"
    )
    editor.post(PATH, {"text": text})
    jobs.run_all()
    row = TableImport.objects.get()
    assert (row.found["add"], row.found["wrong"]) == (1, 5)
    assert "Không có phương án nào đúng" in row.problems.get(line=5).text
    accept(editor, row)
    question = Question.objects.get()
    assert (question.live, list(question.tags.names())) == (False, ["An toàn"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.gift", "Hỏi? {T}".encode("cp1258", "replace") + b"\xff", "mã Unicode"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "đời cũ"),
        ("a.pdf", b"%PDF-1.7 {", "không phải bảng tính"),
        ("a.docx", b"PK\x03\x04word/", "bị hỏng"),
        ("a.xlsx", book([["Tên", "Tuổi"], ["Páo", "30"]]), "Không thấy dòng tiêu đề"),
    ],
)
def test_what_cannot_be_read_is_told(editor: Client, name: str, content: bytes, said: str) -> None:
    """On the import's page, with what to do."""
    row = hand_in(editor, name, content)
    assert row.state == "refused"
    assert said in row.refusal
    assert said in page(editor, row)


def test_nothing_is_handed_in(editor: Client) -> None:
    """The form says so."""
    assert "Hãy chọn tệp hoặc dán nội dung." in editor.post(PATH, {}).content.decode()


def test_the_template_is_a_workbook_that_comes_in(editor: Client) -> None:
    """Its examples, copied into its empty table, are ten right questions."""
    answer = editor.get(reverse("core_admin:template", args=["questions"]))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    table, guide, examples, kinds = made.worksheets
    assert [sheet.title for sheet in made] == ["Câu hỏi", "Hướng dẫn", "Ví dụ", "Các loại câu"]
    assert table.max_row == 1
    assert len(table.data_validations.dataValidation) == 3
    for row in examples.iter_rows(min_row=2, values_only=True):
        table.append(row)
    for sheet in (guide, examples, kinds):
        made.remove(sheet)
    room = io.BytesIO()
    made.save(room)
    row = hand_in(editor, "mẫu.xlsx", room.getvalue())
    assert row.found == {"add": 10}, list(row.problems.values_list("text"))
    accept(editor, row)
    assert Question.objects.values("kind").distinct().count() == 10


def test_rows_to_mend_of_any_file_come_back_as_excel(editor: Client) -> None:
    """Of a Word file too: mended there, they come in."""
    document = docx.Document()
    for line in ("Câu 1. Hỏi?", "A. Một", "B. Hai"):
        document.add_paragraph(line)
    room = io.BytesIO()
    document.save(room)
    row = hand_in(editor, "đề.docx", room.getvalue())
    answer = editor.get(reverse("core_admin:import_to_mend", args=[row.pk]))
    (head, wrong) = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values
    assert head == ("Loại", "Câu hỏi", "Đáp án đúng", "Cần sửa")
    assert wrong[1] == "Hỏi?"
    assert "Câu 1: chưa có đáp án." in wrong[3]


def test_the_list_leads_here_with_its_filters(editor: Client) -> None:
    """Kind and tags chosen in the list are chosen in the export."""
    plain_questions.save({"kind": "true_false", "text": "Câu một"}, key="a", tags=["OTP"])
    plain_questions.save({"kind": "written", "text": "Câu hai"}, key="b", tags=["chợ"])
    tag = QuestionTag.objects.get(name="OTP")
    path = reverse("wagtailsnippets_lms_question:list")
    for query, shown in (({}, (True, True)), ({"tags": tag.pk}, (True, False)), ({"kind": "written"}, (False, True))):
        seen = editor.get(path, query).content.decode()
        assert ("Câu một" in seen, "Câu hai" in seen) == shown
    assert f"{PATH}?tags={tag.pk}" in editor.get(path, {"tags": tag.pk}).content.decode()
    assert '<option value="written" selected>' in editor.get(PATH, {"kind": "written"}).content.decode()
    told = handed_out(editor, "gift", **{"out-tags": tag.pk}).decode()
    assert [each.question["text"] for each in gift.read(told)] == ["Câu một"]
    assert AuditEntry.objects.filter(action="lms.export_questions").count() == 1


def test_who_may_not_write_questions_finds_nothing(db: None) -> None:
    """A manager in the admin."""
    client = sign_in_staff(Client(), accounts.create(full_name="Quản", username="quan", roles=[roles.MANAGER]))
    assert client.get(PATH)["Location"] == "/admin/"
    assert client.post(f"{PATH}export/", {"form": "xlsx"}).status_code != 200
    assert not AuditEntry.objects.filter(action="lms.export_questions").exists()


def test_the_preview_takes_as_many_queries_for_few_as_for_many(editor: Client) -> None:
    """Three questions or twenty."""
    counts = []
    for count in (3, 20):
        rows = [[f"Câu {n} trong {count}?", "Một", "Hai", "A"] for n in range(count)]
        row = hand_in(editor, "đề.xlsx", book([["Câu hỏi", "A", "B", "Đáp án"], *rows]))
        accept(editor, row)
        row = hand_in(editor, "đề.xlsx", book([["Câu hỏi", "A", "B", "Đáp án"], *rows]))
        assert row.found == {"same": count}
        page(editor, row)
        with CaptureQueriesContext(connection) as seen:
            page(editor, row)
        counts.append(len(seen))
    assert counts[0] == counts[1]
