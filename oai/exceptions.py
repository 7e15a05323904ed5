"""What can go wrong with a request and with a partner.

Errors of requests are https://www.openarchives.org/OAI/openarchivesprotocol.html#ErrorConditions.
"""


class ProtocolError(Exception):
    """Raised when a request gets an <error> for its answer; the subclass is the error's code."""

    code = ""


class BadVerb(ProtocolError):
    """Raised when the verb is missing, repeated or none of the six."""

    code = "badVerb"


class BadArgument(ProtocolError):
    """Raised when an argument is illegal, repeated, missing or not well formed."""

    code = "badArgument"


class BadResumptionToken(ProtocolError):
    """Raised when a token is not one of ours, is of another verb, or has expired."""

    code = "badResumptionToken"


class CannotDisseminateFormat(ProtocolError):
    """Raised when the metadataPrefix is none of ours."""

    code = "cannotDisseminateFormat"


class IdDoesNotExist(ProtocolError):
    """Raised when no item of ours has the identifier."""

    code = "idDoesNotExist"


class NoRecordsMatch(ProtocolError):
    """Raised when a list is empty."""

    code = "noRecordsMatch"


class NoSetHierarchy(ProtocolError):
    """Raised when sets are asked for and there is no collection at all."""

    code = "noSetHierarchy"


class PartnerError(Exception):
    """Raised when a partner cannot be harvested. The text names the address and what to do about it."""


class Overtaken(PartnerError):
    """Raised when another process has gone on with the same source."""
