"""Signed statements: the signature is well formed and that of the statement (Data 2.6)."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.conftest import PASSED, Store, about, new_id, said, statement
from tests.xapi.test_attachments import TEXT, TYPE, attachment, first, multipart, part
from xapi import signatures
from xapi.exceptions import InvalidStatement
from xapi.models import Attachment, Statement
from xapi.received import read

pytestmark = pytest.mark.django_db

OCTETS = "application/octet-stream"
HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def key(name: str = "signer") -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(of: Private) -> str:
    """A certificate of the key that signs itself, which is long over, as it stands in x5c."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer")])
    then = datetime(2013, 4, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(name, name, of.public_key(), 1, then, then + timedelta(days=365))
        .sign(of, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    return base64.b64encode(made).decode()


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def jws(payload: Any, *, algorithm: str = "RS256", **header: Any) -> bytes:
    """A signature over the payload, which is given as data or bytes."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    signed = encoded(json.dumps({"alg": algorithm} | header).encode()) + b"." + encoded(data)
    made = key().sign(signed, padding.PKCS1v15(), HASHES.get(algorithm, hashes.SHA256()))
    return signed + b"." + encoded(made)


def signed(sent: dict[str, Any], signature: bytes, **changes: Any) -> bytes:
    """The request with a statement and its signature."""
    return multipart(first(with_signature(sent, signature, **changes)), part(signature, Content_Type=None))


def with_signature(sent: dict[str, Any], signature: bytes, **changes: Any) -> dict[str, Any]:
    said_of_it = attachment(signature, **({"usageType": signatures.USAGE, "contentType": OCTETS} | changes))
    return sent | {"attachments": [*sent.get("attachments", []), said_of_it]}


@pytest.mark.parametrize("algorithm", list(HASHES))
@pytest.mark.parametrize("with_certificate", [False, True])
def test_a_signed_statement(store: Store, algorithm: str, with_certificate: bool) -> None:
    sent = statement(id=new_id(), result={"response": "đúng"})
    header = {"x5c": [certificate(key()), certificate(key("issuer"))]} if with_certificate else {}
    signature = jws(sent, algorithm=algorithm, **header)
    response = store.post(signed(sent, signature), TYPE)
    assert (response.status_code, said(response)) == (200, [sent["id"]])
    assert Attachment.objects.get().sha2 == hashlib.sha256(signature).hexdigest()


def test_a_signature_in_the_version_2(store: Store) -> None:
    sent = statement(context={"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@b.org"}}]})
    assert store.speaking("2.0.0").post(signed(sent, jws(sent)), TYPE).status_code == 200


def test_put_with_a_signature(store: Store) -> None:
    sent = statement()
    assert store.put(signed(sent, jws(sent)), TYPE, statementId=new_id()).status_code == 204


SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"id": new_id()}, {"id": None}),
    ({"timestamp": "2026-01-01T07:00:00+07:00"}, {"timestamp": "2026-01-01T00:00:00Z"}),
    ({"version": "1.0.0"}, {}),
    ({"verb": {"id": PASSED["id"]}}, {"verb": PASSED}),
    ({"attachments": [attachment(TEXT, fileUrl="http://x.org/f")]}, {}),
]


@pytest.mark.parametrize(("sent", "payload"), SAME)
def test_the_payload_says_the_same(store: Store, sent: dict[str, Any], payload: dict[str, Any]) -> None:
    whole = statement(**sent)
    assert store.post(signed(whole, jws(statement(**(sent | payload)))), TYPE).status_code == 200


OTHER = "the signature is that of another statement"


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (statement(verb=PASSED), OTHER),
        (statement(id=new_id()), OTHER),
        (statement(result={"success": True}), OTHER),
        ([statement(), statement()], OTHER),
        ([], OTHER),
        (b"{'actor': 1}", "the signature has a payload that is no statement: not JSON: "),
        (b"\xff\xfe", "the signature has a payload that is no statement: not JSON: "),
        (b"", "the signature has a payload that is no statement: not JSON: "),
        (b"null", "the signature has a payload that is no statement: expected a statement"),
        ({}, "the signature has a payload that is no statement: statement.actor: is required"),
        (b'{"id":1,"id":2}', "the signature has a payload that is no statement: id: occurs twice in one object"),
    ],
)
def test_another_payload(store: Store, payload: Any, error: str) -> None:
    refused(store, signed(statement(id=new_id()), jws(payload)), error)


def refused(store: Store, body: bytes, error: str) -> None:
    """400 with this reason, and nothing is stored."""
    response = store.post(body, TYPE)
    assert response.status_code == 400
    expected = f"statements[0].attachments[0]: {error}"
    assert said(response)["error"][: len(expected)] == expected
    assert (Statement.objects.count(), Attachment.objects.count()) == (0, 0)


SENT = statement(id=new_id())
GOOD = jws(SENT, x5c=[certificate(key())])
HEADER, PAYLOAD, SIGNATURE = GOOD.split(b".")
NO_JWS = "the signature is no JWS in compact serialization"
NO_BASE64 = "the signature is not in base64url"
ALGORITHM = "the signature must use one of the algorithms RS256, RS384, RS512"
NO_CERTIFICATE = "the signature has no certificate in its x5c"
BAD_CERTIFICATE = "the signature has a certificate in its x5c that cannot be read"
NOT_RSA = "the signature has a certificate in its x5c whose key is not RSA of at most 8192 bits"
WRONG = "the signature was not made with the key of the certificate in its x5c"
MALFORMED: list[tuple[Callable[[], bytes], str]] = [
    (lambda: b"", NO_JWS),
    (lambda: b"here is no signature", NO_JWS),
    (lambda: HEADER + b"." + PAYLOAD, NO_JWS),
    (lambda: GOOD + b".x", NO_JWS),
    (lambda: json.dumps({"payload": PAYLOAD.decode(), "signatures": []}).encode(), NO_JWS),
    (lambda: b"\xc4\x91." + PAYLOAD + b"." + SIGNATURE, NO_BASE64),
    (lambda: HEADER + b"=." + PAYLOAD + b"." + SIGNATURE, NO_BASE64),
    (lambda: HEADER + b"." + PAYLOAD.replace(b"A", b"+", 1) + b"." + SIGNATURE, NO_BASE64),
    (lambda: HEADER + b"." + PAYLOAD + b"." + SIGNATURE + b"\n\x00", NO_BASE64),
    (lambda: HEADER + b"." + PAYLOAD + b".", "the signature is empty"),
    (lambda: encoded(b"{") + b"." + PAYLOAD + b".AA", "the signature has a header that cannot be read: not JSON: "),
    (lambda: encoded(b"[]") + b"." + PAYLOAD + b".AA", "the signature has a header that is no JSON object"),
    (
        lambda: encoded(b'{"alg":"RS256","alg":"none"}') + b"." + PAYLOAD + b".AA",
        "the signature has a header that cannot be read: alg: occurs twice in one object",
    ),
    (lambda: encoded(b"{}") + b"." + PAYLOAD + b".AA", ALGORITHM),
    (lambda: jws(SENT, algorithm="HS256"), ALGORITHM),
    (lambda: jws(SENT, algorithm="none"), ALGORITHM),
    (lambda: jws(SENT, algorithm="rs256"), ALGORITHM),
    (lambda: jws(SENT, alg=["RS256"]), ALGORITHM),
    (
        lambda: jws(SENT, crit=["exp"], exp=1),
        "the signature has critical header parameters (crit), which this store does not understand",
    ),
    (lambda: jws(SENT, x5c=[]), NO_CERTIFICATE),
    (lambda: jws(SENT, x5c=None), NO_CERTIFICATE),
    (lambda: jws(SENT, x5c=certificate(key())), NO_CERTIFICATE),
    (lambda: jws(SENT, x5c=[1]), NO_CERTIFICATE),
    (lambda: jws(SENT, x5c=["đ"]), BAD_CERTIFICATE),
    (lambda: jws(SENT, x5c=["AAAA"]), BAD_CERTIFICATE),
    (lambda: jws(SENT, x5c=[certificate(ec.generate_private_key(ec.SECP256R1()))]), NOT_RSA),
    (lambda: jws(SENT, x5c=[certificate(key("issuer")), certificate(key())]), WRONG),
    (lambda: HEADER + b"." + encoded(json.dumps(SENT, indent=1).encode()) + b"." + SIGNATURE, WRONG),
    (lambda: HEADER + b"." + PAYLOAD + b"." + SIGNATURE[:-4], WRONG),
]


@pytest.mark.parametrize(("make", "error"), MALFORMED)
def test_a_malformed_signature(store: Store, make: Callable[[], bytes], error: str) -> None:
    refused(store, signed(SENT, make()), error)


@pytest.mark.parametrize("content_type", ["text/plain", "text/plain; charset=ascii", "application/json"])
def test_another_content_type(store: Store, content_type: str) -> None:
    body = signed(SENT, GOOD, contentType=content_type)
    refused(store, body, "the signature must have the contentType application/octet-stream")


def test_a_signature_that_is_elsewhere(store: Store) -> None:
    """It cannot be checked, so it is not taken."""
    response = store.post(with_signature(SENT, GOOD, fileUrl="http://x.org/signature"))
    expected = "statements[0].attachments[0]: the signature must come with the statement, as a part of the request"
    assert (response.status_code, said(response)["error"]) == (400, expected)


def test_one_bad_signature_refuses_the_batch(store: Store) -> None:
    """Also the second of a statement."""
    good, other = statement(id=new_id()), jws(statement(verb=PASSED))
    fine = jws(good)
    both = with_signature(with_signature(good, fine), other)
    body = multipart(first([statement(), both]), part(fine, Content_Type=None), part(other, Content_Type=None))
    response = store.post(body, TYPE)
    assert (response.status_code, said(response)["error"]) == (400, f"statements[1].attachments[1]: {OTHER}")
    assert (Statement.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_statement_about_another_may_be_signed(store: Store) -> None:
    sent = statement(object=about(new_id()))
    assert store.post(signed(sent, jws(sent)), TYPE).status_code == 200


def test_other_attachments_are_not_looked_into(store: Store) -> None:
    sent = statement(attachments=[attachment(TEXT, contentType=OCTETS)])
    assert store.post(multipart(first(sent), part(TEXT, Content_Type=OCTETS)), TYPE).status_code == 200


@settings(deadline=None)
@given(st.binary() | st.lists(st.binary().map(encoded), min_size=3, max_size=3).map(b".".join))
def test_any_bytes_are_refused_with_a_reason(data: bytes) -> None:
    [received] = read(json.dumps(with_signature(SENT, data)).encode(), version="1.0.3")
    with pytest.raises(InvalidStatement, match="the signature "):
        signatures.check([received], {received.model.attachments[0].sha2: data}.get, version="1.0.3")
