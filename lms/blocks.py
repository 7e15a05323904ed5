"""What a lesson is made of. Rendering is in templates/lms/blocks; questions are rendered by the lesson's view."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.table_block.blocks import TableBlock as SheetBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageBlockComparison
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from lms import table_words
from lms.exceptions import UnreadablePdf
from lms.quiz_block import QuizBlock
from lms.record_chooser import RecordChooserBlock
from lms.table_menu import TABLE_MENU

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
PART_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]  # of a text below a title of its own


class HeadingBlock(blocks.StructBlock):
    """A heading with an anchor, to which links lead."""

    LEVELS = [("2", _("Mục lớn")), ("3", _("Mục nhỏ"))]

    level = blocks.ChoiceBlock(choices=LEVELS, default="2", label=_("Cỡ"))
    text = blocks.CharBlock(label=_("Tiêu đề"))

    class Meta:
        label = _("Tiêu đề mục")
        icon = "title"
        template = "lms/blocks/heading.html"


class CalloutBlock(blocks.StructBlock):
    """A few words that stand out."""

    KINDS = [
        ("remember", _("Điều cần nhớ")),
        ("tip", _("Mẹo")),
        ("warning", _("Cảnh báo")),
        ("example", _("Ví dụ")),
    ]

    kind = blocks.ChoiceBlock(choices=KINDS, default="remember", label=_("Loại"))
    text = blocks.TextBlock(label=_("Nội dung"))

    class Meta:
        label = _("Khung nổi bật")
        icon = "warning"
        template = "lms/blocks/callout.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """With the kind in words."""
        return super().get_context(value, parent_context) | {"label": dict(self.KINDS).get(value["kind"], "")}


class PictureComparison(ImageBlockComparison):
    """Wagtail's stumbles over what has no image: a step without one, an image that was deleted."""

    def htmlvalue(self, val: Any) -> Any:
        return super().htmlvalue(self.block._image_to_struct_value(val)) if val is None else super().htmlvalue(val)  # noqa: SLF001


def picture(**options: Any) -> ImageBlock:
    """An image with its description. Wagtail leaves the label of the file itself in English."""
    block = ImageBlock(**options)
    block.child_blocks["image"].label = _("Tệp ảnh")
    block.get_comparison_class = lambda: PictureComparison  # a class of our own would be another block to migrations
    return block


class IllustrationBlock(blocks.StructBlock):
    """An image with the words under it."""

    image = picture(label=_("Ảnh"))
    caption = blocks.CharBlock(required=False, label=_("Chú thích"))

    class Meta:
        label = _("Ảnh")
        icon = "image"
        template = "lms/blocks/image.html"


class StepBlock(blocks.StructBlock):
    """One thing to do."""

    title = blocks.CharBlock(label=_("Việc phải làm"))
    text = blocks.RichTextBlock(features=PART_FEATURES, required=False, label=_("Cách làm"))
    image = picture(required=False, label=_("Ảnh"))


class StepsBlock(blocks.StructBlock):
    """Things to do one after the other."""

    steps = blocks.ListBlock(StepBlock(label=_("Bước")), min_num=1, label=_("Các bước"))

    class Meta:
        label = _("Các bước")
        icon = "list-ol"
        template = "lms/blocks/steps.html"


class FoldBlock(blocks.StructBlock):
    """A title that opens its text."""

    title = blocks.CharBlock(label=_("Dòng nhìn thấy"))
    text = blocks.RichTextBlock(features=PART_FEATURES, label=_("Phần mở ra"))


class AccordionBlock(blocks.StructBlock):
    """Texts that are opened by who wants to know."""

    items = blocks.ListBlock(FoldBlock(label=_("Mục")), min_num=1, label=_("Các mục"))

    class Meta:
        label = _("Các mục mở ra được")
        icon = "collapse-down"
        template = "lms/blocks/accordion.html"


class TableBlock(SheetBlock):
    """Rows and columns, as in Excel: cells copied there are pasted here."""

    def get_table_options(self, table_options: dict[str, Any] | None = None) -> dict[str, Any]:
        """Its menu in the reader's language."""
        own = {"language": "en-US", "contextMenu": {"items": TABLE_MENU}}
        return dict(super().get_table_options(own | (table_options or {})))

    class Meta:
        label = _("Bảng")
        icon = "table"
        template = "lms/blocks/table.html"
        help_text = _("Chép các ô trong Excel hoặc Word rồi dán vào ô đầu tiên của bảng.")

    def clean(self, value: Any) -> Any:
        """Without the empty rows and columns that are left at the end after pasting."""
        if value and not value.get("table_header_choice") and not self.is_deferred_validation:
            raise ValidationError(_("Hãy chọn kiểu đầu bảng: dòng đầu, cột đầu, cả hai hoặc không có."))
        cleaned = super().clean(value)
        if cleaned and cleaned.get("data"):
            cleaned["data"] = _trimmed(cleaned["data"])
        return cleaned

    def get_translatable_segments(self, value: Any) -> list[Any]:
        return table_words.segments(value)

    def restore_translated_segments(self, value: Any, segments: Iterable[Any]) -> Any:
        return table_words.translated(value, segments)


