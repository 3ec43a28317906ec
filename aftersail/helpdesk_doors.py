"""The helpdesks' door in the web process."""

import httpx
from prometheus_client import CollectorRegistry
from sqlalchemy.engine import Engine

from aftersail.channels import POOL, TIMEOUT, Doors
from aftersail.helpdesk_accounts import open_vendors
from connectors.helpdesks.doors import HelpdeskDoors
from connectors.intake.metrics import IntakeMetrics
from connectors.intake.writer import EventWriter
from conversations.inbox import Inbox
from core.settings import Settings
from core.wakeups import COURIER, Notifier
from knowledge.release_holder import ReleaseHolder


def open_helpdesk_doors(
    settings: Settings, engine: Engine, holder: ReleaseHolder, registry: CollectorRegistry
) -> Doors | None:
    """What the web process serves for helpdesks; None without an accounts file."""
    vendors = open_vendors(
        settings, frozenset(holder.current().markets), httpx.AsyncClient(limits=POOL, timeout=TIMEOUT)
    )
    if not vendors:
        return None
    writer = EventWriter(Inbox(engine, f"web-{settings.port}-helpdesks"))
    notifier = Notifier(settings.run_dir)
    doors = HelpdeskDoors(vendors, writer, lambda: notifier.wake(COURIER), IntakeMetrics(registry))
    return Doors(doors.routes(), writer)
