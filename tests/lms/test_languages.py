"""One course in several languages: one enrolment, whatever is read and answered in which of them."""

from typing import Any

import pytest
from django.test import Client, TestCase
from wagtail.models import Locale
from wagtail_localize.models import StringSegment

from lms import progress, search_documents
from lms.models import Answer, Course, CoursePage, Enrolment, LessonPage, Question
from people.models import User
from tests.lms.conftest import COURSE, lesson, question, settle
from tests.lms.translating import ENGLISH, KHMER, into_khmer, translate
from xapi.models import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def khmer(course: Course) -> Course:
    """The course with its page and two of its lessons in Khmer."""
    into_khmer(course)
    course.refresh_from_db()
    return course


def shown(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code, page.headers)
    return page.content.decode()


def test_every_language_of_the_setting_can_be_translated_into(db: None, settings: Any) -> None:
    """Without making the locales first."""
    codes = set(Locale.objects.values_list("language_code", flat=True))
    assert codes == {"vi", "en", "bdq", "cjm", "rad", "jra", "km", "cmo", "hmn", "blt"}
    assert set(settings.CONTENT_LANGUAGES) == codes


def test_segments_are_words_only(course: Course) -> None:
    """What is right, keys, topics, hours and the address are no texts to translate."""
    into_khmer(course)

    def texts(instance: Any) -> list[str]:
        rows = StringSegment.objects.filter(source__object_id=instance.translation_key).order_by("order")
        return [row.string.data for row in rows]

    assert sorted(texts(question("q1"))) == sorted(
        ["Mã nào khó đoán?", "123456", "Ai cũng thử trước.", "Số tự nghĩ ra", "Khó đoán nhất."]
    )
    page = CoursePage.objects.sources().get()
    assert sorted(texts(page)) == sorted(
        ["Dùng điện thoại an toàn", "Giữ máy, giữ tiền.", "Biết giữ mã OTP.", "alert(1)"]
    )


def test_translation_keeps_row_key_and_options(khmer: Course) -> None:
    """Pages of both languages point to one row; the translated question has the same key and the same option ids."""
    pages = CoursePage.objects.written().filter(course=khmer)
    assert sorted(pages.values_list("locale__language_code", "slug")) == [("km", "an-toan"), ("vi", "an-toan")]
    source, words = question("q1"), Question.objects.get(key="an-toan-q1", locale__language_code="km")
    assert words.text == "លេខណាពិបាកទាយ?"
    assert words.is_asked

    def options(row: Question) -> list[tuple[str, bool]]:
        return [(each.id, each.value["right"]) for each in row.answer[0].value["options"].bound_blocks]

    assert options(words) == options(source) == [("a", False), ("b", True)]
    assert (khmer.title, khmer.language, khmer.version) == ("Dùng điện thoại an toàn", "vi", 1)


def test_pages_say_their_language(client: Client, khmer: Course) -> None:
    """Khmer content in a Vietnamese interface at /km/; each language is named in its own writing."""
    page = shown(client, "/km/courses/an-toan/")
    assert '<html lang="vi">' in page
    assert '<h1 lang="km">ប្រើទូរស័ព្ទដោយសុវត្ថិភាព</h1>' in page
    assert "Đăng nhập để vào học" in page
    assert '<a lang="vi" hreflang="vi" href="/courses/an-toan/">Tiếng Việt</a>' in page
    assert '<span lang="km">រក្សាទូរស័ព្ទ</span>' in page
    assert '<span lang="vi">Giữ tiền</span>' in page
    assert 'href="/en/courses/an-toan/">English</a>' in page
    vietnamese = shown(client, "/courses/an-toan/")
    assert '<a lang="km" hreflang="km" href="/km/courses/an-toan/">ភាសាខ្មែរ</a>' in vietnamese
    assert '<a href="/courses/" aria-current="page">Khóa học</a>' in shown(client, "/km/courses/an-toan/")
    assert "fonts/khmer.css" in page
    assert "fonts/" not in vietnamese.replace("fonts/be-vietnam-pro-bold.woff2", "")


def test_order_comes_from_the_source(client: Client, khmer: Course) -> None:
    """Three lessons, the untranslated one among them at its place."""
    page = shown(client, "/km/courses/an-toan/")
    places = [page.index(title) for title in ("រក្សាទូរស័ព្ទ</span>", "Giữ tiền</span>", "ស្គាល់ការបោកប្រាស់</span>")]
    assert places == sorted(places)


