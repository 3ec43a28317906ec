"""Chatwoot's API inbox without Chatwoot, written from its own description; knows nothing of our code.

Sources (facts only): chatwoot/chatwoot `swagger/definitions/request/{conversation/create_payload,
conversation/create_message_payload, contact/create_payload}.yml`, `app/builders/messages/message_builder.rb`
(source_id, incoming messages only in API inboxes), `app/builders/contact_inbox_builder.rb`,
`app/controllers/api/v1/accounts/{contacts,conversations}_controller.rb`, `app/models/message.rb` (an incoming message
reopens), `lib/webhooks/trigger.rb` (signature).
"""

import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulators.helpdesk_wire import BadRequest, Webhook, bad_request, read_body, refusal

PAGE = 20  # messages of a page
MAX_CONTENT = 150_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewContact(_Body):
    inbox_id: int
    name: str | None = None
    email: str | None = None
    phone_number: str | None = None
    identifier: str | None = None
    additional_attributes: dict[str, Any] = {}
    custom_attributes: dict[str, Any] = {}


class NewConversation(_Body):
    source_id: str
    inbox_id: int | None = None
    contact_id: int | None = None
    additional_attributes: dict[str, Any] = {}
    custom_attributes: dict[str, Any] = {}
    status: Literal["open", "resolved", "pending"] = "open"
    assignee_id: int | None = None
    team_id: int | None = None


class NewMessage(_Body):
    content: str = Field(min_length=1, max_length=MAX_CONTENT)
    message_type: Literal["outgoing", "incoming"] = "outgoing"
    private: bool = False
    content_type: Literal["text", "input_email", "cards", "input_select", "form", "article"] = "text"
    content_attributes: dict[str, Any] = {}
    source_id: str | None = None  # not in the swagger file; MessageBuilder reads it
    echo_id: str | None = None


class NewStatus(_Body):
    status: Literal["open", "resolved", "pending", "snoozed"]
    snoozed_until: int | None = None


class NewPriority(_Body):
    priority: Literal["low", "medium", "high", "urgent"] | None


