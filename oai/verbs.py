"""The six verbs. Each takes well-formed arguments and gives the content of its element, or raises a ProtocolError."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from core import identity
from oai import datestamps, items, resumption, xml
from oai.arguments import Arguments
from oai.exceptions import BadResumptionToken, CannotDisseminateFormat, IdDoesNotExist, NoRecordsMatch, NoSetHierarchy
from oai.formats import DC_START, FORMATS, XSI, Format
from oai.items import Chosen, Item
from oai.sets import Sets

PAGE = 100  # records in one answer
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
POLICY = (
    "Bibliographic and authority records catalogued or imported here. Records harvested from other repositories are "
    "not passed on; harvest them where they come from."
)


def base_url() -> str:
    """The address of this provider."""
    return f"{settings.BASE_URL}/oai"


def identify(arguments: Arguments) -> str:
    """Who we are: https://www.openarchives.org/OAI/openarchivesprotocol.html#Identify"""
    return (
        f"<repositoryName>{xml.text(settings.WAGTAIL_SITE_NAME)}</repositoryName>"
        f"<baseURL>{xml.text(base_url())}</baseURL><protocolVersion>2.0</protocolVersion>"
        f"<adminEmail>{xml.text(settings.ADMIN_EMAIL)}</adminEmail>"
        f"<earliestDatestamp>{datestamps.write(items.earliest())}</earliestDatestamp>"
        f"<deletedRecord>persistent</deletedRecord><granularity>{datestamps.SECOND}</granularity>"
        "<compression>gzip</compression>"
        f'<description><oai-identifier xmlns="{IDENTIFIER}" {XSI} xsi:schemaLocation="{IDENTIFIER} {IDENTIFIER}.xsd">'
        f"<scheme>oai</scheme><repositoryIdentifier>{identity.domain()}</repositoryIdentifier>"
        f"<delimiter>:</delimiter><sampleIdentifier>{items.identifier(1)}</sampleIdentifier>"
        f"</oai-identifier></description>{_described('description', POLICY)}"
    )


def list_metadata_formats(arguments: Arguments) -> str:
    """Both formats; every item has them."""
    if arguments.identifier:
        _found(arguments.identifier)
    return "".join(
        f"<metadataFormat><metadataPrefix>{each.prefix}</metadataPrefix><schema>{each.schema}</schema>"
        f"<metadataNamespace>{each.namespace}</metadataNamespace></metadataFormat>"
        for each in FORMATS.values()
    )


def list_sets(arguments: Arguments) -> str:
    """All collections in one answer, so that no token is ever given out here."""
    if arguments.token:
        raise BadResumptionToken("ListSets gives no tokens here")
    sets = Sets.read().by_key.values()
    if not sets:
        raise NoSetHierarchy("This repository has no sets yet")
    return "".join(
        f"<set><setSpec>{each.spec}</setSpec><setName>{xml.text(each.name)}</setName>"
        f"{_described('setDescription', each.description)}</set>"
        for each in sets
    )


def get_record(arguments: Arguments) -> str:
    """One item in one format."""
    chosen = _format(arguments.prefix)
    item = _found(arguments.identifier)
    return _record(item, Sets.read().of_records([item.key]).get(item.key, []), chosen)


def list_records(arguments: Arguments) -> str:
    """A page of records."""
    return _list(arguments, metadata=True)


def list_identifiers(arguments: Arguments) -> str:
    """A page of headers."""
    return _list(arguments, metadata=False)


ANSWERS: dict[str, Callable[[Arguments], str]] = {
    "GetRecord": get_record,
    "Identify": identify,
    "ListIdentifiers": list_identifiers,
    "ListMetadataFormats": list_metadata_formats,
    "ListRecords": list_records,
    "ListSets": list_sets,
}


def _list(given: Arguments, *, metadata: bool) -> str:
    position = resumption.read(given.token, verb=given.verb) if given.token else None
    arguments = position.arguments if position else given
    chosen = _format(arguments.prefix)
    sets = Sets.read()
    records = items.listed(_chosen(arguments, sets))
    if position:
        rest = items.after(records, datetime.fromtimestamp(position.changed, UTC), position.last)
        page = items.read(rest, PAGE + 1, metadata=metadata)
    else:
        page = items.read(records, PAGE + 1, metadata=metadata)
    if not page and position:
        raise BadResumptionToken("The rest of the list is gone. Start the list again")
    if not page:
        raise NoRecordsMatch("No record matches")
    shown = page[:PAGE]
    specs = sets.of_records([item.key for item in shown])
    written = [
        _record(item, specs.get(item.key, []), chosen) if metadata else _header(item, specs.get(item.key, []))
        for item in shown
    ]
    more = len(page) > PAGE
    if position or more:
        cursor = position.cursor if position else 0
        size = position.size if position else records.count()
        written.append(_token(arguments, shown[-1], cursor, len(shown), size, more=more))
    return "".join(written)


def _chosen(arguments: Arguments, sets: Sets) -> Chosen:
    collections = None
    if arguments.set_spec:
        if not sets.by_key:
            raise NoSetHierarchy("This repository has no sets yet")
        collections = sets.below(arguments.set_spec)
    return Chosen(
        datestamps.parse(arguments.since) if arguments.since else None,
        datestamps.end(arguments.until) if arguments.until else None,
        collections,
    )


def _token(arguments: Arguments, last: Item, cursor: int, given: int, size: int, *, more: bool) -> str:
    """https://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl: the last page's token is empty."""
    attributes = f'completeListSize="{max(size, cursor + given)}" cursor="{cursor}"'
    if not more:
        return f"<resumptionToken {attributes}/>"
    position = resumption.Position(
        arguments.verb,
        arguments.prefix,
        arguments.since,
        arguments.until,
        arguments.set_spec,
        changed=int(last.changed.timestamp()),
        last=last.key,
        cursor=cursor + given,
        size=size,
    )
    expires = datestamps.write(timezone.now() + resumption.LIFETIME)
    return f'<resumptionToken expirationDate="{expires}" {attributes}>{resumption.write(position)}</resumptionToken>'


def _format(prefix: str) -> Format:
    if prefix not in FORMATS:
        raise CannotDisseminateFormat("metadataPrefix is one of " + ", ".join(FORMATS))
    return FORMATS[prefix]


def _found(identifier: str) -> Item:
    item = items.find(identifier)
    if item is None:
        raise IdDoesNotExist("No item here has this identifier")
    return item


def _header(item: Item, specs: list[str]) -> str:
    status = ' status="deleted"' if item.deleted else ""
    sets = "".join(f"<setSpec>{spec}</setSpec>" for spec in specs)
    return (
        f"<header{status}><identifier>{items.identifier(item.key)}</identifier>"
        f"<datestamp>{items.datestamp(item)}</datestamp>{sets}</header>"
    )


def _record(item: Item, specs: list[str], chosen: Format) -> str:
    metadata = "" if item.deleted else f"<metadata>{chosen.write(item.key, item.canonical)}</metadata>"
    return f"<record>{_header(item, specs)}{metadata}</record>"


def _described(element: str, text: str) -> str:
    """A description in Dublin Core, the container that the guidelines suggest; nothing for no text."""
    if not text:
        return ""
    return f"<{element}>{DC_START}<dc:description>{xml.text(text)}</dc:description></oai_dc:dc></{element}>"