class AttachmentBlock(blocks.StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Tài liệu"))
    note = blocks.CharBlock(required=False, label=_("Ghi chú"))

    class Meta:
        label = _("Tài liệu đính kèm")
        icon = "doc-full"
        template = "lms/blocks/document.html"


class SlidesBlock(blocks.StructBlock):
    """A PDF document shown page by page; see lms.slides."""

    document = DocumentChooserBlock(
        label=_("Tệp PDF"), help_text=_("Lưu bài trình chiếu thành PDF. Nhiều nhất 100 trang, 50 MB.")
    )

    class Meta:
        label = _("Trang chiếu")
        icon = "clipboard-list"
        template = "lms/blocks/slides.html"

    def clean(self, value: Any) -> Any:
        """A document that cannot be shown page by page is refused with the reason."""
        from lms import slides

        cleaned = super().clean(value)
        if cleaned["document"] is not None:
            try:
                slides.check(cleaned["document"])
            except UnreadablePdf as error:
                raise StructBlockValidationError({"document": ValidationError(str(error))}) from error
        return cleaned


class _LoadsPlayers:
    """Loads all recordings or films of a page in two queries, with posters and captions."""

    target_model: Any

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        wanted = list(values)
        found = self.target_model.objects.for_lesson().in_bulk([value for value in wanted if value is not None])
        return [found.get(value) for value in wanted]


class RecordingChooserBlock(_LoadsPlayers, AudioChooserBlock):
    """Chooses a recording."""


class FilmChooserBlock(_LoadsPlayers, VideoChooserBlock):
    """Chooses a film."""


class AudioBlock(blocks.StructBlock):
    """A recording to listen to, with what is said in it."""

    media = RecordingChooserBlock(label=_("Tệp ghi âm"))
    note = blocks.CharBlock(required=False, label=_("Ghi chú"))

    class Meta:
        label = _("Ghi âm")
        icon = "wagtailmedia-audio"
        template = "lms/blocks/player.html"


class VideoBlock(blocks.StructBlock):
    """A film with captions."""

    media = FilmChooserBlock(label=_("Tệp phim"))
    note = blocks.CharBlock(required=False, label=_("Ghi chú"))

    class Meta:
        label = _("Phim")
        icon = "wagtailmedia-video"
        template = "lms/blocks/player.html"


class TermChooserBlock(SnippetChooserBlock):
    """Loads all terms of a page in two queries, with their names in other languages."""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        wanted = list(values)
        terms = self.model_class.objects.with_names()
        found = terms.in_bulk([value for value in wanted if value is not None])
        return [found.get(value) for value in wanted]


class GlossaryBlock(blocks.StructBlock):
    """Words that the lesson explains."""

    terms = blocks.ListBlock(TermChooserBlock("lms.GlossaryTerm", label=_("Thuật ngữ")), min_num=1, label=_("Các từ"))

    class Meta:
        label = _("Giải nghĩa từ")
        icon = "tag"
        template = "lms/blocks/glossary.html"


class CitationBlock(blocks.StructBlock):
    """A library record to read on. One that readers can no longer open is not shown."""

    record = RecordChooserBlock(label=_("Tài liệu trong thư viện"))
    note = blocks.CharBlock(required=False, label=_("Đọc phần nào, vì sao"))

    class Meta:
        label = _("Đọc thêm trong thư viện")
        icon = "openquote"
        template = "lms/blocks/citation.html"


def _trimmed(rows: list[list[str | None]]) -> list[list[str | None]]:
    """At least one cell stays."""
    height = max((place for place, row in enumerate(rows, start=1) if any(row)), default=1)
    width = max((place for row in rows for place, cell in enumerate(row, start=1) if cell), default=1)
    return [row[:width] for row in rows[:height]]


WORDS, TO_DO, MEDIA, MORE = _("Lời"), _("Việc làm"), _("Hình, tiếng, phim"), _("Học thêm")


class LessonBlock(blocks.StreamBlock):
    """The body of a lesson."""

    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("Đoạn văn"), template="lms/blocks/text.html", group=WORDS
    )
    heading = HeadingBlock(group=WORDS)
    callout = CalloutBlock(group=WORDS)
    accordion = AccordionBlock(group=WORDS)
    table = TableBlock(group=WORDS)
    steps = StepsBlock(group=TO_DO)
    question = SnippetChooserBlock("lms.Question", label=_("Câu hỏi"), icon="help", group=TO_DO)
    quiz = QuizBlock(group=TO_DO)
    image = IllustrationBlock(group=MEDIA)
    slides = SlidesBlock(group=MEDIA)
    audio = AudioBlock(group=MEDIA)
    video = VideoBlock(group=MEDIA)
    document = AttachmentBlock(group=MORE)
    citation = CitationBlock(group=MORE)
    glossary = GlossaryBlock(group=MORE)

    class Meta:
        block_counts = {"quiz": {"max_num": 1}}