class ChatwootSimulator:
    """One account with one API inbox."""

    account_id, inbox_id, user_id = 3, 5, 45
    token, secret = "simulated-chatwoot-token", "simulated-chatwoot-secret"

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.contacts: dict[int, dict[str, Any]] = {}
        self.places: dict[str, int] = {}  # source id in the inbox -> contact
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.webhooks: list[Webhook] = []
        self._numbers = itertools.count(100)
        account = f"/api/v1/accounts/{self.account_id}"
        conversation = account + "/conversations/{id:int}"
        routes = [
            Route("/api/v1/profile", self._profile),
            Route(account + "/inboxes/{id:int}", self._inbox),
            Route(account + "/contacts/search", self._search),
            Route(account + "/contacts", self._new_contact, methods=["POST"]),
            Route(account + "/contacts/{id:int}/conversations", self._of_contact),
            Route(account + "/conversations", self._new_conversation, methods=["POST"]),
            Route(conversation + "/messages", self._list, methods=["GET"]),
            Route(conversation + "/messages", self._new_message, methods=["POST"]),
            Route(conversation + "/toggle_status", self._status, methods=["POST"]),
            Route(conversation + "/toggle_priority", self._priority, methods=["POST"]),
        ]
        self.app = Starlette(routes=routes, exception_handlers={BadRequest: bad_request})

    # --- what agents do there ------------------------------------------------------------------------------------

    def agent_writes(self, case: str, text: str, *, private: bool = False, files: int = 0, name: str = "Anna") -> None:
        """An agent's message."""
        sender = {"id": 77, "name": name, "email": "anna@desk.example", "type": "user"}
        self._add(int(case), text, "outgoing", private, sender, None, files)

    def agent_sets(self, case: str, status: str) -> None:
        """An agent resolves the conversation or opens it."""
        self._set_status(int(case), status)

    # --- the API -------------------------------------------------------------------------------------------------

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("api_access_token") != self.token:
            return refusal(401, error="Invalid Access Token")
        return None

    async def _profile(self, request: Request) -> Response:
        return self._refused(request) or JSONResponse({"id": self.user_id, "name": "Aftersail"})

    async def _inbox(self, request: Request) -> Response:
        if request.path_params["id"] != self.inbox_id:
            return refusal(404, error="Resource could not be found")
        return self._refused(request) or JSONResponse({"id": self.inbox_id, "channel_type": "Channel::Api"})

    async def _search(self, request: Request) -> Response:
        wanted = request.query_params["q"]
        found = [item for item in self.contacts.values() if wanted in (item["identifier"] or "")]
        return self._refused(request) or JSONResponse({"meta": {"count": len(found)}, "payload": found})

    async def _new_contact(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body: NewContact = await read_body(request, NewContact)
        if any(item["identifier"] == body.identifier for item in self.contacts.values()):
            return refusal(422, message="Identifier has already been taken", attributes=["identifier"])
        number = next(self._numbers)
        self.contacts[number] = {"id": number, "name": body.name, "identifier": body.identifier}
        return JSONResponse({"payload": {"contact": self.contacts[number], "contact_inbox": {"source_id": "made-up"}}})

    async def _of_contact(self, request: Request) -> Response:
        mine = [item for item in self.conversations.values() if item["contact"] == request.path_params["id"]]
        newest = sorted(mine, key=lambda item: -item["id"])[:20]
        return self._refused(request) or JSONResponse({"payload": newest})

    async def _new_conversation(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body: NewConversation = await read_body(request, NewConversation)
        if body.contact_id not in self.contacts or body.inbox_id != self.inbox_id:
            return refusal(404, error="Resource could not be found")
        if self.places.setdefault(body.source_id, body.contact_id) != body.contact_id:
            return refusal(422, error="source_id should be unique")
        number = len(self.conversations) + 1
        kept = {"status": body.status, "custom_attributes": body.custom_attributes, "contact": body.contact_id}
        self.conversations[number] = {"id": number, "inbox_id": self.inbox_id, "priority": None, **kept}
        self.messages[number] = []
        return JSONResponse(self.conversations[number])

    async def _list(self, request: Request) -> Response:
        before = int(request.query_params.get("before", 2**62))
        older = [item for item in self.messages[request.path_params["id"]] if item["id"] < before]
        return self._refused(request) or JSONResponse({"meta": {}, "payload": older[-PAGE:]})

    async def _new_message(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        number = request.path_params["id"]
        if number not in self.conversations:
            return refusal(404, error="Resource could not be found")
        body: NewMessage = await read_body(request, NewMessage)
        outgoing = {"id": self.user_id, "name": "Aftersail", "type": "user"}
        incoming = {"id": self.conversations[number]["contact"], "type": "contact"}
        sender = outgoing if body.message_type == "outgoing" else incoming
        made = self._add(number, body.content, body.message_type, body.private, sender, body.source_id, 0)
        if body.message_type == "incoming" and self.conversations[number]["status"] == "resolved":
            self._set_status(number, "open")
        return JSONResponse(made)

    async def _status(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body: NewStatus = await read_body(request, NewStatus)
        self._set_status(request.path_params["id"], body.status)
        return JSONResponse({"meta": {}, "payload": {"success": True, "current_status": body.status}})

    async def _priority(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body: NewPriority = await read_body(request, NewPriority)
        self.conversations[request.path_params["id"]]["priority"] = body.priority
        return Response()  # `head :ok`

    # --- webhooks ------------------------------------------------------------------------------------------------

    def _add(
        self, number: int, text: str, kind: str, private: bool, sender: Any, source_id: str | None, files: int
    ) -> dict[str, Any]:
        made = {"id": next(self._numbers), "content": text, "private": private, "source_id": source_id}
        made |= {"message_type": {"incoming": 0, "outgoing": 1}[kind], "sender": sender}
        self.messages[number].append(made)
        said = {**made, "message_type": kind, "content_type": "text", "content_attributes": {}, "sender": sender}
        said |= {"attachments": [{"id": n} for n in range(files)]} if files else {}
        said |= {"created_at": _iso(self._clock()), "inbox": {"id": self.inbox_id, "name": "Inbox"}}
        self._send("message_created", {**said, "account": self._account(), "conversation": self._shown(number)})
        return made

    def _set_status(self, number: int, status: str) -> None:
        before = self.conversations[number]["status"]
        if before != status:
            self.conversations[number]["status"] = status
            changed = [{"status": {"current_value": status, "previous_value": before}}]
            self._send("conversation_status_changed", {**self._shown(number), "changed_attributes": changed})

    def _shown(self, number: int) -> dict[str, Any]:
        item = self.conversations[number]
        sender = {"id": item["contact"], "type": "contact", "account": self._account()}
        names = ("id", "inbox_id", "status", "custom_attributes", "priority")
        return {**{name: item[name] for name in names}, "meta": {"sender": sender}, "channel": "Channel::Api"}

    def _account(self) -> dict[str, Any]:
        return {"id": self.account_id, "name": "Acct"}

    def _send(self, event: str, payload: dict[str, Any]) -> None:
        self.webhooks.append(self.signed({**payload, "event": event}))

    def signed(self, payload: Any, secret: str = "", at: float = 0.0) -> Webhook:
        """A delivery as Chatwoot makes it."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        stamp = str(int(at or self._clock()))
        digest = hmac.new((secret or self.secret).encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        delivery = f"00000000-0000-4000-8000-{next(self._numbers):012d}"
        return Webhook(
            {
                "content-type": "application/json",
                "X-Chatwoot-Signature": f"sha256={digest}",
                "X-Chatwoot-Timestamp": stamp,
                "X-Chatwoot-Delivery": delivery,
            },
            body,
        )


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
