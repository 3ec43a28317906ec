"""What every helpdesk account has; a vendor's own adds its ids and secrets."""

import re
from abc import ABC, abstractmethod
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1|[a-z0-9_-]+")  # a name without a dot is of our own network


def _secret(value: SecretStr) -> SecretStr:
    plain = value.get_secret_value()
    if not 8 <= len(plain) <= 1024 or not re.fullmatch(r"[\x21-\x7e]+", plain):
        raise ValueError("must be 8 to 1024 visible ASCII characters without spaces; copy it from the helpdesk again")
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    local = parts.scheme == "http" and _LOCAL.fullmatch(parts.hostname or "")
    if not parts.hostname or parts.query or parts.fragment or parts.username or not (parts.scheme == "https" or local):
        raise ValueError("must be an https address without path secrets; http only for a host of this network")
    return value.rstrip("/")


Secret = Annotated[SecretStr, AfterValidator(_secret)]
Address = Annotated[str, Field(max_length=200), AfterValidator(_address)]
VendorNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]


class HelpdeskAccount(BaseModel, ABC):
    """A helpdesk with the markets whose hand-offs it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,31}$", description="our name of it; agents are <name>/<agent>")
    markets: tuple[Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}$")], ...] = Field(min_length=1, max_length=50)
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$", description="content code that its agents write in")
    when_resolved: Literal["close", "hand_back"] = Field(
        "close", description="what its 'solved' does to the conversation"
    )
    alert_minutes: int = Field(10, ge=1, le=1440, description="a case that waits longer for the helpdesk is an alarm")
    calls_per_minute: int = Field(60, ge=1, le=2500, description="calls that we make at most")
    gather_s: float = Field(0.0, ge=0, le=300, description="seconds between two messages to one case")

    @property
    @abstractmethod
    def vendor_id(self) -> str:
        """The vendor's id, as events carry it."""
