"""A small OpenID Connect provider, as a process of its own: `python oidc_server.py` prints its address.

Discovery, authorisation code with PKCE, RS256 id tokens, JWKS, userinfo. POST /control with JSON sets who signs in
(`claims`), and one lie of a hostile provider (`lie`). It checks what an honest one checks: client, redirect address,
code once, PKCE.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "nhasan", "bí mật của nhà sàn"
REDIRECT = "http://testserver/accounts/oidc/login/callback/"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CODES: dict[str, dict[str, str]] = {}
TOKENS: dict[str, dict[str, Any]] = {}
STATE: dict[str, Any] = {"claims": {}, "lie": "", "redirect": REDIRECT}


class Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                self.answer(self.document())
            case "/jwks":
                key = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
                self.answer({"keys": [key | {"kid": "one", "use": "sig", "alg": "RS256"}]})
            case "/authorize":
                self.authorize(asked)
            case "/userinfo":
                claims = TOKENS.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
                lie = {"sub": "another"} if STATE["lie"] == "userinfo" else {}
                self.answer(claims | lie if claims else {"error": "invalid_token"}, 200 if claims else 401)
            case _:
                self.answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            STATE.update({"claims": {}, "lie": "", "redirect": REDIRECT} | json.loads(body))
            self.answer({})
        elif self.path == "/token":
            self.token({name: values[0] for name, values in parse_qs(body.decode()).items()})

    def document(self) -> dict[str, Any]:
        base = self.base()
        issuer = "http://another.example" if STATE["lie"] == "issuer document" else base
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> None:
        good = (
            asked["client_id"] == CLIENT
            and asked["redirect_uri"] == STATE["redirect"]
            and asked["response_type"] == "code"
            and asked["code_challenge_method"] == "S256"
            and "openid" in asked["scope"].split()
        )
        if not good:
            self.answer({"error": "invalid_request"}, 400)
            return
        code = secrets.token_urlsafe(8)
        CODES[code] = asked
        self.send_response(302)
        query = {"error": "access_denied"} if STATE["lie"] == "cancelled" else {"code": code}
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(query | {'state': asked['state']})}")
        self.end_headers()

    def token(self, sent: dict[str, str]) -> None:
        asked = CODES.pop(sent.get("code", ""), None)
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        good = (
            asked
            and (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
            and base64.urlsafe_b64encode(challenge).decode().rstrip("=") == asked["code_challenge"]
        )
        if not good:
            self.answer({"error": "invalid_grant"}, 400)
            return
        now, lie = int(time.time()), STATE["lie"]
        claims = {"iss": self.base(), "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= STATE["claims"]
        claims |= {
            "nonce": {"nonce": "of another sign-in"},
            "aud": {"aud": "another client"},
            "azp": {"aud": [CLIENT, "another"], "azp": "another"},
            "iss": {"iss": "http://another.example"},
            "expired": {"iat": now - 900, "exp": now - 600},
        }.get(lie, {})
        if lie == "no nonce":
            del claims["nonce"]
        key: Any = OTHER_KEY if lie == "signature" else KEY
        signed = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "two" if lie == "kid" else "one"})
        if lie == "alg none":
            signed = jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})
        if lie == "hmac":
            signed = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": "one"})
        access = secrets.token_urlsafe(16)
        TOKENS[access] = STATE["claims"]
        answer = {"access_token": access, "token_type": "Bearer", "id_token": signed, "expires_in": 300}
        if lie == "no id token":
            del answer["id_token"]
        self.answer(["no object"] if lie == "shape" else answer)

    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, value: Any, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
