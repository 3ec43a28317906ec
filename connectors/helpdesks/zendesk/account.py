"""A Zendesk of ours, as helpdesks.yml describes it."""

from typing import Any

from pydantic import Field, SecretStr, field_validator, model_validator

from connectors.helpdesks.account import Address, HelpdeskAccount, Secret, VendorNumber

# The button "Test webhook" signs with this one, which everybody knows.
TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105
GATHER_S = 20.0  # Zendesk takes 30 updates of a ticket in ten minutes


class ZendeskAccount(HelpdeskAccount):
    """A Zendesk account with the secrets that belong to it."""

    subdomain: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="the part before .zendesk.com")
    api_url: Address = Field("", validate_default=False, description="only for the simulator")
    account_id: VendorNumber = Field(description="number that webhooks carry as account_id")
    user_id: VendorNumber = Field(description="id of the agent that Aftersail works as")
    email: str = Field(pattern=r"^[^@\s:/]{1,64}@[^@\s:/]{1,190}$", description="e-mail address of that agent")
    api_token: Secret = Field(description="Admin centre > Apps and integrations > APIs > Zendesk API")
    signing_secret: Secret = Field(description="Admin centre > Webhooks > the webhook > Reveal secret")
    group_id: VendorNumber | None = Field(None, description="group that new tickets go to")
    brand_id: VendorNumber | None = Field(None, description="brand of new tickets")
    ticket_form_id: VendorNumber | None = Field(None, description="form of new tickets")
    gather_s: float = Field(GATHER_S, ge=0, le=300, description="seconds between two updates of a ticket")

    @field_validator("signing_secret")
    @classmethod
    def _own_secret(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() == TEST_SECRET:
            raise ValueError("this is the secret of Zendesk's test button; copy the webhook's own")
        return value

    @model_validator(mode="before")
    @classmethod
    def _own_address(cls, values: Any) -> Any:
        if isinstance(values, dict) and not values.get("api_url"):
            return {**values, "api_url": f"https://{values.get('subdomain', '')}.zendesk.com"}
        return values

    @property
    def vendor_id(self) -> str:
        """The id that webhooks carry for this account."""
        return str(self.account_id)
