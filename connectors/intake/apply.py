"""Applies one event to the record. Applying it twice changes nothing: a process may die in between."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from connectors.channel import Account, Channel
from connectors.delivery.outgoing import choice_of, original_of
from connectors.events import Edit, Event, NewIdentity, Notice, Presence, Reaction, Retraction, Said, StatusChange
from connectors.intake.profiles import Profiles
from connectors.intake.said import SHOW_HELD, to_inbound
from connectors.intake.statuses import Statuses
from conversations.contacts import Contacts
from conversations.corrections import Corrections
from conversations.delivery_states import DeliveryStates
from conversations.inbox import Inbox
from conversations.media import MediaRecord
from conversations.model import MAX_TEXT, Inbound, Kind, Receipt
from conversations.originals import SHOW_ORIGINAL, Originals
from conversations.record import Record
from conversations.surveys import is_rating
from core.errors import NotFound


class Operator(Protocol):
    """Where news about our accounts go."""

    def notice(self, channel: str, account: str, topic: str, details: Mapping[str, Any], at: float) -> None:
        """Keep it, and show it to whoever runs the installation."""


@dataclass(frozen=True)
class Applied:
    """What an event led to."""

    receipt: Receipt | None = None  # the message it became
    said: Said | None = None  # when a person wrote


@dataclass(frozen=True)
class Applier:
    """What events act upon."""

    record: Record
    contacts: Contacts
    corrections: Corrections
    media: MediaRecord
    states: DeliveryStates
    statuses: Statuses
    inbox: Inbox
    operator: Operator
    originals: Originals
    clock: Callable[[], float] = time.time

    @cached_property
    def _profiles(self) -> Profiles:
        return Profiles(self.contacts, self.clock)

    async def apply(self, channel: Channel, account: Account, event: Event, received_at: float) -> Applied:
        """What became of the event. Raises DeliveryError or what the database raises: then it is tried again."""
        what = event.what
        if isinstance(what, Said):
            await self._profiles.learn(channel, account.name, what.sender, what.aliases)
        call = asyncio.to_thread
        if isinstance(what, Said):
            return await call(self._said, channel, account, event, what, received_at)
        if isinstance(what, StatusChange):
            await call(self.statuses.change, channel, account, what)
        elif isinstance(what, Presence):
            return await call(self._presence, channel, account, event, what, received_at)
        elif isinstance(what, Retraction):
            await call(self._retract, channel, account, what)
        elif isinstance(what, Edit):
            return await call(self._edit, channel, account, event, what)
        elif isinstance(what, Reaction):
            return await call(self._react, channel, account, event, what)
        elif isinstance(what, NewIdentity):
            await call(self._rename, channel, account, what)
        elif isinstance(what, Notice):
            await call(self.operator.notice, channel.name, account.name, what.topic, what.details, event.at)
        return Applied()

    def _said(self, channel: Channel, account: Account, event: Event, said: Said, received_at: float) -> Applied:
        if self.inbox.known(channel.name, _gone(account, said.message)):
            return Applied()
        person = self.contacts.resolve(channel.name, account.name, said.sender, said.aliases)
        key = (channel.name, account.name, person)
        wrote_at = min(event.at or received_at, received_at)
        self.contacts.wrote(*key, wrote_at, said.name, _address(said.sender, said.aliases))
        if said.reply_token:
            self.contacts.keep_token(*key, said.reply_token, received_at)
            self.states.wake(*key)
        inbound = to_inbound(
            said,
            channel=channel.name,
            account=account,
            sender=person,
            at=event.at,
            contact=self.contacts.find(*key),
            button=self._button(said, key),
            quoted=self._quoted(channel.name, said.quoted),
        )
        receipt = self.record.receive(inbound)
        if said.media and receipt.conversation.account == account.name:  # another account's has that message id
            self.media.expect(receipt.message.id, channel.name, account.name, vars(said.media))
        self.states.release_held(*key)
        if receipt.message.payload.get("payload") == SHOW_ORIGINAL and original_of(said.button):
            self.originals.show(receipt.conversation, original_of(said.button), receipt.message)
        return Applied(receipt, said)

    def _button(self, said: Said, person: tuple[str, str, str]) -> Mapping[str, Any] | None:
        """The choice of ours that was pressed; one that was forged or offered to somebody else is the words on it."""
        if wanted := original_of(said.button):
            known = self.originals.offered(wanted, person)
            return {"payload": SHOW_ORIGINAL, "title": said.text} if known else None
        choice = choice_of(said.button)
        if choice is None:
            ours = said.button in SHOW_HELD or is_rating(said.button)
            return {"payload": said.button, "title": said.text} if ours else None
        try:
            conversation = self.record.conversation(self.record.message(choice[0]).conversation_id)
            if (conversation.channel, conversation.account, conversation.sender) != person:
                return None
            return self.record.offered_button(conversation.id, *choice)
        except NotFound:
            return None

    def _quoted(self, channel: str, provider_id: str) -> str:
        """Our id of the message that a person answers; empty when it is not known."""
        return self.states.message_of(channel, provider_id) if provider_id else ""

    def _presence(
        self, channel: Channel, account: Account, event: Event, what: Presence, received_at: float
    ) -> Applied:
        person = self.contacts.resolve(channel.name, account.name, what.sender, ())
        key = (channel.name, account.name, person)
        if what.change in ("block", "leave"):
            self.contacts.block(*key, True)
            return Applied()
        self.contacts.wrote(*key, min(event.at or received_at, received_at), "", _address(what.sender, ()))
        if what.reply_token:
            self.contacts.keep_token(*key, what.reply_token, received_at)
        content = "group" if what.change == "join" else "follow"
        return Applied(self._event(channel, account, event, person, "", {"content": content}, noted=False))

    def _retract(self, channel: Channel, account: Account, what: Retraction) -> None:
        if self.corrections.erase(channel.name, what.message, account.name) is None:
            self.inbox.mark(channel.name, _gone(account, what.message))

    def _edit(self, channel: Channel, account: Account, event: Event, what: Edit) -> Applied:
        """New words take the place of unanswered ones; of answered ones they are a message of their own."""
        text = what.text[:MAX_TEXT]
        if not text or self.inbox.known(channel.name, _gone(account, what.message)):
            return Applied()
        if self.corrections.edit(channel.name, what.message, text, account.name):
            return Applied()
        person = self.contacts.resolve(channel.name, account.name, what.sender, ())
        # Of a message that has not come yet it is the message: the old words change nothing when they come.
        stored_as = event.id if self._quoted(channel.name, what.message) else what.message
        payload = {"content": "text", "edited": what.message}
        inbound = Inbound(channel.name, person, account.market, text, stored_as, Kind.TEXT, payload)
        return Applied(self.record.receive(replace(inbound, account=account.name, said_at=event.at)))

    def _react(self, channel: Channel, account: Account, event: Event, what: Reaction) -> Applied:
        person = self.contacts.resolve(channel.name, account.name, what.sender, ())
        payload = {"content": "reaction", "to": self._quoted(channel.name, what.message)}
        return Applied(self._event(channel, account, event, person, what.emoji, payload, noted=True))

    def _rename(self, channel: Channel, account: Account, what: NewIdentity) -> None:
        names = (what.becomes, *what.aliases)
        self.contacts.rename(channel.name, account.name, what.sender, names, _address(what.becomes, names))

    def _event(
        self, channel: Channel, account: Account, event: Event, person: str, text: str, payload: dict[str, Any],
        noted: bool,
    ) -> Receipt:  # fmt: skip
        inbound = Inbound(channel.name, person, account.market, text, event.id, Kind.EVENT, payload, noted=noted)
        return self.record.receive(replace(inbound, account=account.name, said_at=event.at))


def _address(sender: str, aliases: tuple[str, ...]) -> dict[str, str]:
    """What the channel knows a person by; it tells its ids apart by their form."""
    return {"id": sender, **{f"alias{number}": alias for number, alias in enumerate(aliases) if alias != sender}}


def _gone(account: Account, message: str) -> str:
    """Marks a message that was taken back before it came; ids are only the account's own, and may be long."""
    return "gone:" + hashlib.sha256(f"{account.name}|{message}".encode()).hexdigest()
