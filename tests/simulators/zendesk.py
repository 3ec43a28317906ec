"""Zendesk's ticketing API without Zendesk, written from its description; knows nothing of our code.

Sources (facts only): developer.zendesk.com `api-reference/ticketing/tickets/{tickets,ticket-requests,ticket_audits}`,
`…/ticketing/users/users` (create_or_update), `…/ticketing/introduction` (Idempotency-Key: same key and body gives the
first answer with x-idempotency-lookup: hit, another body 400 IdempotentRequestError),
`…/webhooks/event-types/ticket-events` and `…/webhooks/verifying` (signature, strings, capitals, nanoseconds).
A ticket that is solved needs an assignee; a closed one takes no update (422).
"""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulators.helpdesk_wire import BadRequest, Webhook, bad_request, read_body, refusal

MAX_COMMENT = 65_536
Status = Literal["new", "open", "pending", "hold", "solved", "closed"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Comment(_Body):
    body: str | None = Field(None, max_length=MAX_COMMENT)
    html_body: str | None = Field(None, max_length=MAX_COMMENT)
    public: bool = True
    author_id: int | None = None
    uploads: list[str] = []

    @model_validator(mode="after")
    def _has_words(self) -> "Comment":
        if not (self.body or self.html_body):
            raise ValueError("Comment: cannot be blank")
        return self


class Metadata(_Body):
    custom: dict[str, Any] = {}


class NewTicket(_Body):
    subject: str | None = None
    comment: Comment
    requester_id: int
    external_id: str | None = Field(None, max_length=255)
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    status: Status | None = None
    tags: list[str] = []
    custom_fields: list[dict[str, Any]] = []
    group_id: int | None = None
    brand_id: int | None = None
    ticket_form_id: int | None = None
    metadata: Metadata = Metadata()


class CreateTicket(_Body):
    ticket: NewTicket


class TicketChange(_Body):
    comment: Comment | None = None
    status: Status | None = None
    assignee_id: int | None = None
    metadata: Metadata = Metadata()


class UpdateTicket(_Body):
    ticket: TicketChange


class User(_Body):
    name: str
    external_id: str
    role: Literal["end-user", "agent", "admin"] = "end-user"
    verified: bool = False


class UpsertUser(_Body):
    user: User


class ZendeskSimulator:
    """One account."""

    account_id, user_id, agent_id = 1_000_001, 900, 901
    email, token, secret = "bot@desk.example", "simulated-zendesk-token", "simulated-zendesk-secret"

    def __init__(self, clock: Callable[[], float], page: int = 2) -> None:
        self._clock = clock
        self._page = page  # small, so that paging is used
        self.users: dict[str, dict[str, Any]] = {}
        self.tickets: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.audits: dict[int, list[dict[str, Any]]] = {}
        self.keys: dict[str, tuple[bytes, int]] = {}
        self.webhooks: list[Webhook] = []
        self._numbers = itertools.count(7_000)
        routes = [
            Route("/api/v2/users/me", self._me),
            Route("/api/v2/users/create_or_update", self._user, methods=["POST"]),
            Route("/api/v2/tickets", self._find, methods=["GET"]),
            Route("/api/v2/tickets", self._create, methods=["POST"]),
            Route("/api/v2/tickets/{id:int}", self._show, methods=["GET"]),
            Route("/api/v2/tickets/{id:int}", self._update, methods=["PUT"]),
            Route("/api/v2/tickets/{id:int}/audits", self._audits),
        ]
        self.app = Starlette(routes=routes, exception_handlers={BadRequest: bad_request})

    # --- what agents do there ------------------------------------------------------------------------------------

    def agent_writes(self, case: str, text: str, *, private: bool = False, files: int = 0, name: str = "Anna") -> None:
        """An agent's comment."""
        author = {"id": str(self.agent_id), "is_staff": True, "name": name}
        self._comment(int(case), text, not private, author, self.agent_id, files)

    def agent_sets(self, case: str, status: str) -> None:
        """An agent solves the ticket or opens it."""
        self._status(int(case), {"resolved": "solved"}.get(status, status), self.agent_id)

    # --- the API -------------------------------------------------------------------------------------------------

    def _refused(self, request: Request) -> Response | None:
        wanted = base64.b64encode(f"{self.email}/token:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return refusal(401, error="Couldn't authenticate you")
        return None

    async def _me(self, request: Request) -> Response:
        return self._refused(request) or JSONResponse({"user": {"id": self.user_id, "role": "agent"}})

    async def _user(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        body: UpsertUser = await read_body(request, UpsertUser)
        known = self.users.setdefault(body.user.external_id, {"id": next(self._numbers)})
        known |= {"name": body.user.name, "external_id": body.user.external_id, "role": body.user.role}
        return JSONResponse({"user": known})

    async def _find(self, request: Request) -> Response:
        wanted = request.query_params.get("external_id")
        found = [ticket for ticket in self.tickets.values() if ticket["external_id"] == wanted]
        return self._refused(request) or JSONResponse({"tickets": found, "count": len(found), "next_page": None})

    async def _create(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        key, raw = request.headers.get("idempotency-key", ""), await request.body()
        if len(key) > 255:
            return refusal(400, error="InvalidIdempotencyKey")
        if key in self.keys:
            body, number = self.keys[key]
            if body != raw:
                return refusal(400, error="IdempotentRequestError", description="Request parameters don't match")
            return JSONResponse({"ticket": self.tickets[number]}, 201, {"x-idempotency-lookup": "hit"})
        new: NewTicket = (await read_body(request, CreateTicket)).ticket
        if new.requester_id not in [user["id"] for user in self.users.values()]:
            return refusal(422, error="RecordInvalid", details={"requester": [{"description": "is invalid"}]})
        number = next(self._numbers)
        kept: dict[str, Any] = {"subject": new.subject, "external_id": new.external_id}
        kept["requester_id"] = new.requester_id
        kept |= {"priority": new.priority, "tags": new.tags, "status": new.status or "new", "assignee_id": None}
        self.tickets[number] = {"id": number, **kept}
        self.comments[number], self.audits[number] = [], []
        if key:
            self.keys[key] = (raw, number)
        self._write(number, new.comment, new.metadata)
        return JSONResponse({"ticket": self.tickets[number]}, 201, {"x-idempotency-lookup": "miss"})

    async def _show(self, request: Request) -> Response:
        ticket = self.tickets.get(request.path_params["id"])
        if ticket is None:
            return refusal(404, error="RecordNotFound")
        return self._refused(request) or JSONResponse({"ticket": ticket})

    async def _update(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        number = request.path_params["id"]
        ticket = self.tickets.get(number)
        if ticket is None:
            return refusal(404, error="RecordNotFound")
        change: TicketChange = (await read_body(request, UpdateTicket)).ticket
        if ticket["status"] == "closed":
            details = {"status": [{"description": "Status: closed prevents ticket update"}]}
            return refusal(422, error="RecordInvalid", details=details)
        if change.status == "solved" and not (change.assignee_id or ticket["assignee_id"]):
            details = {"assignee": [{"description": "Assignee is required when solving a ticket"}]}
            return refusal(422, error="RecordInvalid", details=details)
        if change.assignee_id:
            ticket["assignee_id"] = change.assignee_id
        if change.comment:
            self._write(number, change.comment, change.metadata)
        else:
            self.audits[number].append({"metadata": {"custom": change.metadata.custom}})
        if change.status:
            self._status(number, change.status, self.user_id)
        return JSONResponse({"ticket": ticket, "audit": self.audits[number][-1]})

    async def _audits(self, request: Request) -> Response:
        start = int(request.query_params.get("page[after]", "0"))
        whole = self.audits[request.path_params["id"]]
        page = whole[start : start + self._page]
        meta = {"has_more": start + self._page < len(whole), "after_cursor": str(start + self._page)}
        return self._refused(request) or JSONResponse({"audits": page, "meta": meta})

    # --- webhooks ------------------------------------------------------------------------------------------------

    def _write(self, number: int, comment: Comment, metadata: Metadata) -> None:
        self.audits[number].append({"metadata": {"system": {}, "custom": metadata.custom}})
        requester = self.tickets[number]["requester_id"]
        author_id = comment.author_id or self.user_id
        author = {"id": str(author_id), "is_staff": author_id != requester, "name": "Somebody"}
        self._comment(number, comment.html_body or comment.body or "", comment.public, author, self.user_id, 0)

    def _comment(self, number: int, text: str, public: bool, author: Any, actor: int, files: int) -> None:
        comment = {"id": str(next(self._numbers)), "body": text, "html_body": f"<div>{text}</div>", "is_public": public}
        comment |= {"plain_body": text, "author": author}
        self.comments[number].append(comment)
        sent = comment | ({"attachments": [{"id": str(n)} for n in range(files)]} if files else {})
        self._send("comment_added", number, {"comment": sent}, actor)

    def _status(self, number: int, status: str, actor: int) -> None:
        before = self.tickets[number]["status"]
        if before != status:
            self.tickets[number]["status"] = status
            self._send("status_changed", number, {"previous": before.upper(), "current": status.upper()}, actor)

    def _send(self, kind: str, number: int, event: dict[str, Any], actor: int) -> None:
        ticket = self.tickets[number]
        detail = {"id": str(number), "external_id": ticket["external_id"], "status": ticket["status"].upper()}
        detail |= {"requester_id": str(ticket["requester_id"]), "actor_id": str(actor), "is_public": True}
        payload = {"account_id": self.account_id, "detail": detail, "event": event}
        payload |= {"id": f"22222222-2222-4222-8222-{next(self._numbers):012d}", "subject": f"zen:ticket:{number}"}
        payload |= {"time": self._time() + "304701605Z", "type": f"zen:event-type:ticket.{kind}"}
        self.webhooks.append(self.signed({**payload, "zendesk_event_version": "2022-11-06"}))

    def _time(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S.")

    def signed(self, payload: Any, secret: str = "", at: float = 0.0) -> Webhook:
        """A delivery as Zendesk makes it."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        stamp = datetime.fromtimestamp(at or self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hmac.new((secret or self.secret).encode(), stamp.encode() + body, hashlib.sha256).digest()
        return Webhook(
            {
                "content-type": "application/json",
                "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
                "X-Zendesk-Webhook-Signature-Timestamp": stamp,
                "X-Zendesk-Webhook-Id": "01HHOOK",
            },
            body,
        )
