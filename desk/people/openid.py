"""Sign-in by a company's own OpenID provider: code flow with PKCE; the id token is verified here."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import jwt
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc.errors import JoseError
from jwt.exceptions import PyJWTError
from jwt.types import Options

from core.errors import RetryLater, SetupError
from core.settings import Settings
from desk.people.openid_discovery import TIMEOUT_S, Discovery, OpenIdRefused, check_address

LEEWAY_S = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SCOPE = "openid email profile"
CALLBACK = "/desk/sign-in/openid/callback"


@dataclass(frozen=True)
class Begun:
    """A sign-in under way; kept in the browser that began it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is."""

    issuer: str
    subject: str
    email: str  # small letters; empty unless the provider has verified it


class OpenIdProvider:
    """The configured provider. One for the process: it remembers configuration and keys."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret.get_secret_value()
        base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
        self._callback = base + CALLBACK  # never from the Host header, which anybody can send
        self._clock = clock
        self._discovery = Discovery(settings.oidc_issuer, clock)

    @staticmethod
    def is_configured(settings: Settings) -> bool:
        """Whether people may sign in by a provider. Raises SetupError when the settings are half there."""
        if not settings.oidc_issuer:
            return False
        if not settings.oidc_client_id or not settings.oidc_client_secret.get_secret_value():
            raise SetupError("AFTERSAIL_OIDC_ISSUER needs AFTERSAIL_OIDC_CLIENT_ID and AFTERSAIL_OIDC_CLIENT_SECRET")
        check_address(settings.oidc_issuer, "AFTERSAIL_OIDC_ISSUER")
        return True

    def address(self, begun: Begun) -> str:
        """Where the browser goes. Raises RetryLater when the provider does not answer."""
        known = self._discovery.read()
        address, _ = self._session().create_authorization_url(
            known.authorization_endpoint, state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
        )
        return str(address)

    def identity(self, begun: Begun, code: str) -> Identity:
        """Who came back with `code`. Raises OpenIdRefused, RetryLater."""
        known = self._discovery.read()
        try:
            token = self._session().fetch_token(
                known.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except OSError as error:  # of requests
            raise RetryLater(f"the OpenID provider does not answer: {type(error).__name__}") from error
        except ValueError as error:
            raise OpenIdRefused("the OpenID provider's answer is no token") from error
        except AuthlibBaseError as error:
            raise OpenIdRefused(f"the OpenID provider refuses: {type(error).__name__}") from error
        return self._verified(str(token.get("id_token", "")), str(token.get("access_token", "")), begun.nonce)

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self._client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._callback,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method's name
        )

    def _verified(self, id_token: str, access_token: str, nonce: str) -> Identity:
        try:
            header = jwt.get_unverified_header(id_token)
            unchecked: Options = {"verify_exp": False, "verify_aud": False, "verify_iat": False}  # CodeIDToken does
            claims = jwt.decode(
                id_token,
                self._discovery.key(str(header.get("kid", ""))),
                algorithms=list(ALGORITHMS),
                options=unchecked,
            )
            rules = {"iss": {"essential": True, "value": self._issuer}, "aud": {"essential": True}}
            parameters = {"nonce": nonce, "client_id": self._client_id, "access_token": access_token}
            token = CodeIDToken(claims, header, {**rules, "sub": {"essential": True}}, parameters)
            token.validate(now=int(self._clock()), leeway=LEEWAY_S)
        except (PyJWTError, JoseError, ValueError, TypeError) as error:
            raise OpenIdRefused(f"the id token is not good: {type(error).__name__}") from error
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if self._client_id not in audience or not isinstance(claims["sub"], str) or not claims["sub"]:
            raise OpenIdRefused("the id token is for somebody else")
        email = claims.get("email", "") if claims.get("email_verified") is True else ""
        return Identity(self._issuer, claims["sub"][:255], str(email).strip().lower())
