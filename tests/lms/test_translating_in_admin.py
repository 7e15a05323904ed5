"""A course editor translates in the admin: sends a course to be translated, fills in texts and a PO file, publishes."""

import html
import json
from typing import Any
from urllib.parse import urlencode

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse
from wagtail_localize.models import StringSegment, Translation

from lms.models import Course, CoursePage, LessonPage, Question
from people import accounts, roles
from tests.lms.conftest import question, settle
from tests.lms.translating import KHMER, locale
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(course: Course) -> Client:
    return sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="bien-soan", roles=[roles.EDITOR]))


def send(client: Client, page: Any, **more: str) -> None:
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(url, {"locales": [locale("km").pk], **more}).status_code == 302


def translation_of(instance: Any) -> Translation:
    return Translation.objects.get(source__object_id=instance.translation_key, target_locale=locale("km"))


def publish(client: Client, instance: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(edit_url(instance), {"action": "publish"}).status_code == 302
    settle()


def edit_url(instance: Any) -> str:
    target = translation_of(instance).get_target_instance()
    if isinstance(target, Question):
        return reverse("wagtailsnippets_lms_question:edit", args=[target.pk])
    return reverse("wagtailadmin_pages:edit", args=[target.pk])


def test_from_sending_to_reading(editor: Client, course: Course) -> None:
    """In Vietnamese; texts one by one for the course, a PO file for the lesson; its question comes along."""
    page, lesson_page = CoursePage.objects.get(), LessonPage.objects.get(lesson__key="bai-1")
    asked = editor.get(reverse("wagtail_localize:submit_page_translation", args=[page.pk])).content.decode()
    assert "Cả các trang con (3 trang)" in asked
    assert "ភាសាខ្មែរ" in asked
    send(editor, page, include_subtree="on")
    assert Client().get("/km/courses/an-toan/").content.decode().count("ប្រើទូរស័ព្ទដោយសុវត្ថិភាព") == 0

    translation = translation_of(page)
    form = editor.get(edit_url(page))
    assert form.status_code == 200
    assert json.dumps("Giữ máy, giữ tiền.") in html.unescape(form.content.decode())
    for segment in StringSegment.objects.filter(source=translation.source):
        url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
        words = urlencode({"value": KHMER.get(segment.string.data, segment.string.data)})
        said = editor.put(url, words, content_type="application/x-www-form-urlencoded")
        assert said.status_code == 201, said.content
    publish(editor, page)
    assert "ប្រើទូរស័ព្ទដោយសុវត្ថិភាព" in Client().get("/km/courses/an-toan/").content.decode()

    for each in (lesson_page, question("q1")):
        translation = translation_of(each)
        sent = editor.get(reverse("wagtail_localize:download_pofile", args=[translation.pk]))
        po = polib.pofile(sent.content.decode())
        for entry in po:
            entry.msgstr = KHMER.get(entry.msgid, "")
        file = SimpleUploadedFile("km.po", str(po).encode(), content_type="text/x-gettext-translation")
        back = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
        assert editor.post(back, {"file": file, "next": "/admin/"}).status_code == 302
        publish(editor, each)
    words = LessonPage.objects.in_language("km").get()
    assert (words.title, words.lesson.key, words.slug) == ("រក្សាទូរស័ព្ទ", "bai-1", "bai-1")
    asked_in_it = [block.value.text for block in words.body if block.block_type == "question"]
    assert asked_in_it == ["លេខណាពិបាកទាយ?", "Mất máy thì làm gì?"]
    assert Question.objects.get(key="an-toan-q1", locale=locale("km")).is_asked


def test_lesson_sent_again_leaves_its_questions_published(editor: Client, course: Course) -> None:
    """Another lesson with the same question takes nothing back that a translator published."""
    send(editor, LessonPage.objects.get(lesson__key="bai-1"))
    publish(editor, question("q1"))
    words = Question.objects.get(key="an-toan-q1", locale=locale("km"))
    other = LessonPage.objects.get(lesson__key="bai-2")
    other.body = [{"type": "question", "value": question("q1").pk, "id": "again"}]
    other.save_revision().publish()
    send(editor, other)
    again = Question.objects.get(pk=words.pk)
    assert (again.is_asked, again.live_revision_id) == (True, words.live_revision_id)
    again.unpublish()
    assert not Question.objects.get(pk=words.pk).is_asked


def test_editor_speaks_vietnamese(editor: Client, course: Course) -> None:
    """The words of its own catalogue and ours."""
    words = editor.get(reverse("wagtail_localize:javascript_catalog")).content.decode()
    for said in ("Tải tệp PO về", "Chưa dịch"):
        assert json.dumps(said)[1:-1] in words
