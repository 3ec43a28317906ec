"""The customer's side: buttons, blocking, the control endpoints and the page."""

import json
import uuid
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
import yaml

from tests.simulators.line import LineSimulator, config_from_file
from tests.simulators.line.config import CHAT_ID, USER_ID
from tests.simulators.line.demo import demo_config
from tests.simulators.line.serve import channels_yaml
from tests.simulators.line.small import (
    AIKO,
    SMALL,
    push,
    quick,
    reply,
    text,
    token_of,
)


def test_quick_replies_are_those_of_the_last_message(line: LineSimulator, api: httpx.Client) -> None:
    first = text("one", quickReply={"items": [quick("Old")]})
    reply(api, token_of(line), first, text("two", quickReply={"items": [quick("Yes"), quick("No")]}))
    assert line.quick_replies(AIKO) == ["Yes", "No"]
    event = line.tap(AIKO, "No")[0]
    assert (event["type"], event["postback"]) == ("postback", {"data": "data No"})
    assert line.quick_replies(AIKO) == []
    assert [entry.text for entry in line.chat(AIKO)] == ["hi", "one", "two", "No"]
    for label in ("Old", "Yes"):
        with pytest.raises(ValueError, match="sees no button"):
            line.tap(AIKO, label)


def test_blocked_customer_sees_nothing_and_cannot_write(line: LineSimulator, api: httpx.Client) -> None:
    token = token_of(line)
    assert line.act("block", AIKO)[0]["type"] == "unfollow"
    assert (reply(api, token).status_code, push(api).status_code) == (200, 200)
    assert line.messages_to(AIKO) == []
    with pytest.raises(ValueError, match="blocked"):
        line.say(AIKO, "hi")
    assert line.act("unblock", AIKO)[0]["follow"] == {"isUnblocked": True}
    assert push(api, words="again").status_code == 200
    assert [entry.text for entry in line.messages_to(AIKO)] == ["again"]


def test_control_over_http(line: LineSimulator, api: httpx.Client) -> None:
    made = api.post("/sim/inbound", json={"type": "text", "user": AIKO, "text": "hi"}).json()["events"]
    assert reply(api, made[0]["replyToken"]).status_code == 200
    chats = api.get("/sim/state").json()["bots"]["Orikka Japan"]["chats"]
    assert [entry["text"] for entry in chats[AIKO]] == ["hi", "hello"]
    assert api.post("/sim/advance", json={"seconds": 10}).status_code == 200
    assert api.post("/sim/faults", json={"server_error_rate": 1}).status_code == 200
    assert push(api).status_code == 500
    assert api.post("/sim/faults", json={"server_error_rate": 0}).status_code == 200
    for path, body in (("inbound", {"type": "dance", "user": AIKO}), ("inbound", {"nothing": 1}), ("faults", {"x": 1})):
        assert api.post(f"/sim/{path}", json=body).status_code == 400
    seen = api.get("/sim/chat", params={"chat": AIKO, "after": 1}).json()
    assert [entry["text"] for entry in seen["entries"]] == ["hello"]
    assert "script-src 'self'" in api.get("/").headers["content-security-policy"]
    assert [api.get(f"/page/{name}").status_code for name in ("line.js", "frame.css", "nothing")] == [200, 200, 404]


def test_what_belongs_into_channels_yml() -> None:
    written = channels_yaml(SMALL, "http://127.0.0.1:8092")
    for part in ("name: line-jp", "market: JP", "channel_secret: secret-jp", "api_url: http://127.0.0.1:8092"):
        assert part in written


def test_demo_bots_can_be_written_to_and_read_from_a_file(tmp_path: Path) -> None:
    demo = demo_config("http://127.0.0.1:8080/webhooks/line")
    for bot in demo.bots:
        assert USER_ID.fullmatch(bot.user_id)
        assert all(USER_ID.fullmatch(friend.user_id) for friend in bot.friends)
        assert all(CHAT_ID.fullmatch(group.chat_id) for group in bot.groups)
    assert len({bot.access_token for bot in demo.bots}) == len(demo.bots) == 3
    path = tmp_path / "line.yml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(asdict(demo))), allow_unicode=True), encoding="utf-8")
    assert config_from_file(path) == demo


def test_ids_are_unique(line: LineSimulator, api: httpx.Client) -> None:
    headers = {api.get("/v2/bot/info").headers["x-line-request-id"] for _ in range(20)}
    assert len(headers) == 20
    assert all(str(uuid.UUID(item)) == item for item in headers)
