"""Trainers put in recordings and films with captions, explain terms, and paste tables from Excel."""

import io
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.models import Collection
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from lms.courses import index_page
from lms.models import GlossaryTerm, LessonMedia
from people import accounts, roles
from tests.lms import every_block
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path / "stored"
    index_page()
    return sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="gv", roles=[roles.TRAINER]))


def upload(client: Client, kind: str, file: Path, **more: Any) -> Any:
    form = {"title": "Bài nghe", "collection": Collection.get_first_root_node().pk, "duration": "2", "tags": ""}
    form |= {"transcript": "Kính chào.", "file": SimpleUploadedFile(file.name, file.read_bytes())}
    return client.post(reverse("wagtailmedia:add", args=[kind]), form | more)


def srt(text: str = every_block.SRT) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.srt", text.encode())


def photo(share: float = 1) -> SimpleUploadedFile:
    """The first part of a photo."""
    room = io.BytesIO()
    PIL.Image.effect_noise((600, 400), 80).convert("RGB").save(room, "JPEG")
    return SimpleUploadedFile("anh.jpg", room.getvalue()[: int(room.tell() * share)], "image/jpeg")


@pytest.mark.parametrize("page", ["wagtailimages:add", "wagtailimages:add_multiple", "wagtailimages_chooser:create"])
def test_a_photo_that_was_copied_in_part_is_refused_with_a_reason(trainer: Client, page: str) -> None:
    """On each page where one can be put in; a whole one is taken."""
    prefix = "image-chooser-upload-" if "chooser" in page else ""
    name = "files[]" if "multiple" in page else f"{prefix}file"
    form = {f"{prefix}title": "Ảnh", f"{prefix}collection": Collection.get_first_root_node().pk}
    headers = {"X-Requested-With": "XMLHttpRequest"}
    answer = trainer.post(reverse(page), form | {name: photo(0.5)}, headers=headers)
    assert answer.status_code == 200
    said = answer.json() if page != "wagtailimages:add" else {"page": answer.content.decode()}
    assert any("mới chép được một phần" in str(part) for part in said.values())
    assert not Image.objects.exists()
    trainer.post(reverse(page), form | {name: photo()}, headers=headers)
    assert Image.objects.get().width == 600


def test_a_trainer_adds_a_recording(trainer: Client, tmp_path: Path) -> None:
    """Kept where only our view finds it; who may see it: nobody but staff until a lesson shows it."""
    assert upload(trainer, "audio", every_block.wav(tmp_path / "a.wav")).status_code == 302
    made = LessonMedia.objects.get()
    assert (made.type, made.duration, made.transcript) == ("audio", 2.0, "Kính chào.")
    assert made.file.name == f"lesson_media/{made.uuid}/a.wav"
    assert Client().get(f"/media/{made.file.name}").status_code == 404
    assert Client().get(made.url).status_code == 404
    assert trainer.get(made.url).status_code == 200


def test_captions_are_added_replaced_and_removed(trainer: Client, tmp_path: Path) -> None:
    """One language at a time."""
    film = every_block.webm(tmp_path / "a.webm")
    assert upload(trainer, "video", film, caption_language="tyz", caption_file=srt()).status_code == 302
    made = LessonMedia.objects.get()
    assert [(each.language, each.text[:6]) for each in made.captions.all()] == [("tyz", "WEBVTT")]
    edit = reverse("wagtailmedia:edit", args=[made.pk])
    form = {"title": "Phim", "collection": made.collection_id, "duration": "2", "tags": "", "transcript": ""}
    newer = srt("1\n00:00:00,000 --> 00:00:01,000\nMới\n")
    assert trainer.post(edit, form | {"caption_language": "tyz", "caption_file": newer}).status_code == 302
    assert made.captions.get().text.endswith("Mới\n")
    assert "Tiếng Tày" in trainer.get(edit).content.decode()
    assert trainer.post(edit, form | {"caption_language": "vi", "removed_captions": ["tyz"]}).status_code == 302
    assert made.captions.count() == 0


@pytest.mark.parametrize(
    ("kind", "name", "content", "more", "reason"),
    [
        ("audio", "a.wav", b"MZ\x90\x00", {}, "Nội dung tệp không phải là wav như tên tệp."),
        ("audio", "a.exe", b"MZ", {}, "Chỉ nhận các loại tệp: mp3, m4a, ogg, wav."),
        ("video", "a.webm", b"\x1aE\xdf\xa3", {"caption_file": "x"}, "Không thấy câu phụ đề nào."),
        ("video", "a.mp4", b"<html>", {}, "Nội dung tệp không phải là mp4 như tên tệp."),
    ],
)
def test_bad_files_are_refused(
    trainer: Client, tmp_path: Path, kind: str, name: str, content: bytes, more: dict[str, str], reason: str
) -> None:
    """With the reason at the field; nothing is stored."""
    (tmp_path / name).write_bytes(content)
    files = {key: srt(value) for key, value in more.items()}
    answer = upload(trainer, kind, tmp_path / name, caption_language="vi", **files)
    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert LessonMedia.objects.count() == 0


def test_course_editors_choose_what_trainers_put_in(trainer: Client, tmp_path: Path) -> None:
    """Of the kind that is asked for; another trainer does not."""
    upload(trainer, "audio", every_block.wav(tmp_path / "a.wav"))
    made = LessonMedia.objects.get()
    editor = sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="bs", roles=[roles.EDITOR]))
    listed = {
        kind: editor.get(reverse("wagtailmedia:chooser_typed", args=[kind])).json()["html"]
        for kind in ("audio", "video")
    }
    assert ("Bài nghe" in listed["audio"], "Bài nghe" in listed["video"]) == (True, False)
    chosen = editor.get(reverse("wagtailmedia:media_chosen", args=[made.pk])).json()
    assert chosen["result"]["title"] == "Bài nghe"
    other = sign_in_staff(Client(), accounts.create(full_name="Cán bộ", username="gv2", roles=[roles.TRAINER]))
    assert other.get(reverse("wagtailmedia:media_chosen", args=[made.pk])).status_code == 302


def term_form(*names: tuple[str, str]) -> dict[str, Any]:
    rows = inline_formset([{"language": language, "name": name} for language, name in names])
    return nested_form_data({"term": "Mã OTP", "explanation": "Mã chỉ dùng một lần.", "names": rows})


def test_a_trainer_explains_a_term(trainer: Client) -> None:
    """With its names in other languages; one language twice is refused."""
    add = reverse("wagtailsnippets_lms_glossaryterm:add")
    twice = trainer.post(add, term_form(("en", "OTP"), ("en", "one-time password")))
    assert (twice.status_code, GlossaryTerm.objects.count()) == (200, 0)
    assert trainer.post(add, term_form(("en", "one-time password"), ("tyz", "mã OTP"))).status_code == 302
    made = GlossaryTerm.objects.get()
    assert (made.key, made.sort_key) == ("ma-otp", "ma otp")
    assert [(each.language, each.name) for each in made.names.all()] == [("en", "one-time password"), ("tyz", "mã OTP")]