def test_untranslated_lesson_is_read_in_vietnamese(pupil: Client, khmer: Course, enrolment: Enrolment) -> None:
    """With a note, and the way on stays Khmer."""
    page = shown(pupil, "/km/courses/an-toan/bai-2/")
    assert "Bài này chưa có bản tiếng Khmer, xin đọc bản tiếng Việt." in page
    assert "Không đưa mã." in page
    assert 'href="/km/courses/an-toan/bai-1/"' in page
    assert "chưa có bản" not in shown(pupil, "/km/courses/an-toan/bai-1/")
    assert "chưa có bản" not in shown(pupil, "/courses/an-toan/bai-2/")


def test_unpublished_and_deleted_translation(pupil: Client, khmer: Course, enrolment: Enrolment) -> None:
    """The source is read again; nothing of what was learned goes."""
    page = LessonPage.objects.in_language("km").get(lesson__key="bai-1")
    answer(pupil, "b", "km")
    page.unpublish()
    assert "Bài này chưa có bản tiếng Khmer" in shown(pupil, "/km/courses/an-toan/bai-1/")
    CoursePage.objects.in_language("km").get().delete()
    settle()
    khmer.refresh_from_db()
    assert (khmer.published, khmer.language, khmer.lessons.in_order().count()) == (True, "vi", 3)
    assert Answer.objects.get().success is True
    assert "Khóa máy" in shown(pupil, "/km/courses/an-toan/bai-1/")


def test_draft_translation_is_not_read(pupil: Client, course: Course, enrolment: Enrolment) -> None:
    """Sent to the translator it is a draft: readers have the source, and no choice of a language."""
    translate(LessonPage.objects.get(lesson__key="bai-1"), "km", KHMER, publish=False)
    page = shown(pupil, "/km/courses/an-toan/bai-1/")
    assert "Khóa máy" in page
    assert "Mã nào khó đoán?" in page
    assert "Học bằng tiếng" not in shown(pupil, "/courses/an-toan/bai-1/")


def answer(client: Client, option: str, language: str, key: str = "an-toan-q1", place: str = "bai-1") -> Any:
    row = Question.objects.filter(key=key, locale__language_code=language).first() or Question.objects.get(key=key)
    form = {"question": key, "option": option, "revision": row.live_revision_id, "language": language}
    return client.post(f"/learn/an-toan/{place}/answer/", form)


def test_khmer_on_one_device_vietnamese_on_another(learner: User, khmer: Course) -> None:
    """One enrolment, one result; each statement in the language in which it happened, about the same activities."""
    phone, computer = Client(), Client()
    for device in (phone, computer):
        device.force_login(learner)
    entered = phone.post("/learn/an-toan/enrol/", {"language": "km"})
    assert entered.headers["Location"] == "/km/courses/an-toan/bai-1/"
    page = shown(phone, "/km/courses/an-toan/bai-1/")
    assert "លេខណាពិបាកទាយ?" in page
    assert "Mất máy thì làm gì?" in page  # the second question is not translated
    assert answer(phone, "b", "km").headers["Location"] == "/km/courses/an-toan/bai-1/#cau-an-toan-q1"
    assert "ពិបាកទាយជាងគេ។" in shown(phone, "/km/courses/an-toan/bai-1/")
    onward = phone.post("/learn/an-toan/bai-1/next/", {"language": "km"})
    assert onward.headers["Location"] == "/km/courses/an-toan/bai-2/"

    learner.refresh_from_db()
    assert learner.language == "km"
    own_page = shown(computer, "/my/")  # the other device knows the language too
    assert '<a lang="km" href="/km/courses/an-toan/">ប្រើទូរស័ព្ទដោយសុវត្ថិភាព</a>' in own_page
    assert "fonts/khmer.css" in own_page
    computer.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q2", "option": ["a", "c"], "language": "vi"})
    for place in ("bai-2", "bai-3"):
        computer.post(f"/learn/an-toan/{place}/next/", {"language": "vi"})
    answer(computer, "b", "vi", "an-toan-q3", "bai-3")

    own = Enrolment.objects.get()
    assert (own.status, own.lessons_done, str(own.score)) == ("passed", 3, "100.00")
    derived = Enrolment.objects.values(*Enrolment.DERIVED).get()
    progress.replay()
    assert Enrolment.objects.values(*Enrolment.DERIVED).get() == derived
    first = Answer.objects.get(question=question("q1"))
    assert first.revision.content["text"] == "លេខណាពិបាកទាយ?"
    learner.refresh_from_db()
    assert learner.language == "vi"

    said = {
        (row.verb.rsplit("/", 1)[1], row.data["object"]["id"].rsplit("/", 1)[1]): row.data
        for row in Statement.objects.filter(registration=own.registration)
    }
    languages = {key: data["context"]["language"] for key, data in said.items()}
    assert languages == {
        ("initialized", "an-toan"): "km",
        ("answered", "an-toan-q1"): "km",
        ("experienced", "bai-1"): "km",
        ("answered", "an-toan-q2"): "vi",
        ("experienced", "bai-2"): "vi",
        ("experienced", "bai-3"): "vi",
        ("answered", "an-toan-q3"): "vi",
        ("completed", "an-toan"): "vi",
        ("passed", "an-toan"): "vi",
    }
    asked = said["answered", "an-toan-q1"]
    assert asked["object"]["definition"]["description"] == {"km": "លេខណាពិបាកទាយ?"}
    assert asked["object"]["definition"]["choices"][0]["description"] == {"km": "១២៣៤៥៦"}
    parent = asked["context"]["contextActivities"]["parent"][0]
    assert parent["definition"]["name"] == {"km": "រក្សាទូរស័ព្ទ"}
    assert parent["id"] == lesson(khmer, "bai-1").iri
    assert said["initialized", "an-toan"]["object"]["definition"]["name"] == {"km": "ប្រើទូរស័ព្ទដោយសុវត្ថិភាព"}


