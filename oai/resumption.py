"""Resumption tokens: where a list goes on. All of it is in the token, signed, so no server keeps anything."""

from dataclasses import astuple, dataclass
from datetime import timedelta

from django.core import signing

from core import identity
from oai.arguments import Arguments
from oai.exceptions import BadResumptionToken

LIFETIME = timedelta(days=1)
VERSION = 1  # first item of the payload; a token of another version has expired


@dataclass(frozen=True)
class Position:
    """The list asked for and how far it was given: up to the record `last` changed at `changed` (a Unix time)."""

    verb: str
    prefix: str
    since: str
    until: str
    set_spec: str
    changed: int
    last: int
    cursor: int
    size: int

    @property
    def arguments(self) -> Arguments:
        """The arguments with which the list began."""
        return Arguments(self.verb, prefix=self.prefix, since=self.since, until=self.until, set_spec=self.set_spec)


def write(position: Position) -> str:
    """The token, of characters that need no escaping in a URL."""
    return _signer().sign_object([VERSION, *astuple(position)])


def read(token: str, *, verb: str) -> Position:
    """The position behind a token of ours for this verb."""
    try:
        version, *fields = _signer().unsign_object(token, max_age=LIFETIME)
    except signing.SignatureExpired:
        raise BadResumptionToken("The token has expired. Start the list again") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise BadResumptionToken("This is no token of this repository") from None
    if version != VERSION or fields[0] != verb:
        raise BadResumptionToken(f"This is no token for {verb}. Start the list again")
    return Position(*fields)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(sep=".", salt=f"oai.resumption {identity.domain()}")
