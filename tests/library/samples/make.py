"""Makes the sample files beside it: python -m tests.library.samples.make"""

from pathlib import Path

from library import iso2709, marcxml
from tests.library.books import book

HERE = Path(__file__).parent
MARC8 = {
    "ệ": b"\xf2\xe3e",
    "ổ": b"\xe3\xe0o",
    "à": b"\xe1a",
    "ù": b"\xe1u",
    "–": b"-",
    "ế": b"\xe3\xe2e",
    "ộ": b"\xf2\xe3o",
    "ă": b"\xe6a",
    "ó": b"\xe2o",
    "â": b"\xe3a",
    "ư": b"\xbd",
    "ầ": b"\xe3\xe1a",
    "ọ": b"\xf2o",
}


def marc8(number: str, title: str) -> bytes:
    """A book in MARC-8, with the lengths that its bytes have."""
    fields = []
    for each in book(number, title).fields:
        content = b"".join(MARC8.get(c) or c.encode("ascii") for c in each.content) + b"\x1e"
        fields.append((each.tag, content))
    directory, start = b"", 0
    for tag, content in fields:
        directory += f"{tag}{len(content):04}{start:05}".encode()
        start += len(content)
    base = 24 + len(directory) + 1
    leader = f"{base + start + 1:05}nam  22{base:05} i 4500".encode()
    return leader + directory + b"\x1e" + b"".join(content for _tag, content in fields) + b"\x1d"


def broken() -> bytes:
    """Books whose length lies, whose directory lies, with bytes that are no text, sound, and cut off."""
    whole = [iso2709.write(book(f"b{number}", f"Chuyện số {number}")) for number in range(5)]
    length = b"00099" + whole[0][5:]
    directory = whole[1][:31] + b"99999" + whole[1][36:]
    letters = whole[2].replace("ệ".encode(), b"\xe1\xff\x87")
    return length + directory + letters + whole[3] + whole[4][:120]


if __name__ == "__main__":
    utf8 = [book("m1", "Truyện cổ Tày – Nùng"), book("u1", "Sử thi Đăm Săn"), book("u2", "Tục ngữ Thái")]
    (HERE / "marc8.mrc").write_bytes(marc8("m1", "Truyện cổ Tày – Nùng"))
    (HERE / "utf8.mrc").write_bytes(b"".join(map(iso2709.write, utf8)))
    (HERE / "broken.mrc").write_bytes(broken())
    weaving = marcxml.to_xml(book("x1", "Dệt thổ cẩm"), namespace=False)
    (HERE / "collection.xml").write_bytes(marcxml.OPENING + weaving + b"\n" + marcxml.CLOSING)
