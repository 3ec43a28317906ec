"""The simulated WhatsApp tells the product of everything, stubbornly and with faults, and keeps the truth."""

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.simulators.common.delivery import RetryPlan
from tests.simulators.common.receiver import Receiver
from tests.simulators.whatsapp.config import SimulatorConfig, Speeds
from tests.simulators.whatsapp.demo import NUMBERS, demo_config
from tests.simulators.whatsapp.samples import PHOTO
from tests.simulators.whatsapp.simulator import WhatsAppSimulator

DE, BR = NUMBERS[0].phone_number_id, NUMBERS[1].phone_number_id
USER = "4915112345678"
TOKEN = {"Authorization": "Bearer simulated-access-token"}
QUICK = Speeds(sent_s=0.0, delivered_s=0.01, read_s=0.01, template_review_s=0.01)
CONFIG: SimulatorConfig = demo_config(
    speeds=QUICK, concurrency=1, retries=RetryPlan(timeout_s=1.0, first_pause_s=1.0, scale=0.05)
)


@pytest.fixture(scope="module")
def product() -> Iterator[Receiver]:
    with Receiver("simulated-verify-token", silence_s=3.0) as product:
        yield product


@pytest.fixture
def hook(product: Receiver) -> Receiver:
    product.taken, product.answers = [], []
    return product


@pytest.fixture
def sim(hook: Receiver) -> Iterator[WhatsAppSimulator]:
    with WhatsAppSimulator(replace(CONFIG, webhook_urls=(hook.url,))) as sim:
        yield sim


def send(sim: WhatsAppSimulator, body: str = "Hi", timeout_s: float = 10.0, **more: Any) -> httpx.Response:
    request = {"messaging_product": "whatsapp", "to": f"+{USER}", "type": "text", "text": {"body": body}, **more}
    return httpx.post(f"{sim.api_url}/{DE}/messages", headers=TOKEN, json=request, timeout=timeout_s)


def values(hook: Receiver, name: str) -> list[dict[str, Any]]:
    """Entries of messages[] or statuses[] in the order they came in."""
    changes = [
        change for taken in hook.taken for entry in json.loads(taken.body)["entry"] for change in entry["changes"]
    ]
    return [item for change in changes for item in change["value"].get(name, [])]


def statuses(hook: Receiver) -> list[str]:
    return [status["status"] for status in values(hook, "statuses")]


def test_webhooks_are_signed_over_escaped_bytes(sim: WhatsAppSimulator, hook: Receiver) -> None:
    assert sim.handshake() == [{"url": hook.url, "status": 200, "ok": True}]
    sim.inbound(USER, text="Wo bleibt mein Päckchen? أين")
    sim.settle()
    taken = hook.taken[0]
    assert taken.body.isascii()
    assert b"P\\u00e4ckchen" in taken.body
    digest = hmac.new(b"simulated-app-secret", taken.body, hashlib.sha256).hexdigest()
    assert taken.headers["x-hub-signature-256"] == f"sha256={digest}"


def test_statuses_follow_and_echo_our_data(sim: WhatsAppSimulator, hook: Receiver) -> None:
    sim.inbound(USER, text="hello")
    send(sim, biz_opaque_callback_data="m-1")
    sim.settle()
    assert statuses(hook) == ["sent", "delivered", "read"]
    assert {status["biz_opaque_callback_data"] for status in values(hook, "statuses")} == {"m-1"}
    assert values(hook, "statuses")[0]["pricing"]["type"] == "free_customer_service"


@pytest.mark.parametrize(
    ("late", "customer", "answer", "told"),
    [
        (frozenset({131047}), {}, 200, 131047),
        (frozenset(), {}, 400, 0),
        (frozenset({131026}), {"reachable": False}, 200, 131026),
        (frozenset({131047}), {"reachable": False}, 400, 0),
        (frozenset({131047}), {"fails_with": 130472}, 200, 131047),
    ],
)
def test_errors_in_the_answer_or_later(
    hook: Receiver, late: frozenset[int], customer: dict[str, Any], answer: int, told: int
) -> None:
    with WhatsAppSimulator(replace(CONFIG, webhook_urls=(hook.url,), late_errors=late)) as sim:
        sim.customer(USER, **customer)
        assert send(sim).status_code == answer
        sim.settle()
        failed = values(hook, "statuses")
        assert [status["errors"][0]["code"] for status in failed] == ([told] if told else [])
        assert sim.messages_to(USER) == []


