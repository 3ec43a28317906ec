"""The vendors' door: a webhook is answered when its events are written, and not before."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar, runtime_checkable

import structlog
from starlette.requests import Request
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
from connectors.intake.doorway import Doorway, read_body, signed_headers
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter
from conversations.inbox import NewEvent

logger = structlog.get_logger(__name__)

MAX_BODY = 3_200_000  # bytes; Meta sends 3 MB at most
LARGE_BODY = 50_000  # bytes
OLDEST_S = 7 * 86_400.0  # older events are replays: ids are kept for longer than that
_T = TypeVar("_T")


@runtime_checkable
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
        self._doorway = Doorway(writer, wake, metrics)
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """GET and POST /webhooks/<channel>."""
        return [
            Route("/webhooks/{channel}", self._ask, methods=["GET"]),
            Route("/webhooks/{channel}", self._take, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        channel = self._channels.get(request.path_params["channel"])
        answer = channel.handshake(dict(request.query_params)) if isinstance(channel, Handshake) else None
        return PlainTextResponse(answer) if answer is not None else PlainTextResponse("forbidden\n", 403)

    async def _take(self, request: Request) -> Response:
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            return PlainTextResponse("no such channel\n", 404)
        body = await read_body(request, MAX_BODY)
        if isinstance(body, Response):
            return body
        signers = await _beside(body, channel.signers, signed_headers(request), body)
        if not signers:
            return self._doorway.forged(channel.name, "wrong signature")
        try:
            events = await _beside(body, channel.parse, body)
        except Unreadable as error:
            return self._doorway.unreadable(channel.name, error)
        return await self._doorway.store(channel.name, self._accepted(channel, signers, events), len(events))

    def _accepted(self, channel: Channel, signers: Sequence[Account], events: Sequence[Event]) -> list[NewEvent]:
        """Events of accounts whose own secret signed them, young enough not to be replays."""
        now = self._clock()
        taken = []
        for event in events:
            account = _account_of(event, signers)
            if not account:
                self._doorway.leave_out(channel.name, event.account)
                continue
            if not event.at:  # vendors do not date everything
                event = replace(event, at=now)
            if event.at < now - OLDEST_S:
                logger.warning("webhook_replayed", channel=channel.name, account=account)
                self._doorway.metrics.refused(channel.name, "replay")
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
