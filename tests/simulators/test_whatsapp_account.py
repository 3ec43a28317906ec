"""The simulated account: templates, numbers, tokens; people who hide or change their number; the controls."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.simulators.common.receiver import Receiver
from tests.simulators.whatsapp.config import Speeds, config_from
from tests.simulators.whatsapp.demo import ACCOUNT, NUMBERS, demo_config
from tests.simulators.whatsapp.samples import PHOTO
from tests.simulators.whatsapp.serve import instructions
from tests.simulators.whatsapp.simulator import WhatsAppSimulator

DE, BR, SA = (number.phone_number_id for number in NUMBERS)
USER = "4915112345678"
TOKEN = {"Authorization": "Bearer simulated-access-token"}
QUICK = Speeds(sent_s=0.0, delivered_s=0.01, read_s=0.01, template_review_s=0.01)
BODY = {"type": "BODY", "text": "Hello {{1}}!", "example": {"body_text": [["Anna"]]}}
NEW = {"name": "hello", "language": "de", "category": "UTILITY", "components": [BODY]}


@pytest.fixture(scope="module")
def hook() -> Iterator[Receiver]:
    with Receiver("simulated-verify-token") as hook:
        yield hook


@pytest.fixture
def sim(hook: Receiver) -> Iterator[WhatsAppSimulator]:
    hook.taken = []
    with WhatsAppSimulator(demo_config(speeds=QUICK, concurrency=1, webhook_urls=(hook.url,))) as sim:
        yield sim


@pytest.fixture
def api(sim: WhatsAppSimulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sim.api_url, headers=TOKEN) as api:
        yield api


def send(api: httpx.Client, number: str = DE, **more: Any) -> dict[str, Any]:
    request = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}, **more}
    answer: dict[str, Any] = api.post(f"/{number}/messages", json=request).json()
    return answer


def test_templates_come_by_pages(api: httpx.Client) -> None:
    names, url = [], f"/{ACCOUNT}/message_templates?limit=3&fields=name,language"
    while url:
        page = api.get(url).json()
        assert all(set(item) == {"id", "name", "language"} for item in page["data"])
        names += [(item["name"], item["language"]) for item in page["data"]]
        url = page["paging"].get("next", "")
    assert len(names) == len(set(names)) == 12
    found = api.get(f"/{ACCOUNT}/message_templates", params={"name": "order_shipped", "language": "ar"}).json()
    assert [item["status"] for item in found["data"]] == ["APPROVED"]
    assert api.get(f"/{ACCOUNT}/message_templates", params={"status": "PAUSED"}).json() == {"data": []}


def test_a_template_is_reviewed(sim: WhatsAppSimulator, api: httpx.Client, hook: Receiver) -> None:
    made = api.post(f"/{ACCOUNT}/message_templates", json=NEW).json()
    assert (made["status"], made["category"]) == ("PENDING", "UTILITY")
    sim.settle()
    assert b'"event":"APPROVED"' in hook.taken[-1].body
    assert api.get(f"/{made['id']}").json()["status"] == "APPROVED"
    parameters = [{"type": "body", "parameters": [{"type": "text", "text": "Anna"}]}]
    template = {"name": "hello", "language": {"code": "de"}, "components": parameters}
    request = {"messaging_product": "whatsapp", "to": f"+{USER}", "type": "template", "template": template}
    assert api.post(f"/{DE}/messages", json=request).status_code == 200
    assert sim.wait_messages(USER, 1)[0].seen.text == "Hello Anna!"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Hello"},
        {"category": "FUN"},
        {"colour": "red"},
        {"components": []},
        {"components": [BODY, BODY]},
        {"components": [{"type": "BODY", "text": "Hello {{1}}!"}]},
        {"components": [{"type": "BODY", "text": "x" * 1025}]},
        {"components": [BODY, {"type": "FOOTER", "text": "x" * 61}]},
        {"components": [BODY, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}]},
        {"components": [BODY, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]}]},
        {"components": [BODY, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x"}] * 11}]},
        {"name": "order_shipped"},
    ],
)
def test_bad_templates_are_refused(api: httpx.Client, change: dict[str, Any]) -> None:
    answer = api.post(f"/{ACCOUNT}/message_templates", json={**NEW, **change})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)


def test_management_calls_are_counted(hook: Receiver) -> None:
    with WhatsAppSimulator(demo_config(management_calls_per_h=2)) as sim:
        answers = [httpx.get(f"{sim.api_url}/{ACCOUNT}/message_templates", headers=TOKEN) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 400]
        assert answers[2].json()["error"]["code"] == 80007
        assert "estimated_time_to_regain_access" in answers[2].headers["X-Business-Use-Case-Usage"]


def test_numbers_accounts_and_tokens(sim: WhatsAppSimulator, api: httpx.Client) -> None:
    chosen = api.get(f"/{DE}", params={"fields": "display_phone_number,quality_rating"}).json()
    assert chosen == {"display_phone_number": "+49 1573 5985000", "quality_rating": "GREEN", "id": DE}
    assert api.get(f"/{DE}", params={"fields": "shoe_size"}).json()["error"]["code"] == 100
    assert len(api.get(f"/{ACCOUNT}/phone_numbers").json()["data"]) == 2
    apps = api.get(f"/{ACCOUNT}/subscribed_apps").json()["data"]
    assert apps[0]["whatsapp_business_api_data"]["id"] == sim.config.app_id
    worth = api.get("/debug_token", params={"input_token": sim.config.access_token}).json()["data"]
    assert worth["is_valid"]
    assert "whatsapp_business_messaging" in worth["scopes"]
    assert not api.get("/debug_token", params={"input_token": "other"}).json()["data"]["is_valid"]
    for path in (f"{sim.url}/v19.0/{DE}", f"{sim.url}/v26/{DE}"):
        assert httpx.get(path, headers=TOKEN).status_code == 200, "any version is served"
    for path in (f"{sim.url}/{DE}/messages", f"{sim.api_url}/{DE}/nonsense", f"{sim.url}/version/{DE}"):
        assert "Unknown path" in httpx.get(path, headers=TOKEN).json()["error"]["message"]


def test_hidden_numbers(sim: WhatsAppSimulator, api: httpx.Client, hook: Receiver) -> None:
    sim.inbound(USER, text="hello", hidden=True, username="@anna")
    sim.settle()
    assert USER.encode() not in hook.taken[0].body
    user_id = sim.customer(USER).user_id
    assert user_id.startswith("DE.")
    answer = send(api, recipient=user_id)
    assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
    sim.settle()
    assert b"recipient_id" not in hook.taken[-1].body
    assert [message.user_id for message in sim.messages_to(user_id)] == [user_id]


@pytest.mark.parametrize(
    ("to", "wa_id"),
    [
        ("+5551981234567", "555181234567"),  # dialled with the ninth digit that the vendor leaves out
        ("555181234567", "555181234567"),
        ("+55 51 8123-4567", "555181234567"),
        ("015112345678", USER),  # no +, nobody known: taken for a German number
        (USER, USER),
    ],
)
def test_whom_a_number_reaches(sim: WhatsAppSimulator, api: httpx.Client, to: str, wa_id: str) -> None:
    sim.customer("555181234567", aliases=["5551981234567"])
    for user in ("555181234567", USER):
        sim.inbound(user, text="hello")
    assert send(api, to=to)["contacts"] == [{"input": to, "wa_id": wa_id}]


def test_a_changed_number_is_out_of_reach(sim: WhatsAppSimulator, api: httpx.Client) -> None:
    sim.inbound(USER, text="hello")
    sim.inbound(USER, "number_change", new_wa_id="4915112345999")
    assert send(api, to=f"+{USER}")["error"]["code"] == 131026
    assert sim.customer("4915112345999").user_id != sim.customer(USER).user_id


def test_messages_can_overtake_each_other(hook: Receiver) -> None:
    speeds = replace(QUICK, jitter_s=0.3)
    with WhatsAppSimulator(demo_config(speeds=speeds, webhook_urls=(hook.url,))) as sim:
        sim.inbound(USER, text="hello")
        with httpx.Client(base_url=sim.api_url, headers=TOKEN) as api:
            for number in range(8):
                send(api, to=USER, text={"body": str(number)})
        seen = [message.seen.text for message in sim.wait_messages(USER, 8)]
    assert sorted(seen) == list("01234567")
    assert seen != list("01234567")


def test_files_sent_by_address_are_fetched(sim: WhatsAppSimulator, api: httpx.Client) -> None:
    sim.inbound(USER, "image")
    (received,) = sim.state()["received"]
    good = f"{sim.url}/sim/media/{received['payload']['image']['id']}"
    for link in (good, f"{sim.url}/sim/media/0", f"{sim.url}/page/frame.css", "http://127.0.0.1:9/a.jpg"):
        request = {"messaging_product": "whatsapp", "to": USER, "type": "image", "image": {"link": link}}
        assert api.post(f"/{DE}/messages", json=request).status_code == 200
    sim.settle()
    sent = sim.accepted()
    assert [message.error for message in sent] == [0, 131053, 131053, 131053]
    assert httpx.get(f"{sim.url}/sim/media/{sent[0].seen.media}").content == PHOTO


def test_controls_over_http(sim: WhatsAppSimulator) -> None:
    with httpx.Client(base_url=sim.url) as http:
        act = {"from": USER, "to": SA, "type": "text", "text": "مرحبا"}
        (wamid,) = http.post("/sim/inbound", json=act).json()["ids"]
        assert http.get("/sim/chat", params={"phone": SA, "user": USER}).json()["messages"][0]["id"] == wamid
        assert http.get("/sim/setup").json()["numbers"][2]["market"] == "SA"
        before = http.get("/sim/state").json()["now"]
        assert http.post("/sim/advance", json={"seconds": 60}).json()["now"] - before > 59
        assert http.post("/sim/faults", json={"reset_rate": 0.5}).json()["reset_rate"] == 0.5
        for path, body in [
            ("inbound", {**act, "type": "telepathy"}),
            ("inbound", {**act, "text": None}),
            ("inbound", {**act, "mood": "good"}),
            ("inbound", {**act, "type": "tap", "choice": "Nowhere"}),
            ("advance", {"seconds": -1}),
            ("faults", {"reset_rate": 2}),
            ("faults", {"gremlins": 1}),
            ("customer", {"wa_id": USER, "age": 30}),
        ]:
            assert http.post(f"/sim/{path}", json=body).status_code == 400, (path, body)
        page = http.get("/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert http.get("/page/whatsapp.js").status_code == 200


def test_configuration_files_are_checked() -> None:
    number = {"phone_number_id": "1", "display_phone_number": "4930", "business_account_id": "2"}
    made = config_from({"numbers": [number], "speeds": {"read_s": None}, "late_errors": [131047]})
    assert (made.numbers[0].phone_number_id, made.speeds.read_s, made.late_errors) == ("1", None, frozenset({131047}))
    for wrong in ({}, {"numbers": [number], "colour": 1}, {"numbers": [{**number, "x": 1}]}):
        with pytest.raises(ValueError, match=r"unknown|at least"):
            config_from(wrong)


def test_instructions_name_every_field() -> None:
    text = instructions(demo_config(), "http://127.0.0.1:8091")
    for word in ("orikka-de", "market: SA", DE, ACCOUNT, "WHATSAPP_VERIFY_TOKEN", "http://127.0.0.1:8091/v24.0"):
        assert word in text
