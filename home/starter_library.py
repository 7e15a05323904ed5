"""The sample records of the first look, imported like any other file."""

from core import outbox
from home.starter_files import FOLDER
from library import authority_linking, collections, starter_authorities
from library.importing import import_file
from library.models import Collection, Record
from library.records import Incoming, save_many

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


def load_authorities() -> None:
    """Load the authorities that exist nowhere else, and link the sample records to them."""
    starter_authorities.load()
    outbox.drain_all()
    own = Record.objects.bibliographic().filter(source=None, memberships__collection__slug=SAMPLES, deleted_at=None)
    linked = [(row, authority_linking.linked(row.marc, variants=True)) for row in own]
    save_many([Incoming.of_made(marc) for row, marc in linked if marc != row.marc])


def load_pages() -> None:
    """Give every collection its page."""
    for collection in Collection.objects.all():
        collections.ensure_page(collection)