def test_question_added_since_is_asked_in_the_translation(pupil: Client, khmer: Course, enrolment: Enrolment) -> None:
    """The rule counts it, so a Khmer learner must be able to answer it: at the lesson's end, in the source's words."""
    page = LessonPage.objects.sources().get(lesson__key="bai-1")
    page.body = [*page.body.get_prep_value(), {"type": "question", "value": question("q3").pk, "id": "new"}]
    page.save_revision().publish()
    settle()
    text = shown(pupil, "/km/courses/an-toan/bai-1/")
    assert text.index("ចាក់សោអេក្រង់ជាមុនសិន។") < text.index("Có người xin mã OTP?")
    assert "Câu 3 trên 3" in text


def test_english(client: Client, course: Course, pupil: Client, enrolment: Enrolment) -> None:
    """English pages in an English interface; what has no English is read in Vietnamese there, links stay English."""
    page = shown(client, "/en/courses/an-toan/")
    assert "Dùng điện thoại an toàn" in page
    translate(CoursePage.objects.sources().get(), "en", ENGLISH)
    translate(LessonPage.objects.sources().get(lesson__key="bai-1"), "en", ENGLISH)
    page = shown(pupil, "/en/courses/an-toan/")
    assert '<html lang="en">' in page
    assert '<h1 lang="en">Using a phone safely</h1>' in page
    assert 'href="/en/courses/an-toan/bai-1/"' in page
    lesson_page = shown(pupil, "/en/courses/an-toan/bai-3/")
    assert "This lesson is not yet available in English; please read it in Vietnamese." in lesson_page
    assert "Using a phone safely" in shown(client, "/en/courses/")
    assert "Dùng điện thoại an toàn" in shown(client, "/courses/")


def test_catalogue_has_one_card_per_course(client: Client, pupil: Client, learner: User, khmer: Course) -> None:
    """In the reader's language where there is one; filtered by language."""
    translate(CoursePage.objects.sources().get(), "en", ENGLISH)
    page = shown(Client(), "/courses/")
    assert "1 khóa học" in page
    assert page.count('<article class="card">') == 1
    assert "Dùng điện thoại an toàn" in page
    assert '<option value="km">ភាសាខ្មែរ (Tiếng Khmer)</option>' in page
    learner.language = "km"
    learner.save()
    own = shown(pupil, "/courses/")
    assert "ប្រើទូរស័ព្ទដោយសុវត្ថិភាព" in own
    assert 'href="/km/courses/an-toan/"' in own
    assert own.count('<article class="card">') == 1
    assert "1 khóa học" in shown(Client(), "/courses/?language=km")
    assert "Chưa có khóa học nào như vậy." in shown(Client(), "/courses/?language=hmn")


def test_one_search_document_with_the_words_of_all_languages(khmer: Course) -> None:
    """Titled and addressed as the source."""
    [document] = search_documents.documents(["an-toan"])
    assert (document.title, document.url, document.language) == ("Dùng điện thoại an toàn", "/courses/an-toan/", "vi")
    for words in ("Khóa máy", "ចាក់សោទូរស័ព្ទ", "រក្សាទូរស័ព្ទ រក្សាលុយ។", "ស្គាល់ការបោកប្រាស់"):
        assert words in document.text
    assert "លេខណាពិបាកទាយ?" not in document.text


