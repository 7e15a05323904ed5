"""MARCXML that is no XML from some place on: its records are cut out by their tags, and each is read by itself.

What may be mended is text: characters that XML forbids, bytes that are none of its encoding, entities that nobody
declared and & that stands alone. A record whose tags do not fit is set aside.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.entities import html5
from typing import Any, BinaryIO

from lxml import etree

from library.reading import Read, Refused, Repair

CHUNK = 1 << 18
LIMIT = 4 << 20  # bytes of one record
HEAD = 4096  # bytes in which the encoding and the namespaces are looked for
START = re.compile(rb"<(?:[\w.-]+:)?record(?=[\s>])")
END = re.compile(rb"</(?:[\w.-]+:)?record\s*>")
OF_MARC = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)\b")
CHILD = re.compile(rb"<(?!/|!|\?)")
ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([\w.-]+)["']""")
DECLARED = re.compile(r"""\s(xmlns(?::[\w.-]+)?)=["']([^"'<&]*)["']""")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(\w{1,40}));|&")
KNOWN = {"amp", "lt", "gt", "quot", "apos"}

Make = Callable[[Any], Iterator[Read | Refused]]  # of an element


def rest(stream: BinaryIO, *, skip: int, reason: str, make: Make) -> Iterator[Read | Refused]:
    """The records of a stream behind the first `skip`, which were read already; reason says where it broke."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    encoding = _encoding(head)
    opening = "".join(f' {name}="{value}"' for name, value in dict(DECLARED.findall(head.decode("latin-1"))).items())
    number, told = 0, False
    for piece, whole in pieces(stream):
        number += whole
        if whole and number <= skip:
            continue
        found = _element(piece, encoding, opening) if whole else "its end is missing"
        if isinstance(found, str):
            yield Refused(piece[:LIMIT], f"a damaged record in XML: {found}" if told else reason)
            told = True
            continue
        element, mended = found
        for item in make(element):
            yield replace(item, repairs=(*item.repairs, Repair.BYTES)) if mended and isinstance(item, Read) else item
    if number <= skip and not told:
        yield Refused(b"", reason)


def pieces(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each innermost <record> of MARC, and (False) each that lost its end, in bounded memory."""
    buffer = b""
    while True:
        more = stream.read(CHUNK)
        buffer += more
        at = 0
        for end in END.finditer(buffer):
            yield from _of_segment(buffer[at : end.end()])
            at = end.end()
        buffer = buffer[at:]
        if more and len(buffer) <= LIMIT:
            continue
        start = START.search(buffer)
        if start and OF_MARC.search(buffer):
            yield buffer[start.start() :], False
        if not more:
            return
        buffer = b""


def _of_segment(segment: bytes) -> Iterator[tuple[bytes, bool]]:
    """What stands before the end of a record: that record, perhaps behind another one that lost its end."""
    starts = [found.start() for found in START.finditer(segment)]
    if not starts:
        return  # the end of the record of OAI-PMH around the one of MARC
    before, piece = segment[starts[0] : starts[-1]], segment[starts[-1] :]
    if OF_MARC.search(before):
        yield before, False
    if OF_MARC.search(piece) or not CHILD.search(piece, 1):
        yield piece, True


def _encoding(head: bytes) -> str:
    found = ENCODING.search(head)
    try:
        return codecs.lookup(found[1].decode()).name if found else "utf-8"
    except LookupError:
        return "utf-8"


def _element(piece: bytes, encoding: str, opening: str) -> tuple[etree._Element, bool] | str:
    """The record and whether its text was mended; else what is wrong with it."""
    text = piece.decode(encoding, "replace")
    clean = REFERENCE.sub(_reference, FORBIDDEN.sub("\ufffd", text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        [element] = etree.fromstring(f"<x{opening}>{clean}</x>".encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return str(error)
    return element, clean != text or "\ufffd" in text


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return found[0] if name in KNOWN else html5.get(f"{name};", f"&amp;{name};").replace("<", "&lt;")
    if not (decimal or hexadecimal):
        return "&amp;"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return "\ufffd" if code > 0x10FFFF or FORBIDDEN.match(chr(code)) else found[0]
