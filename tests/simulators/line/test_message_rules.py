"""What can be sent and what the platform refuses, by table."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulators.line import LineSimulator
from tests.simulators.line.small import SMALL, client_of, details_of, text

HTTPS = "https://shop.example/a.png"
FAMILY = "👨‍👩‍👧‍👦"  # one grapheme cluster, eleven UTF-16 units


@pytest.fixture(scope="module")
def api() -> Iterator[httpx.Client]:
    with LineSimulator(SMALL) as simulator, client_of(simulator) as client:
        yield client


def postback(label: str = "Yes", data: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": data, **more}


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    return text(quickReply={"items": [{"type": "action", "action": action} for action in actions]})


def image(url: str = HTTPS) -> dict[str, Any]:
    return {"type": "image", "originalContentUrl": url, "previewImageUrl": HTTPS}


def template(kind: str, alt: str = "alt", **content: Any) -> dict[str, Any]:
    return {"type": "template", "altText": alt, "template": {"type": kind, **content}}


def buttons(*actions: dict[str, Any], **content: Any) -> dict[str, Any]:
    return template("buttons", actions=list(actions) or [postback()], **{"text": "choose", **content})


def column(*actions: dict[str, Any], **content: Any) -> dict[str, Any]:
    return {"text": "one", "actions": list(actions) or [postback()], **content}


def carousel(*columns: dict[str, Any]) -> dict[str, Any]:
    return template("carousel", columns=list(columns))


def pictures(*columns: dict[str, Any]) -> dict[str, Any]:
    return template("image_carousel", columns=list(columns))


def bubble(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": list(parts)}, **more}


def flex(contents: dict[str, Any], alt: str = "alt") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def words(length: int) -> dict[str, Any]:
    return {"type": "text", "text": "x" * length}


PLACE = {"type": "location", "title": "t", "address": "a", "latitude": 25.0, "longitude": 121.5}
ACCEPTED = {
    "five messages": [text()] * 5,
    "longest text": [text("x" * 5000)],
    "longest text of emoji": [text("😀" * 2500)],
    "thirteen quick replies": [quick(*[postback()] * 13)],
    "label of twenty clusters": [quick(postback(FAMILY * 20))],
    "longest data": [quick(postback(data="x" * 300))],
    "camera as quick reply": [quick({"type": "camera", "label": "Camera"}, {"type": "location", "label": "Place"})],
    "null is absent": [text(quoteToken=None)],
    "sender": [text(sender={"name": "Aiko (agent)", "iconUrl": HTTPS})],
    "LINE emoji": [text("hi 😀$", emojis=[{"index": 5, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}])],
    "text v2": [{"type": "textV2", "text": "{who} {{x}}", "substitution": {"who": {"type": "mention"}}}],
    "sticker": [{"type": "sticker", "packageId": "446", "stickerId": "1988"}],
    "image": [image()],
    "video": [{**image(), "type": "video", "trackingId": "t"}],
    "audio": [{"type": "audio", "originalContentUrl": HTTPS, "duration": 1000}],
    "location": [PLACE],
    "buttons": [buttons(text="x" * 160)],
    "buttons with title": [buttons(*[postback()] * 4, title="x" * 40, text="x" * 60)],
    "confirm": [template("confirm", text="x" * 240, actions=[postback(), postback("No")])],
    "carousel": [carousel(*[column(text="x" * 120)] * 10)],
    "image carousel": [pictures(*[{"imageUrl": HTTPS, "action": postback("x" * 12)}] * 10)],
    "bubble": [flex(bubble(words(10), {"type": "button", "action": postback("x" * 40)}, direction="rtl"))],
    "flex carousel": [flex({"type": "carousel", "contents": [bubble(words(5))] * 12})],
}

# name: messages, property that the answer names, part of what it says of it
REFUSED: dict[str, tuple[list[Any], str, str]] = {
    "no message": ([], "messages", "Size must be between 1 and 5"),
    "six messages": ([text()] * 6, "messages", "Size must be between 1 and 5"),
    "no object": (["hello"], "messages", "array of objects"),
    "empty text": ([text("")], "messages[0].text", "May not be empty"),
    "no text": ([{"type": "text"}], "messages[0].text", "May not be empty"),
    "text too long": ([text(), text("x" * 5001)], "messages[1].text", "Length must be between 0 and 5000"),
    "emoji count double": ([text("😀" * 2501)], "messages[0].text", "Length must be between 0 and 5000"),
    "unknown type": ([{"type": "document"}], "messages[0].type", "Must be one of the following values: [text"),
    "unknown key": ([text(colour="red")], "messages[0].colour", "Unknown property"),
    "fourteen quick replies": ([quick(*[postback()] * 14)], "messages[0].quickReply.items", "between 1 and 13"),
    "no quick reply": ([text(quickReply={"items": []})], "messages[0].quickReply.items", "between 1 and 13"),
    "label too long": ([quick(postback(FAMILY * 21))], "messages[0].quickReply.items[0].action.label", "0 and 20"),
    "no label": (
        [quick({"type": "message", "text": "x"})],
        "messages[0].quickReply.items[0].action",
        "`label` must be specified",
    ),
    "data too long": ([quick(postback(data="x" * 301))], "messages[0].quickReply.items[0].action.data", "0 and 300"),
    "scheme": (
        [quick({"type": "uri", "label": "x", "uri": "ftp://x.example"})],
        "messages[0].quickReply.items[0].action.uri",
        "invalid uri scheme",
    ),
    "emoji elsewhere": (
        [text("hi", emojis=[{"index": 0, "productId": "1", "emojiId": "1"}])],
        "messages[0].emojis[0].index",
        "no $",
    ),
    "text v2 without substitution": ([{"type": "textV2", "text": "{who}"}], "messages[0].text", "no substitution"),
    "sender named LINE": ([text(sender={"name": "Line help"})], "messages[0].sender.name", "may not be used"),
    "sender too long": ([text(sender={"name": "x" * 21})], "messages[0].sender.name", "between 0 and 20"),
    "http image": ([image("http://shop.example/a.png")], "messages[0].originalContentUrl", "valid HTTPS URL"),
    "long address": ([image(HTTPS + "x" * 2000)], "messages[0].originalContentUrl", "between 0 and 2000"),
    "raw address": ([image("https://shop.example/写真.png")], "messages[0].originalContentUrl", "percent-encoded"),
    "no duration": ([{"type": "audio", "originalContentUrl": HTTPS}], "messages[0].duration", "whole number"),
    "latitude": ([{**PLACE, "latitude": 91}], "messages[0].latitude", "between -90 and 90"),
    "no address": ([{**PLACE, "address": None}], "messages[0].address", "May not be empty"),
    "alt text": ([template("buttons", alt="x" * 401)], "messages[0].altText", "between 0 and 400"),
    "template kind": ([template("grid")], "template/type", "Must be one of"),
    "buttons text": ([buttons(text="x" * 161)], "template/text", "between 0 and 160"),
    "buttons text by title": ([buttons(title="t", text="x" * 61)], "template/text", "between 0 and 60"),
    "buttons title": ([buttons(title="x" * 41)], "template/title", "between 0 and 40"),
    "five buttons": ([buttons(*[postback()] * 5)], "template/actions", "between 1 and 4"),
    "button label": ([buttons(postback("x" * 21))], "template/actions/0/label", "between 0 and 20"),
    "camera in a template": ([buttons({"type": "camera", "label": "x"})], "template/actions/0/type", "one of"),
    "one choice": ([template("confirm", text="x", actions=[postback()])], "template/actions", "between 2 and 2"),
    "confirm text": (
        [template("confirm", text="x" * 241, actions=[postback()] * 2)],
        "template/text",
        "between 0 and 240",
    ),
    "eleven columns": ([carousel(*[column()] * 11)], "template/columns", "between 1 and 10"),
    "column text": ([carousel(column(text="x" * 121))], "template/columns/0/text", "between 0 and 120"),
    "four actions": ([carousel(column(*[postback()] * 4))], "template/columns/0/actions", "between 1 and 3"),
    "uneven actions": ([carousel(column(), column(postback(), postback()))], "template/columns", "number of actions"),
    "uneven titles": ([carousel(column(), column(title="t"))], "template/columns", "`title`"),
    "picture label": (
        [pictures({"imageUrl": HTTPS, "action": postback("x" * 13)})],
        "template/columns/0/action/label",
        "between 0 and 12",
    ),
    "big bubble": ([flex(bubble(*[words(2000)] * 16))], "", "Too large flex message"),
    "big carousel": (
        [flex({"type": "carousel", "contents": [bubble(*[words(2000)] * 9)] * 3})],
        "",
        "Too large flex message",
    ),
    "thirteen bubbles": (
        [flex({"type": "carousel", "contents": [bubble(words(5))] * 13})],
        "/contents",
        "between 1 and 12",
    ),
    "sizes": (
        [flex({"type": "carousel", "contents": [bubble(words(5)), bubble(words(5), size="nano")]})],
        "/contents",
        "same size",
    ),
    "empty bubble": ([flex({"type": "bubble"})], "/", "At least one block"),
    "unknown part": ([flex(bubble({"type": "table"}))], "/body/contents/0/type", "Must be one of"),
    "flex label": (
        [flex(bubble({"type": "button", "action": postback("x" * 41)}))],
        "/body/contents/0/action/label",
        "between 0 and 40",
    ),
    "direction": ([flex(bubble(words(5), direction="up"))], "/direction", "[ltr, rtl]"),
}


@pytest.mark.parametrize("path", ["reply", "push"])
@pytest.mark.parametrize("name", ACCEPTED)
def test_message_is_accepted(api: httpx.Client, path: str, name: str) -> None:
    answer = api.post(f"/v2/bot/message/validate/{path}", json={"messages": ACCEPTED[name]})
    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.headers["x-line-request-id"]


@pytest.mark.parametrize("name", REFUSED)
def test_message_is_refused(api: httpx.Client, name: str) -> None:
    messages, place, says = REFUSED[name]
    answer = api.post("/v2/bot/message/validate/push", json={"messages": messages})
    assert answer.status_code == 400
    assert says in details_of(answer).get(place, f"nothing of it, but {answer.text}")
    inside = not place.startswith("messages")
    assert answer.json()["message"] == (
        "A message (messages[0]) in the request body is invalid" if inside else "The request body has 1 error(s)"
    )


def test_every_problem_is_told_at_once(api: httpx.Client) -> None:
    answer = api.post("/v2/bot/message/validate/reply", json={"messages": [text(""), {"type": "document"}]})
    assert answer.json()["message"] == "The request body has 2 error(s)"
    assert set(details_of(answer)) == {"messages[0].text", "messages[1].type"}
