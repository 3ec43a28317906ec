"""Who is asking: address, origin and token of a request or socket."""

from starlette.requests import HTTPConnection

from connectors.webchat.errors import Refused
from connectors.webchat.limits import Action, Limits
from connectors.webchat.origins import Origins
from connectors.webchat.tokens import Tokens, Visitor
from core.addresses import Network, client_address, read_proxies
from core.settings import Settings

MAX_TOKEN = 4096


class Access:
    """Checks that come before anything is read or written."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self.origins = Origins.from_setting(settings.allowed_origins)
        self._proxies: tuple[Network, ...] = read_proxies(settings.trusted_proxies)
        self._tokens = tokens
        self._limits = Limits()

    def address(self, connection: HTTPConnection) -> str:
        """The visitor's address, behind trusted proxies too."""
        peer = connection.client.host if connection.client else ""
        return client_address(peer, connection.headers.get("x-forwarded-for", ""), self._proxies)

    def may_use(self, connection: HTTPConnection) -> bool:
        """True when the page may embed the chat."""
        return self.origins.may_use(connection.headers.get("origin"), connection.headers.get("host", ""))

    def check_origin(self, connection: HTTPConnection) -> None:
        """Raises Refused (wrong_origin) for a page that may not embed the chat."""
        if not self.may_use(connection):
            raise Refused("wrong_origin", "this page is not in AFTERSAIL_ALLOWED_ORIGINS")

    def count(self, action: Action, connection: HTTPConnection, visitor: str = "") -> None:
        """Count one action. Raises Refused (too_fast)."""
        self._limits.check(action, visitor, self.address(connection))

    def visitor(self, connection: HTTPConnection) -> Visitor:
        """The visitor of the Authorization header. Raises Refused: wrong_token, expired."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("wrong_token", "send the token as `Authorization: Bearer …`")
        return self.read(token.strip())

    def read(self, token: str) -> Visitor:
        """The visitor of a token. Raises Refused: wrong_token, expired."""
        if len(token) > MAX_TOKEN:
            raise Refused("wrong_token", "this is no token of ours")
        return self._tokens.read(token)
