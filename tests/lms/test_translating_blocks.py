"""Every word of every kind of block is offered for translation, and comes back to its own place."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TestCase
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from core import outbox
from library.models import Record
from lms import courses, table_words
from lms.blocks import TableBlock
from lms.enrolment import enrol
from lms.models import Course, LessonPage
from people import accounts, roles
from people.models import User
from tests.lms import every_block
from tests.lms.quizzes import single
from tests.lms.test_translating_in_admin import edit_url
from tests.lms.translating import locale, translate
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
WORDS = [
    "Mọi kiểu khối",
    "Giữ máy",
    "Máy giữ nhiều thứ quý.",
    "Giữ máy",
    "Khung tip",
    "Khung warning",
    "Khung example",
    "Khóa màn hình trước đã.",
    "Mở Cài đặt",
    "Hình <b>bánh răng.</b>",
    "Đặt mã",
    "Sáu chữ số.",
    "Màn hình đặt mã",
    "Quên mã thì sao?",
    "Gọi con cháu giúp.",
    "Ai gọi, ta làm gì",
    "Ai gọi",
    "Họ xin",
    "Ta làm",
    "“Ngân hàng”",
    "Mã OTP",
    "Cúp máy",
    "“Công an”",
    "Tiền",
    "Báo xã",
    "Ảnh",
    "Chú thích",
    "Nghe hai lần",
    "Xem hai lần",
    "Ba trang",
    "Chương 1",
    "Làm thử",
]
NOTES = {"audio": "Nghe hai lần", "video": "Xem hai lần", "document": "Ba trang"}


@pytest.fixture
def page(tmp_path: Path, settings: Any, handbook: Record) -> LessonPage:
    """A lesson with every kind of block that has words."""
    settings.MEDIA_ROOT = tmp_path / "stored"
    cache.clear()
    every_block.files(tmp_path)
    course = every_block.course(record=str(handbook.control_number))
    blocks = course["lessons"][0]["blocks"]
    for block in blocks:
        block.update({"note": NOTES[block["type"]]} if block["type"] in NOTES else {})
    blocks.append({"type": "quiz", "introduction": "Làm thử", "questions": [single("dau", "Mã nào khó đoán?")]})
    courses.publish_course(**course, folder=tmp_path)
    outbox.drain_all()
    return LessonPage.objects.get()


def khmer(text: str) -> str:
    """The words as they came back: each with a mark, so that none can stand in the place of another."""
    return f"ក{text}"


def offered(page: LessonPage) -> list[str]:
    with TestCase.captureOnCommitCallbacks(execute=True):
        translate_object(page, [locale("km")])
    source = Translation.objects.get(source__object_id=page.translation_key)
    return [entry.msgid for entry in source.export_po()]


def into_khmer(page: LessonPage) -> LessonPage:
    marked: LessonPage = translate(page, "km", {words: khmer(words) for words in WORDS})
    return marked


def said(page: LessonPage) -> list[tuple[str, Any]]:
    """What stands in the blocks of words, by kind."""
    kinds = ("heading", "text", "callout", "steps", "accordion", "table", "image", "audio", "video", "document")
    found = {block.id: block.get_prep_value()["value"] for block in page.body}
    return [(block.block_type, found[block.id]) for block in page.body if block.block_type in kinds]


def test_all_words_are_offered(page: LessonPage) -> None:
    """In the order of reading, each with its place."""
    assert offered(page) == WORDS


def test_words_come_back_to_their_places(page: LessonPage) -> None:
    """The translation is the source with each of its words replaced, and nothing else changed."""
    expected = said(page)
    words = into_khmer(page)
    assert said(words) == [(kind, replaced(value)) for kind, value in expected]
    assert [block.value["introduction"] for block in words.body if block.block_type == "quiz"] == ["កLàm thử"]
    assert [block.value["note"] for block in words.body if block.block_type == "citation"] == ["កChương 1"]


def replaced(value: Any) -> Any:
    """The same with each text that is offered as it was translated."""
    if isinstance(value, dict):
        return {key: replaced(each) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each) for each in value]
    if isinstance(value, str) and value.startswith("<p>"):
        return f"<p>{khmer(value.removeprefix('<p>'))}"
    return khmer(value) if value in WORDS else value


def test_readers_see_them(page: LessonPage, client: Client, learner: User) -> None:
    """In the table with its headings, in the alternative text of a step's picture, in what opens."""
    into_khmer(page)
    enrol(learner=learner, course=Course.objects.get())
    client.force_login(learner)
    shown = html.fromstring(client.get("/km/courses/moi-khoi/bai-1/").content.decode())
    rows = [[cell.text_content() for cell in row] for row in shown.xpath("//table//tr")]
    assert rows == [
        ["កAi gọi", "កHọ xin", "កTa làm"],
        ["ក“Ngân hàng”", "កMã OTP", "កCúp máy"],
        ["ក“Công an”", "កTiền", "កBáo xã"],
    ]
    assert shown.xpath("string(//caption)") == "កAi gọi, ta làm gì"
    assert shown.xpath("//ol[@class='to-do']//img/@alt") == ["កMàn hình đặt mã"]
    assert shown.xpath("//ol[@class='to-do']//p[@class='what']/text()") == ["កMở Cài đặt", "កĐặt mã"]
    assert shown.xpath("string(//div[@class='folds']//summary)") == "កQuên mã thì sao?"
    assert shown.xpath("//figure[figcaption='កChú thích']/img/@alt") == ["កẢnh"]


def test_a_row_more_loses_no_translation(page: LessonPage) -> None:
    """Only its own words wait."""
    into_khmer(page)
    blocks = page.body.get_prep_value()
    [table] = [block["value"] for block in blocks if block["type"] == "table"]
    table["data"].insert(1, ["Người lạ", "Mã OTP", "Cúp máy"])
    page.body = blocks
    page.save_revision().publish()
    translation = Translation.objects.get(source__object_id=page.translation_key)
    translation.source.update_from_db()
    waiting = [entry.msgid for entry in translation.export_po() if not entry.msgstr]
    assert waiting == ["Người lạ"]


def test_editor_shows_them_one_by_one(page: LessonPage) -> None:
    into_khmer(page)
    editor = sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="bs", roles=[roles.EDITOR]))
    shown = html.fromstring(editor.get(edit_url(page)).content.decode())
    [props] = shown.xpath("//@data-props")
    for words in ("“Công an”", "Mở Cài đặt", "Quên mã thì sao?"):
        assert words in props.encode().decode("unicode_escape")


CELLS = st.one_of(st.none(), st.just(""), st.text(st.characters(exclude_categories=["C"]), max_size=12))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4), st.text(max_size=5))
def test_a_table_translated_into_itself_is_itself(rows: list[list[str | None]], caption: str) -> None:
    """Whatever stands in its cells, more lines among it."""
    table = {"data": rows, "table_caption": caption.strip(), "first_col_is_header": True}
    block = TableBlock()
    again = block.restore_translated_segments(table, block.get_translatable_segments(table))
    assert again == table


def test_a_cell_of_two_lines() -> None:
    table = {"data": [["Một\nhai", None, " "]], "table_caption": ""}
    [segment] = table_words.segments(table)
    assert table_words.translated(table, [segment]) == table


def test_no_table() -> None:
    assert table_words.segments(None) == []
