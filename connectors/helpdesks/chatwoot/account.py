"""A Chatwoot API inbox of ours, as helpdesks.yml describes it."""

from pydantic import Field

from connectors.helpdesks.account import Address, HelpdeskAccount, Secret, VendorNumber


class ChatwootAccount(HelpdeskAccount):
    """An API inbox with the secrets that belong to it."""

    api_url: Address = Field(description="address of Chatwoot, such as https://chat.example.com")
    account_id: VendorNumber = Field(description="number in the address behind /app/accounts/")
    inbox_id: VendorNumber = Field(description="number in the address behind /settings/inboxes/")
    user_id: VendorNumber = Field(description="id of the agent whose token this is; what it does is no answer")
    access_token: Secret = Field(description="Profile settings > Access token, of an agent made for Aftersail alone")
    webhook_secret: Secret = Field(description="signs webhooks; Settings > Inboxes > the inbox > Configuration")

    @property
    def vendor_id(self) -> str:
        """Account and inbox, as events carry them."""
        return f"{self.account_id}/{self.inbox_id}"
