"""LINE's own SDK takes the simulator for the platform."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    ButtonsTemplate,
    Configuration,
    ConfirmTemplate,
    FlexBox,
    FlexBubble,
    FlexMessage,
    FlexText,
    ImageMessage,
    MessageAction,
    MessagingApi,
    MulticastRequest,
    PostbackAction,
    PushMessageRequest,
    QuickReply,
    QuickReplyItem,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TemplateMessage,
    TextMessage,
    ValidateMessageRequest,
)
from linebot.v3.webhook import SignatureValidator, WebhookParser

from tests.simulators.line import LineSimulator
from tests.simulators.line.sink import WebhookSink
from tests.simulators.line.small import AIKO, GROUP, NOBODY, SMALL, SOMCHAI


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[LineSimulator, WebhookSink]]:
    with WebhookSink() as sink, LineSimulator(SMALL) as simulator:
        yield simulator, sink


@pytest.fixture
def sink(servers: tuple[LineSimulator, WebhookSink]) -> WebhookSink:
    servers[1].received.clear()
    return servers[1]


@pytest.fixture
def line(servers: tuple[LineSimulator, WebhookSink], sink: WebhookSink) -> LineSimulator:
    servers[0].reset()
    servers[0].set_webhook(sink.url)
    return servers[0]


@pytest.fixture
def client(line: LineSimulator) -> Iterator[ApiClient]:
    with ApiClient(Configuration(host=line.url, access_token=line.bot().access_token)) as made:
        yield made


@pytest.fixture
def api(client: ApiClient) -> MessagingApi:
    return MessagingApi(client)


def test_signatures(line: LineSimulator, sink: WebhookSink) -> None:
    line.say(AIKO, "注文はどこですか 😀")
    line.settle()
    webhook = sink.received[0]
    assert SignatureValidator("secret-jp").validate(webhook.body, webhook.signature)
    assert not SignatureValidator("secret-th").validate(webhook.body, webhook.signature)
    with pytest.raises(InvalidSignatureError):
        WebhookParser("secret-jp").parse(webhook.body + " ", webhook.signature)


# what a customer does: how, and the model that the SDK makes of the event and of its message
ACTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("text", {"text": "(love) hi", "emojis": ("(love)",)}, "MessageEvent", "TextMessageContent"),
    ("text", {"text": "hi", "group": GROUP, "mentions": ("self",)}, "MessageEvent", "TextMessageContent"),
    ("text", {"text": "hi", "group": "R" + "a" * 32}, "MessageEvent", "TextMessageContent"),
    ("text", {"text": "hi", "mode": "standby"}, "MessageEvent", "TextMessageContent"),
    ("image", {}, "MessageEvent", "ImageMessageContent"),
    ("image", {"total": 2}, "MessageEvent", "ImageMessageContent"),
    ("image", {"external_url": "https://a.example/x.jpg"}, "MessageEvent", "ImageMessageContent"),
    ("video", {}, "MessageEvent", "VideoMessageContent"),
    ("audio", {}, "MessageEvent", "AudioMessageContent"),
    ("file", {}, "MessageEvent", "FileMessageContent"),
    ("location", {"title": "hello", "address": "渋谷"}, "MessageEvent", "LocationMessageContent"),
    ("sticker", {"keywords": ("bed", "sleep")}, "MessageEvent", "StickerMessageContent"),
    ("sticker", {"resource_type": "MESSAGE", "text": "x"}, "MessageEvent", "StickerMessageContent"),
    ("unknownMessage", {}, "UnknownEvent", ""),
    ("postback", {"data": "a=1", "params": {"time": "10:00"}}, "PostbackEvent", ""),
    ("follow", {}, "FollowEvent", ""),
    ("unblock", {}, "FollowEvent", ""),
    ("unfollow", {}, "UnfollowEvent", ""),
    ("join", {"group": GROUP}, "JoinEvent", ""),
    ("leave", {"group": GROUP}, "LeaveEvent", ""),
    ("memberJoined", {"group": GROUP, "members": (SOMCHAI,)}, "MemberJoinedEvent", ""),
    ("memberLeft", {"group": GROUP, "members": (SOMCHAI,)}, "MemberLeftEvent", ""),
    ("accountLink", {}, "AccountLinkEvent", ""),
    ("accountLink", {"result": "failed"}, "AccountLinkEvent", ""),
    ("beacon", {"beacon": "banner"}, "BeaconEvent", ""),
    ("videoPlayComplete", {}, "VideoPlayCompleteEvent", ""),
    ("membership", {}, "UnknownEvent", ""),  # newer than this SDK
    ("unknownEvent", {}, "UnknownEvent", ""),
]


@pytest.mark.parametrize(("kind", "details", "event_class", "message_class"), ACTS)
def test_models_read_every_event(
    line: LineSimulator, sink: WebhookSink, kind: str, details: dict[str, Any], event_class: str, message_class: str
) -> None:
    line.act(kind, AIKO, **details)
    line.settle()
    parsed = WebhookParser("secret-jp").parse(sink.received[0].body, sink.received[0].signature, as_payload=True)
    assert parsed.destination == line.bot().user_id
    assert {type(event).__name__ for event in parsed.events} == {event_class}
    assert {type(getattr(event, "message", "")).__name__ for event in parsed.events} == {message_class or "str"}


@pytest.mark.parametrize(("kind", "name"), [("unsend", "UnsendEvent"), ("messageEdited", "UnknownEvent")])
def test_models_read_events_about_messages(line: LineSimulator, sink: WebhookSink, kind: str, name: str) -> None:
    said = line.say(AIKO, "helo", group=GROUP)
    line.act(kind, AIKO, group=GROUP, message_id=said, text="hello")
    line.settle()
    webhook = sink.received[1]
    assert type(WebhookParser("secret-jp").parse(webhook.body, webhook.signature)[0]).__name__ == name


def test_client_replies_and_pushes(line: LineSimulator, api: MessagingApi) -> None:
    token = line.act("text", AIKO, text="hi")[0]["replyToken"]
    action = PostbackAction(label="はい", data="yes", displayText="はい")
    choices = QuickReply(items=[QuickReplyItem(action=action)])
    reply = ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="いかがですか", quickReply=choices)])
    assert api.reply_message(reply).sent_messages[0].id == line.messages_to(AIKO)[0].message_id
    assert line.quick_replies(AIKO) == ["はい"]
    push = PushMessageRequest(to=AIKO, messages=[TextMessage(text="later")])
    key = str(uuid.uuid4())
    assert api.push_message(push, x_line_retry_key=key).sent_messages[0].quote_token
    with pytest.raises(ApiException) as caught:
        api.push_message(push, x_line_retry_key=key)
    assert caught.value.status == 409
    assert "x-line-accepted-request-id" in caught.value.headers
    api.multicast(MulticastRequest(to=[AIKO], messages=[TextMessage(text="all")]))
    assert [entry.cost for entry in line.messages_to(AIKO)] == ["free", "push", "push"]


def test_client_reads(line: LineSimulator, api: MessagingApi) -> None:
    assert (api.get_message_quota().type, api.get_message_quota().value) == ("limited", 5)
    assert api.get_message_quota_consumption().total_usage == 0
    profile = api.get_profile(AIKO)
    assert (profile.display_name, profile.language) == ("愛子", "ja")
    assert api.get_bot_info().chat_mode == "bot"
    assert api.get_webhook_endpoint().active
    assert api.test_webhook_endpoint().success
    api.show_loading_animation(ShowLoadingAnimationRequest(chatId=AIKO, loadingSeconds=10))
    assert line.is_loading(AIKO)


SDK_MESSAGES = {
    "image": ImageMessage(originalContentUrl="https://a.example/x.jpg", previewImageUrl="https://a.example/x.jpg"),
    "buttons": TemplateMessage(
        altText="a", template=ButtonsTemplate(text="t", actions=[PostbackAction(label="Yes", data="y")])
    ),
    "confirm": TemplateMessage(
        altText="a",
        template=ConfirmTemplate(text="t", actions=[MessageAction(label=name, text=name) for name in ("Yes", "No")]),
    ),
    "flex": FlexMessage(
        altText="a", contents=FlexBubble(body=FlexBox(layout="vertical", contents=[FlexText(text="مرحبا")]))
    ),
}


@pytest.mark.parametrize("name", SDK_MESSAGES)
def test_messages_as_the_sdk_writes_them(api: MessagingApi, name: str) -> None:
    api.validate_push(ValidateMessageRequest(messages=[SDK_MESSAGES[name]]))
    api.validate_reply(ValidateMessageRequest(messages=[SDK_MESSAGES[name]]))


REFUSED: list[tuple[str, Any, int, str]] = [
    ("text too long", PushMessageRequest(to=AIKO, messages=[TextMessage(text="x" * 5001)]), 400, "messages[0].text"),
    ("unknown user", PushMessageRequest(to=NOBODY, messages=[TextMessage(text="x")]), 400, "Failed to send messages"),
    ("no user id", PushMessageRequest(to="aiko", messages=[TextMessage(text="x")]), 400, "The property, 'to'"),
    (
        "label",
        PushMessageRequest(
            to=AIKO,
            messages=[
                TemplateMessage(
                    altText="a", template=ButtonsTemplate(text="t", actions=[PostbackAction(label="x" * 21, data="y")])
                )
            ],
        ),
        400,
        "template/actions/0/label",
    ),
]


@pytest.mark.parametrize(("request_", "status", "says"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED])
def test_client_raises_what_the_platform_says(
    line: LineSimulator, api: MessagingApi, request_: PushMessageRequest, status: int, says: str
) -> None:
    with pytest.raises(ApiException) as caught:
        api.push_message(request_)
    assert caught.value.status == status
    assert says in caught.value.body
    assert caught.value.headers["x-line-request-id"]
    assert line.messages_to(AIKO) == []


def test_client_raises_for_a_used_token_and_a_wrong_access_token(line: LineSimulator, api: MessagingApi) -> None:
    token = line.act("text", AIKO, text="hi")[0]["replyToken"]
    request = ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="x")])
    api.reply_message(request)
    with pytest.raises(ApiException, match="Invalid reply token"):
        api.reply_message(request)
    with (
        ApiClient(Configuration(host=line.url, access_token="wrong")) as stranger,
        pytest.raises(ApiException, match="Authentication failed"),
    ):
        MessagingApi(stranger).get_bot_info()
