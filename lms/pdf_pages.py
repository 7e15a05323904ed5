"""The pages of a PDF as pictures. A PDF is hostile: it is opened in a process of its own, with limits.

The process imports nothing of the site. It prints what it found, or the reason for which it refuses, as JSON.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

MOST_PAGES = 100
LARGEST = 50 * 1024 * 1024  # bytes of the document
WIDTH, HEIGHT = 1080, 1620  # pixels that a page's picture has at most
QUALITY = 72  # of WebP
TEXT = 3000  # characters of a page that are kept
MEMORY = 2 * 1024**3  # bytes of addresses
SECONDS = 60
ROOT = Path(__file__).resolve().parent.parent
REASONS = ("not_pdf", "locked", "empty", "pages", "size", "broken", "slow")


def count(source: Path) -> dict[str, Any]:
    """{"pages": 12}, or {"refused": one of REASONS} when the pages cannot be shown."""
    return _in_a_process(source)


def draw(source: Path, folder: Path) -> dict[str, Any]:
    """Puts 1.webp, 2.webp … into the folder: {"pages": [{"width": 1080, "height": 608, "text": "…"}, …]}, or the
    refusal.
    """
    return _in_a_process(source, folder)


def _in_a_process(source: Path, *folder: Path) -> dict[str, Any]:
    if source.stat().st_size > LARGEST:
        return {"refused": "size"}
    command = [sys.executable, "-m", "lms.pdf_pages", str(source.resolve()), *(str(each.resolve()) for each in folder)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"refused": "slow"}
    if done.returncode < 0 and not done.stdout:  # killed, by a limit or by a fault in the reading of the document
        return {"refused": "broken"}
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"refused": "broken"}
    return found


def _main(source: str, *folder: str) -> dict[str, Any]:
    """What the process does."""
    import pypdfium2

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    with Path(source).open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            return {"refused": "not_pdf"}
    try:
        document = pypdfium2.PdfDocument(source)
        pages = len(document)
        if not 0 < pages <= MOST_PAGES:
            return {"refused": "pages" if pages else "empty"}
        if not folder:
            return {"pages": pages}
        return {"pages": [_draw(document[number], Path(folder[0]) / f"{number + 1}.webp") for number in range(pages)]}
    except pypdfium2.PdfiumError as error:
        return {"refused": "locked" if "password" in str(error).lower() else "broken"}
    except (MemoryError, OSError, ValueError):
        return {"refused": "broken"}


def _draw(page: Any, target: Path) -> dict[str, Any]:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    picture.save(target, "WEBP", quality=QUALITY)
    text = " ".join(page.get_textpage().get_text_bounded().replace("\0", " ").split())
    return {"width": picture.width, "height": picture.height, "text": text[:TEXT]}


if __name__ == "__main__":
    print(json.dumps(_main(*sys.argv[1:])))  # noqa: T201
