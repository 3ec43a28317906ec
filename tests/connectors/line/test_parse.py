"""What the samples leave out: edges of every event, and bodies that are none."""

from typing import Any

import pytest

from connectors.events import Content, Edit, Event, Notice, Retraction, Said, Unreadable, What
from connectors.line.parse import parse
from tests.connectors.line.support import BOT, USER, body, event


def one(**changes: Any) -> What:
    (found,) = parse(body([event(**changes)]))
    return found.what


def message(**fields: Any) -> dict[str, Any]:
    return {"message": {"id": "46", "type": "text", "text": "Hi", **fields}}


def group(kind: str = "group", **source: str) -> dict[str, Any]:
    return {"source": {"type": kind, f"{kind}Id": "C1", **source}}


MENTION = {"mentionees": [{"index": 0, "length": 7, "type": "user", "userId": BOT, "isSelf": True}]}


@pytest.mark.parametrize(
    ("text", "more", "clean"),
    [
        ("Hello (love) world", {"emojis": [{"index": 6, "length": 6}]}, "Hello world"),
        ("👋🏻 hi (love)", {"emojis": [{"index": 8, "length": 6}]}, "👋🏻 hi"),
        ("@Orikka where is it?", {"mention": MENTION}, "where is it?"),
        (
            "いつ(ok)届きますか(love)",
            {"emojis": [{"index": 2, "length": 4}, {"index": 11, "length": 6}]},
            "いつ届きますか",
        ),
        ("See (above) please", {"emojis": [{"index": 2, "length": 6}]}, "See (above) please"),
    ],
)
def test_emoji_and_our_name_are_no_words(text: str, more: dict[str, Any], clean: str) -> None:
    what = one(**message(text=text, **more))
    assert isinstance(what, Said)
    assert what.text == clean
    assert what.details == ({} if clean == text else {"original": text})


def test_nothing_but_line_emoji_is_a_sticker() -> None:
    spans = [{"index": 0, "length": 6}, {"index": 6, "length": 4}]
    what = one(**message(text="(love)(ok)", emojis=spans))
    assert isinstance(what, Said)
    assert (what.content, what.text) == (Content.STICKER, "")
    assert what.details == {"original": "(love)(ok)", "keywords": ["love", "ok"]}


@pytest.mark.parametrize("kind", ["group", "room"])
def test_a_group_speaks_to_us_by_name_only(kind: str) -> None:
    source = group(kind, userId=USER)
    what = one(**source, **message(text="@Orikka help", mention=MENTION))
    assert isinstance(what, Said)
    assert (what.content, what.sender, what.text) == (Content.GROUP, "C1", "help")
    assert what.details == {"original": "@Orikka help", "speaker": USER}


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "the password is 1234"},
        {"text": "@All lunch?", "mention": {"mentionees": [{"index": 0, "length": 4, "type": "all"}]}},
        {"text": "@Cony hi", "mention": {"mentionees": [{"index": 0, "length": 5, "type": "user", "userId": USER}]}},
        {"type": "image", "contentProvider": {"type": "line"}},
        {"type": "sticker", "text": "private"},
    ],
)
def test_what_a_group_says_to_itself_is_not_kept(fields: dict[str, Any]) -> None:
    (found,) = parse(body([event(**group(userId=USER), **message(**fields))]))
    assert found.what == Notice("group_message", {"sender": "C1", "type": fields.get("type", "text")})
    assert "1234" not in repr(found)
    assert USER not in repr(found)


def test_without_a_destination_nobody_is_us() -> None:
    mention = {"mentionees": [{"index": 0, "length": 5, "type": "user"}]}
    (found,) = parse(body([event(**group(), **message(text="@Cony hi", mention=mention))], destination=""))
    assert isinstance(found.what, Notice)


def test_an_edit_in_a_group_is_for_us_when_it_names_us() -> None:
    what = one(type="messageEdited", **group(userId=USER), **message(text="@Orikka where is 12?", mention=MENTION))
    assert what == Edit("C1", "46", "where is 12?")


def test_an_edit_of_something_else_is_only_told() -> None:
    what = one(type="messageEdited", **message(type="image"))
    assert what == Notice("messageEdited", {"sender": USER, "type": "image"})


