"""Every sample of both vendors through the door, signed, into the record: taken with 200 and applied, none fails."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.line.client import LineChannel
from connectors.line.signature import sign
from connectors.whatsapp.channel import WhatsAppChannel
from core.schema_channels import webhook_events
from tests.connectors.line import support as line
from tests.connectors.whatsapp import support as whatsapp
from tests.support.channel_desk import Desk
from tests.support.records import new_engine

LINE = sorted(line.SAMPLES.glob("*.json"))
WHATSAPP = sorted(whatsapp.SAMPLES.glob("*.json"))
NUMBER = re.compile(r'"phone_number_id"\s*:\s*"[^"]*"')
LATER_S = 1.0


def nobody(_request: httpx.Request) -> httpx.Response:
    """A vendor that knows nothing."""
    return httpx.Response(404, json={"message": "Not found"})


def line_body(path: Path) -> bytes:
    """The sample, to our bot: not every sample names one that could be."""
    document = json.loads(path.read_bytes())
    return json.dumps({**document, "destination": line.BOT}, ensure_ascii=False).encode()


def line_channel(body: bytes) -> tuple[Any, dict[str, str]]:
    """LINE, and the sample's headers."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(nobody))
    return LineChannel(client, [line.account()]), {"x-line-signature": sign("test_channel_secret", body)}


def whatsapp_body(path: Path) -> bytes:
    """The sample, to our number: some samples have a word in its place."""
    return NUMBER.sub(f'"phone_number_id": "{whatsapp.account().phone_number_id}"', path.read_text("utf-8")).encode()


def whatsapp_channel(body: bytes) -> tuple[Any, dict[str, str]]:
    """WhatsApp, and the sample's headers."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(nobody))
    channel = WhatsAppChannel([whatsapp.account()], client, whatsapp.registry, lambda _market, language: language)
    digest = hmac.new(whatsapp.SECRET.encode(), body, hashlib.sha256).hexdigest()
    return channel, {"x-hub-signature-256": f"sha256={digest}"}


@pytest.mark.parametrize(
    ("body", "opened"),
    [
        *(pytest.param(line_body(path), line_channel, id=path.stem) for path in LINE),
        *(pytest.param(whatsapp_body(path), whatsapp_channel, id=path.stem) for path in WHATSAPP),
    ],
)
async def test_every_sample_is_taken_and_applied(
    body: bytes, opened: Callable[[bytes], tuple[Any, dict[str, str]]], tmp_path: Path
) -> None:
    channel, headers = opened(body)
    events = channel.parse(body)
    desk = Desk(new_engine(tmp_path), channel)
    desk.clock.now = max((event.at for event in events), default=desk.clock.now) + LATER_S
    async with desk.door() as client:
        for _ in range(2):  # and once more, as vendors do
            answer = await client.post(f"/webhooks/{channel.name}", content=body, headers=headers)
            assert answer.status_code == 200
    await desk.apply()
    ids = {event.id for event in events}
    assert desk.count(webhook_events, state="done") >= len(ids)
    assert desk.count(webhook_events, state="failed") == desk.count(webhook_events, state="waiting") == 0
