"""One of our WhatsApp numbers: its ids, its secrets and its limits."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

API_URL = "https://graph.facebook.com/v24.0"
_LOCAL_HOST = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1|[a-z0-9_-]+")  # a name without a dot is of our own network


def _secret(value: SecretStr) -> SecretStr:
    plain = value.get_secret_value()
    if not 8 <= len(plain) <= 1024 or not re.fullmatch(r"[\x21-\x7e]+", plain):
        raise ValueError(
            "must be 8 to 1024 visible ASCII characters without spaces; copy it from Meta's dashboard again"
        )
    return value


def _api_url(value: str) -> str:
    parts = urlsplit(value)
    local = parts.scheme == "http" and _LOCAL_HOST.fullmatch(parts.hostname or "")
    if not parts.hostname or parts.query or parts.fragment or parts.username or not (parts.scheme == "https" or local):
        raise ValueError(f"must be an https address such as {API_URL}; http only for a simulator on this network")
    return value.rstrip("/")


VendorId = Annotated[str, Field(pattern=r"^[0-9]{1,32}$")]
Secret = Annotated[SecretStr, AfterValidator(_secret)]


class WhatsAppAccount(BaseModel):
    """A number of ours with its secrets. The limits are Meta's; lower them when Meta lowers them for the number."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="our name of it")
    market: str = Field(pattern=r"^[A-Za-z]{2,8}$", description="market that its conversations belong to")
    phone_number_id: VendorId = Field(description="'Phone number ID' in WhatsApp > API Setup; not the number itself")
    business_account_id: VendorId = Field(description="'WhatsApp Business Account ID' in WhatsApp > API Setup")
    access_token: Secret = Field(description="permanent token of a system user")
    app_secret: Secret = Field(description="'App secret' in App settings > Basic; signs webhooks")
    verify_token: Secret = Field(description="a word of ours, typed into the webhook form too")
    api_url: Annotated[str, AfterValidator(_api_url), Field(max_length=200)] = API_URL
    messages_per_second: int = Field(80, ge=1, le=1000, description="throughput of the number; 20 in coexistence")
    pair_burst: int = Field(45, ge=1, le=45, description="messages to one person at once")
    pair_interval_s: float = Field(6.0, ge=6.0, le=3600, description="seconds until the next one after a burst")

    @property
    def vendor_id(self) -> str:
        """The id that webhooks carry for this number."""
        return self.phone_number_id

    @property
    def recipient_limit(self) -> tuple[int, float]:
        """(messages, seconds): so many to one person at once, earned again in so many seconds."""
        return self.pair_burst, self.pair_burst * self.pair_interval_s
