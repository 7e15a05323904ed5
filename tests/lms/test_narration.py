"""The recording in which a lesson is read out: above the words, in the language of its page, told like any other."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from lxml import html
from wagtail_localize.models import Translation

from core import outbox
from lms import courses, media
from lms.enrolment import enrol
from lms.exceptions import InvalidCourse
from lms.models import Course, Enrolment, LessonMedia, LessonPage
from people import accounts, roles
from people.models import User
from tests.lms import every_block
from tests.lms.conftest import settle
from tests.lms.translating import locale, translate
from tests.people.signing_in import sign_in_staff
from xapi.models import Statement

pytestmark = pytest.mark.django_db
LESSON, IN_KHMER = "/courses/nghe/bai-1/", "/km/courses/nghe/bai-1/"
NARRATION = {"file": "loi.wav", "title": "Bài 1, đọc", "transcript": "Kính chào ông, bà."}


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "stored"
    (tmp_path / "files").mkdir()
    every_block.wav(tmp_path / "files" / "loi.wav")
    every_block.webm(tmp_path / "files" / "phim.webm")
    cache.clear()
    return tmp_path / "files"


def published(folder: Path, **more: Any) -> Course:
    blocks = [{"type": "text", "html": "<p>Máy giữ nhiều thứ quý.</p>"}]
    lesson = {"key": "bai-1", "title": "Nghe", "minutes": 5, "blocks": blocks} | more
    made = courses.publish_course(key="nghe", title="Nghe", lessons=[lesson], folder=folder)
    outbox.drain_all()
    return made


@pytest.fixture
def narrated(folder: Path) -> Course:
    return published(folder, narration=NARRATION)


@pytest.fixture
def listening(narrated: Course, learner: User) -> Enrolment:
    return enrol(learner=learner, course=narrated)


def recording(folder: Path, title: str, kind: str = "audio") -> LessonMedia:
    file = {"audio": "loi.wav", "video": "phim.webm"}[kind]
    return media.player(folder / file, kind=kind, title=title, transcript="", poster=None)


def source() -> LessonPage:
    return LessonPage.objects.sources().get(lesson__key="bai-1")


def commit() -> None:
    """As if the test's transaction ended here; while one changes content, nothing is kept in memory."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _savepoints, happen, _robust in waiting:
        happen()


def into_khmer() -> LessonPage:
    words: LessonPage = translate(source(), "km", {"Nghe": "ស្តាប់"})
    return words


def players(client: Client, path: str) -> list[str]:
    """What each player of the page plays, and that none loads before it is wanted."""
    page = html.fromstring(client.get(path).content.decode())
    assert {each.get("preload") for each in page.xpath("//audio")} <= {"none"}
    return [each.get("aria-label") for each in page.xpath("//audio[@controls]")]


def test_with_narration(pupil: Client, listening: Enrolment) -> None:
    """The player stands above the words with its transcript, and the device's own voice is not offered."""
    page = html.fromstring(pupil.get(LESSON).content.decode())
    [player] = page.xpath("//audio")
    medium = LessonMedia.objects.get()
    assert (player.get("src"), player.get("data-media")) == (medium.url, str(medium.uuid))
    assert page.xpath("//audio/following::*[@id='blocks']")
    assert page.xpath("string(//details[summary='Lời đọc']/div/p)") == "Kính chào ông, bà."
    assert page.xpath("//*[@id='listen']") == []
    assert any("players" in each for each in page.xpath("//script/@src"))
    assert b"".join(pupil.get(medium.url).streaming_content)[:4] == b"RIFF"


def test_without_narration(pupil: Client, folder: Path, learner: User) -> None:
    """The button of the device's own voice is there, no player and no script for one."""
    enrol(learner=learner, course=published(folder))
    page = html.fromstring(pupil.get(LESSON).content.decode())
    assert page.xpath("//audio") == []
    assert len(page.xpath("//*[@id='listen' and @hidden]")) == 1
    assert not any("players" in each for each in page.xpath("//script/@src"))


def test_it_is_not_printed(pupil: Client, listening: Enrolment) -> None:
    printed = pupil.get(f"{LESSON}?print=1").content.decode()
    assert "<audio" not in printed
    assert "Máy giữ nhiều thứ quý." in printed


def test_it_is_heard_by_who_is_enrolled_only(client: Client, narrated: Course) -> None:
    client.force_login(accounts.create(full_name="Vàng Thị Mỷ", username="my"))
    assert client.get(LessonMedia.objects.get().url).status_code == 404


