"""The right answers as trainers list them in Word: "Đáp án: A, C", "1.A 2.C 3.B", or a table of numbers and letters."""

import re
from collections.abc import Sequence
from itertools import pairwise

from core.folding import fold

HEADING = re.compile(r"(bang )?(dap an|answer key|answers|key)( (dung|trac nghiem|(de|phan|cau hoi)( .*)?))?")
LETTERS = r"[A-J](?:\s*(?:,|;|và|\+)\s*[A-J])*"
PAIR = re.compile(rf"(?:câu\s*)?(\d{{1,4}})\s*[.:)\-–]?\s*({LETTERS}|Đúng|Sai|Đ|S)(?![^\W_])", re.IGNORECASE)


def is_heading(text: str) -> bool:
    """Whether the line stands above the answers of all questions."""
    plain = fold(text.strip().rstrip(":."))
    is_of_one = ":" in text and not plain.startswith("bang")  # "Đáp án:", and B in the next line
    return bool(HEADING.fullmatch(plain)) and len(text) < 80 and not is_of_one


def may_be_heading(text: str) -> bool:
    """Whether the line stands above answers, if answers follow: "Đáp án tham khảo", "Hướng dẫn chấm"."""
    return bool(re.match(r"(bang )?(dap an|huong dan cham|answer|key)", fold(text.strip()))) and len(text) < 80


def is_answers(text: str) -> bool:
    """Whether the line says nothing but numbers with their answers."""
    return bool(PAIR.search(text)) and not re.search(r"[^\W_]", PAIR.sub("", text))


def letters(said: str) -> set[str]:
    """The letters that a line of answers names; empty where it is something else."""
    plain = re.sub(r"(?i)^(?:phương\s*án|câu|ý)\s+", "", said.strip().rstrip("."))
    found = re.fullmatch(LETTERS, plain, re.IGNORECASE) or re.fullmatch(r"[A-J]{2,}", plain)
    if found is None and (first := re.match(r"([A-J])\s*[.)]\s", plain)):
        return {first[1]}
    return {sign.upper() for sign in re.findall(r"[A-Ja-j]", re.sub("(?i)và", ",", plain))} if found else set()


def of_line(text: str) -> dict[str, str]:
    """By number."""
    return dict(PAIR.findall(text))


def of_table(grid: Sequence[Sequence[str]]) -> dict[str, str]:
    """Numbers above their letters, or before them."""
    found: dict[str, str] = {}
    for upper, lower in pairwise(grid):
        pairs = list(zip(map(_number, upper), lower, strict=False))
        if sum(bool(number) for number, _said in pairs) >= max(1, len(pairs) - 1):
            found |= {number: said.strip() for number, said in pairs if number and said.strip()}
    if found:
        return found
    for row in grid:
        found |= of_line("  ".join(row))
    return found


def is_grid(grid: Sequence[Sequence[str]]) -> bool:
    """Whether the table holds nothing but numbers and letters (and their headings), so that it can only be answers."""
    cells = [cell.strip() for row in grid for cell in row if cell.strip()]
    short = [cell for cell in cells if _number(cell) or letters(cell) or PAIR.fullmatch(cell)]
    return (
        len(cells) >= 2
        and len(short) >= len(cells) - 2
        and any(_number(cell) or PAIR.fullmatch(cell) for cell in cells)
    )


def _number(cell: str) -> str:
    found = re.fullmatch(r"\s*(?:câu\s*)?(\d{1,4})\s*[.)]?\s*", cell, re.IGNORECASE)
    return found[1] if found else ""
