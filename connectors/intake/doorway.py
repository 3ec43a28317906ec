"""What every door for webhooks does: a body in bounds and in time, events on disk before the answer."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from connectors.events import Unreadable
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter, Overloaded, Unwritable
from conversations.inbox import NewEvent

logger = structlog.get_logger(__name__)

BODY_S = 10.0  # within which a body must have come: anybody may open a connection, and each costs memory
RETRY_AFTER_S = "5"


async def read_body(request: Request, most: int) -> bytes | Response:
    """The raw bytes; what to answer when they are more than `most`, or do not come in time."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    return PlainTextResponse("too large\n", 413)
    except ClientDisconnect:
        return PlainTextResponse("", 400)
    except TimeoutError:
        return PlainTextResponse("too slow\n", 408)
    return bytes(body)


def signed_headers(request: Request) -> dict[str, str]:
    """The headers, names in lower case."""
    return {name.lower(): value for name, value in request.headers.items()}


@dataclass(frozen=True)
class Doorway:
    """What happens to webhooks once their bodies are here; `vendor` names them in logs and metrics."""

    writer: EventWriter
    wake: Callable[[], object]
    metrics: IntakeMetrics

    async def store(self, vendor: str, events: Sequence[NewEvent], told: int) -> Response:
        """The answer to a webhook that told of so many events, of which these are to be stored."""
        try:
            new = await self.writer.write(events)
        except (Overloaded, Unwritable, SQLAlchemyError) as error:
            logger.error("webhook_not_written", channel=vendor, error=type(error).__name__)
            return PlainTextResponse("try again\n", 503, {"retry-after": RETRY_AFTER_S})
        self.metrics.taken(vendor, told, new)
        if new:
            self.wake()
        return PlainTextResponse("ok\n")

    def forged(self, vendor: str, why: str) -> Response:
        """The answer when no account of ours signed it."""
        self.metrics.refused(vendor, "signature")
        return PlainTextResponse(f"{why}\n", 401)

    def unreadable(self, vendor: str, error: Unreadable) -> Response:
        """The answer to what is none of the vendor's webhooks."""
        self.metrics.refused(vendor, "unreadable")
        logger.warning("webhook_unreadable", channel=vendor, reason=str(error)[:200])
        return PlainTextResponse("unreadable\n", 400)

    def leave_out(self, vendor: str, account: str) -> None:
        """Note an event of an account that did not sign it."""
        logger.warning("webhook_unknown_account", channel=vendor, account=account[:64])
        self.metrics.refused(vendor, "account")
