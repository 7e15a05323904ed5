"""Text as it is compared where marks do not matter: "lao cai" is "Lào Cai"."""

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case without marks, đ as d, runs of anything but letters and digits as one space (+ and @ . _ - stay)."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^\w+@.-]+", " ", plain.lower().replace("đ", "d")).strip()
