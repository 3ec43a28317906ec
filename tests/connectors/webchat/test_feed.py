from dataclasses import replace
from typing import Any

import pytest

from connectors.webchat.feed import TYPING_S, Feed
from conversations.model import Conversation, Hints, Message

CONVERSATION = Conversation("c", "webchat", "v", "DE", "de", {}, Hints(), "bot", "open", 0, 0)


def row(seq: int, direction: str = "in", status: str = "received", **values: Any) -> Message:
    author = "customer" if direction == "in" else "bot"
    whole: dict[str, Any] = {
        "author": author,
        "kind": "text",
        "text": f"t{seq}",
        "language": "ar",
        "payload": {},
        **values,
    }
    return Message(f"m{seq}", "c", seq, direction, provider_id=f"v:id-{seq}", status=status, created_at=100.0, **whole)


def feed(since: int = 0) -> Feed:
    return Feed("c", since, lambda language: "rtl" if language == "ar" else "ltr")


def kinds(frames: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    values = {"message": "seq", "status": "status", "typing": "on", "owner": "owner"}
    return [(frame["type"], frame[values[frame["type"]]]) for frame in frames]


def test_rows_go_out_once_and_statuses_when_they_change() -> None:
    viewer = feed()
    first = viewer.frames(CONVERSATION, [row(1)], now=101)
    assert kinds(first) == [("owner", "bot"), ("message", 1), ("typing", True)]
    again = viewer.frames(CONVERSATION, [row(1, status="handled"), row(2, "out", "queued")], now=102)
    assert kinds(again) == [("status", "handled"), ("message", 2), ("typing", False)]
    assert viewer.frames(CONVERSATION, [row(1, status="handled"), row(2, "out", "sent")], now=103) == []


def test_typing_ends_by_itself() -> None:
    viewer = feed()
    viewer.frames(CONVERSATION, [row(1)], now=101)
    assert viewer.typing_ends_in(101) == pytest.approx(TYPING_S - 1)
    assert kinds(viewer.frames(CONVERSATION, [row(1)], now=100 + TYPING_S)) == [("typing", False)]
    assert viewer.typing_ends_in(200) == 0


def test_nobody_is_typing_while_a_person_has_the_conversation() -> None:
    queue = replace(CONVERSATION, owner="queue")
    assert kinds(feed().frames(queue, [row(1)], now=101)) == [("owner", "queue"), ("message", 1)]


def test_an_agent_takes_over() -> None:
    viewer = feed()
    viewer.frames(CONVERSATION, [row(1)], now=101)
    taken = viewer.frames(replace(CONVERSATION, owner="agent:aiko.tanaka"), [row(1)], now=102)
    assert kinds(taken) == [("owner", "agent"), ("typing", False)]


def test_an_agents_name_stays_inside() -> None:
    frames = feed().frames(CONVERSATION, [row(1, "out", author="agent:aiko.tanaka")], now=101)
    assert "aiko" not in str(frames)


def test_payloads_stay_inside_and_titles_go_out() -> None:
    payload = {
        "buttons": [{"title": "Zurück", "payload": 'faq{"id": "x"}'}],
        "source": {"title": "Delivery", "url": "https://x.example", "entry": "secret-entry"},
        "values": {"order": "secret-order"},
    }
    (frame,) = [item for item in feed().frames(CONVERSATION, [row(1, "out", payload=payload)], 101) if "seq" in item]
    assert frame["buttons"] == ["Zurück"]
    assert frame["source"] == {"title": "Delivery", "url": "https://x.example"}
    assert "faq{" not in str(frame)
    assert "secret" not in str(frame)


@pytest.mark.parametrize(("source", "sent"), [(None, None), ("", None), ("Returns", {"title": "Returns"}), ({}, None)])
def test_sources(source: Any, sent: Any) -> None:
    frames = feed().frames(CONVERSATION, [row(1, "out", payload={"source": source})], 101)
    assert frames[1]["source"] == sent


def test_direction_and_client_id() -> None:
    frames = feed().frames(CONVERSATION, [row(1), row(2, "out", language="")], now=101)
    assert (frames[1]["dir"], frames[1]["client_id"]) == ("rtl", "id-1")
    assert frames[2]["dir"] == "auto"
    assert "client_id" not in frames[2]


def test_after_a_reconnect_only_new_rows_and_known_statuses_come() -> None:
    viewer = feed(since=2)
    frames = viewer.frames(CONVERSATION, [row(1, status="handled"), row(2, "out"), row(3, "out")], now=101)
    assert kinds(frames) == [("owner", "bot"), ("status", "handled"), ("message", 3)]


def test_a_person_types_while_they_have_the_conversation() -> None:
    viewer, taken = feed(), replace(CONVERSATION, owner="agent:aiko.tanaka")
    viewer.frames(taken, [row(1)], now=101)
    viewer.agent_types(True, 102)
    viewer.agent_types(None, 103)
    [frame] = viewer.frames(taken, [row(1)], now=103)
    assert frame == {"type": "typing", "on": True, "who": "agent"}
    assert viewer.typing_ends_in(103) == pytest.approx(5.0)
    assert kinds(viewer.frames(taken, [row(1)], now=108)) == [("typing", False)]
    viewer.agent_types(True, 109)
    viewer.frames(taken, [row(1)], now=109)
    answered = viewer.frames(taken, [row(1), row(2, "out", author="agent:aiko.tanaka")], now=110)
    assert kinds(answered) == [("message", 2), ("typing", False)]
    viewer.agent_types(True, 111)
    queue = replace(CONVERSATION, owner="queue")
    assert ("typing", True) not in kinds(viewer.frames(queue, [], now=111))  # nobody has it any more


@pytest.mark.parametrize(
    ("translation", "shown"),
    [
        (None, None),
        ({"from": "de"}, ("", False)),
        ({"from": "de", "original": "Hallo", "engine": "argos"}, ("Hallo", False)),
        ({"from": "de", "original": "Hallo", "engine": "", "edited": True}, ("Hallo", True)),
    ],
)
def test_a_translation_says_whether_a_person_has_checked_it(translation: Any, shown: tuple[str, bool] | None) -> None:
    sent = row(1, "out", "queued", payload={"translation": translation} if translation else {})
    frame = next(one for one in feed().frames(CONVERSATION, [sent], now=101) if one["type"] == "message")
    found = frame["translation"]
    assert (found and (found["original"], found["checked"])) == shown
