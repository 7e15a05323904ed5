"""What lessons are made of: each kind of block on the learner's page, and what it costs."""

import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from wagtail.blocks import StreamValue
from wagtail.images import get_image_model
from wagtail.images.models import Rendition

from core import outbox
from library.models import Record, RecordFile
from lms import courses
from lms.blocks import LessonBlock
from lms.enrolment import enrol
from lms.models import Course, GlossaryTerm, Lesson, LessonMedia, LessonPage, OutlineQueue, SlideDeck, SlidePage
from people import accounts, roles
from people.models import User
from tests.lms import every_block
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
LESSON = "/courses/moi-khoi/bai-1/"
COVERS = "//img[@class='cover']"


@pytest.fixture
def publish(tmp_path: Path, learner: User, settings: Any) -> Callable[..., Course]:
    """Publishes the lesson of every block and enrols the learner."""
    settings.MEDIA_ROOT = tmp_path / "stored"
    cache.clear()  # of the pictures of images that another test rolled back
    (tmp_path / "files").mkdir()
    every_block.files(tmp_path / "files")

    def make(record: str | None = None, copies: int = 1) -> Course:
        course = courses.publish_course(**every_block.course(record, copies), folder=tmp_path / "files")
        outbox.drain_all()
        enrol(learner=learner, course=course)
        return course

    return make


def shown(client: Client) -> Any:
    return html.fromstring(client.get(LESSON).content.decode())


def by_class(page: Any, name: str) -> list[Any]:
    return page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_headings_have_anchors_of_their_own(pupil: Client, publish: Callable[..., Course]) -> None:
    """The same words twice give two anchors."""
    publish()
    page = shown(pupil)
    assert [each.get("id") for each in page.xpath("//*[@id='blocks']/div/*[self::h2 or self::h3]")] == [
        "muc-giu-may",
        "muc-giu-may-2",
    ]
    assert [each.get("href") for each in by_class(page, "anchor")] == ["#muc-giu-may", "#muc-giu-may-2"]


def test_callouts_say_their_kind(pupil: Client, publish: Callable[..., Course]) -> None:
    """One without a kind is to be remembered."""
    publish()
    kinds = [(each.get("class"), words(each)) for each in by_class(shown(pupil), "callout")]
    assert kinds == [
        ("note callout tip", "Mẹo Khung tip"),
        ("note callout warning", "Cảnh báo Khung warning"),
        ("note callout example", "Ví dụ Khung example"),
        ("note callout remember", "Điều cần nhớ Khóa màn hình trước đã."),
    ]


def test_steps_accordion_and_table(pupil: Client, publish: Callable[..., Course]) -> None:
    """Their texts in order; the table with its caption, its heads and a region that scrolls by keyboard."""
    publish()
    page = shown(pupil)
    assert [words(each) for each in page.xpath("//ol[@class='to-do']/li")] == [
        "Mở Cài đặt Hình bánh răng.",
        "Đặt mã Sáu chữ số.",
    ]
    assert [each.get("alt") for each in page.xpath("//ol[@class='to-do']//img")] == ["Màn hình đặt mã"]
    assert words(by_class(page, "folds")[0].find(".//summary")) == "Quên mã thì sao?"
    [table] = page.xpath("//*[@tabindex='0'][@role='region']/table")
    assert words(table.find("caption")) == "Ai gọi, ta làm gì"
    assert [(each.get("scope"), words(each)) for each in table.iter("th")] == [
        ("col", "Ai gọi"),
        ("col", "Họ xin"),
        ("col", "Ta làm"),
        ("row", "“Ngân hàng”"),
        ("row", "“Công an”"),
    ]


