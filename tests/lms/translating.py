"""Translates as the admin does, through wagtail-localize: by a PO file that is filled in and taken back."""

from collections.abc import Mapping
from typing import Any

from django.test import TestCase
from wagtail.models import Locale
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from lms.models import Course, CoursePage, LessonPage
from tests.lms.conftest import question, settle

KHMER = {
    "Dùng điện thoại an toàn": "ប្រើទូរស័ព្ទដោយសុវត្ថិភាព",
    "Giữ máy, giữ tiền.": "រក្សាទូរស័ព្ទ រក្សាលុយ។",
    "Biết giữ mã OTP.": "ចេះរក្សាលេខកូដ OTP។",
    "Giữ máy": "រក្សាទូរស័ព្ទ",
    "Khóa máy": "ចាក់សោទូរស័ព្ទ",
    "Đặt <b>mã số</b>.": "ដាក់<b>លេខសម្ងាត់</b>។",
    "Khóa màn hình trước đã.": "ចាក់សោអេក្រង់ជាមុនសិន។",
    "Mã nào khó đoán?": "លេខណាពិបាកទាយ?",
    "123456": "១២៣៤៥៦",
    "Số tự nghĩ ra": "លេខដែលគិតឡើងដោយខ្លួនឯង",
    "Ai cũng thử trước.": "គេសាកមុនគេ។",
    "Khó đoán nhất.": "ពិបាកទាយជាងគេ។",
    "Nhận ra lừa đảo": "ស្គាល់ការបោកប្រាស់",
}
ENGLISH = {
    "Dùng điện thoại an toàn": "Using a phone safely",
    "Giữ máy, giữ tiền.": "Keep your phone, keep your money.",
    "Giữ máy": "Keep your phone",
    "Giữ tiền": "Keep your money",
    "Mã nào khó đoán?": "Which code is hard to guess?",
}


def locale(code: str) -> Locale:
    return Locale.objects.get(language_code=code)


def translate(instance: Any, code: str, words: Mapping[str, str], *, publish: bool = True) -> Any:
    """Every text with its words, what has none as it was; returns the translated page or question."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        translate_object(instance, [locale(code)])
    translation = Translation.objects.get(source__object_id=instance.translation_key, target_locale=locale(code))
    po = translation.export_po()
    for entry in po:
        entry.msgstr = words.get(entry.msgid, "")
    assert translation.import_po(po) == []
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target(publish=publish)
    settle()
    return translation.get_target_instance()


def into_khmer(course: Course) -> None:
    """The course's page, its first lesson with the first question, and its third lesson; the second is left out."""
    translate(CoursePage.objects.sources().get(course=course), "km", KHMER)
    translate(question("q1"), "km", KHMER)
    for key in ("bai-1", "bai-3"):
        translate(LessonPage.objects.sources().get(lesson__course=course, lesson__key=key), "km", KHMER)
