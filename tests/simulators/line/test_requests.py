"""Requests in general, faults, and everything that a bot may read."""

from typing import Any

import httpx
import pytest

from tests.simulators.line import Fault, Faults, LineSimulator
from tests.simulators.line.small import (
    AIKO,
    BLOCKER,
    GROUP,
    KEY,
    NOBODY,
    SOMCHAI,
    STRANGER,
    client_of,
    details_of,
    push,
    text,
)


@pytest.mark.parametrize("header", ["Bearer wrong", "token-jp", ""])
def test_wrong_token_is_refused(line: LineSimulator, header: str) -> None:
    answer = httpx.get(f"{line.url}/v2/bot/info", headers={"Authorization": header}, trust_env=False)
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("Authentication failed due to the following reason:")


@pytest.mark.parametrize(
    ("body", "kind", "status", "part"),
    [
        (b"{", "application/json", 400, "could not be parsed as JSON (line: 1, column: 2)"),
        (b"\xff", "application/json", 400, "could not be parsed as JSON"),
        (b"[]", "application/json", 400, "is invalid"),
        (b"{}", "text/plain", 415, "The content type, text/plain, is not supported"),
        (b'{"x":"' + b"x" * 2 * 1024 * 1024 + b'"}', "application/json", 413, "2MB"),
    ],
)
def test_bodies_that_cannot_be_read(api: httpx.Client, body: bytes, kind: str, status: int, part: str) -> None:
    answer = api.post("/v2/bot/message/push", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert part in answer.json()["message"]


def test_rate_limit_of_the_loading_animation(line: LineSimulator, api: httpx.Client) -> None:
    line.advance(1000)
    statuses = {api.post("/v2/bot/channel/webhook/test").status_code for _ in range(61)}
    assert statuses == {404, 429}


@pytest.mark.parametrize("wait_s", [None, 3])
def test_rate_limit_fault(line: LineSimulator, api: httpx.Client, wait_s: float | None) -> None:
    line.set_faults(Faults(plan=(Fault.RATE_LIMIT,), retry_after_s=wait_s))
    answer = push(api)
    assert (answer.status_code, answer.headers.get("retry-after")) == (429, None if wait_s is None else "3")
    assert answer.json()["message"] != "You have reached your monthly limit."
    assert line.messages_to(AIKO) == []


def test_late_answer_is_accepted_all_the_same(line: LineSimulator, api: httpx.Client) -> None:
    line.set_faults(Faults(plan=(Fault.LATE_ANSWER,), late_answer_s=3.0))
    body = {"to": AIKO, "messages": [text()]}
    headers = {"X-Line-Retry-Key": KEY}
    with pytest.raises(httpx.ReadTimeout):
        api.post("/v2/bot/message/push", json=body, headers=headers, timeout=1.0)
    assert api.post("/v2/bot/message/push", json=body, headers=headers).status_code == 409
    assert len(line.messages_to(AIKO)) == 1


def test_reset_connection_accepts_nothing(line: LineSimulator, api: httpx.Client) -> None:
    line.set_faults(Faults(plan=(Fault.RESET,)))
    with pytest.raises(httpx.TransportError):
        push(api)
    assert line.messages_to(AIKO) == []


def test_access_token_expires_for_a_while(line: LineSimulator, api: httpx.Client) -> None:
    line.set_faults(Faults(expired_token_s=60))
    assert push(api).status_code == 401
    line.advance(61)
    assert push(api).status_code == 200


def test_rates_are_the_same_for_the_same_seed(line: LineSimulator, api: httpx.Client) -> None:
    drawn = []
    for _ in range(2):
        line.set_faults(Faults(seed=3, server_error_rate=0.3, rate_limit_rate=0.3))
        drawn.append([api.get("/v2/bot/info").status_code for _ in range(30)])
    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {200, 429, 500}


def test_bot_and_profiles(line: LineSimulator, api: httpx.Client) -> None:
    assert api.get("/v2/bot/info").json() == {
        "userId": line.bot().user_id,
        "basicId": "@simulated",
        "displayName": "Orikka Japan",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }
    assert api.get(f"/v2/bot/profile/{AIKO}").json() == {
        "displayName": "愛子",
        "userId": AIKO,
        "language": "ja",
        "statusMessage": "元気",
    }
    assert [api.get(f"/v2/bot/profile/{user}").status_code for user in (NOBODY, BLOCKER, STRANGER)] == [404] * 3
    assert api.get(f"/v2/bot/group/{GROUP}/member/{AIKO}").json() == {"displayName": "愛子", "userId": AIKO}
    with client_of(line, "Orikka Thailand") as thailand:
        assert "language" not in thailand.get(f"/v2/bot/profile/{SOMCHAI}").json()


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ({"chatId": AIKO}, 202, ""),
        ({"chatId": AIKO, "loadingSeconds": 5}, 202, ""),
        ({"chatId": AIKO, "loadingSeconds": 60}, 202, ""),
        ({"chatId": AIKO, "loadingSeconds": 7}, 400, "loadingSeconds"),
        ({"chatId": AIKO, "loadingSeconds": 0}, 400, "loadingSeconds"),
        ({"chatId": AIKO, "loadingSeconds": 65}, 400, "loadingSeconds"),
        ({"chatId": GROUP}, 400, ""),
        ({"chatId": NOBODY}, 400, ""),
    ],
)
def test_loading_animation(
    line: LineSimulator, api: httpx.Client, body: dict[str, Any], status: int, place: str
) -> None:
    answer = api.post("/v2/bot/chat/loading/start", json=body)
    assert answer.status_code == status
    assert set(details_of(answer)) == ({place} if place else set())
    assert line.is_loading(AIKO) is (status == 202)
    push(api)
    assert not line.is_loading(AIKO)


