"""The helpdesks' door: a webhook is answered when its events are written, and not before."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.events import Unreadable
from connectors.helpdesks.account import HelpdeskAccount
from connectors.helpdesks.events import EVENT, DeskEvent
from connectors.helpdesks.helpdesk import Helpdesk
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter, Overloaded, Unwritable
from conversations.inbox import NewEvent

logger = structlog.get_logger(__name__)

MAX_BODY = 1_000_000  # bytes
BODY_S = 10.0  # within which a body must have come
RETRY_AFTER_S = "5"
PATH = "/webhooks/helpdesks"


class HelpdeskDoors:
    """The routes of all helpdesks, by vendor."""

    def __init__(
        self,
        vendors: Mapping[str, Helpdesk],
        writer: EventWriter,
        wake: Callable[[], object],
        metrics: IntakeMetrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._vendors = vendors
        self._writer = writer
        self._wake = wake
        self._metrics = metrics
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """POST /webhooks/helpdesks/<vendor>."""
        return [Route(f"{PATH}/{{vendor}}", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        vendor = self._vendors.get(request.path_params["vendor"])
        if vendor is None:
            return PlainTextResponse("no such helpdesk\n", 404)
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
        signers = vendor.signers(headers, body, self._clock())
        if not signers:
            self._metrics.refused(vendor.name, "signature")
            return PlainTextResponse("wrong signature, or too old\n", 401)
        return await self._store(vendor, signers, headers, body)

    async def _store(
        self, vendor: Helpdesk, signers: Sequence[HelpdeskAccount], headers: Mapping[str, str], body: bytes
    ) -> Response:
        try:
            events = vendor.parse(headers, body)
        except Unreadable as error:
            self._metrics.refused(vendor.name, "unreadable")
            logger.warning("webhook_unreadable", channel=vendor.name, reason=str(error)[:200])
            return PlainTextResponse("unreadable\n", 400)
        mine = [new for event in events if (new := self._new_event(vendor, signers, event))]
        try:
            count = await self._writer.write(mine)
        except (Overloaded, Unwritable, SQLAlchemyError) as error:
            logger.error("webhook_not_written", channel=vendor.name, error=type(error).__name__)
            return PlainTextResponse("try again\n", 503, {"retry-after": RETRY_AFTER_S})
        self._metrics.taken(vendor.name, len(events), count)
        if count:
            self._wake()
        return PlainTextResponse("ok\n")

    def _new_event(self, vendor: Helpdesk, signers: Sequence[HelpdeskAccount], event: DeskEvent) -> NewEvent | None:
        """The event as a row; None when it is of an account whose secret did not sign it."""
        account = next((item for item in signers if item.vendor_id == event.account), None)
        if account is None:
            logger.warning("webhook_unknown_account", channel=vendor.name, account=event.account[:64])
            self._metrics.refused(vendor.name, "account")
            return None
        event = event if event.at else replace(event, at=self._clock())
        body = {"account": account.name, "event": EVENT.dump_python(event, mode="json")}
        return NewEvent(vendor.name, event.id, f"{account.name}|{event.case_id}", event.at, body)


async def _body(request: Request) -> bytes | None:
    """The raw bytes; None when there are too many."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)
