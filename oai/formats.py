"""The metadata formats: simple Dublin Core and MARC 21 as MARCXML."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from library import canonical, dublin_core, marcxml
from oai import xml

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@dataclass(frozen=True)
class Format:
    """A metadataPrefix with its schema and namespace; write(key, canonical bytes) gives the content of <metadata>."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[int, bytes], str]


def _oai_dc(key: int, record: bytes) -> str:
    """Dublin Core, with the address of the reader's page among the identifiers."""
    elements = [
        *dublin_core.elements(canonical.parse(record)),
        ("identifier", f"{settings.BASE_URL}/library/records/{key}/"),
    ]
    body = "".join(f"<dc:{name}>{xml.text(value)}</dc:{name}>" for name, value in elements)
    return f"{DC_START}{body}</oai_dc:dc>"


def _marc21(key: int, record: bytes) -> str:
    """MARCXML, with its schema's location as the guidelines ask of every root."""
    written = marcxml.to_xml(canonical.parse(record)).decode()
    return written.replace("<record ", MARC_START, 1)


OAI_DC = Format(
    "oai_dc",
    "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
    "http://www.openarchives.org/OAI/2.0/oai_dc/",
    _oai_dc,
)
MARC21 = Format(
    "marc21",
    "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd",
    "http://www.loc.gov/MARC21/slim",
    _marc21,
)
FORMATS = {each.prefix: each for each in (OAI_DC, MARC21)}

DC_START = (
    f'<oai_dc:dc xmlns:oai_dc="{OAI_DC.namespace}" xmlns:dc="http://purl.org/dc/elements/1.1/" {XSI} '
    f'xsi:schemaLocation="{OAI_DC.namespace} {OAI_DC.schema}">'
)
MARC_START = f'<record {XSI} xsi:schemaLocation="{MARC21.namespace} {MARC21.schema}" '