def test_slides_are_pictures_with_their_words(pupil: Client, publish: Callable[..., Course]) -> None:
    """Made when the lesson is published: a WebP of each page, its words as alternative text, all in a list."""
    publish()
    pictures = by_class(shown(pupil), "slides")[0].findall(".//li/img")
    assert [each.get("alt") for each in pictures] == [f"Trang {n} trên 3: Trang so {n}" for n in (1, 2, 3)]
    assert {(each.get("width"), each.get("loading")) for each in pictures} == {("1080", "lazy")}
    answer = pupil.get(pictures[0].get("src"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


def test_a_changed_document_gets_new_pages(publish: Callable[..., Course], tmp_path: Path) -> None:
    """And its old pictures go."""
    course = publish()
    deck = SlideDeck.objects.get()
    old = [Path(page.picture.path) for page in deck.pages.all()]
    with every_block.pdf(tmp_path / "moi.pdf", 2).open("rb") as changed:
        deck.document.file.save("moi.pdf", changed, save=False)
    deck.document.file_hash = ""
    deck.document.save()
    from lms import outline

    outline.drain([course.key])
    assert SlidePage.objects.count() == 2
    assert all(path.exists() for path in old)  # until the transaction of this test is over


def test_players_with_poster_captions_and_words(pupil: Client, publish: Callable[..., Course]) -> None:
    """A film brings its captions as WebVTT; nothing is loaded before it is asked for."""
    publish()
    page = shown(pupil)
    [film], [recording] = page.iter("video"), page.iter("audio")
    assert (film.get("preload"), recording.get("preload")) == ("none", "none")
    assert ".width-720.format-webp.webp" in film.get("poster")
    [track] = film.iter("track")
    assert (track.get("srclang"), track.get("label")) == ("vi", "Tiếng Việt")
    captions = pupil.get(track.get("src"))
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert captions.content.decode() == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nXin chào bà con.\n\n00:00:02.000 --> 00:00:03.000\nTa bắt đầu.\n"
    )
    assert "Kính chào ông, bà." in words(by_class(page, "player")[0].find("details"))


def test_media_come_in_ranges_and_only_to_the_enrolled(
    pupil: Client, publish: Callable[..., Course], learner: User
) -> None:
    """Others get 404, also for the captions."""
    course = publish()
    url = shown(pupil).find(".//audio").get("src")
    part = pupil.get(url, headers={"Range": "bytes=0-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"RIFF")
    assert part.headers["Cache-Control"] == "private, max-age=86400"
    film = LessonMedia.objects.get(type="video")
    assert pupil.get(film.captions.get().url).status_code == 200
    for client in (Client(), pupil):
        course.enrolments.all().delete()
        assert client.get(url).status_code == 404
        assert client.get(film.captions.get().url).status_code == 404


def test_withdrawn_lessons_hand_out_no_media(pupil: Client, publish: Callable[..., Course]) -> None:
    """What a lesson showed is not for its learners any more."""
    publish()
    url = shown(pupil).find(".//audio").get("src")
    LessonPage.objects.get().unpublish()
    outbox.drain_all()
    assert pupil.get(url).status_code == 404


def test_terms_of_published_lessons_are_listed(client: Client, pupil: Client, publish: Callable[..., Course]) -> None:
    """In the lesson and at /courses/glossary/, with other languages' names and the lessons, found without marks."""
    publish()
    GlossaryTerm.objects.create(term="Chưa dùng", explanation="Không bài nào có.")
    [terms] = by_class(shown(pupil), "terms")
    assert [words(each) for each in terms.iter("dt")] == ["Mã OTP", "Thẻ SIM"]
    assert terms.find(".//i[@lang='en']").text == "one-time password"
    page = html.fromstring(Client().get("/courses/glossary/").content.decode())
    assert [words(each) for each in page.iter("dt")] == ["Mã OTP", "Thẻ SIM"]
    assert {each.get("href") for each in page.findall(".//main//li//a")} == {LESSON}
    for q in ("ma otp", "one-time"):
        found = html.fromstring(Client().get("/courses/glossary/", {"q": q}).content.decode())
        assert [words(each) for each in found.iter("dt")] == ["Mã OTP"]
    assert "Không có từ nào như vậy." in Client().get("/courses/glossary/", {"q": "\0xyz"}).content.decode()


def test_citation_shows_the_cover_and_hidden_records_do_not_show(
    pupil: Client, publish: Callable[..., Course], handbook: Record
) -> None:
    """A cover for whom the record's files are; a record that waits for a community's consent is left out."""
    publish("NS0001")
    cover = RecordFile(record=handbook, use=RecordFile.Use.COVER, name="Bìa")
    cover.file.save("bia.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
    [picture] = shown(pupil).xpath(COVERS)
    assert picture.get("src") == cover.get_absolute_url()
    Record.objects.filter(pk=handbook.pk).update(access=Record.Access.STAFF)
    assert not shown(pupil).xpath(COVERS)
    Record.objects.filter(pk=handbook.pk).update(access=Record.Access.HIDDEN)
    assert not by_class(shown(pupil), "hit")


def test_pictures_are_made_when_published_and_reading_writes_nothing(
    pupil: Client, publish: Callable[..., Course]
) -> None:
    """Those of images, steps and posters, each in two widths."""
    publish()
    assert Rendition.objects.count() == 6
    pupil.get(LESSON)  # the session's first request of the day is written down
    with CaptureQueriesContext(connection) as captured:
        page = shown(pupil)
    assert not [each for each in captured if re.match("INSERT|UPDATE|DELETE", each["sql"])]
    assert len(page.xpath("//figure//img[@srcset]")) == 2


def test_a_picture_whose_file_is_gone_holds_up_no_course(pupil: Client, publish: Callable[..., Course]) -> None:
    """What was published counts; the picture is tried again later, with its error on the queue's row."""
    publish()
    Rendition.objects.all().delete()
    for image in get_image_model().objects.all():
        image.file.storage.delete(image.file.name)
    page = LessonPage.objects.get(slug="bai-1")
    page.title = "Tên mới"
    page.save_revision().publish()
    outbox.drain_all()
    assert Lesson.objects.get(key=page.lesson.key).title == "Tên mới"
    assert all(row.last_error for row in OutlineQueue.objects.all())
    assert OutlineQueue.objects.exists()
    assert "Tên mới" in pupil.get(LESSON).content.decode()


def test_queries_do_not_grow_with_blocks(
    pupil: Client, publish: Callable[..., Course], handbook: Record, django_assert_num_queries: Any
) -> None:
    """As many for a lesson of every block as for one that has each of them eight times."""
    publish("NS0001")
    pupil.get(LESSON)
    with CaptureQueriesContext(connection) as captured:
        pupil.get(LESSON)
    first = len(captured)
    publish("NS0001", copies=8)
    assert len(list(shown(pupil).iter("video"))) == 8
    with django_assert_num_queries(first):
        pupil.get(LESSON)


def test_queries_of_the_glossary_do_not_grow(
    client: Client, publish: Callable[..., Course], django_assert_num_queries: Any
) -> None:
    """With 2 terms as with 16."""
    publish()
    client.get("/courses/glossary/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/courses/glossary/")
    first = len(captured)
    publish(copies=8)
    with django_assert_num_queries(first):
        assert len(list(html.fromstring(client.get("/courses/glossary/").content.decode()).iter("dt"))) == 16


def test_the_same_file_again_stores_nothing_new(publish: Callable[..., Course]) -> None:
    """Publishing a course file twice makes no second term, medium or revision."""
    publish()
    page = LessonPage.objects.get()
    before = (page.latest_revision_id, GlossaryTerm.objects.count(), LessonMedia.objects.count())
    publish()
    page.refresh_from_db()
    assert (page.latest_revision_id, GlossaryTerm.objects.count(), LessonMedia.objects.count()) == before


def test_deleted_media_and_terms_leave_the_lesson_readable(pupil: Client, publish: Callable[..., Course]) -> None:
    """Their blocks show nothing."""
    publish()
    LessonMedia.objects.all().delete()
    GlossaryTerm.objects.all().delete()
    page = shown(pupil)
    assert list(page.iter("video", "audio", "dt")) == []
    assert len(page.xpath("//ol[@class='to-do']/li")) == 2


def test_plain_callouts_of_before_get_a_kind(publish: Callable[..., Course]) -> None:
    """In the page and in its revisions; those that have one keep it."""
    publish()
    page = LessonPage.objects.get()
    plain = [{"type": "callout", "value": "Khóa máy.", "id": "a"}]
    kept = [{"type": "callout", "value": {"kind": "tip", "text": "Mẹo."}, "id": "b"}]
    page.body = StreamValue(page.body.stream_block, plain + kept, is_lazy=True)
    LessonPage.objects.filter(pk=page.pk).update(body=page.body)
    revision = page.latest_revision
    revision.content["body"] = json.dumps(plain + kept)
    revision.save()
    migration = import_module("lms.migrations.0007_lesson_blocks")
    operation = migration.Migration.operations[-1]
    operation.code(apps, connection.schema_editor())
    page = LessonPage.objects.get()
    for body in (page.body, page.get_latest_revision_as_object().body):
        assert [dict(block.value) for block in body] == [
            {"kind": "remember", "text": "Khóa máy."},
            {"kind": "tip", "text": "Mẹo."},
        ]


def test_the_menu_of_a_table_is_in_the_language_of_its_author() -> None:
    """The editor of tables speaks English otherwise, whatever the author's language."""
    options = LessonBlock().child_blocks["table"].table_options
    names = [str(each["name"]) for each in options["contextMenu"]["items"].values()]
    assert names[:2] == ["Thêm dòng phía trên", "Thêm dòng phía dưới"]
    assert options["language"] == "en-US"  # the one that it has; names are given above


def test_a_table_without_a_choice_of_headings_is_refused_in_words() -> None:
    """As a draft it may stay so."""
    table = LessonBlock().child_blocks["table"]
    value = table.normalize({"data": [["Vật nuôi", "Chuồng"]], "table_header_choice": ""})
    value["table_header_choice"] = ""
    with pytest.raises(ValidationError, match="Hãy chọn kiểu đầu bảng"):
        table.clean(value)


@pytest.mark.parametrize("change", ["steps", "order", "gone"])
def test_versions_of_every_block_are_compared(publish: Callable[..., Course], change: str) -> None:
    """By who reviews: steps have no image as often, and an image of before may be deleted."""
    publish()
    page = LessonPage.objects.get()
    if change == "gone":
        get_image_model().objects.all().delete()
    page = LessonPage.objects.get()
    [steps] = [block for block in page.body if block.block_type == "steps"]
    one, other = steps.value["steps"]
    if change != "steps":
        one["image"], other["image"] = other["image"], one["image"]
    one["title"] = "Mở phần Cài đặt"
    page.save_revision()
    reviewer = sign_in_staff(Client(), accounts.create(full_name="Biên soạn", username="bs", roles=[roles.EDITOR]))
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])
    seen = reviewer.get(url)
    assert seen.status_code == 200
    assert "phần Cài đặt" in words(html.fromstring(seen.content.decode()))
