"""Every sample of LINE's own SDKs becomes the events that it is."""

import json
from typing import Any

import pytest

from connectors.events import (
    EVENT,
    Content,
    Edit,
    MediaRef,
    Notice,
    Presence,
    Retraction,
    Said,
    What,
)
from connectors.line.parse import parse
from tests.connectors.line.support import SAMPLES, sample

JAVA_USER = "u206d25c2ea6bd87c17655609a1c37cb8"
USER_AB = "U012345678901234567890123456789ab"
JAVA_GROUP = "cxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
PY_USER = "U206d25c2ea6bd87c17655609a1c37cb8"
PY_GROUP = "Ca56f94637cc4347f90a25382909b24b9"
PY_ROOM = "Ra8dbf4673c4c812cd491258042226c99"
REPLY = "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA"
STICKER = {"package": "1", "sticker": "1", "resource": "STATIC"}
URL = "https://example.com"


def said(content: Content, text: str = "", sender: str = JAVA_USER, **more: Any) -> Said:
    fields: dict[str, Any] = {"message": "325708", "reply_token": REPLY, **more}
    return Said(sender=sender, content=content, text=text, aliases=(sender,), **fields)


def media(content: Content, sender: str = JAVA_USER, url: str = "", **more: Any) -> Said:
    return said(content, sender=sender, media=MediaRef("325708", url=url), **more)


def postback(**params: str) -> Said:
    details = {"data": "action=buyItem&itemId=123123&color=red", "params": params}
    return said(Content.BUTTON, sender=PY_USER, message="testwebhookeventid", details=details)