def test_tokens_and_quotes_are_carried() -> None:
    what = one(**message(quotedMessageId="468", markAsReadToken="30yhdy232"))
    assert isinstance(what, Said)
    assert (what.quoted, what.read_token, what.message) == ("468", "30yhdy232", "46")
    assert what.reply_token == "38ef843bde154d9b91c21320ffd17a0f"


@pytest.mark.parametrize("data", ["0b6f9a:0", "3f2a9c0e8b7d4e5f9a1b2c3d4e5f6a7b:12"])
def test_our_button(data: str) -> None:
    what = one(type="postback", postback={"data": data})
    assert isinstance(what, Said)
    assert (what.content, what.button, what.text, what.message) == (Content.BUTTON, data, "", event()["webhookEventId"])


def test_a_changed_rich_menu_is_no_word() -> None:
    params = {"newRichMenuAliasId": "b", "status": "SUCCESS"}
    what = one(type="postback", postback={"data": "tab", "params": params})
    assert what == Notice("postback", {"sender": USER, "data": "tab", "params": params})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": "follow"}, Notice("standby", {"event": "follow", "sender": USER})),
        ({"type": "message"}, Notice("standby", {"event": "message", "sender": USER})),
        ({"type": "unsend", "unsend": {"messageId": "46"}}, Retraction(USER, "46")),
    ],
)
def test_standby_is_never_answered(changes: dict[str, Any], expected: What) -> None:
    assert one(mode="standby", **changes) == expected


@pytest.mark.parametrize("kind", ["membership", "module", "activated", "botSuspended", "delivery", "things"])
def test_events_that_are_only_told(kind: str) -> None:
    what = one(type=kind, membership={"type": "joined", "membershipId": 3}, message=None)
    assert isinstance(what, Notice)
    assert what.topic == kind


def test_a_failed_account_link_has_no_source() -> None:
    what = one(type="accountLink", source=None, link={"result": "failed", "nonce": "secret-nonce"})
    assert what == Notice("accountLink", {"sender": "", "result": "failed"})


def test_an_unknown_message_is_answered() -> None:
    what = one(**message(type="hologram"))
    assert isinstance(what, Said)
    assert (what.content, what.details) == (Content.UNSUPPORTED, {"type": "hologram"})


@pytest.mark.parametrize(
    "bad",
    [None, 7, "x", [], {}, {"type": None}, {"type": {}}, event(message=None), event(message=[1]), event(type="")],
)
def test_one_bad_event_never_loses_the_others(bad: Any) -> None:
    first, middle, last = parse(body([event(webhookEventId="a"), bad, event(webhookEventId="c")]))
    assert (first.id, last.id) == ("a", "c")
    assert isinstance(middle.what, Notice)
    assert middle.what.topic == "unreadable"
    assert 0 < len(middle.id) <= 128


def test_an_event_without_id_has_the_same_one_when_it_is_delivered_again() -> None:
    plain = event(webhookEventId=None)
    again = {**plain, "deliveryContext": {"isRedelivery": True}}
    first, second, other = parse(body([plain, again, {**plain, "timestamp": 1}]))
    assert first.id == second.id != other.id
    assert second.redelivered


def test_verify_of_the_console() -> None:
    assert parse(body([])) == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"events": {}}', b"{}", b"[" * 100_000, b'{"events":' + b"9" * 5000],
)
def test_no_webhook_at_all(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


def test_too_many_events() -> None:
    assert len(parse(body([{}] * 2000))) == 2000
    with pytest.raises(Unreadable):
        parse(body([{}] * 2001))


def test_a_body_that_is_too_large() -> None:
    with pytest.raises(Unreadable):
        parse(b'{"events": []' + b" " * 3_000_000 + b"}")


@pytest.mark.parametrize(
    ("timestamp", "at"), [(None, 0.0), ("1", 0.0), (-5, 0.0), (True, 0.0), (1e300, 0.0), (1500, 1.5), (10**400, 0.0)]
)
def test_odd_timestamps(timestamp: Any, at: float) -> None:
    (found,) = parse(body([event(timestamp=timestamp)]))
    assert found.at == at


def test_text_is_storable() -> None:
    (found,) = parse(
        rb'{"events":[{"type":"message","source":{"type":"user","userId":"U1"},'
        b'"message":{"id":"1","type":"text","text":"a\\u0000b\\ud800"}}]}'
    )
    assert isinstance(found, Event)
    assert isinstance(found.what, Said)
    assert found.what.text == "a\ufffdb\ufffd"
