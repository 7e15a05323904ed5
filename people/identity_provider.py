"""Sign-in by a national identity provider: OpenID Connect by allauth, checked more strictly than allauth does.

Every id token's signature, issuer, audience, time and nonce are checked, and the person of the userinfo must be that of
the token. Calls go out through core.fetch. No claim is stored: only the subject, by which the person is known again.
"""

import base64
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from core import fetch

PROVIDER = "national"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
TIMEOUT = 10.0  # seconds for one call; the learner waits
MAX_BYTES = 512 * 1024
LEEWAY = 60  # seconds that the two clocks may differ


def is_configured() -> bool:
    """Whether an operator has named a provider."""
    return bool(settings.OIDC_URL)


class GuardedSession(requests.Session):
    """What allauth calls the provider with: core.fetch's checks of address, time and size."""

    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
        **_others: Any,
    ) -> requests.Response:
        """No redirects: an endpoint that moves is configured anew."""
        sent = dict(headers or {})
        if data is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if auth is not None:
            pair = f"{auth.username}:{auth.password}".encode()
            sent["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return fetch.request(
            method,
            url,
            params=params,
            data=urlencode(data).encode() if data is not None else None,
            headers=sent,
            follow=False,
            timeout=TIMEOUT,
            max_bytes=MAX_BYTES,
        )


class NationalProvider(OpenIDConnectProvider):
    """allauth's, with a nonce for each sign-in and nothing taken from the address."""

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(24)
        return {
            **kwargs,
            "process": "login",
            "scope": self.get_scope(),
            "auth_params": {**self.get_auth_params(), "nonce": nonce},
            "nonce": nonce,  # kept with the state, in the session
        }

    def get_oauth2_adapter(self, request: HttpRequest) -> "NationalAdapter":
        return NationalAdapter(request, PROVIDER)


class NationalAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, with strict checks of what comes back."""

    def get_provider(self) -> NationalProvider:
        return NationalProvider(self.request, super().get_provider().app)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address in all languages: the provider knows it literally."""
        return f"{settings.BASE_URL}/accounts/oidc/login/callback/"

    @property
    def openid_config(self) -> dict[str, Any]:
        found: dict[str, Any] = super().openid_config
        if str(found.get("issuer")).rstrip("/") != settings.OIDC_URL:
            raise OAuth2Error("the provider's document names another issuer")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self._checked(kwargs["response"].get("id_token"), app)
        told = self._fetch_user_info(token.token) if self.openid_config.get("userinfo_endpoint") else {}
        if told and told.get("sub") != claims["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.account.extra_data = {}
        login.claims = told | claims
        return login

    def _checked(self, token: Any, app: Any) -> dict[str, Any]:
        """The claims of an id token that is signed by the provider, for us, now, and for this sign-in."""
        try:
            keys = jwt.PyJWKSet.from_dict(self._json(self.openid_config["jwks_uri"]))
            header = jwt.get_unverified_header(token)
            key = next(each for each in keys.keys if each.key_id == header.get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[each for each in ALGORITHMS if each == header.get("alg")],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, StopIteration, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"id token refused: {error!r}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("id token is for another client")
        if not self.nonce or not secrets.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("id token is of another sign-in")
        return claims

    nonce = ""  # of the state that came back; set by the view

    def _json(self, url: str) -> Any:
        with GuardedSession() as session:
            answer = session.get(url)
            answer.raise_for_status()
            return answer.json()


class SocialAdapter(DefaultSocialAccountAdapter):
    """allauth's social accounts, of which ours has one kind."""

    def get_requests_session(self) -> requests.Session:
        return GuardedSession()

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Nothing of the claims becomes an account."""
        return sociallogin.user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """No account is made by itself."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find whom the identity means, or ask; see people.identities."""
        from people import identities

        identities.meet(request, sociallogin)
