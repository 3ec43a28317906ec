"""The vendors' door: a webhook is answered when its events are written, and not before."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.channel import Account, Channel
from connectors.events import (
    EVENT,
    Edit,
    Event,
    NewIdentity,
    Notice,
    Presence,
    Reaction,
    Retraction,
    Said,
    StatusChange,
    Unreadable,
)
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter, Overloaded, Unwritable
from conversations.inbox import NewEvent

logger = structlog.get_logger(__name__)

MAX_BODY = 3_200_000  # bytes; Meta sends 3 MB at most
LARGE_BODY = 50_000  # bytes
BODY_S = 10.0  # within which a body must have come: anybody may open a connection, and each costs memory
OLDEST_S = 7 * 86_400.0  # older events are replays: ids are kept for longer than that
RETRY_AFTER_S = "5"
_T = TypeVar("_T")


class Handshake(Protocol):
    """A channel whose vendor asks for a proof before it uses the address."""

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """What to answer; None: the question is not from our vendor."""


class Webhooks:
    """The routes of all channels with a vendor."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        writer: EventWriter,
        wake: Callable[[], object],
        metrics: IntakeMetrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._channels = channels
        self._writer = writer
        self._wake = wake
        self.metrics = metrics
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """GET and POST /webhooks/<channel>."""
        return [
            Route("/webhooks/{channel}", self._ask, methods=["GET"]),
            Route("/webhooks/{channel}", self._take, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        channel = self._channels.get(request.path_params["channel"])
        handshake = getattr(channel, "handshake", None)
        answer = handshake(dict(request.query_params)) if handshake else None
        return PlainTextResponse(answer) if answer is not None else PlainTextResponse("forbidden\n", 403)

    async def _take(self, request: Request) -> Response:
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            return PlainTextResponse("no such channel\n", 404)
        try:
            async with asyncio.timeout(BODY_S):
                body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        except TimeoutError:
            return PlainTextResponse("too slow\n", 408)
        if body is None:
            return PlainTextResponse("too large\n", 413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        signers = await _beside(body, channel.signers, headers, body)
        if not signers:
            self.metrics.refused(channel.name, "signature")
            return PlainTextResponse("wrong signature\n", 401)
        return await self._store(channel, signers, body)

    async def _store(self, channel: Channel, signers: Sequence[Account], body: bytes) -> Response:
        try:
            events = await _beside(body, channel.parse, body)
        except Unreadable as error:
            self.metrics.refused(channel.name, "unreadable")
            logger.warning("webhook_unreadable", channel=channel.name, reason=str(error)[:200])
            return PlainTextResponse("unreadable\n", 400)
        try:
            new = await self._writer.write(self._accepted(channel, signers, events))
        except (Overloaded, Unwritable, SQLAlchemyError) as error:
            logger.error("webhook_not_written", channel=channel.name, error=type(error).__name__)
            return PlainTextResponse("try again\n", 503, {"retry-after": RETRY_AFTER_S})
        self.metrics.taken(channel.name, len(events), new)
        if new:
            self._wake()
        return PlainTextResponse("ok\n")

    def _accepted(self, channel: Channel, signers: Sequence[Account], events: Sequence[Event]) -> list[NewEvent]:
        """Events of accounts whose own secret signed them, young enough not to be replays."""
        now = self._clock()
        taken = []
        for event in events:
            account = _account_of(event, signers)
            if not account:
                logger.warning("webhook_unknown_account", channel=channel.name, account=event.account[:64])
                self.metrics.refused(channel.name, "account")
                continue
            if not event.at:  # vendors do not date everything
                event = replace(event, at=now)
            if event.at < now - OLDEST_S:
                logger.warning("webhook_replayed", channel=channel.name, account=account)
                self.metrics.refused(channel.name, "replay")
            else:
                taken.append(_new_event(channel.name, account, event))
        return taken


def _account_of(event: Event, signers: Sequence[Account]) -> str:
    """Our name of the account that the event came to; empty: of none that signed it."""
    if event.account:
        return next((account.name for account in signers if account.vendor_id == event.account), "")
    # News about a business with several numbers name none of them.
    return signers[0].name if len(signers) == 1 or isinstance(event.what, Notice) else ""


def _new_event(channel: str, account: str, event: Event) -> NewEvent:
    body = {"account": account, "event": EVENT.dump_python(event, mode="json")}
    return NewEvent(channel, event.id, _person(account, event), event.at, body)


def _person(account: str, event: Event) -> str:
    """Whose events must be applied one after the other."""
    what = event.what
    if isinstance(what, Said | Retraction | Edit | Reaction | Presence | NewIdentity):
        return f"{account}|{what.sender}"
    if isinstance(what, StatusChange):
        return f"status|{what.message}"
    return f"notice|{event.id}"


async def _beside(body: bytes, function: Callable[..., _T], *values: Any) -> _T:
    """What `function` gives; with a large body it takes long enough to keep other webhooks waiting, so in a thread."""
    return function(*values) if len(body) < LARGE_BODY else await asyncio.to_thread(function, *values)


async def _body(request: Request) -> bytes | None:
    """The raw bytes; None when there are too many."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)
