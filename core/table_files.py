"""A table as a file: its format by the ending of its name, handed over at once or written somewhere by a job."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from core import spreadsheets
from core.spreadsheets import Heading, Sheet

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Rows = Iterable[Sequence[Any]]


def content_type(name: str) -> str:
    """Of "lop.csv" or "lop.xlsx"; what is no table is text."""
    return CONTENT_TYPES.get(name.rsplit(".", 1)[-1], "text/plain; charset=utf-8")


def write(name: str, headings: Sequence[str], rows: Rows, file: IO[bytes], *, title: str = "") -> None:
    """Write the table a row at a time; title is that of an XLSX's sheet."""
    if name.endswith(".xlsx"):
        sheet = Sheet(title or name.rsplit(".", 1)[0], [Heading(text) for text in headings], rows)
        spreadsheets.write_xlsx([sheet], file)
    else:
        for text in _csv(headings, rows):
            file.write(text.encode())


def response(name: str, headings: Sequence[str], rows: Rows, *, title: str = "") -> HttpResponseBase:
    """The file as an answer that no cache keeps: people stand in it. A CSV is sent while it is made."""
    if name.endswith(".csv"):
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(_csv(headings, rows), content_type=content_type(name), headers=headers)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(name, headings, rows, file, title=title)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=content_type(name))
    answer["Cache-Control"] = "no-store"
    return answer


def _csv(headings: Sequence[str], rows: Rows) -> Iterator[str]:
    yield spreadsheets.BYTE_ORDER_MARK
    yield from spreadsheets.lines([headings])
    yield from spreadsheets.lines(rows)
