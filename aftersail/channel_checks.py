"""`aftersail doctor` for WhatsApp and LINE: tokens, webhooks, clocks and the certificate, asked of the vendors."""

import asyncio
import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import httpx

from aftersail.channels import TIMEOUT, open_vendor_channels
from connectors.line import doctor as line_doctor
from connectors.line.client import LineChannel
from connectors.whatsapp import doctor as whatsapp_doctor
from connectors.whatsapp.channel import WhatsAppChannel
from connectors.whatsapp.template_file import load_registry
from core.database import open_engine
from core.errors import SetupError
from core.settings import Settings
from knowledge.release_holder import ReleaseHolder

CERTIFICATE_DAYS = 14
CONNECT_S = 5.0


class Finding(Protocol):
    """What a channel's own doctor found."""

    @property
    def name(self) -> str:
        """What was looked at."""

    @property
    def ok(self) -> bool:
        """Whether it is as it must be."""

    @property
    def text(self) -> str:
        """What was found and, when it is wrong, what to do."""


class _Found(NamedTuple):
    name: str
    ok: bool
    text: str


def check_channels(settings: Settings) -> str:
    """What was found of every account. Raises SetupError with all that is wrong and what to do."""
    if not settings.channels:
        return "web chat only; AFTERSAIL_CHANNELS adds WhatsApp and LINE"
    findings = examine_channels(settings)
    wrong = [f"{item.name}: {item.text}" for item in findings if not item.ok]
    if wrong:
        raise SetupError("\n        ".join(wrong))
    return f"{len(findings)} findings, all well; `aftersail channels` shows them"


def examine_channels(settings: Settings) -> Sequence[Finding]:
    """Findings of every account, good and bad."""
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> Sequence[Finding]:
    holder = ReleaseHolder(settings, open_engine(settings), with_vectors=False)
    findings: list[Finding] = [_certificate(settings.public_url)]
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        for channel in open_vendor_channels(settings, holder, client).values():
            if isinstance(channel, WhatsAppChannel):
                findings += await _whatsapp(settings, holder, channel)
            elif isinstance(channel, LineChannel):
                findings += await _line(settings, channel, client)
    return findings


async def _whatsapp(settings: Settings, holder: ReleaseHolder, channel: WhatsAppChannel) -> list[Finding]:
    registry = load_registry(Path(settings.templates_file))
    found: list[Finding] = []
    for account in channel.accounts.values():
        market = holder.current().markets[account.market]
        locales: Iterable[str] = (market.locale_for(language) for language in market.languages)
        found += await whatsapp_doctor.examine(channel.graph, account, registry, locales)
    return found


async def _line(settings: Settings, channel: LineChannel, client: httpx.AsyncClient) -> list[Finding]:
    webhook = f"{settings.public_url.rstrip('/')}/webhooks/{channel.name}"
    found: list[Finding] = []
    for account in channel.accounts.values():
        for item in await line_doctor.examine(client, account, webhook):
            found.append(_Found(f"line {account.name}: {item.name}", item.ok, item.text))
    return found


def _certificate(public_url: str) -> Finding:
    """Whether vendors will trust our address: they refuse certificates that browsers refuse."""
    name = "public address"
    parts = urlsplit(public_url)
    if not parts.hostname:
        return _Found(name, False, "set AFTERSAIL_PUBLIC_URL to the https address that vendors reach this machine by")
    if parts.scheme != "https":
        return _Found(name, True, f"{public_url} has no TLS: good for simulators only, vendors refuse it")
    try:
        ends = _certificate_ends(parts.hostname, parts.port or 443)
    except (OSError, ssl.SSLError) as error:
        return _Found(
            name, False, f"{public_url}: {error}; vendors refuse it too: mend DNS, the proxy or its certificate"
        )
    left = ends - datetime.fromtimestamp(time.time(), UTC)
    if left < timedelta(days=CERTIFICATE_DAYS):
        return _Found(name, False, f"the certificate of {parts.hostname} ends on {ends:%Y-%m-%d}; renew it")
    return _Found(name, True, f"{public_url}, certificate until {ends:%Y-%m-%d}")


def _certificate_ends(host: str, port: int) -> datetime:
    with (
        socket.create_connection((host, port), CONNECT_S) as connection,
        ssl.create_default_context().wrap_socket(connection, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
