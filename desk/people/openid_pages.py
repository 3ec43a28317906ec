"""Signing in by the company's OpenID provider. What was begun is kept, signed, in the browser that began it."""

import hmac
import secrets
from typing import Any

import jwt
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.responses import Response

from core.errors import NotFound
from core.schema_desk import agents
from desk.agents import ACTIVE, Agent, to_agent
from desk.audit import audit
from desk.errors import TooOften
from desk.people.context import Context, browser_of
from desk.people.cookies import address_of, drop_cookie, safe_next, set_cookie
from desk.people.openid import Begun, Identity, OpenIdProvider
from desk.people.openid_discovery import OpenIdRefused
from desk.people.sessions import digest_of
from desk.people.sign_in import start_session
from desk.people.sign_in_pages import SignInPages, welcome
from desk.web.ask import Ask
from desk.web.routing import Page

BEGUN_COOKIE, BEGUN_S = "aftersail_openid", 600
ALGORITHM, AUDIENCE = "HS256", "aftersail-openid"
MAX_CODE = 2_000


class OpenIdPages:
    """Handlers."""

    def __init__(self, context: Context, sign_in: SignInPages) -> None:
        self._context = context
        self._sign_in = sign_in

    def pages(self) -> list[Page]:
        """Their addresses."""
        return [Page("/sign-in/openid", self.begin, None), Page("/sign-in/openid/callback", self.come_back, None)]

    def begin(self, ask: Ask) -> Response:
        """To the provider."""
        provider = self._provider(ask)
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        answer = ask.go(provider.address(begun))
        kept = {
            "aud": AUDIENCE,
            "until": ask.now + BEGUN_S,
            "state": begun.state,
            "nonce": begun.nonce,
            "verifier": begun.verifier,
            "next": safe_next(ask.query.get("next", "")),
        }
        token = jwt.encode(kept, _secret(ask), ALGORITHM)
        set_cookie(answer, ask.request, ask.deps.settings, BEGUN_COOKIE, token, BEGUN_S)
        return answer

    def come_back(self, ask: Ask) -> Response:
        """Back from the provider: signed in, or the form with the reason."""
        provider = self._provider(ask)
        try:
            answer = self._signed_in(ask, provider)
        except OpenIdRefused as error:
            self._write_down(ask, str(error))
            answer = self._sign_in.show(ask, "", "", ask.words("people.sign_in.openid_refused"), 403)
        except TooOften as error:
            headers = {"retry-after": str(round(error.seconds))}
            answer = self._sign_in.show(ask, "", "", ask.words("people.sign_in.openid_refused"), 429, headers)
        drop_cookie(answer, ask.request, ask.deps.settings, BEGUN_COOKIE)
        return answer

    def _signed_in(self, ask: Ask, provider: OpenIdProvider) -> Response:
        begun, wanted = _begun(ask)
        code = ask.query.get("code", "")
        if not code or len(code) > MAX_CODE:
            raise OpenIdRefused("the provider sent no code")
        self._context.guard(ask.deps).count_link(address_of(ask.request, ask.deps.settings))
        identity = provider.identity(begun, code)
        with ask.deps.engine.begin() as connection:
            agent = find_person(connection, identity, ask.now)
            done = start_session(connection, agent, browser_of(ask), "openid", ask.now)
        return welcome(ask, done, wanted)

    def _provider(self, ask: Ask) -> OpenIdProvider:
        provider = self._context.provider(ask.deps)
        if provider is None:
            raise NotFound("no OpenID provider is configured")
        return provider

    def _write_down(self, ask: Ask, reason: str) -> None:
        with ask.deps.engine.begin() as connection:
            audit(connection, "openid", "sign_in_failed", details={"reason": reason[:200]}, now=ask.now)


def find_person(connection: Connection, identity: Identity, now: float) -> Agent:
    """The active person with this subject, or else the one with this verified address, who then has the subject.

    Raises OpenIdRefused: nobody is made here.
    """
    subject = digest_of(f"{identity.issuer}\n{identity.subject}")
    row = connection.execute(sa.select(agents).where(agents.c.oidc_subject == subject)).one_or_none()
    if row is None and identity.email:
        free = sa.and_(agents.c.email == identity.email, agents.c.oidc_subject.is_(None))
        found = connection.execute(sa.select(agents).where(free).limit(2)).all()
        row = found[0] if len(found) == 1 else None
        if row is not None and row.state == ACTIVE:
            connection.execute(
                sa.update(agents).where(agents.c.id == row.id).values(oidc_subject=subject, updated_at=now)
            )
            audit(connection, f"agent:{row.name}", "openid_linked", target=f"agent:{row.name}", now=now)
    if row is None or row.state != ACTIVE:
        raise OpenIdRefused("nobody here has this address or subject")
    return to_agent(row)


def _begun(ask: Ask) -> tuple[Begun, str]:
    """What this browser began, and the page that was wanted. Raises OpenIdRefused."""
    try:
        kept: dict[str, Any] = jwt.decode(
            ask.request.cookies.get(BEGUN_COOKIE, "")[:4_000], _secret(ask), [ALGORITHM], audience=AUDIENCE
        )
    except jwt.PyJWTError as error:
        raise OpenIdRefused("this browser has begun no sign-in") from error
    if kept["until"] < ask.now:
        raise OpenIdRefused("the sign-in was begun too long ago")
    if not hmac.compare_digest(ask.query.get("state", "").encode(), str(kept["state"]).encode()):
        raise OpenIdRefused("the state is of another sign-in")
    return Begun(kept["state"], kept["nonce"], kept["verifier"]), safe_next(kept["next"])


def _secret(ask: Ask) -> str:
    return ask.deps.settings.secret.get_secret_value()