def test_mark_as_read(line: LineSimulator, api: httpx.Client) -> None:
    events = [line.act("text", AIKO, text=str(number))[0] for number in range(3)]
    token = events[1]["message"]["markAsReadToken"]
    assert api.post("/v2/bot/chat/markAsRead", json={"markAsReadToken": token}).json() == {}
    assert [line.is_read(AIKO, event["message"]["id"]) for event in events] == [True, True, False]
    assert api.post("/v2/bot/chat/markAsRead", json={"markAsReadToken": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v2/bot/richmenu/list", 404, "Not found"),
        ("GET", "/v2/bot/message/push", 404, "Not found"),
        ("POST", "/v2/bot/message/markAsRead", 403, "Access to this API is not available for your account"),
    ],
)
def test_what_there_is_not(api: httpx.Client, method: str, path: str, status: int, message: str) -> None:
    answer = api.request(method, path, json={})
    assert (answer.status_code, answer.json()) == (status, {"message": message})


def test_content_of_files(line: LineSimulator, api: httpx.Client) -> None:
    picture = line.act("image", AIKO)[0]["message"]["id"]
    video = line.act("video", AIKO)[0]["message"]["id"]
    broken = line.act("video", AIKO, preparing_s=0, transcoding_fails=True)[0]["message"]["id"]
    external = line.act("image", AIKO, external_url="https://a.example/x.jpg")[0]["message"]["id"]
    path = "/v2/bot/message/{}/content{}".format
    got = api.get(path(picture, ""))
    assert (got.status_code, got.headers["content-type"], got.content[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert api.get(path(picture, "/preview")).content == got.content
    assert api.get(path(video, "")).status_code == 202
    assert api.get(path(video, "/transcoding")).json() == {"status": "processing"}
    line.advance(3)
    assert api.get(path(video, "/transcoding")).json() == {"status": "succeeded"}
    assert api.get(path(video, "")).headers["content-type"] == "video/mp4"
    assert api.get(path(broken, "/transcoding")).json() == {"status": "failed"}
    assert [api.get(path(item, "")).status_code for item in (external, "123", broken)] == [404] * 3
    line.act("unsend", AIKO, message_id=picture)
    line.delete_content(video)
    assert [api.get(path(item, "")).status_code for item in (picture, video)] == [410] * 2
    with client_of(line, "Orikka Thailand") as thailand:
        assert thailand.get(path(broken, "")).status_code == 404
