"""Health and metrics for operators."""

import os
from collections.abc import Callable
from hmac import compare_digest

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Table, func, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.webchat.hub import Hub
from conversations import promise_rows
from core.database import reading
from core.schema import conversations, handoffs
from core.schema_channels import deliveries, webhook_events
from core.schema_desk import helpdesk_cases
from core.settings import Settings
from core.wakeups import COURIER, Notifier
from knowledge.release_holder import ReleaseHolder

LOOPBACK = {"127.0.0.1", "::1"}


def health_routes(
    settings: Settings, engine: Engine, holder: ReleaseHolder, notifier: Notifier, hub: Hub
) -> list[BaseRoute]:
    """/healthz: this process lives. /readyz: messages can be taken and answered. /metrics: for Prometheus."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        problems = await run_in_threadpool(
            find_problems, engine, holder, notifier, bool(settings.channels or settings.helpdesks)
        )
        return JSONResponse({"ready": not problems, "problems": problems}, status_code=503 if problems else 200)

    async def metrics(request: Request) -> Response:
        if not _may_read(request, settings):
            return PlainTextResponse("needs the metrics token\n", status_code=401)
        body = await run_in_threadpool(_collect, engine, lambda: len(hub))
        return Response(body, media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def find_problems(engine: Engine, holder: ReleaseHolder, notifier: Notifier, channels: bool = False) -> list[str]:
    """Why messages cannot be answered now; empty when they can. `channels`: there are vendors to carry to."""
    problems = []
    try:
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        problems.append("the database does not answer; run `aftersail doctor`")
    if holder.problem:
        problems.append(holder.problem)
    if not notifier.wake("worker"):
        problems.append("no worker is running; start `aftersail up`")
    if channels and not notifier.wake(COURIER):
        problems.append("no courier is running, so WhatsApp and LINE wait; start `aftersail up`")
    return problems


def _may_read(request: Request, settings: Settings) -> bool:
    token = settings.metrics_token.get_secret_value()
    if token:
        return compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    return request.client is not None and request.client.host in LOOPBACK


def _collect(engine: Engine, sockets: Callable[[], int]) -> bytes:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    own = CollectorRegistry()
    waiting = Gauge("aftersail_waiting_conversations", "Conversations waiting for the bot", registry=own)
    queued = Gauge("aftersail_open_handoffs", "Hand-offs waiting for a person", registry=own)
    open_sockets = Gauge("aftersail_open_sockets", "Web-chat sockets open in this process", registry=own)
    with reading(engine) as connection:
        count = select(func.count())
        waiting.set(connection.execute(count.where(conversations.c.pending_since.is_not(None))).scalar_one())
        queued.set(connection.execute(count.where(handoffs.c.resolved_at.is_(None))).scalar_one())
        _set_by_state(connection, own, "aftersail_events", "Webhook events", webhook_events)
        _set_by_state(connection, own, "aftersail_deliveries", "Calls to vendors", deliveries)
        _set_by_state(connection, own, "aftersail_helpdesk_cases", "Cases at other helpdesks", helpdesk_cases)
        _set_promises(connection, own)
    open_sockets.set(sockets())
    return bytes(generate_latest(registry) + generate_latest(own))


def _set_promises(connection: Connection, registry: CollectorRegistry) -> None:
    gauge = Gauge(
        "aftersail_promises", "Promises to customers by clock and state", ["clock", "state"], registry=registry
    )
    for (clock, state), count in promise_rows.counts(connection).items():
        gauge.labels(clock, state).set(count)


def _set_by_state(connection: Connection, registry: CollectorRegistry, name: str, what: str, table: Table) -> None:
    gauge = Gauge(name, f"{what} by state", ["state"], registry=registry)
    for state, count in connection.execute(select(table.c.state, func.count()).group_by(table.c.state)):
        gauge.labels(state).set(count)