def test_the_window_closes_and_templates_cost(sim: WhatsAppSimulator) -> None:
    parameters = [{"type": "body", "parameters": [{"type": "text", "text": "Anna"}, {"type": "text", "text": "ORK-1"}]}]
    template = {"name": "continue_conversation", "language": {"code": "de"}, "components": parameters}
    sim.inbound(USER, text="hello")
    assert send(sim).status_code == 200
    assert send(sim, type="template", template=template, text=None).status_code == 400, "text beside a template"
    request = {"messaging_product": "whatsapp", "to": f"+{USER}", "type": "template", "template": template}
    for _ in range(2):
        answer = httpx.post(f"{sim.api_url}/{DE}/messages", headers=TOKEN, json=request)
        assert answer.json()["messages"][0]["message_status"] == "accepted"
        sim.advance(86_400)
    assert send(sim).json()["error"]["code"] == 131047
    sim.inbound(USER, "reaction", message_id=sim.accepted()[0].wamid, emoji="👍")
    assert send(sim).json()["error"]["code"] == 131047, "a reaction opens no window"
    seen = sim.wait_messages(USER, 3)
    assert [(message.category, message.billable) for message in seen] == [
        ("service", False), ("utility", False), ("utility", True),
    ]  # fmt: skip
    assert seen[1].seen.text.startswith("Hallo Anna, wir haben eine Antwort zu Bestellung ORK-1")
    assert [choice.title for choice in seen[1].seen.buttons] == ["Ja, bitte"]


def test_an_ad_opens_a_free_entry_point(sim: WhatsAppSimulator, hook: Receiver) -> None:
    sim.inbound(USER, text="hello", referral=True)
    send(sim)
    sim.settle()
    assert values(hook, "messages")[0]["referral"]["source_type"] == "ad"
    assert values(hook, "statuses")[0]["conversation"]["origin"] == {"type": "referral_conversion"}
    assert sim.messages_to(USER)[0].pricing == "free_entry_point"


@pytest.mark.parametrize("answers", [[500, 200], [404, 503, 200], [0, 200]])
def test_repeats_until_it_is_taken(sim: WhatsAppSimulator, hook: Receiver, answers: list[int]) -> None:
    hook.answers = list(answers)
    sim.inbound(USER, text="hello")
    sim.settle()
    assert len({taken.body for taken in hook.taken}) == 1
    assert [attempt.status for attempt in sim.webhooks()[0].attempts] == answers


def test_doubles_and_disorder_by_rate(sim: WhatsAppSimulator, hook: Receiver) -> None:
    sim.faults(duplicate_rate=1.0)
    sim.inbound(USER, text="one")
    sim.settle()
    assert [message["text"]["body"] for message in values(hook, "messages")] == ["one", "one"]
    sim.faults(reorder_rate=0.5, reorder_s=2.0, seed=3)
    for number in range(6):
        sim.inbound(USER, text=str(number))
    sim.settle()
    later = [message["text"]["body"] for message in values(hook, "messages")][2:]
    assert sorted(later) == list("012345")
    assert later != list("012345")


def test_several_people_travel_in_one_body(sim: WhatsAppSimulator, hook: Receiver) -> None:
    acts = [
        {"from": user, "to": to, "type": "text", "text": user}
        for user, to in [("49151", DE), ("49152", DE), ("5511", BR)]
    ]
    sim.inbound_many([*acts, {"from": "9665", "to": NUMBERS[2].phone_number_id, "type": "text", "text": "x"}])
    sim.settle()
    (taken,) = hook.taken
    entries = json.loads(taken.body)["entry"]
    assert [len(entry["changes"]) for entry in entries] == [2, 1]
    first = entries[0]["changes"][0]["value"]
    assert [person["wa_id"] for person in first["contacts"]] == ["49151", "49152"]
    assert [message["from"] for message in first["messages"]] == ["49151", "49152"]


