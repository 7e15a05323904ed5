"""One option of a question, known by its block id."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class OptionBlock(blocks.StructBlock):
    """What the learner may choose, whether it is right, and what to say to who chose it."""

    text = blocks.CharBlock(label=_("Phương án"))
    right = blocks.BooleanBlock(required=False, label=_("Đúng"))
    why = blocks.TextBlock(required=False, label=_("Vì sao"), help_text=_("Hiện ra cho người đã chọn phương án này."))

    class Meta:
        label = _("Phương án")
        icon = "radio-full"