PLACE = {
    "title": "hello",
    "address": "〒150-0002 東京都渋谷区渋谷２丁目２１−１",
    "latitude": 35.65910807942215,
    "longitude": 139.70372892916203,
}
BEACON = Notice("beacon", {"sender": USER_AB, "hwid": "374591320", "type": "enter"})
FIELDS = ["mode", "replyToken", "source", "timestamp", "type"]
JAVA: dict[str, list[What]] = {
    "account_link": [Notice("accountLink", {"sender": USER_AB, "result": "ok"})],
    "beacon": [BEACON],
    "beacon_with_dm": [BEACON],
    "file": [said(Content.DOCUMENT, media=MediaRef("325708", name="sample.pdf", size=22016))],
    "follow": [Presence(JAVA_USER, "follow", REPLY)],
    "image": [media(Content.IMAGE, url=f"{URL}/original.jpg")],
    "join": [Presence(JAVA_GROUP, "join", REPLY)],
    "leave": [Presence(JAVA_GROUP, "leave")],
    "location": [said(Content.LOCATION, details=PLACE)],
    "member_joined": [Notice("memberJoined", {"sender": "C1234567890", "members": 1})],
    "member_left": [Notice("memberLeft", {"sender": "C1234567890", "members": 1})],
    "message-edited": [Notice("group_message", {"sender": JAVA_GROUP, "type": "messageEdited"})],
    "postback": [
        said(
            Content.BUTTON,
            message="8e5c4a0253df7ec65ae32ab8580e55d44a6118eb711828dd03a047302ee7f13c",
            details={"data": "action=buyItem&itemId=123123&color=red", "params": {}},
        )
    ],
    "sticker": [said(Content.STICKER, details={**STICKER, "keywords": ["bed", "sleep", "bedtime"]})],
    "sticker-keywords-array": [said(Content.STICKER, details={**STICKER, "keywords": ["keyword"]})],
    "sticker-keywords-remove": [said(Content.STICKER, details={**STICKER, "keywords": []})],
    "sticker-with-text": [
        said(
            Content.STICKER,
            "userEnteredText",
            details={**STICKER, "resource": "MESSAGE", "keywords": ["bed", "sleep", "bedtime"]},
        )
    ],
    "text-emojis": [said(Content.TEXT, "Hello, world")],
    "text-group": [Notice("standby", {"event": "message", "sender": JAVA_USER})],
    "text-mention": [said(Content.TEXT, "Hello, world @Brown and @Cony")],
    "text-user": [said(Content.TEXT, "Hello, world")],
    "unfollow": [Presence(JAVA_USER, "block")],
    "unknown": [
        Notice("greatNewFeature", {"sender": USER_AB, "fields": FIELDS}),
        Notice("message", {"problem": "the source names nobody"}),
    ],
    "unsend": [Retraction(JAVA_USER, "325708")],
    "video": [media(Content.VIDEO, sender="U4af4980629...", url=f"{URL}/original.mp4", details={"duration_s": 60.0})],
    "video-play-complete": [Notice("videoPlayComplete", {"sender": "U4af4980629...", "trackingId": "track_id"})],
    "webhook-redelivery": [said(Content.TEXT, "Hello, world")],
}
PY_BEACON = Notice("beacon", {"sender": PY_USER, "hwid": "d41d8cd98f", "type": "enter"})
UNDEFINED = ["deliveryContext", "mode", "source", "timestamp", "type", "undefinedField", "webhookEventId"]
PYTHON: list[What] = [
    said(Content.TEXT, "Hello, world", sender=PY_USER),
    Notice("group_message", {"sender": PY_ROOM, "type": "image"}),
    media(Content.VIDEO, sender=PY_USER, url=URL, details={"duration_s": 60.0}),
    media(Content.VOICE, sender=PY_USER, url=URL, details={"duration_s": 60.0}),
    said(Content.LOCATION, sender=PY_USER, details={**PLACE, "title": "my location", "address": "Tokyo"}),
    said(Content.STICKER, "Just sticker", sender=PY_USER, details={**STICKER, "keywords": ["Love You", "Love"]}),
    Presence(PY_USER, "unblock", REPLY),
    Presence(PY_USER, "block"),
    Presence(PY_GROUP, "join", REPLY),
    Presence(PY_GROUP, "leave"),
    postback(datetime="2017-12-25T01:00"),
    PY_BEACON,
    PY_BEACON,
    Notice("accountLink", {"sender": PY_USER, "result": "ok"}),
    Notice("group_message", {"sender": PY_GROUP, "type": "text"}),
    Notice("group_message", {"sender": PY_ROOM, "type": "text"}),
    postback(date="2013-04-01"),
    postback(time="10:00"),
    postback(datetime="2013-04-01T10:00"),
    Notice("memberJoined", {"sender": "C4af4980629...", "members": 2}),
    Notice("memberLeft", {"sender": "C4af4980629...", "members": 2}),
    said(Content.DOCUMENT, sender=PY_USER, media=MediaRef("325708", name="file.txt", size=2138)),
    Retraction(PY_GROUP, "325708"),
    Notice("videoPlayComplete", {"sender": PY_USER, "trackingId": "track_id"}),
    said(
        Content.IMAGE,
        sender=PY_USER,
        message="354718705033693861",
        media=MediaRef("354718705033693861"),
        reply_token="fbf94e269485410da6b7e3a5e33283e8",
        details={"set": {"id": "E005D41A7288F41B655", "index": 2, "total": 2}},
    ),
    said(Content.TEXT, "Hello, world", sender=PY_USER),
    Edit(PY_USER, "325708", "Hello, edited world"),
    Notice("undefined", {"sender": PY_USER, "fields": UNDEFINED}),
]


@pytest.mark.parametrize(("name", "expected"), [*JAVA.items(), ("all-events", PYTHON)])
def test_samples(name: str, expected: list[What]) -> None:
    assert [one.what for one in parse(sample(name))] == expected


def test_every_sample_is_in_the_table() -> None:
    assert {path.name.split(".")[1] for path in SAMPLES.glob("*.json")} == {*JAVA, "all-events"}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_envelope_of_every_sample(path: Any) -> None:
    raw = json.loads(path.read_bytes())
    for one, given in zip(parse(path.read_bytes()), raw["events"], strict=True):
        assert one.account == raw["destination"]
        assert one.at == given["timestamp"] / 1000
        assert one.id == given.get("webhookEventId", one.id)
        assert 0 < len(one.id) <= 128
        assert one.redelivered is given.get("deliveryContext", {}).get("isRedelivery", False)
        assert EVENT.validate_python(EVENT.dump_python(one, mode="json")) == one
