"""The helpdesks' door: a webhook is answered when its events are written, and not before."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.events import Unreadable
from connectors.helpdesks.account import HelpdeskAccount
from connectors.helpdesks.events import EVENT, DeskEvent
from connectors.helpdesks.helpdesk import Helpdesk
from connectors.intake.doorway import Doorway, read_body, signed_headers
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter
from conversations.inbox import NewEvent

MAX_BODY = 1_000_000  # bytes
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
        self._doorway = Doorway(writer, wake, metrics)
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """POST /webhooks/helpdesks/<vendor>."""
        return [Route(f"{PATH}/{{vendor}}", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        vendor = self._vendors.get(request.path_params["vendor"])
        if vendor is None:
            return PlainTextResponse("no such helpdesk\n", 404)
        body = await read_body(request, MAX_BODY)
        if isinstance(body, Response):
            return body
        headers = signed_headers(request)
        signers = vendor.signers(headers, body, self._clock())
        if not signers:
            return self._doorway.forged(vendor.name, "wrong signature, or too old")
        try:
            events = vendor.parse(headers, body)
        except Unreadable as error:
            return self._doorway.unreadable(vendor.name, error)
        mine = [new for event in events if (new := self._new_event(vendor, signers, event))]
        return await self._doorway.store(vendor.name, mine, len(events))

    def _new_event(self, vendor: Helpdesk, signers: Sequence[HelpdeskAccount], event: DeskEvent) -> NewEvent | None:
        """The event as a row; None when it is of an account whose secret did not sign it."""
        account = next((item for item in signers if item.vendor_id == event.account), None)
        if account is None:
            self._doorway.leave_out(vendor.name, event.account)
            return None
        event = event if event.at else replace(event, at=self._clock())
        body = {"account": account.name, "event": EVENT.dump_python(event, mode="json")}
        return NewEvent(vendor.name, event.id, f"{account.name}|{event.case_id}", event.at, body)
