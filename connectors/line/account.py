"""One LINE official account of ours, as channels.yml describes it."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

API = "https://api.line.me"
DATA = "https://api-data.line.me"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _checked_address(value: str) -> str:
    """The address without a slash at its end. Raises ValueError when a token must not be sent there."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    inside = host in _LOOPBACK or (host and "." not in host and ":" not in host)
    if parts.scheme != "https" and not (parts.scheme == "http" and inside):
        raise ValueError("use https://; http:// only to a simulator on this machine or in this network")
    if not host or parts.username or parts.query or parts.fragment:
        raise ValueError("give the host only, such as https://api.line.me")
    return value.rstrip("/")


def _checked_secret(value: SecretStr) -> SecretStr:
    """The secret. Raises ValueError, without showing it, when it cannot be what LINE's console shows."""
    text = value.get_secret_value()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("it has spaces, line breaks or letters that LINE does not use; copy it again")
    return value


Address = Annotated[str, Field(max_length=200), AfterValidator(_checked_address)]
Secret = Annotated[SecretStr, Field(min_length=8, max_length=2000), AfterValidator(_checked_secret)]


class LineAccount(BaseModel):
    """An account with its secrets, which no error, log or repr shows."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="our name of it")
    market: str = Field(pattern=r"^[A-Z]{2}$", description="market that its conversations belong to")
    bot_user_id: str = Field(pattern=r"^U[0-9a-f]{32}$", description="the bot's user id; `destination` of webhooks")
    channel_secret: Secret = Field(description="signs webhooks; console, Basic settings, Channel secret")
    access_token: Secret = Field(description="console, Messaging API, Channel access token")
    api_url: Address = Field(API, description="where calls go; another one for the simulator")
    data_url: Address = Field(DATA, description="where files are read; follows api_url when that is another one")
    push_reserve: int = Field(0, ge=0, le=10_000_000, description="pushes of the month kept for people's messages")
    messages_per_second: int = Field(100, ge=1, le=2000, description="calls that send; LINE allows 2,000")

    @model_validator(mode="before")
    @classmethod
    def _data_follows_api(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("api_url", API) != API and "data_url" not in values:
            return {**values, "data_url": values["api_url"]}
        return values

    @property
    def recipient_limit(self) -> tuple[int, float]:
        """(calls, seconds) of one person. LINE has a limit and does not tell it; this one is ours."""
        return 20, 10.0

    @property
    def vendor_id(self) -> str:
        """The id that LINE's webhooks name the account by."""
        return self.bot_user_id