def test_statuses_are_batched_when_asked(hook: Receiver) -> None:
    config = replace(CONFIG, webhook_urls=(hook.url,), batch_max=50, batch_s=0.1)
    with WhatsAppSimulator(config) as sim:
        sim.inbound(USER, text="hello")
        for _ in range(3):
            send(sim)
        sim.settle()
    assert sorted(statuses(hook)) == ["delivered"] * 3 + ["read"] * 3 + ["sent"] * 3
    assert len(hook.taken) < 6


@pytest.mark.parametrize(
    ("fault", "code", "accepted"),
    [("server_error", 131000, 0), ("rate_limit", 130429, 0), ("late_answer", None, 1), ("reset", None, 0)],
)
def test_faults_of_a_call(sim: WhatsAppSimulator, fault: str, code: int | None, accepted: int) -> None:
    sim.inbound(USER, text="hello")
    sim.faults(plan=[fault], late_answer_s=2.0, retry_after_s=3)
    if code is None:
        with pytest.raises(httpx.TransportError):
            send(sim, timeout_s=1.0, biz_opaque_callback_data="m-1")
    else:
        answer = send(sim, biz_opaque_callback_data="m-1")
        assert answer.json()["error"]["code"] == code
        assert answer.headers.get("Retry-After") == ("3" if fault == "rate_limit" else None)
    assert send(sim, biz_opaque_callback_data="m-1").status_code == 200
    assert len(sim.accepted()) == accepted + 1
    assert sim.doubles() == ({"m-1": 2} if accepted else {})


def test_token_expires_for_a_while(sim: WhatsAppSimulator) -> None:
    sim.inbound(USER, text="hello")
    sim.faults(expired_token_s=60)
    answer = send(sim)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)
    sim.advance(61)
    assert send(sim).status_code == 200


def test_receipts_and_typing(sim: WhatsAppSimulator) -> None:
    first, second = sim.inbound(USER, text="one"), sim.inbound(USER, text="two")
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": second}
    url = f"{sim.api_url}/{DE}/messages"
    typing = {**receipt, "typing_indicator": {"type": "text"}}
    assert httpx.post(url, headers=TOKEN, json=typing).json() == {"success": True}
    chat = sim.chat(USER)
    assert chat.typing_until > sim.now()
    assert [message["id"] for message in sim.state()["received"] if message["read_at"]] == [first, second]
    send(sim)
    assert sim.chat(USER).typing_until == 0, "an answer ends the bubble"
    for wrong in (
        {**receipt, "message_id": "wamid.x"},
        {**receipt, "typing": True},
        {**receipt, "status": "delivered"},
    ):
        assert httpx.post(url, headers=TOKEN, json=wrong).status_code == 400


def test_files_come_by_a_passing_address(sim: WhatsAppSimulator, hook: Receiver) -> None:
    sim.inbound(USER, "image", caption="broken")
    sim.settle()
    image = values(hook, "messages")[0]["image"]
    told = httpx.get(f"{sim.api_url}/{image['id']}", headers=TOKEN).json()
    assert told["file_size"] == len(PHOTO)
    assert httpx.get(told["url"]).status_code == 401, "needs the token"
    data = httpx.get(told["url"], headers=TOKEN)
    assert (data.content, data.headers["content-type"]) == (PHOTO, "image/jpeg")
    digest = hashlib.sha256(PHOTO)
    assert (told["sha256"], b64decode(image["sha256"])) == (digest.hexdigest(), digest.digest())
    sim.advance(301)
    assert httpx.get(told["url"], headers=TOKEN).status_code == 404
    assert httpx.delete(f"{sim.api_url}/{image['id']}", headers=TOKEN).json() == {"success": True}
    assert httpx.get(f"{sim.api_url}/{image['id']}", headers=TOKEN).json()["error"]["error_subcode"] == 33
