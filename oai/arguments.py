"""The arguments of a request: which verb takes which, and what each may look like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from oai import datestamps, xml
from oai.exceptions import BadArgument, BadVerb

LIST = ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"})

# verb: (required, allowed beside them); a resumptionToken stands alone and replaces the required ones
VERBS: dict[str, tuple[set[str], set[str]]] = {
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "Identify": (set(), set()),
    "ListIdentifiers": LIST,
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListRecords": LIST,
    "ListSets": (set(), {"resumptionToken"}),
}
UNRESERVED = r"[A-Za-z0-9\-_.!~*'()]+"
PREFIX = re.compile(UNRESERVED)
SET_SPEC = re.compile(rf"{UNRESERVED}(:{UNRESERVED})*")


@dataclass(frozen=True)
class Arguments:
    """Well-formed arguments of one request, as they were given; "" where one is absent."""

    verb: str
    identifier: str = ""
    prefix: str = ""
    since: str = ""
    until: str = ""
    set_spec: str = ""
    token: str = ""


def parse(given: Iterable[tuple[str, str]]) -> Arguments:
    """Check a request's names and values; raises BadVerb or BadArgument."""
    pairs = list(given)
    verb = _verb([value for name, value in pairs if name == "verb"])
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise BadArgument(f"The argument {name} is repeated")
        values[name] = value
    del values["verb"]
    _check_names(verb, values)
    _check_values(values)
    return Arguments(
        verb,
        identifier=values.get("identifier", ""),
        prefix=values.get("metadataPrefix", ""),
        since=values.get("from", ""),
        until=values.get("until", ""),
        set_spec=values.get("set", ""),
        token=values.get("resumptionToken", ""),
    )


def _verb(values: list[str]) -> str:
    if not values:
        raise BadVerb("The verb is missing. It is one of " + ", ".join(VERBS))
    if len(values) > 1:
        raise BadVerb("The verb is repeated")
    if values[0] not in VERBS:
        raise BadVerb("No such verb. It is one of " + ", ".join(VERBS))
    return values[0]


def _check_names(verb: str, values: dict[str, str]) -> None:
    required, allowed = VERBS[verb]
    if illegal := sorted(values.keys() - required - allowed):
        raise BadArgument(f"{verb} does not take the argument {illegal[0]}")
    if "resumptionToken" in values:
        if len(values) > 1:
            raise BadArgument("A resumptionToken does not go with other arguments")
    elif missing := sorted(required - values.keys()):
        raise BadArgument(f"{verb} needs the argument {missing[0]}")


def _check_values(values: dict[str, str]) -> None:
    for name, value in values.items():
        if not value or xml.FORBIDDEN.search(value):
            raise BadArgument(f"The value of {name} is empty or holds forbidden characters")
    if "metadataPrefix" in values and not PREFIX.fullmatch(values["metadataPrefix"]):
        raise BadArgument("metadataPrefix holds characters that no prefix may have")
    if "set" in values and not SET_SPEC.fullmatch(values["set"]):
        raise BadArgument("set is not a setSpec, such as collection or collection:part")
    _check_dates(values.get("from", ""), values.get("until", ""))


def _check_dates(since: str, until: str) -> None:
    for name, value in (("from", since), ("until", until)):
        try:
            if value:
                datestamps.parse(value)
        except ValueError:
            raise BadArgument(f"{name} is not a date such as 2026-01-31 or 2026-01-31T23:59:59Z") from None
    if since and until:
        if datestamps.granularity(since) != datestamps.granularity(until):
            raise BadArgument("from and until have different granularities")
        if since > until:
            raise BadArgument("from is later than until")
