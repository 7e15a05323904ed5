"""Signed statements: a JSON web signature among the attachments (Data 2.6).

A signature is only checked for mistakes: whether the certificate is to be trusted is for those to say who need it.
"""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from xapi.comparison import same
from xapi.exceptions import InvalidStatement
from xapi.json_text import parse
from xapi.received import Received, read
from xapi.rules.things import Attachment

USAGE = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE = "application/octet-stream"
_HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
_is_base64url = re.compile(rb"[A-Za-z0-9_-]*").fullmatch
LONGEST = 8 * 1024 * 1024  # bytes of a signature
_LARGEST_KEY = 8192  # bits; the time to check a signature grows with the key

Content = Callable[[str], bytes | None]  # the file with this SHA-2 that came with the statements


class _Malformed(Exception):
    """Raised when a signature is not one; says why."""


def check(received: Sequence[Received], content: Content, *, version: str) -> None:
    """Refuse malformed signatures, and those of another statement. version is that of the request."""
    for number, each in enumerate(received):
        for path, attachment in _signatures(each, f"statements[{number}]"):
            try:
                _check(each, attachment, content(attachment.sha2.lower()), version)
            except _Malformed as error:
                raise InvalidStatement(path, f"the signature {error}") from None


def _signatures(received: Received, path: str) -> Iterator[tuple[str, Attachment]]:
    """The signatures of a statement, each with its path."""
    for number, each in enumerate(received.model.attachments or ()):
        if each.usage_type == USAGE:
            yield f"{path}.attachments[{number}]", each


def _check(received: Received, attachment: Attachment, file: bytes | None, version: str) -> None:
    """All that an LRS must do with a signature (Data 2.6, LRS Requirements)."""
    if attachment.content_type.strip().lower() != CONTENT_TYPE:
        raise _Malformed(f"must have the contentType {CONTENT_TYPE}")
    if file is None:
        raise _Malformed("must come with the statement, as a part of the request")
    header, payload, signature, signed = _parts(file)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _HASHES:
        raise _Malformed(f"must use one of the algorithms {', '.join(_HASHES)}")
    if "crit" in header:
        raise _Malformed("has critical header parameters (crit), which this store does not understand")
    if "x5c" in header:
        _verify(_key(header["x5c"]), signature, signed, _HASHES[algorithm])
    _compare(received, payload, version)


def _parts(file: bytes) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    """Header, payload, signature, and the bytes that are signed, of a compact serialization (RFC 7515, 3.1)."""
    pieces = file.strip().split(b".")
    if len(pieces) != 3:
        raise _Malformed("is no JWS in compact serialization")
    header, payload, signature = (_decoded(piece) for piece in pieces)
    try:
        said = parse(header)
    except InvalidStatement as error:
        raise _Malformed(f"has a header that cannot be read: {error}") from None
    if not isinstance(said, dict):
        raise _Malformed("has a header that is no JSON object")
    if not signature:
        raise _Malformed("is empty")
    return said, payload, signature, pieces[0] + b"." + pieces[1]


def _decoded(piece: bytes) -> bytes:
    """Base64url without padding (RFC 7515, 2)."""
    if not _is_base64url(piece) or len(piece) % 4 == 1:
        raise _Malformed("is not in base64url")
    return base64.urlsafe_b64decode(piece + b"=" * (-len(piece) % 4))


def _key(chain: Any) -> rsa.RSAPublicKey:
    """The public key of the first certificate: that of the signer (RFC 7515, 4.1.6)."""
    if not isinstance(chain, list) or not chain or not isinstance(chain[0], str):
        raise _Malformed("has no certificate in its x5c")
    try:
        key = x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True)).public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise _Malformed("has a certificate in its x5c that cannot be read") from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size > _LARGEST_KEY:
        raise _Malformed(f"has a certificate in its x5c whose key is not RSA of at most {_LARGEST_KEY} bits")
    return key


def _verify(key: rsa.RSAPublicKey, signature: bytes, signed: bytes, algorithm: hashes.HashAlgorithm) -> None:
    try:
        key.verify(signature, signed, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError):
        raise _Malformed("was not made with the key of the certificate in its x5c") from None


def _compare(received: Received, payload: bytes, version: str) -> None:
    """The payload is the statement as it was before the signature was added."""
    try:
        signed = read(payload, version=version)
    except InvalidStatement as error:
        raise _Malformed(f"has a payload that is no statement: {error}") from None
    if len(signed) != 1 or not same(signed[0].data, received.data):
        raise _Malformed("is that of another statement")
    if signed[0].named and received.named and signed[0].id != received.id:
        raise _Malformed("is that of another statement")