@pytest.mark.parametrize("path", ["/courses/", "/courses/an-toan/", "/courses/an-toan/bai-1/", "/my/"])
def test_queries_do_not_grow_with_languages(pupil: Client, khmer: Course, enrolment: Enrolment, path: str) -> None:
    """As many with two languages as with four."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        shown(pupil, path)
        with CaptureQueriesContext(connection) as queries:
            shown(pupil, path)
        return len(queries)

    before = count()
    for code in ("en", "hmn"):
        translate(CoursePage.objects.sources().get(), code, ENGLISH)
        translate(LessonPage.objects.sources().get(lesson__key="bai-1"), code, ENGLISH)
    assert count() == before


def test_copied_course_has_no_translations(khmer: Course) -> None:
    """A copy is a course of its own, to be translated anew; the translations stay with the first."""
    copied = CoursePage.objects.sources().get().copy(recursive=True, update_attrs={"slug": "an-toan-2"})
    settle()
    assert copied.course != khmer
    assert list(CoursePage.objects.written().filter(course=copied.course)) == [copied]
    assert CoursePage.objects.written().filter(course=khmer).count() == 2


@pytest.mark.parametrize(
    ("path", "to"),
    [("/km/", "/"), ("/km/library/", "/library/"), ("/km/my/", "/my/")],
)
def test_only_courses_are_in_other_languages(client: Client, khmer: Course, path: str, to: str) -> None:
    """All else is the interface's."""
    assert client.get(path).headers["Location"] == to


@pytest.mark.parametrize("path", ["/km/courses/khong-co/", "/fr/courses/", "/xx/", "/vi/courses/"])
def test_no_such_page(client: Client, khmer: Course, path: str) -> None:
    """A language that is not set is none."""
    assert client.get(path).status_code == 404


def test_sitemap_has_translations_once(client: Client, khmer: Course) -> None:
    """Each at its own address; aliases, which hold the place of a translation, are left out."""
    text = shown(client, "/sitemap-pages.xml")
    assert text.count("/km/courses/an-toan/</loc>") == 1
    assert text.count("/km/courses/an-toan/bai-2/") == 0
    assert text.count("localhost/courses/an-toan/bai-2/</loc>") == 1
    assert "/km/courses/</loc>" not in text


def test_source_questions_alone_leave_as_gift(khmer: Course) -> None:
    """COURSE has three questions; the translation is none of its own."""
    asked = [block for each in COURSE["lessons"] for block in each["blocks"] if block["type"] == "question"]
    assert Question.objects.filter(locale__language_code="vi").count() == len(asked) == 3


def test_what_is_right_follows_the_source(pupil: Client, khmer: Course, enrolment: Enrolment) -> None:
    """A key mended in Vietnamese grades Khmer answers from then on; the translator's words stay."""
    source = question("q1")
    options = source.answer.get_prep_value()
    for item in options[0]["value"]["options"]:
        item["value"]["right"] = item["id"] == "a"
    source.answer = options
    with TestCase.captureOnCommitCallbacks(execute=True):
        source.save_revision().publish()
    words = Question.objects.get(key="an-toan-q1", locale__language_code="km")
    assert words.text == "លេខណាពិបាកទាយ?"
    answer(pupil, "a", "km")
    given = Answer.objects.get()
    assert (given.success, given.revision_id) == (True, words.live_revision_id)


def test_answered_translation_cannot_be_deleted(khmer: Course, pupil: Client, enrolment: Enrolment) -> None:
    """The answer needs the words in which it was asked."""
    words = Question.objects.get(key="an-toan-q1", locale__language_code="km")
    assert not words.is_answered
    answer(pupil, "b", "km")
    assert words.is_answered
    assert question("q1").is_answered
    assert not question("q2").is_answered


def test_deleted_source_leaves_no_alias_to_read(client: Client, course: Course) -> None:
    """A lesson in Khmer made a place for its course in the Khmer tree: no translation, so it goes with the source."""
    translate(LessonPage.objects.get(lesson__key="bai-1"), "km", KHMER)
    assert shown(client, "/km/courses/an-toan/")
    CoursePage.objects.sources().get().delete()
    settle()
    course.refresh_from_db()
    assert not course.published
    assert client.get("/km/courses/an-toan/").status_code == 404
    assert client.get("/courses/an-toan/").status_code == 404
