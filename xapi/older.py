"""What speakers of 1.0.x get of statements made with 2.0."""

import re

import msgspec

_ONLY_2_0 = ("contextAgents", "contextGroups")
_raw = msgspec.json.Decoder(dict[str, msgspec.Raw])
_may_be_2_0 = re.compile(rb'"version"\s*:\s*"2').search


def for_1_0(body: bytes) -> bytes:
    """A statement of 2.0 without what 1.0 has not; every value that stays, byte for byte as it is kept.

    1.0.x wants statements with unknown properties or a version of 1.1 or later refused (Data 2.2, 2.4.10), so a client
    could not take them. What belongs to 1.0 already comes back as it is.
    """
    if not _may_be_2_0(body):
        return body
    statement = _raw.decode(body)
    if not bytes(statement["version"]).startswith(b'"2'):
        return body
    statement["version"] = msgspec.Raw(b'"1.0.0"')
    target = _raw.decode(statement["object"])
    if target.get("objectType") == msgspec.Raw(b'"SubStatement"'):
        _without_2_0(target)
        statement["object"] = msgspec.Raw(msgspec.json.encode(target))
    _without_2_0(statement)
    return msgspec.json.encode(statement)


def _without_2_0(statement: dict[str, msgspec.Raw]) -> None:
    """Take the context's agents and groups away, and the context with them where it holds nothing else."""
    if "context" not in statement:
        return
    context = _raw.decode(statement["context"])
    left = {name: value for name, value in context.items() if name not in _ONLY_2_0}
    if not left and context:
        del statement["context"]
    elif len(left) < len(context):
        statement["context"] = msgspec.Raw(msgspec.json.encode(left))
