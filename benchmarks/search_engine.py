"""How fast the embedded engine indexes and answers, beside bare Tantivy with the same documents in the same run.

python benchmarks/search_engine.py [DOCUMENTS]

The floor indexes one text field with Tantivy's own analysis and answers with its query parser; what lies between is
the price of Vietnamese folding, two forms of each field, facets and highlighting. Processor time is measured,
since machines are shared: trust the ratios.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

TEXT = """
truyện cổ tày nùng dân tộc thái mường lễ hội nhà rông cồng chiêng tây nguyên bản làng sông núi hồ ba bể đường lên
chính sách phát triển kinh tế xã hội vùng đồng bào thiểu số và miền núi người có uy tín khóa học kỹ năng số
"""
SYLLABLES = TEXT.split()
QUERIES = ["truyen co", "dân tộc thiểu số", '"nhà rông"', "duong len ban", "khoa hoc ky nang"]
ROUNDS = 40
BATCH = 500


def texts(number: int) -> Iterator[tuple[str, str]]:
    """Titles and texts, the same at every run."""
    chance = random.Random(7)
    for _ in range(number):
        yield " ".join(chance.choices(SYLLABLES, k=8)).capitalize(), " ".join(chance.choices(SYLLABLES, k=60))


def p50(ask: Callable[[str], object]) -> float:
    """The median processor time of a query, in milliseconds."""
    times = []
    for text in QUERIES * ROUNDS:
        start = time.process_time()
        ask(text)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def floor(folder: Path, number: int) -> tuple[float, float]:
    """Bare Tantivy: documents per second of processor time, p50 of a query in milliseconds."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True)
    builder.add_text_field("text", stored=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    start = time.process_time()
    writer = index.writer(64_000_000, 1)
    for title, text in texts(number):
        writer.add_document(tantivy.Document(title=title, text=text))
    writer.commit()
    writer.wait_merging_threads()
    rate = number / (time.process_time() - start)
    index.reload()

    def ask(text: str) -> None:
        searcher = index.searcher()
        query = index.parse_query(text, ["title", "text"], conjunction_by_default=True)
        for _score, address in searcher.search(query, 20).hits:
            searcher.doc(address)

    return rate, p50(ask)


def ours(folder: Path, number: int) -> tuple[float, float]:
    """The embedded engine: documents per second, p50 of a query with facets and highlighting in milliseconds."""
    from search.documents import Document
    from search.engines.embedded import EmbeddedEngine
    from search.queries import Query

    engine = EmbeddedEngine(folder)
    documents = [
        Document("record", str(at), title, text=text, facets={"form": ("Sách", "Phim")[at % 2 :][:1]})
        for at, (title, text) in enumerate(texts(number))
    ]
    start = time.process_time()
    target = engine.create()
    with engine.writing(target) as writer:
        for at in range(0, number, BATCH):
            writer.write(documents[at : at + BATCH])
    engine.go_live(target)
    rate = number / (time.process_time() - start)
    return rate, p50(lambda text: engine.search(Query(text, facets=("kind", "form"))))


def main() -> None:
    """Measure both and print a table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as place:
        os.environ["DATA_DIR"] = place
        bare, full = Path(place, "bare"), Path(place, "full")
        bare.mkdir()
        rows = {"bare Tantivy (floor)": floor(bare, number), "embedded engine": ours(full, number)}
    print(f"{number} documents of about 68 words")
    for name, (rate, median) in rows.items():
        print(f"{name:22} {rate:9,.0f} documents/s   query p50 {median:7.2f} ms")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
