"""What the vendor knows of a person: asked before their first message, then seldom, never at the cost of others."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from connectors.channel import Channel
from connectors.delivery.errors import DeliveryError, Refused
from conversations.contacts import Contact, Contacts

logger = structlog.get_logger(__name__)

TIMEOUT_S = 2.0  # a message waits no longer for it
FRESH_S = 30 * 86_400.0  # people change their names
PAUSE_S = 60.0  # an account whose vendor does not answer is not asked for so long


@dataclass(frozen=True)
class Profiles:
    """Asks for profiles. Use it in one event loop."""

    contacts: Contacts
    clock: Callable[[], float] = time.time
    _paused: dict[str, float] = field(default_factory=dict)  # by account, so it stays as small as the accounts file

    async def learn(self, channel: Channel, account: str, sender: str, aliases: tuple[str, ...]) -> None:
        """Ask when it is not known: the person's language is evidence for their first message."""
        if 0 < self._paused.get(account, 0.0) - self.clock() <= PAUSE_S:  # more: the clock was set back
            return
        known = await asyncio.to_thread(self._contact, channel.name, account, sender, aliases)
        if known and self._is_fresh(known):
            return
        try:
            profile = await asyncio.wait_for(channel.profile(account, sender), TIMEOUT_S)
        except (DeliveryError, TimeoutError) as error:
            if not isinstance(error, Refused):  # that is about this person only
                self._paused[account] = self.clock() + PAUSE_S
            logger.info("profile_not_read", account=account, reason=type(error).__name__)
            return  # it is asked again with a later message
        before = (known.profile if known else None) or {}
        told = {"name": profile.name, "language": profile.language} if profile else before
        person = await asyncio.to_thread(self.contacts.resolve, channel.name, account, sender, aliases)
        await asyncio.to_thread(self.contacts.learn, channel.name, account, person, told, self.clock())

    def _is_fresh(self, known: Contact) -> bool:
        asked_at = (known.profile or {}).get("asked_at")
        return isinstance(asked_at, int | float) and 0 <= self.clock() - asked_at < FRESH_S

    def _contact(self, channel: str, account: str, sender: str, aliases: tuple[str, ...]) -> Contact | None:
        return self.contacts.find(channel, account, self.contacts.resolve(channel, account, sender, aliases))
