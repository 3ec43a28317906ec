"""Zendesk as a helpdesk: a ticket for a hand-off, comments in batches as its requester."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from connectors.delivery.errors import Refused, TryAgain
from connectors.helpdesks.events import DeskEvent
from connectors.helpdesks.fields import moment, text, within
from connectors.helpdesks.helpdesk import CaseRef, NewCase, Note, Said
from connectors.helpdesks.http import Call, make
from connectors.helpdesks.signature import base64_hmac, is_fresh, same
from connectors.helpdesks.zendesk.account import TEST_SECRET, ZendeskAccount
from connectors.helpdesks.zendesk.parse import parse

MARK = "aftersail"  # custom metadata of everything that we write there
TAG = "aftersail"
MAX_COMMENT = 60_000  # bytes
PAGES = 20  # of 100 audits, that are looked through for ours
MAX_SUBJECT = 150
_OVER = ("solved", "closed")


class Zendesk:
    """All our Zendesk accounts."""

    name = "zendesk"

    def __init__(self, accounts: Mapping[str, ZendeskAccount], client: httpx.AsyncClient) -> None:
        self.accounts = accounts
        self._client = client
        self._ours = {account.vendor_id: str(account.user_id) for account in accounts.values()}

    def signers(self, headers: Mapping[str, str], body: bytes, now: float) -> Sequence[ZendeskAccount]:
        """Accounts whose secret signed the timestamp and these bytes."""
        signed_at = headers.get("x-zendesk-webhook-signature-timestamp", "")[:64]
        signature = headers.get("x-zendesk-webhook-signature", "")
        if not is_fresh(moment(signed_at), now):
            return []
        secrets = ((account, account.signing_secret.get_secret_value()) for account in self.accounts.values())
        signed = signed_at.encode() + body
        found = [account for account, secret in secrets if same(base64_hmac(secret, signed), signature)]
        return [account for account in found if account.signing_secret.get_secret_value() != TEST_SECRET]

    def parse(self, headers: Mapping[str, str], body: bytes) -> Sequence[DeskEvent]:
        """See `parse`."""
        return parse(body, self._ours)

    async def open(self, account: str, case: NewCase) -> CaseRef:
        """The ticket, whose first comment is the packet and private."""
        mine = self.accounts[account]
        found = await self.find(account, case) if case.repeat else None
        return found or await self._create(mine, case, await self._requester(mine, case))

    async def find(self, account: str, case: NewCase) -> CaseRef | None:
        """The ticket with our key as its external id."""
        listed = await self._call(self.accounts[account], "GET", "tickets", params={"external_id": case.key})
        tickets = listed.get("tickets")
        for ticket in tickets if isinstance(tickets, list) else []:
            if isinstance(ticket, dict) and ticket.get("external_id") == case.key:
                return _ref(ticket, case.key)
        return None

    async def say(self, account: str, case: CaseRef, said: Sequence[Said], repeat: bool) -> int:
        """Seq of the last message of one comment, which holds as many as have room."""
        marks = await self._marks(self.accounts[account], case) if repeat else frozenset[str]()
        there = [int(mark) for mark in marks if mark.isdecimal() and int(mark) >= said[0].seq]
        if there:
            return max(there)
        chosen, size = [said[0]], len(said[0].note.html.encode())
        for item in said[1:]:
            size += len(item.note.html.encode()) + len("<hr>")
            if size > MAX_COMMENT:
                break
            chosen.append(item)
        html = "<hr>".join(item.note.html for item in chosen)
        comment = {"html_body": html, "public": True, "author_id": int(case.details["requester"])}
        await self._update(account, case, {"comment": comment, "status": "open"}, str(chosen[-1].seq))
        return chosen[-1].seq

    async def note(self, account: str, case: CaseRef, note_id: str, note: Note, repeat: bool) -> None:
        """A private comment."""
        if repeat and note_id in await self._marks(self.accounts[account], case):
            return
        await self._update(account, case, {"comment": {"html_body": note.html, "public": False}}, note_id)

    async def resolve(self, account: str, case: CaseRef) -> None:
        """The ticket is solved; Zendesk asks for an assignee then."""
        mine = self.accounts[account]
        ticket = within(await self._call(mine, "GET", f"tickets/{case.case_id}"), "ticket")
        if ticket.get("status") in _OVER:
            return
        assignee = {} if ticket.get("assignee_id") else {"assignee_id": mine.user_id}
        await self._update(account, case, {"status": "solved", **assignee}, "solved")

    async def examine(self, account: str) -> str:
        """Name of the token's owner. Raises DeliveryError."""
        mine = self.accounts[account]
        user = within(await self._call(mine, "GET", "users/me"), "user")
        if text(user.get("id")) != str(mine.user_id):
            raise Refused("wrong_user", f"the token belongs to user {text(user.get('id'))}", "correct user_id or email")
        if user.get("role") not in ("agent", "admin"):
            raise Refused("no_agent", f"user {mine.user_id} is no agent", "give the user the role of an agent")
        return f"user {mine.user_id}, {text(user.get('role'))}"

    async def _requester(self, mine: ZendeskAccount, case: NewCase) -> int:
        """Id of the customer's user, the same for all their cases. Without an e-mail address nobody is mailed."""
        user = {"name": case.name, "external_id": case.person, "role": "end-user", "verified": False}
        made = await self._call(mine, "POST", "users/create_or_update", {"user": user})
        return _number(within(made, "user"), "id")

    async def _create(self, mine: ZendeskAccount, case: NewCase, requester: int) -> CaseRef:
        places = {"group_id": mine.group_id, "brand_id": mine.brand_id, "ticket_form_id": mine.ticket_form_id}
        ticket = {
            "subject": case.subject[:MAX_SUBJECT],
            "comment": {"html_body": case.note.html, "public": False},
            "requester_id": requester,
            "external_id": case.key,
            "priority": "urgent" if case.urgent else "normal",
            "tags": [TAG, f"lang_{case.language}".lower(), f"market_{case.market}".lower()],
            "metadata": {"custom": {MARK: "packet"}},
            **{name: value for name, value in places.items() if value},
        }
        try:
            made = await self._call(mine, "POST", "tickets", {"ticket": ticket}, {"Idempotency-Key": case.key})
        except Refused as error:
            # The same key with another body: an earlier try made the ticket, and its translations were others.
            if error.code == "http_400" and (found := await self.find(mine.name, case)):
                return found
            raise
        return _ref(within(made, "ticket"), case.key)

    async def _update(self, account: str, case: CaseRef, values: Mapping[str, Any], mark: str) -> None:
        body = {"ticket": {**values, "metadata": {"custom": {MARK: mark}}}}
        await self._call(self.accounts[account], "PUT", f"tickets/{case.case_id}", body)

    async def _marks(self, mine: ZendeskAccount, case: CaseRef) -> frozenset[str]:
        """What of ours the ticket's history has, by the metadata that we gave."""
        found: set[str] = set()
        params = {"page[size]": "100"}
        for _ in range(PAGES):
            page = await self._call(mine, "GET", f"tickets/{case.case_id}/audits", params=params)
            audits = page.get("audits")
            for audit in audits if isinstance(audits, list) else []:
                found.add(text(within(audit, "metadata", "custom").get(MARK), 120))
            meta = within(page, "meta")
            if meta.get("has_more") is not True:
                break
            params = {"page[size]": "100", "page[after]": text(meta.get("after_cursor"), 500)}
        return frozenset(found - {""})

    async def _call(
        self, mine: ZendeskAccount, method: str, path: str, body: Any = None,
        headers: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:  # fmt: skip
        key = f"{mine.email}/token:{mine.api_token.get_secret_value()}"
        signed = {"Authorization": f"Basic {base64.b64encode(key.encode()).decode()}", **(headers or {})}
        return await make(self._client, Call(method, f"{mine.api_url}/api/v2/{path}", signed, body, params))


def _ref(ticket: Mapping[str, Any], key: str) -> CaseRef:
    return CaseRef(str(_number(ticket, "id")), key, {"requester": _number(ticket, "requester_id")})


def _number(item: Mapping[str, Any], name: str) -> int:
    found = item.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise TryAgain("bad_answer", f"Zendesk's answer has no {name}")
    return found