def test_it_costs_no_query(pupil: Client, folder: Path, learner: User, django_assert_num_queries: Any) -> None:
    """Once the lesson is kept in memory."""
    enrol(learner=learner, course=published(folder))
    commit()
    pupil.get(LESSON)
    with django_assert_num_queries(5):
        pupil.get(LESSON)
    published(folder, narration=NARRATION)
    commit()
    assert players(pupil, LESSON) == ["Bài 1, đọc"]
    with django_assert_num_queries(5):
        pupil.get(LESSON)


def test_what_is_changed_is_heard_at_once(pupil: Client, listening: Enrolment) -> None:
    """Also when the recording is deleted: then the device's own voice is offered again."""
    commit()
    assert players(pupil, LESSON) == ["Bài 1, đọc"]
    medium = LessonMedia.objects.get()
    medium.title = "Bài 1, đọc lại"
    medium.save()
    commit()
    assert players(pupil, LESSON) == ["Bài 1, đọc lại"]
    medium.delete()
    commit()
    assert players(pupil, LESSON) == []
    assert 'id="listen"' in pupil.get(LESSON).content.decode()


def test_what_happens_with_it_is_told(pupil: Client, listening: Enrolment) -> None:
    """By the video profile, as with a recording among the blocks."""
    medium = str(LessonMedia.objects.get().uuid)
    told = {"media": medium, "session": str(uuid4()), "length": 2, "at": timezone.now().isoformat()}
    events = [
        told | {"event": str(uuid4()), "verb": "played", "time": 0},
        told | {"event": str(uuid4()), "verb": "seeked", "from": 0, "to": 1},
        told | {"event": str(uuid4()), "verb": "paused", "time": 2, "segments": [[0, 2]]},
        told | {"event": str(uuid4()), "verb": "completed", "time": 2, "segments": [[0, 2]]},
    ]
    sent = pupil.post("/learn/nghe/bai-1/event/", json.dumps({"events": events}), content_type="application/json")
    assert {each["result"] for each in sent.json()["answers"]} == {"kept"}
    rows = Statement.objects.filter(registration=listening.registration).order_by("id")
    assert [row.verb.rsplit("/", 1)[1] for row in rows] == ["played", "seeked", "paused", "completed"]
    kinds = {row.data["object"]["definition"]["type"] for row in rows}
    assert kinds == {"http://activitystrea.ms/schema/1.0/audio"}


def test_a_translation_does_not_play_it(pupil: Client, listening: Enrolment) -> None:
    """It was read in Vietnamese; in Khmer there is none until there is one in Khmer."""
    into_khmer()
    assert players(pupil, LESSON) == ["Bài 1, đọc"]
    assert players(pupil, IN_KHMER) == []
    assert 'id="listen"' in pupil.get(IN_KHMER).content.decode()


def test_who_reads_the_source_for_want_of_a_translation_hears_it(pupil: Client, listening: Enrolment) -> None:
    assert players(pupil, IN_KHMER) == ["Bài 1, đọc"]


def test_each_language_has_its_own(pupil: Client, listening: Enrolment, folder: Path) -> None:
    """It stays when the words are translated anew, and when the source gets another one."""
    page = into_khmer()
    page.narration = recording(folder, "Bài 1, tiếng Khmer")
    page.save_revision().publish()
    settle()
    again = source()
    again.title, again.narration = "Nghe kỹ", recording(folder, "Bài 1, đọc lại")
    again.save_revision().publish()
    Translation.objects.get(source__object_id=page.translation_key).source.update_from_db()
    translate(source(), "km", {"Nghe kỹ": "ស្តាប់ឲ្យច្បាស់"})
    assert LessonPage.objects.get(pk=page.pk).title == "ស្តាប់ឲ្យច្បាស់"
    assert players(pupil, LESSON) == ["Bài 1, đọc lại"]
    assert players(pupil, IN_KHMER) == ["Bài 1, tiếng Khmer"]
    titles = LessonMedia.objects.filter(lessons__course__key="nghe").order_by("title").values_list("title", flat=True)
    assert list(titles) == ["Bài 1, tiếng Khmer", "Bài 1, đọc lại"]


