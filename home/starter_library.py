"""The sample records of the first look, imported like any other file."""

from home.starter_files import FOLDER
from library.importing import import_file
from library.models import Collection

SAMPLES = "bieu-ghi-mau"


def load() -> None:
    """Import the sample records into a collection of their own, which also is an OAI set."""
    collection, _made = Collection.objects.get_or_create(
        slug=SAMPLES,
        defaults={
            "name": "Biểu ghi mẫu",
            "description": "Biểu ghi về 54 dân tộc, chính sách dân tộc và kỹ năng số, dùng để trình diễn Nhà Sàn.",
        },
    )
    with (FOLDER / "records.xml").open("rb") as stream:
        import_file(stream, name="records.xml", collection=collection)
