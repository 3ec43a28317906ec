"""Webhooks as the platform sends them."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulators.line import Faults, LineSimulator
from tests.simulators.line.sink import WebhookSink
from tests.simulators.line.small import AIKO, GROUP, SMALL, SOMCHAI, client_of, text


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[LineSimulator, WebhookSink]]:
    with WebhookSink() as sink, LineSimulator(SMALL) as simulator:
        yield simulator, sink


@pytest.fixture
def sink(servers: tuple[LineSimulator, WebhookSink]) -> WebhookSink:
    servers[1].received.clear()
    servers[1].plan.clear()
    return servers[1]


@pytest.fixture
def line(servers: tuple[LineSimulator, WebhookSink], sink: WebhookSink) -> Iterator[LineSimulator]:
    servers[0].reset()
    servers[0].set_webhook(sink.url)
    yield servers[0]
    servers[0].settle()  # what is under way would reach the next test


# action: its details, members that the event's message or the event has, with values
MESSAGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("text", {"text": "Hello"}, {"text": "Hello"}),
    ("text", {"text": "x", "quote": "1"}, {"quotedMessageId": "1"}),
    ("image", {}, {"contentProvider": {"type": "line"}}),
    ("audio", {"duration_ms": 900}, {"duration": 900, "contentProvider": {"type": "line"}}),
    ("video", {}, {"duration": 2000}),
    ("file", {"file_name": "受領書.pdf", "content": "aGVsbG8="}, {"fileName": "受領書.pdf", "fileSize": 5}),
    ("location", {"address": "東京"}, {"address": "東京", "latitude": 35.65910807942215}),
    ("sticker", {"keywords": ("bed", "sleep")}, {"keywords": ["bed", "sleep"], "stickerResourceType": "STATIC"}),
    ("sticker", {"resource_type": "MESSAGE", "text": "userEnteredText"}, {"text": "userEnteredText"}),
    ("unknownMessage", {}, {"type": "unknownunknownunknown"}),
]


@pytest.mark.parametrize(("kind", "details", "members"), MESSAGES)
def test_message_events(
    line: LineSimulator, sink: WebhookSink, kind: str, details: dict[str, Any], members: dict[str, Any]
) -> None:
    line.act(kind, AIKO, **details)
    line.settle()
    event = sink.events[0]
    assert event["source"] == {"type": "user", "userId": AIKO}
    assert (event["type"], event["mode"], event["deliveryContext"]) == ("message", "active", {"isRedelivery": False})
    assert len(event["webhookEventId"]) == 26
    assert {"id", "type", "markAsReadToken"} <= set(event["message"])
    assert {key: event["message"][key] for key in members} == members


EVENTS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("follow", {}, "follow", {"follow": {"isUnblocked": False}}),
    ("postback", {"data": "a=1", "params": {"date": "2017-06-18"}}, "postback",
     {"postback": {"data": "a=1", "params": {"date": "2017-06-18"}}}),
    ("join", {"group": GROUP}, "join", {"source": {"type": "group", "groupId": GROUP}}),
    ("memberJoined", {"group": GROUP, "members": (SOMCHAI,)}, "memberJoined",
     {"joined": {"members": [{"type": "user", "userId": SOMCHAI}]}}),
    ("memberLeft", {"group": GROUP, "members": (SOMCHAI,)}, "memberLeft",
     {"left": {"members": [{"type": "user", "userId": SOMCHAI}]}}),
    ("leave", {"group": GROUP}, "leave", {"source": {"type": "group", "groupId": GROUP}}),
    ("accountLink", {"nonce": "n"}, "accountLink", {"link": {"result": "ok", "nonce": "n"}}),
    ("beacon", {"dm": "12"}, "beacon", {"beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": "12"}}),
    ("videoPlayComplete", {}, "videoPlayComplete", {"videoPlayComplete": {"trackingId": "track_id"}}),
    ("membership", {}, "membership", {"membership": {"type": "joined", "membershipId": 3189}}),
    ("unknownEvent", {}, "greatNewFeature", {}),
    ("raw", {"event": {"type": "module", "module": {"type": "attached"}}}, "module", {"module": {"type": "attached"}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "details", "name", "members"), EVENTS)
def test_other_events(
    line: LineSimulator, sink: WebhookSink, kind: str, details: dict[str, Any], name: str, members: dict[str, Any]
) -> None:
    line.act(kind, AIKO, **details)
    line.settle()
    event = sink.events[0]
    assert event["type"] == name
    assert {key: event[key] for key in members} == members


def test_places_in_texts_are_utf16_units(line: LineSimulator) -> None:
    event = line.act(
        "text", AIKO, group=GROUP, text="😀 (love) (love)", mentions=("self", SOMCHAI, "all"), emojis=("(love)",) * 2
    )[0]
    words: bytes = event["message"]["text"].encode("utf-16-le")

    def piece(item: dict[str, Any]) -> str:
        start, length = 2 * item["index"], 2 * item["length"]
        return words[start : start + length].decode("utf-16-le")

    mentionees = event["message"]["mention"]["mentionees"]
    assert [piece(item) for item in mentionees] == ["@Orikka Japan", "@Member", "@All"]
    assert [(item["type"], item.get("isSelf")) for item in mentionees] == [
        ("user", True),
        ("user", False),
        ("all", None),
    ]
    assert [piece(item) for item in event["message"]["emojis"]] == ["(love)", "(love)"]
    assert event["source"] == {"type": "group", "groupId": GROUP, "userId": AIKO}


def test_message_life_in_a_group(line: LineSimulator) -> None:
    said = line.say(AIKO, "helo", group=GROUP)
    edited = line.act("messageEdited", AIKO, group=GROUP, message_id=said, text="hello")[0]
    assert (edited["type"], edited["message"]["id"], edited["message"]["text"]) == ("messageEdited", said, "hello")
    unsent = line.act("unsend", AIKO, group=GROUP, message_id=said)[0]
    assert (unsent["unsend"], "replyToken" in unsent) == ({"messageId": said}, False)
    with pytest.raises(ValueError, match="groups only"):
        line.act("messageEdited", AIKO, message_id=line.say(AIKO, "x"), text="y")
    with pytest.raises(ValueError, match="sent no message"):
        line.act("unsend", AIKO, message_id="1")


def test_pictures_sent_together(line: LineSimulator) -> None:
    sets = [event["message"]["imageSet"] for event in line.act("image", AIKO, total=3)]
    assert [(item["index"], item["total"]) for item in sets] == [(1, 3), (2, 3), (3, 3)]
    assert len({item["id"] for item in sets}) == 1


def test_several_people_in_one_body(line: LineSimulator, sink: WebhookSink) -> None:
    line.act_together({"type": "text", "user": AIKO, "text": "a"}, {"type": "text", "user": SOMCHAI, "text": "b"})
    line.settle()
    assert len(sink.received) == 1
    assert [event["source"]["userId"] for event in sink.events] == [AIKO, SOMCHAI]
    assert json.loads(sink.received[0].body)["destination"] == line.bot().user_id


def test_body_is_raw_utf8(line: LineSimulator, sink: WebhookSink) -> None:
    line.say(AIKO, "注文 😀")
    line.settle()
    assert "注文 😀" in sink.received[0].body


def test_redelivery(line: LineSimulator, sink: WebhookSink) -> None:
    line.set_redelivery(True)
    sink.plan.extend([(500, 0.0), (200, 3.0)])
    line.say(AIKO, "hi")
    line.settle()
    assert [attempt.reason for attempt in line.attempts] == ["error_status_code", "request_timeout", "success"]
    assert [event["deliveryContext"]["isRedelivery"] for event in sink.events] == [False, True, True]
    assert len({(event["webhookEventId"], event["replyToken"], event["timestamp"]) for event in sink.events}) == 1
    assert line.lost_events == []


@pytest.mark.parametrize("on", [False, True])
def test_events_are_lost_in_the_end(line: LineSimulator, sink: WebhookSink, on: bool) -> None:
    line.set_redelivery(on, (1.0, 1.0))
    sink.plan.extend([(500, 0.0)] * 3)
    line.say(AIKO, "hi")
    line.settle()
    assert (len(sink.received), len(line.lost_events)) == (3 if on else 1, 1)


@pytest.mark.parametrize(("pause_s", "status"), [(300.0, 200), (1500.0, 400)])
def test_redelivery_gives_the_token_another_minute(
    line: LineSimulator, sink: WebhookSink, pause_s: float, status: int
) -> None:
    with client_of(line) as api:
        line.set_redelivery(True, (pause_s * 1000,))  # times the small platform's scale of a thousandth
        sink.plan.append((500, 0.0))
        token = line.act("text", AIKO, text="hi")[0]["replyToken"]
        line.wait_for_attempts(1)
        body = {"replyToken": token, "messages": [text()]}
        line.advance(pause_s - 60)
        assert api.post("/v2/bot/message/reply", json=body).status_code == 400
        line.advance(61)
        line.settle()
        assert api.post("/v2/bot/message/reply", json=body).status_code == status


def test_duplicates_are_not_marked(line: LineSimulator, sink: WebhookSink) -> None:
    line.set_faults(Faults(duplicate_rate=1.0))
    line.say(AIKO, "hi")
    line.settle()
    assert [event["deliveryContext"]["isRedelivery"] for event in sink.events] == [False, False]
    assert len({event["webhookEventId"] for event in sink.events}) == 1


def test_held_back_events_are_overtaken(line: LineSimulator, sink: WebhookSink) -> None:
    line.set_faults(Faults(reorder_rate=1.0, reorder_s=60))
    line.say(AIKO, "first")
    line.set_faults(Faults())
    line.say(AIKO, "second")
    line.wait_for_attempts(1)
    line.advance(61)
    line.settle()
    assert [event["message"]["text"] for event in sink.events] == ["second", "first"]


def test_order_within_a_chat_is_kept(line: LineSimulator, sink: WebhookSink) -> None:
    said = [str(number) for number in range(20)]
    for words in said:
        line.say(AIKO, words)
    line.settle()
    assert [event["message"]["text"] for event in sink.events] == said


def test_verify_and_endpoint_settings(line: LineSimulator, sink: WebhookSink) -> None:
    with client_of(line) as api:
        endpoint = "/v2/bot/channel/webhook/endpoint"
        assert api.get(endpoint).json() == {"endpoint": sink.url, "active": True}
        for url, status in (("http://shop.example/x", 400), ("", 400), ("https://a.example/" + "x" * 500, 400)):
            assert api.put(endpoint, json={"endpoint": url}).status_code == status
        tested = api.post("/v2/bot/channel/webhook/test", json={"endpoint": sink.url}).json()
        assert (tested["success"], tested["statusCode"], tested["reason"]) == (True, 200, "OK")
        assert json.loads(sink.received[0].body) == {"destination": line.bot().user_id, "events": []}
        assert api.put(endpoint, json={"endpoint": "http://127.0.0.1:9/x"}).status_code == 200
        tested = api.post("/v2/bot/channel/webhook/test").json()
        assert (tested["success"], tested["statusCode"], tested["reason"]) == (False, 0, "COULD_NOT_CONNECT")
        verified = httpx.post(f"{line.url}/sim/verify", trust_env=False).json()
        assert verified == {"status": 0, "reason": "could_not_connect"}
