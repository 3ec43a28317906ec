"""Chatwoot as a helpdesk: a contact and a conversation in an API inbox, messages live."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from connectors.delivery.errors import Refused, TryAgain
from connectors.helpdesks.chatwoot.account import ChatwootAccount
from connectors.helpdesks.chatwoot.parse import KEY, SOURCE, parse
from connectors.helpdesks.events import DeskEvent
from connectors.helpdesks.fields import text, within
from connectors.helpdesks.helpdesk import CaseRef, NewCase, Note, Said
from connectors.helpdesks.http import Call, make
from connectors.helpdesks.signature import hex_hmac, is_fresh, same

PACKET = "packet"  # id of the first note
PAGES = 25  # of 20 messages, that are looked through for ours
RESOLVED = "resolved"


class Chatwoot:
    """All our Chatwoot inboxes."""

    name = "chatwoot"

    def __init__(self, accounts: Mapping[str, ChatwootAccount], client: httpx.AsyncClient) -> None:
        self.accounts = accounts
        self._client = client

    def signers(self, headers: Mapping[str, str], body: bytes, now: float) -> Sequence[ChatwootAccount]:
        """Accounts whose secret signed the timestamp and these bytes."""
        signed_at, signature = headers.get("x-chatwoot-timestamp", ""), headers.get("x-chatwoot-signature", "")
        if not signed_at.isdecimal() or len(signed_at) > 12 or not is_fresh(float(signed_at), now):
            return []
        signed = signed_at.encode() + b"." + body
        return [
            account
            for account in self.accounts.values()
            if same(f"sha256={hex_hmac(account.webhook_secret.get_secret_value(), signed)}", signature)
        ]

    def parse(self, headers: Mapping[str, str], body: bytes) -> Sequence[DeskEvent]:
        """See `parse`."""
        return parse(headers, body)

    async def open(self, account: str, case: NewCase) -> CaseRef:
        """The conversation, with the packet as its first private note."""
        mine = self.accounts[account]
        contact = await self._contact(mine, case)
        found = await self._conversation(mine, contact, case.key) if case.repeat else None
        if found is None:
            found = await self._create(mine, contact, case)
        if case.urgent:
            await self._call(mine, "POST", f"conversations/{found.case_id}/toggle_priority", {"priority": "urgent"})
        await self.note(account, found, PACKET, case.note, case.repeat)
        return found

    async def find(self, account: str, case: NewCase) -> CaseRef | None:
        """The conversation with our key."""
        mine = self.accounts[account]
        contact = await self._known(mine, case.person)
        return await self._conversation(mine, contact, case.key) if contact else None

    async def say(self, account: str, case: CaseRef, said: Sequence[Said], repeat: bool) -> int:
        """Seq of the first message, which stands there now; Chatwoot takes one at a time."""
        first = said[0]
        source = f"{case.key}:{first.seq}"
        if not repeat or source not in await self._marks(self.accounts[account], case):
            body = {"content": first.note.markdown, "message_type": "incoming", "private": False}
            await self._write(self.accounts[account], case, {**body, "source_id": f"{SOURCE}{source}"})
        return first.seq

    async def note(self, account: str, case: CaseRef, note_id: str, note: Note, repeat: bool) -> None:
        """A private message."""
        source = f"{case.key}:{note_id}"
        if not repeat or source not in await self._marks(self.accounts[account], case):
            body = {"content": note.markdown, "message_type": "outgoing", "private": True}
            await self._write(self.accounts[account], case, {**body, "source_id": f"{SOURCE}{source}"})

    async def resolve(self, account: str, case: CaseRef) -> None:
        """The conversation is resolved."""
        mine = self.accounts[account]
        path = f"conversations/{case.case_id}/toggle_status"
        answer = await self._call(mine, "POST", path, {"status": RESOLVED})
        if within(answer, "payload").get("current_status") not in (RESOLVED, None):
            raise TryAgain("not_resolved", "Chatwoot did not resolve the conversation")

    async def examine(self, account: str) -> str:
        """Name of the token's owner. Raises DeliveryError."""
        mine = self.accounts[account]
        profile = await make(self._client, Call("GET", f"{mine.api_url}/api/v1/profile", _headers(mine)))
        if text(profile.get("id")) != str(mine.user_id):
            raise Refused("wrong_user", f"the token belongs to user {text(profile.get('id'))}", "correct user_id")
        inbox = await self._call(mine, "GET", f"inboxes/{mine.inbox_id}")
        if inbox.get("channel_type") != "Channel::Api":
            raise Refused("wrong_inbox", f"inbox {mine.inbox_id} is no API inbox", "correct inbox_id")
        return f"user {mine.user_id}, inbox {mine.inbox_id}"

    async def _contact(self, mine: ChatwootAccount, case: NewCase) -> str:
        """Id of the customer's contact, made when there is none."""
        known = await self._known(mine, case.person)
        if known:
            return known
        body = {"inbox_id": mine.inbox_id, "name": case.name, "identifier": case.person}
        try:
            made = await self._call(
                mine, "POST", "contacts", {**body, "custom_attributes": {"language": case.language}}
            )
        except Refused as error:  # another case of this person was quicker
            found = await self._known(mine, case.person)
            if found is None:
                raise error
            return found
        contact = within(made, "payload", "contact")
        return _id(contact, "contact")

    async def _known(self, mine: ChatwootAccount, person: str) -> str | None:
        found = await self._call(mine, "GET", "contacts/search", params={"q": person})
        same_person = (item for item in _items(found.get("payload")) if item.get("identifier") == person)
        contact = next(same_person, None)
        return _id(contact, "contact") if contact else None

    async def _conversation(self, mine: ChatwootAccount, contact: str, key: str) -> CaseRef | None:
        listed = await self._call(mine, "GET", f"contacts/{contact}/conversations")
        for item in _items(listed.get("payload")):
            if within(item, "custom_attributes").get(KEY) == key:
                return CaseRef(_id(item, "conversation"), key, {"contact": contact})
        return None

    async def _create(self, mine: ChatwootAccount, contact: str, case: NewCase) -> CaseRef:
        # A source of its own for every person: Chatwoot finds or makes the contact's place in the inbox with it.
        body = {"source_id": case.person, "inbox_id": mine.inbox_id, "contact_id": int(contact), "status": "open"}
        about = {KEY: case.key, "market": case.market, "language": case.language, "subject": case.subject}
        made = await self._call(mine, "POST", "conversations", {**body, "custom_attributes": about})
        case_id = _id(made, "conversation")
        return CaseRef(case_id, case.key, {"contact": contact})

    async def _write(self, mine: ChatwootAccount, case: CaseRef, body: Mapping[str, Any]) -> None:
        await self._call(mine, "POST", f"conversations/{case.case_id}/messages", body)

    async def _marks(self, mine: ChatwootAccount, case: CaseRef) -> frozenset[str]:
        """What of ours stands in the conversation, by the source ids that we gave."""
        found: set[str] = set()
        before = ""
        for _ in range(PAGES):
            params = {"before": before} if before else None
            path = f"conversations/{case.case_id}/messages"
            page = _items((await self._call(mine, "GET", path, params=params)).get("payload"))
            found |= set(_sources(page))
            numbers = [int(item["id"]) for item in page if isinstance(item.get("id"), int)]
            if not numbers:
                break
            before = str(min(numbers))
        return frozenset(found)

    async def _call(
        self, mine: ChatwootAccount, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        url = f"{mine.api_url}/api/v1/accounts/{mine.account_id}/{path}"
        return await make(self._client, Call(method, url, _headers(mine), body, params))


def _headers(mine: ChatwootAccount) -> dict[str, str]:
    return {"api_access_token": mine.access_token.get_secret_value()}


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _sources(page: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for item in page:
        source = text(item.get("source_id"))
        if source.startswith(SOURCE):
            yield source.removeprefix(SOURCE)


def _id(item: Mapping[str, Any], what: str) -> str:
    found = text(item.get("id"), 32)
    if not found.isdecimal():
        raise TryAgain("bad_answer", f"Chatwoot's answer has no id of the {what}")
    return found