def test_a_page_that_holds_the_place_of_a_translation_has_none(narrated: Course) -> None:
    """Nor when its source is published again, nor when it becomes a translation."""
    held = source().copy_for_translation(locale("km"), copy_parents=True, alias=True)
    changed = source()
    changed.title = "Nghe kỹ"
    changed.save_revision().publish()
    held.refresh_from_db()
    assert (held.title, held.narration) == ("Nghe kỹ", None)
    assert translate(source(), "km", {}).narration is None


def test_a_copied_course_keeps_it(narrated: Course) -> None:
    page = source().course_page()
    copied = page.copy(recursive=True, update_attrs={"slug": "nghe-2", "title": "Nghe 2"})
    [lesson_page] = LessonPage.objects.descendant_of(copied)
    assert lesson_page.narration == LessonMedia.objects.get()


def test_a_film_is_refused(narrated: Course, folder: Path) -> None:
    page = source()
    page.narration = recording(folder, "Phim ngắn", "video")
    with pytest.raises(ValidationError) as refused:
        page.save_revision()
    said = "“Phim ngắn” là phim. Bản đọc của bài phải là tệp ghi âm; phim thì đặt vào nội dung bài."
    assert refused.value.message_dict == {"narration": [said]}


def test_a_file_of_a_course_that_is_no_recording_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidCourse, match=r"^nghe, bai-1, narration: no file khong-co\.wav in "):
        published(folder, narration=NARRATION | {"file": "khong-co.wav"})


@pytest.fixture
def editor(narrated: Course) -> Client:
    return sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="bien-soan", roles=[roles.EDITOR]))


def test_editor_chooses_it_in_the_page(editor: Client) -> None:
    """With the chooser of recordings, which shows no films."""
    page = html.fromstring(editor.get(reverse("wagtailadmin_pages:edit", args=[source().pk])).content.decode())
    [chooser] = page.xpath("//*[@id='id_narration-chooser']")
    assert chooser.xpath(".//@data-chooser-url") == ["/admin/media/chooser/audio/"]
    assert "Mỗi bản dịch có bản đọc riêng." in page.text_content()


def test_editor_gives_a_translation_its_own(editor: Client, learner: User, folder: Path) -> None:
    """On a page of its own, to which the editor of the translation leads; readers hear it at once."""
    enrol(learner=learner, course=Course.objects.get())
    page = into_khmer()
    edit, change = (reverse(name, args=[page.pk]) for name in ("wagtailadmin_pages:edit", "lms_narration:change"))
    assert f'href="{change}"' in editor.get(edit).content.decode()
    shown = editor.get(change).content.decode()
    assert "Bản đọc của bản dịch" in shown
    assert "/admin/media/chooser/audio/" in shown
    film, khmer = recording(folder, "Phim ngắn", "video"), recording(folder, "Bài 1, tiếng Khmer")
    assert "“Phim ngắn” là phim." in editor.post(change, {"narration": film.pk}).content.decode()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert editor.post(change, {"narration": khmer.pk}).headers["Location"] == edit
    settle()
    pupil = Client()
    pupil.force_login(learner)
    assert players(pupil, IN_KHMER) == ["Bài 1, tiếng Khmer"]
    assert players(pupil, LESSON) == ["Bài 1, đọc"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        editor.post(change, {"narration": ""})
    assert players(pupil, IN_KHMER) == []


def test_draft_of_a_translation_keeps_it(editor: Client, folder: Path) -> None:
    """Until its words are published."""
    page = translate(source(), "km", {}, publish=False)
    khmer = recording(folder, "Bài 1, tiếng Khmer")
    editor.post(reverse("lms_narration:change", args=[page.pk]), {"narration": khmer.pk})
    page.refresh_from_db()
    assert (page.live, page.narration) == (False, khmer)
    translate(source(), "km", {"Nghe": "ស្តាប់"})
    page.refresh_from_db()
    assert (page.live, page.narration) == (True, khmer)


def test_who_may_not_publish_changes_no_narration(narrated: Course) -> None:
    """A page with an editor of its own is none of this."""
    trainer = sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="gv", roles=[roles.TRAINER]))
    page = into_khmer()
    assert trainer.get(reverse("lms_narration:change", args=[page.pk])).status_code == 302
    editor = sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="bs", roles=[roles.EDITOR]))
    assert editor.get(reverse("lms_narration:change", args=[source().pk])).status_code == 404


def test_preview_shows_the_draft(editor: Client, folder: Path) -> None:
    page = source()
    page.narration = recording(folder, "Bài 1, nháp")
    page.save_revision()
    shown = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert 'aria-label="Bài 1, nháp"' in shown
