"""How villages are called: the word for what they are, then their own name."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from people.exceptions import NotPossible

# Longest first, so that "Khu phố 3" is no "Khu". By Nghị định 272/2025/NĐ-CP all of them count as thôn.
KINDS = (
    "Khu dân cư", "Tổ dân phố", "Tiểu khu", "Khu phố", "Thôn", "Khóm", "Buôn", "Làng", "Phum", "Plei", "Xóm", "Bản",
    "Bon", "Sóc", "Khu", "Ấp",
)  # fmt: skip
LONGEST = 120


def parts(name: str) -> tuple[str, str]:
    """("Bản", "Lìm Mông") of "bản  Lìm Mông". Raises NotPossible where a word of KINDS or the name is missing."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    for kind in KINDS:
        if text.casefold().startswith(f"{kind.casefold()} ") and len(text) <= LONGEST:
            return kind, text[len(kind) + 1 :]
    raise NotPossible(
        _("Hãy viết đầy đủ, ví dụ “Bản Lìm Mông”, “Thôn 3”, “Tổ dân phố số 5”, nhiều nhất %(limit)s ký tự.")
        % {"limit": LONGEST}
    )
