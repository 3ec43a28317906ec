"""Which helpdesks there are, from the accounts file."""

from collections.abc import Mapping

import httpx
from pydantic import BaseModel

from connectors.accounts import load_accounts
from connectors.helpdesks.account import HelpdeskAccount
from connectors.helpdesks.chatwoot.account import ChatwootAccount
from connectors.helpdesks.chatwoot.desk import Chatwoot
from connectors.helpdesks.helpdesk import Helpdesk
from connectors.helpdesks.zendesk.account import ZendeskAccount
from connectors.helpdesks.zendesk.desk import Zendesk
from core.settings import Settings

MODELS: Mapping[str, type[BaseModel]] = {"chatwoot": ChatwootAccount, "zendesk": ZendeskAccount}
VENDORS = tuple(MODELS)  # whose events are no channel's


def load_helpdesks(settings: Settings, markets: frozenset[str]) -> Mapping[str, Mapping[str, HelpdeskAccount]]:
    """Accounts by vendor and name; empty without an accounts file. Raises ContentError, SetupError."""
    if not settings.helpdesks:
        return {}
    return load_accounts(settings.content_dir / settings.helpdesks, MODELS, markets, "helpdesk")


def open_vendors(settings: Settings, markets: frozenset[str], client: httpx.AsyncClient) -> Mapping[str, Helpdesk]:
    """Helpdesks by vendor; empty without an accounts file. Raises ContentError, SetupError."""
    found = load_helpdesks(settings, markets)
    opened: dict[str, Helpdesk] = {}
    if chatwoot := {
        name: item for name, item in found.get("chatwoot", {}).items() if isinstance(item, ChatwootAccount)
    }:
        opened["chatwoot"] = Chatwoot(chatwoot, client)
    if zendesk := {name: item for name, item in found.get("zendesk", {}).items() if isinstance(item, ZendeskAccount)}:
        opened["zendesk"] = Zendesk(zendesk, client)
    return opened


def helpdesk_markets(settings: Settings, markets: frozenset[str]) -> frozenset[str]:
    """Markets whose hand-offs go to another company's helpdesk."""
    accounts = (item for group in load_helpdesks(settings, markets).values() for item in group.values())
    return frozenset(market for account in accounts for market in account.markets)
