"""Calls as the vendor sees them, and what every kind of answer makes the sender do."""

import json
from typing import Any

import httpx
import pytest

from connectors.channel import Accepted, Way
from connectors.delivery.errors import AccountDown, DeliveryError, Hold, Refused, TryAgain, TryRecipientLater, Uncertain
from connectors.whatsapp.send import recipient
from tests.connectors.whatsapp.support import TOKEN, channel, graph_error, registry, task, template

SESSION = Way("session", "free")
TAKEN = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+16505551234", "wa_id": "16505551234", "user_id": "US.1"}],
    "messages": [{"id": "wamid.OUT"}],
}


class Vendor:
    """Answers with what it was given, in turn, and keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def body(self) -> Any:
        """The last body."""
        return json.loads(self.asked[-1].content)


def taken() -> httpx.Response:
    return httpx.Response(200, json=TAKEN)


async def test_a_message_and_what_the_vendor_knows_of_the_person() -> None:
    vendor = Vendor(taken())
    accepted = await channel(vendor).send(task(), SESSION)
    assert accepted == Accepted(("wamid.OUT",), {"wa_id": "16505551234", "user_id": "US.1"})
    (request,) = vendor.asked
    assert str(request.url) == "https://graph.test/v24.0/106540352242922/messages"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert all(limit for limit in request.extensions["timeout"].values())
    assert vendor.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+16505551234",
        "type": "text",
        "text": {"body": "Hallo"},
        "biz_opaque_callback_data": "delivery-1",
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"wa_id": "16505551234", "user_id": "US.1"}, {"recipient_type": "individual", "to": "+16505551234"}),
        ({"user_id": "US.1", "wa_id": "16505551234"}, {"recipient_type": "individual", "to": "+16505551234"}),
        ({"sender": "4915112345678", "wa_id": "16505551234"}, {"recipient_type": "individual", "to": "+4915112345678"}),
        (
            {"id": "US.1", "alias1": "16505551234", "wa_id": "16505551234"},
            {"recipient_type": "individual", "recipient": "US.1"},
        ),
        ({"alias1": "Z3JvdXA6MTIz", "alias2": "US.1"}, {"recipient_type": "individual", "recipient": "US.1"}),
        ({"id": "US.13491208655302741918"}, {"recipient_type": "individual", "recipient": "US.13491208655302741918"}),
        ({"sender": "US.ENT.118"}, {"recipient_type": "individual", "recipient": "US.ENT.118"}),
        ({"sender": "Z3JvdXA6MTIzNDU2"}, {"recipient_type": "group", "to": "Z3JvdXA6MTIzNDU2"}),
    ],
)
def test_recipients(address: dict[str, str], expected: dict[str, str]) -> None:
    assert recipient(address) == expected


async def test_nobody_to_write_to_is_refused_without_a_call() -> None:
    vendor = Vendor(taken())
    for address in ({}, {"sender": ""}, {"sender": "a b"}):
        with pytest.raises(Refused, match="no_recipient"):
            await channel(vendor).send(task(address=address), SESSION)
    assert vendor.asked == []


async def test_a_planned_body_cannot_change_the_envelope() -> None:
    vendor = Vendor(taken())
    body = {"type": "text", "text": {"body": "x"}, "to": "+1", "recipient": "US.9", "biz_opaque_callback_data": "y"}
    await channel(vendor).send(task(body), SESSION)
    assert (vendor.body["to"], vendor.body["biz_opaque_callback_data"]) == ("+16505551234", "delivery-1")
    assert "recipient" not in vendor.body


async def test_the_way_says_what_is_sent() -> None:
    vendor = Vendor(taken())
    ours = channel(vendor, registry(template(language="zh_TW", body="{{1}} 您好")))
    late = task(
        {"type": "template", "name": "reply_waiting", "parameters": ["Ada"], "text": "Ada 您好"}, language="zh-Hant"
    )
    late = task(late.body, language="zh-Hant", silent_s=None)
    await ours.send(late, ours.way(late))
    assert vendor.body["template"]["language"] == {"code": "zh_TW"}
    assert "text" not in vendor.body
    prompt = task(late.body, language="zh-Hant")
    await ours.send(prompt, ours.way(prompt))
    assert (vendor.body["type"], vendor.body["text"]["body"]) == ("text", "Ada 您好")


REQUEST = httpx.Request("POST", "https://graph.test")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (httpx.ConnectError("refused"), TryAgain, "unreachable"),
        (httpx.ConnectTimeout("slow"), TryAgain, "unreachable"),
        (httpx.PoolTimeout("busy"), TryAgain, "unreachable"),
        (httpx.ReadTimeout("slow"), Uncertain, "no_answer"),
        (httpx.WriteTimeout("slow"), Uncertain, "no_answer"),
        (httpx.ReadError("reset"), Uncertain, "no_answer"),
        (httpx.RemoteProtocolError("gone"), Uncertain, "no_answer"),
        (TimeoutError(), Uncertain, "no_answer"),
        (httpx.Response(200, text="<html>"), Uncertain, "no_answer"),
        (httpx.Response(200, json={}), Uncertain, "no_answer"),
        (httpx.Response(200, json=[1]), Uncertain, "no_answer"),
        (httpx.Response(200, json={"messages": [{"id": 5.5}, 7]}), Uncertain, "no_answer"),
        (httpx.Response(200, content=b"[" * 9_999), Uncertain, "no_answer"),
        (httpx.Response(200, content=b" " * 5_000_000), Uncertain, "no_answer"),
        (httpx.Response(500, text="oops"), Uncertain, "http_500"),
        (httpx.Response(503, json=graph_error(131016)), TryAgain, "131016"),
        (httpx.Response(429, text=""), TryAgain, "http_429"),
        (httpx.Response(400, json=graph_error(131047)), Hold, "window_closed"),
        (httpx.Response(400, json=graph_error(131026)), Refused, "131026"),
        (httpx.Response(400, json=graph_error(130429)), TryAgain, "130429"),
        (httpx.Response(400, json=graph_error(131056)), TryRecipientLater, "131056"),
        (httpx.Response(401, json=graph_error(190)), AccountDown, "190"),
        (httpx.Response(302, headers={"location": "https://elsewhere.test"}), AccountDown, "http_302"),
    ],
)
async def test_answers(answer: httpx.Response | Exception, kind: type[DeliveryError], code: str) -> None:
    vendor = Vendor(answer)
    with pytest.raises(DeliveryError) as caught:
        await channel(vendor).send(task(), SESSION)
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert caught.value.remedy
    assert TOKEN not in str(caught.value) + repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(vendor.asked) == 1


async def test_retry_after_is_passed_on() -> None:
    vendor = Vendor(httpx.Response(429, headers={"Retry-After": "17"}))
    with pytest.raises(TryAgain) as caught:
        await channel(vendor).send(task(), SESSION)
    assert caught.value.retry_after_s == 17.0


async def test_a_pair_limit_grows_for_this_person_until_a_message_goes_through() -> None:
    slow = httpx.Response(400, json=graph_error(131056))
    vendor = Vendor(slow, slow, slow, slow, taken(), slow, slow)
    ours = channel(vendor)
    waits = []
    for address in ("1650555123", "1650555123", "1650555123", "4915112345", "1650555123", "1650555123"):
        try:
            await ours.send(task(address={"wa_id": address}), SESSION)
            waits.append(None)
        except TryRecipientLater as error:
            waits.append(error.retry_after_s)
    assert waits == [1.0, 4.0, 16.0, 1.0, None, 1.0]


async def test_a_pair_limit_never_asks_for_more_than_an_hour() -> None:
    ours = channel(Vendor(httpx.Response(400, json=graph_error(131056))))
    for _ in range(12):
        with pytest.raises(TryRecipientLater) as caught:
            await ours.send(task(), SESSION)
    assert caught.value.retry_after_s == 3600.0


async def test_read_and_typing_are_one_call() -> None:
    vendor = Vendor(httpx.Response(200, json={"success": True}))
    ours = channel(vendor)
    await ours.acknowledge("orikka-de", {"wa_id": "1"}, {"message": "wamid.IN", "read_token": ""})
    assert vendor.body == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.IN",
        "typing_indicator": {"type": "text"},
    }
    await ours.acknowledge("orikka-de", {"wa_id": "1"}, {"message": "", "read_token": ""})
    assert len(vendor.asked) == 1


async def test_an_acknowledgement_without_answer_leaves_no_doubt() -> None:
    with pytest.raises(TryAgain):
        await channel(Vendor(httpx.ReadTimeout("slow"))).acknowledge("orikka-de", {}, {"message": "wamid.IN"})


async def test_what_the_channel_says_of_itself() -> None:
    ours = channel(Vendor(taken()))
    assert (ours.name, ours.reports_delivery, ours.reply_within_s) == ("whatsapp", True, 0.0)
    assert ours.proof_wait_s > 0
    assert list(ours.accounts) == ["orikka-de"]
    assert await ours.profile("orikka-de", "16505551234") is None
    assert type(ours.failure("131047", "too late")) is Hold
    assert ours.handshake({"hub.mode": "subscribe", "hub.verify_token": "our-own-word", "hub.challenge": "7"}) == "7"
