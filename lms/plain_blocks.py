"""Turns the plain blocks of a course file into the StreamField of a lesson, storing what they bring along."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ValidationError
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import StructBlockValidationError

from library.exceptions import BadFile
from library.models import Record
from lms import captions, media, plain_questions, slides
from lms.blocks import TEXT_FEATURES, CalloutBlock, HeadingBlock
from lms.exceptions import InvalidCaptions, InvalidCourse, UnreadablePdf
from lms.models import GlossaryName, GlossaryTerm, LessonMedia, MediaCaption, Question, QuestionTag
from lms.quiz_block import QuizBlock
from lms.tongues import TONGUES

NO_PICTURE = {"image": None, "decorative": False, "alt_text": ""}  # as Wagtail's image block keeps it


def clean_html(html: str) -> str:
    """What Wagtail's editor would store, with the features that lessons allow, but without its random keys."""
    if not html.strip():
        return ""
    converter = ContentstateConverter(features=TEXT_FEATURES)
    stored = str(converter.to_database_format(converter.from_database_format(html.strip())))
    return re.sub(r' data-block-key="[^"]*"', "", stored)


def _listed(values: Iterable[Any]) -> list[dict[str, Any]]:
    """As a list block keeps them."""
    return [{"type": "item", "value": value, "id": str(place)} for place, value in enumerate(values, start=1)]


def _slug(tag: str) -> str:
    found = QuestionTag.objects.filter(name=tag).first()
    if found is None:
        raise InvalidCourse(f"no question has the tag {tag!r}")
    return found.slug


def complaints(error: ValidationError) -> Iterator[str]:
    """The messages of a block's error, wherever in the block they stand."""
    children = getattr(error, "block_errors", None)
    if not children:
        yield from error.messages
        return
    for child in children.values() if isinstance(children, dict) else children:
        yield from complaints(child) if child else ()


@contextmanager
def _placed(place: str) -> Iterator[None]:
    """What is wrong in there is said with its place."""
    try:
        yield
    except KeyError as error:
        raise InvalidCourse(f"{place}: {error} is missing") from error
    except (InvalidCourse, InvalidCaptions, BadFile, ValidationError) as error:
        raise InvalidCourse(f"{place}: {error}") from error


