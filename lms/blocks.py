"""What a lesson is made of. Rendering is in templates/lms/blocks; questions are rendered by the lesson's view."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from lms.quiz_block import QuizBlock
from lms.record_chooser import RecordChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class IllustrationBlock(blocks.StructBlock):
    """An image with the words under it."""

    image = ImageBlock(label=_("Ảnh"))
    caption = blocks.CharBlock(required=False, label=_("Chú thích"))

    class Meta:
        label = _("Ảnh")
        icon = "image"
        template = "lms/blocks/image.html"


class AttachmentBlock(blocks.StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Tài liệu"))
    note = blocks.CharBlock(required=False, label=_("Ghi chú"))

    class Meta:
        label = _("Tài liệu đính kèm")
        icon = "doc-full"
        template = "lms/blocks/document.html"


class CitationBlock(blocks.StructBlock):
    """A library record to read on. One that readers can no longer open is not shown."""

    record = RecordChooserBlock(label=_("Tài liệu trong thư viện"))
    note = blocks.CharBlock(required=False, label=_("Đọc phần nào, vì sao"))

    class Meta:
        label = _("Đọc thêm trong thư viện")
        icon = "openquote"
        template = "lms/blocks/citation.html"


class LessonBlock(blocks.StreamBlock):
    """The body of a lesson."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Đoạn văn"), template="lms/blocks/text.html")
    callout = blocks.TextBlock(label=_("Điều cần nhớ"), icon="warning", template="lms/blocks/callout.html")
    image = IllustrationBlock()
    document = AttachmentBlock()
    citation = CitationBlock()
    question = SnippetChooserBlock("lms.Question", label=_("Câu hỏi"), icon="help")
    quiz = QuizBlock()

    class Meta:
        block_counts = {"quiz": {"max_num": 1}}
