"""What new records begin with, by the kind of thing that is catalogued."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

FILE = Path(__file__).with_suffix(".toml")
NAMES: Final = (  # of the templates, for makemessages; a test compares them with the file
    gettext_noop("Sách"),
    gettext_noop("Báo, tạp chí"),
    gettext_noop("Bài viết (bài trích)"),
    gettext_noop("Bản đồ"),
    gettext_noop("Tài liệu nghe"),
    gettext_noop("Phim, video"),
    gettext_noop("Tranh, ảnh"),
    gettext_noop("Bản thảo, sách cổ chép tay"),
    gettext_noop("Tài liệu điện tử"),
    gettext_noop("Văn bản quy phạm pháp luật"),
    gettext_noop("Hiện vật dân tộc học"),
    gettext_noop("Tiêu đề chuẩn – Cá nhân"),
)


class Template(NamedTuple):
    """A name for people and the lines to begin with."""

    key: str
    name: str
    text: str

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return gettext(self.name)

    def lines(self) -> str:
        """The lines for a record made today."""
        text = self.text.replace("{agency}", settings.MARC_AGENCY)
        return text.replace("{date}", timezone.localdate().strftime("%y%m%d"))


@cache
def templates() -> dict[str, Template]:
    """All of them by key, in their order."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {key: Template(key, row["name"], row["lines"].strip()) for key, row in rows.items()}
