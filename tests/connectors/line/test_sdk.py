"""LINE's own SDK reads the samples as we do."""

import json
from pathlib import Path
from typing import Any

import pytest
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.webhook import SignatureValidator, WebhookParser

from connectors.events import Content, Edit, Event, Presence, Retraction, Said
from connectors.line.parse import parse
from connectors.line.signature import sign
from tests.connectors.line.support import SAMPLES

SECRET = "test_channel_secret"
CONTENTS = {
    "text": Content.TEXT,
    "image": Content.IMAGE,
    "video": Content.VIDEO,
    "audio": Content.VOICE,
    "file": Content.DOCUMENT,
    "location": Content.LOCATION,
    "sticker": Content.STICKER,
}
CHANGES = {"follow": ("follow", "unblock"), "unfollow": ("block",), "join": ("join",), "leave": ("leave",)}


def completed(path: Path) -> str:
    """The sample with the fields that LINE has sent since it was written; the SDK wants them."""
    raw = json.loads(path.read_bytes())
    for position, event in enumerate(raw["events"]):
        event.setdefault("webhookEventId", f"01G2KZKG2DS765NMRH3GZFD{position:03}")
        event.setdefault("deliveryContext", {"isRedelivery": False})
        if event["type"] == "message":
            event["message"].setdefault("quoteToken", "quote")
        if event["type"] == "follow":
            event.setdefault("follow", {"isUnblocked": False})
    return json.dumps(raw)


def agree(ours: Event, theirs: Any) -> None:
    """Ours says the same as theirs, where the SDK knows the event."""
    assert ours.id == theirs.webhook_event_id
    assert ours.at == theirs.timestamp / 1000
    assert ours.redelivered == theirs.delivery_context.is_redelivery
    what = ours.what
    if isinstance(what, Said):
        assert theirs.type in ("message", "postback")
        assert what.reply_token == theirs.reply_token
        assert what.sender == theirs.source.user_id
        if theirs.type == "message" and getattr(theirs, "message", None):
            assert what.message == theirs.message.id
            assert what.content == CONTENTS[theirs.message.type]
    elif isinstance(what, Presence):
        assert what.change in CHANGES[theirs.type]
    elif isinstance(what, Retraction):
        assert what.message == theirs.unsend.message_id
    elif isinstance(what, Edit):
        assert theirs.type == "messageEdited"
    elif what.topic not in ("group_message", "standby"):
        assert what.topic == theirs.type


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_the_sdk_reads_the_same(path: Path) -> None:
    body = completed(path)
    theirs = WebhookParser(SECRET).parse(body, sign(SECRET, body.encode()))
    ours = parse(body.encode())
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        agree(one, other)


@pytest.mark.parametrize("body", ['{"events":[]}', '{"events":[],"a":"届きますか 👋🏻"}'])
def test_the_sdk_believes_our_signature(body: str) -> None:
    assert SignatureValidator(SECRET).validate(body, sign(SECRET, body.encode()))
    with pytest.raises(InvalidSignatureError):
        WebhookParser("other").parse(body, sign(SECRET, body.encode()))