@dataclass
class Content:
    """The blocks of one course, with the folder in which its files lie."""

    course_key: str
    folder: Path | None

    def stream(self, lesson_key: str, blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The StreamField's data. Block ids come from the place, so that the same file gives the same ids."""
        return [self._block(f"{lesson_key}, block {number}", block) for number, block in enumerate(blocks, start=1)]

    def narration(self, lesson_key: str, said: Mapping[str, Any] | None) -> int | None:
        """The key of the recording in which the lesson is read out, if it has one; said as an audio block is."""
        if said is None:
            return None
        with _placed(f"{self.course_key}, {lesson_key}, narration"):
            return self._player(said, "audio").pk

    def _block(self, place: str, block: Mapping[str, Any]) -> dict[str, Any]:
        place = f"{self.course_key}, {place}"
        make: Callable[[Mapping[str, Any]], Any] | None = getattr(self, f"_{block.get('type')}", None)
        if make is None:
            raise InvalidCourse(f"{place}: unknown block type {block.get('type')!r}")
        with _placed(place):
            return {"type": block["type"], "value": make(block), "id": str(uuid5(NAMESPACE_URL, place))}

    def _text(self, block: Mapping[str, Any]) -> str:
        return clean_html(block["html"])

    def _heading(self, block: Mapping[str, Any]) -> dict[str, Any]:
        level = str(block.get("level", 2))
        return {"level": _known(level, HeadingBlock.LEVELS), "text": str(block["text"])}

    def _callout(self, block: Mapping[str, Any]) -> dict[str, Any]:
        kind = block.get("kind", "remember")
        return {"kind": _known(kind, CalloutBlock.KINDS), "text": str(block["text"])}

    def _image(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"image": self._picture(block), "caption": block.get("caption", "")}

    def _steps(self, block: Mapping[str, Any]) -> dict[str, Any]:
        steps = [
            {
                "title": str(step["title"]),
                "text": clean_html(step.get("html", "")),
                "image": self._picture(step) if "file" in step else NO_PICTURE,
            }
            for step in block["steps"]
        ]
        return {"steps": _listed(steps)}

    def _accordion(self, block: Mapping[str, Any]) -> dict[str, Any]:
        items = [{"title": str(each["title"]), "text": clean_html(each["html"])} for each in block["items"]]
        return {"items": _listed(items)}

    def _table(self, block: Mapping[str, Any]) -> dict[str, Any]:
        """Rows of equal length; head: row, column, both or neither."""
        rows = [[str(cell) for cell in row] for row in block["rows"]]
        if not rows or {len(row) for row in rows} != {len(rows[0])}:
            raise InvalidCourse("rows of a table must have the same number of cells")
        head = _known(block.get("head", "row"), [(name, "") for name in ("row", "column", "both", "neither")])
        return {
            "data": rows,
            "table_caption": block.get("caption", ""),
            "table_header_choice": head,
            "first_row_is_table_header": head in {"row", "both"},
            "first_col_is_header": head in {"column", "both"},
        }

    def _slides(self, block: Mapping[str, Any]) -> dict[str, Any]:
        stored = media.document(self._file(block["file"]), title=block["title"])
        try:
            slides.check(stored)
        except UnreadablePdf as error:
            raise InvalidCourse(str(error)) from error
        return {"document": stored.pk}

    def _audio(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"media": self._player(block, "audio").pk, "note": block.get("note", "")}

    def _video(self, block: Mapping[str, Any]) -> dict[str, Any]:
        return {"media": self._player(block, "video").pk, "note": block.get("note", "")}

    def _glossary(self, block: Mapping[str, Any]) -> dict[str, Any]:
        """Terms are found again by their key."""
        return {"terms": [_term(term).pk for term in block["terms"]]}

    def _document(self, block: Mapping[str, Any]) -> dict[str, Any]:
        stored = media.document(self._file(block["file"]), title=block["title"])
        return {"document": stored.pk, "note": block.get("note", "")}

    def _citation(self, block: Mapping[str, Any]) -> dict[str, Any]:
        record = Record.objects.public().filter(control_number=block["record"]).order_by("pk").first()
        if record is None:
            raise InvalidCourse(f"no record with control number {block['record']}")
        return {"record": record.pk, "note": block.get("note", "")}

    def _question(self, block: Mapping[str, Any]) -> int:
        """Questions are found again by the course's key and their own."""
        return self._saved(block).pk

    def _quiz(self, block: Mapping[str, Any]) -> dict[str, Any]:
        """Its own questions are asked always; those of its bank only wait to be drawn by their tags."""
        for question in block.get("bank", []):
            self._saved(question)
        value = {
            "introduction": block.get("introduction", ""),
            "questions": _listed(self._saved(question).pk for question in block.get("questions", [])),
            "draws": _listed(
                {"tags": [_slug(tag) for tag in draw["tags"]], "count": draw["count"], "kind": draw.get("kind", "")}
                for draw in block.get("draws", [])
            ),
            "shuffle": block.get("shuffle", True),
            "attempts": block.get("attempts", 0),
            "minutes": block.get("minutes", 0),
            "pass_mark": block.get("pass_mark"),
            "answers_shown": block.get("answers_shown", "each"),
        }
        quiz = QuizBlock()
        try:
            quiz.clean(quiz.to_python(value))
        except StructBlockValidationError as error:
            raise InvalidCourse("; ".join(complaints(error))) from error
        return value

    def _saved(self, question: Mapping[str, Any]) -> Question:
        key = f"{self.course_key}-{question['key']}"
        return plain_questions.save(question, key=key, tags=question.get("tags", ()))

    def _picture(self, block: Mapping[str, Any]) -> dict[str, Any]:
        stored = media.image(self._file(block["file"]), title=block["alt"])
        return {"image": stored.pk, "alt_text": block["alt"], "decorative": False}

    def _player(self, block: Mapping[str, Any], kind: str) -> LessonMedia:
        poster = self._picture(block["poster"])["image"] if "poster" in block else None
        stored = media.player(
            self._file(block["file"]),
            kind=kind,
            title=block["title"],
            transcript=block.get("transcript", ""),
            poster=poster,
        )
        for caption in block.get("captions", ()):
            language = _known(caption["language"], TONGUES)
            text = captions.webvtt(self._file(caption["file"]).read_bytes())
            MediaCaption.objects.update_or_create(media=stored, language=language, defaults={"text": text})
        return stored

    def _file(self, name: str) -> Path:
        path = (self.folder or Path()) / name
        if self.folder is None or not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
            raise InvalidCourse(f"no file {name} in {self.folder}")
        return path


def _known(said: Any, choices: Sequence[tuple[str, Any]]) -> str:
    """The value itself, which must be one of the choices."""
    names = [name for name, _label in choices]
    if said not in names:
        raise InvalidCourse(f"unknown {said!r}; known are {', '.join(names)}")
    return str(said)


def _term(said: Mapping[str, Any]) -> GlossaryTerm:
    """The term with this key as the file says it."""
    term = GlossaryTerm.objects.filter(key=said["key"]).first() or GlossaryTerm(key=said["key"])
    term.term, term.explanation = said["term"], said["explanation"]
    term.names = [
        GlossaryName(language=_known(language, TONGUES), name=name) for language, name in said.get("names", {}).items()
    ]
    term.save()
    return term
