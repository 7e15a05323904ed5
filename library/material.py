"""What kind of thing a record describes, from the leader's positions 06 and 07."""

from typing import Final

from django.utils.translation import gettext_lazy as _

LABELS: Final = {
    "book": _("Sách"),
    "article": _("Bài viết"),
    "serial": _("Báo, tạp chí"),
    "manuscript": _("Bản thảo"),
    "score": _("Bản nhạc"),
    "map": _("Bản đồ"),
    "film": _("Phim, video"),
    "sound": _("Âm thanh"),
    "music": _("Ghi âm âm nhạc"),
    "picture": _("Hình ảnh"),
    "electronic": _("Tài liệu điện tử"),
    "kit": _("Bộ tài liệu"),
    "object": _("Hiện vật"),
    "authority": _("Tiêu đề chuẩn"),
}

BY_TYPE: Final = {
    "c": "score",
    "d": "score",
    "e": "map",
    "f": "map",
    "g": "film",
    "i": "sound",
    "j": "music",
    "k": "picture",
    "m": "electronic",
    "o": "kit",
    "p": "kit",
    "r": "object",
    "t": "manuscript",
    "z": "authority",
}
BY_LEVEL: Final = {"a": "article", "b": "article", "s": "serial", "i": "serial"}


def of(leader: str) -> str:
    """The key of LABELS; language material of any other kind is a book."""
    return BY_TYPE.get(leader[6:7]) or BY_LEVEL.get(leader[7:8], "book")
