"""MARCXML: reads without entities, network or DTD and with bounded memory; writes by text."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from library import broken_xml
from library.exceptions import Unreadable
from library.marc import NOT_IN_LEADER, SUBFIELD, TAG, ControlField, Field, MarcRecord, field, mended_tag
from library.reading import Read, Refused, Repair

NAMESPACE = "http://www.loc.gov/MARC21/slim"
OPENING = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
CLOSING = b"</collection>\n"
OF_A_RECORD = {"leader", "controlfield", "datafield"}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPECIAL = re.compile('[&<>"]')


def read(stream: BinaryIO, *, older: str = "") -> Iterator[Read | Refused]:
    """Every record of a stream, in its order; records may stand in a collection, in OAI-PMH or in anything else.

    From an error of XML's own syntax on, the records of a stream that can seek are cut out by their tags.
    """
    parser = etree.iterparse(
        stream,
        events=("end",),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_pis=True,
    )
    asked, done = False, 0
    try:
        for _event, element in parser:
            if not asked and element.getroottree().docinfo.internalDTD is not None:
                yield Refused(b"", "the file declares a DTD, which MARCXML has no use for")
                return
            asked = True
            if etree.QName(element).localname == "record":
                for item in _of_element(element, older):
                    done += 1
                    yield item
                _forget(element)
    except etree.XMLSyntaxError as error:
        reason = f"no XML from line {error.lineno} on: {error.msg}"
        yield from broken_xml.rest(stream, skip=done, reason=reason, make=lambda each: _of_element(each, older))


def _of_element(element: etree._Element, older: str) -> Iterator[Read | Refused]:
    names = {etree.QName(child).localname for child in element.iterchildren(tag=etree.Element)}
    if names and not names & OF_A_RECORD:
        return  # the record of OAI-PMH or SRU around the one of MARC
    try:
        read_record = from_element(element)
        yield read_record.converted(older) if older else read_record
    except Unreadable as error:
        yield Refused(etree.tostring(element, encoding="utf-8", with_tail=False), str(error))


def _forget(element: etree._Element) -> None:
    """Free an element and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def from_element(element: etree._Element) -> Read:
    """The record in a <record> element (also for harvests); raises Unreadable."""
    namespace = etree.QName(element).namespace
    if namespace and "marc" not in namespace.lower():
        raise Unreadable(f"a record of {namespace}, not of MARC")
    leader = ""
    fields: list[Field] = []
    repairs: list[Repair] = []
    for child in element.iterchildren(tag=etree.Element):
        name = etree.QName(child).localname
        if name == "leader":
            leader = _text(child)
        elif name in OF_A_RECORD:
            read_field = _control_field(child, repairs) if name == "controlfield" else _data_field(child, repairs)
            if read_field:
                fields.append(read_field)
    if not fields:
        raise Unreadable("no fields with a tag of three characters")
    raw = etree.tostring(element, encoding="utf-8", with_tail=False)
    return Read(MarcRecord(_leader(leader, repairs), fields), raw, "marcxml", tuple(dict.fromkeys(repairs)))


def _leader(text: str, repairs: list[Repair]) -> str:
    clean = text if len(text) == 24 else text.strip("\r\n\t").ljust(24)[:24]
    clean = NOT_IN_LEADER.sub(" ", clean)
    if clean != text:
        repairs.append(Repair.LEADER)
    return clean


def _control_field(element: etree._Element, repairs: list[Repair]) -> Field | None:
    tag = _tag(element, repairs)
    return ControlField(tag, _text(element)) if tag else None


def _data_field(element: etree._Element, repairs: list[Repair]) -> Field | None:
    tag = _tag(element, repairs)
    if not tag:
        return None
    parts = [_one_character(element.get("ind1", " "), repairs) + _one_character(element.get("ind2", " "), repairs)]
    for child in element.iterchildren(tag=etree.Element):
        if etree.QName(child).localname != "subfield":
            repairs.append(Repair.FIELD)
            continue
        parts.append(_one_character(child.get("code", ""), repairs) + _text(child))
    return field(tag, SUBFIELD.join(parts))


def _tag(element: etree._Element, repairs: list[Repair]) -> str:
    """The field's tag; "" when it is none, since a field without a tag says nothing."""
    tag = str(element.get("tag", ""))
    if TAG.fullmatch(tag):
        return tag
    repairs.append(Repair.FIELD)
    tag = tag if len(tag) == 3 else tag.strip()
    return mended_tag(tag) if len(tag) == 3 else ""


def _one_character(value: str, repairs: list[Repair]) -> str:
    if len(value) == 1:
        return value
    repairs.append(Repair.FIELD)
    return value[:1] or " "


def _text(element: etree._Element) -> str:
    return element.text or "" if len(element) == 0 else "".join(element.itertext())


def to_xml(marc: MarcRecord, *, namespace: bool = True) -> bytes:
    """One <record>, complete in itself; without the namespace for use inside a collection that declares it.

    A character that XML forbids comes out as U+FFFD. A third indicator and text before the first subfield, which
    MARC 21 does not have, are left out.
    """
    out = [f'<record xmlns="{NAMESPACE}">' if namespace else "<record>", f"<leader>{escape(marc.leader)}</leader>"]
    for each in marc.fields:
        if isinstance(each, ControlField):
            out.append(f'<controlfield tag="{escape(each.tag)}">{escape(each.value)}</controlfield>')
        else:
            out.append(_data_field_xml(each.tag, each.content))
    out.append("</record>")
    xml = "".join(out)
    return (xml if xml.isprintable() else without_forbidden(xml)).encode()


def _data_field_xml(tag: str, content: str) -> str:
    head, *subfields = content.split(SUBFIELD)
    head = head if len(head) == 2 else head.ljust(2)[:2]
    ind1, ind2 = head[0], head[1]
    if SPECIAL.search(tag + content):
        tag, ind1, ind2 = escape(tag), escape(ind1), escape(ind2)
        inner = "".join(
            [f'<subfield code="{escape(part[0])}">{escape(part[1:])}</subfield>' for part in subfields if part]
        )
    else:
        inner = "".join([f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in subfields if part])
    return f'<datafield tag="{tag}" ind1="{ind1}" ind2="{ind2}">{inner}</datafield>'


def escape(text: str) -> str:
    """Text as it stands in an element or attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def without_forbidden(xml: str) -> str:
    """What XML may hold: a forbidden character becomes U+FFFD."""
    return FORBIDDEN.sub("\ufffd", xml).replace("\r", "&#13;")
