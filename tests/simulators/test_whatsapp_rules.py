"""What the simulated WhatsApp takes and what it refuses, in the vendor's words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.simulators.whatsapp.config import PhoneNumber, SimulatorConfig, Speeds
from tests.simulators.whatsapp.demo import ACCOUNT, demo_templates
from tests.simulators.whatsapp.samples import PHOTO, STICKER, VOICE
from tests.simulators.whatsapp.simulator import WhatsAppSimulator

MAIN = PhoneNumber("100", "4915735985000", ACCOUNT, country_code="49", throughput_mps=100_000)
SLOW = replace(MAIN, phone_number_id="101", display_phone_number="4915735985001", throughput_mps=3)
TRIAL = replace(MAIN, phone_number_id="102", allowed_recipients=("555181234567",))
GONE = replace(MAIN, phone_number_id="103", deleted=True)
USER = "4915112345678"
TOKEN = {"Authorization": "Bearer simulated-access-token"}
HERO = "\U0001f9b8"  # two UTF-16 units


@pytest.fixture(scope="module")
def sim() -> Iterator[WhatsAppSimulator]:
    rest = {"language": "de", "category": "UTILITY"}
    states = {"paused": "PAUSED", "off": "DISABLED", "new": "PENDING"}
    templates: Any = [(ACCOUNT, {**rest, "name": name, "status": status}) for name, status in states.items()]
    parts = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hi {{first_name}}."}]
    templates.append((ACCOUNT, {**rest, "name": "photo", "components": parts, "parameter_format": "NAMED"}))
    config = SimulatorConfig(
        numbers=(MAIN, SLOW, TRIAL, GONE),
        templates=(*demo_templates(), *templates),
        speeds=Speeds(sent_s=0.0, delivered_s=0.0, read_s=None),
        pair_burst=100_000,
    )
    with WhatsAppSimulator(config) as sim:
        for number in config.numbers:
            sim.inbound(USER, to=number.phone_number_id, text="hello")
        sim.customer("4915100000000", reachable=False)
        yield sim


@pytest.fixture(scope="module")
def api(sim: WhatsAppSimulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sim.api_url, headers=TOKEN, timeout=10.0) as client:
        yield client


def send(api: httpx.Client, number: str = "100", **body: Any) -> tuple[int, str]:
    """Code (0 when accepted) and details."""
    request = {"messaging_product": "whatsapp", "to": f"+{USER}", **body}
    answer = api.post(f"/{number}/messages", json={name: value for name, value in request.items() if value is not None})
    if answer.status_code == 200:
        assert answer.json()["messages"][0]["id"].startswith("wamid.")
        return 0, ""
    error = answer.json()["error"]
    assert error["type"] in {"OAuthException", "GraphMethodException"}
    assert error["fbtrace_id"]
    return error["code"], error.get("error_data", {}).get("details", error["message"])


def text(body: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, ids: tuple[str, ...] = (), body: str = "Which?", **more: Any) -> dict[str, Any]:
    named = ids or tuple(str(index) for index in range(len(titles)))
    made = [{"type": "reply", "reply": {"id": id, "title": title}} for id, title in zip(named, titles, strict=True)]
    return _interactive("button", {"buttons": made}, body, **more)


def rows(
    count: int, title: str = "Row", body: str = "Which?", label: str = "Pick", section: str = "One", **more: Any
) -> dict[str, Any]:
    made = [{"id": str(index), "title": title, **more} for index in range(count)]
    return _interactive("list", {"button": label, "sections": [{"title": section, "rows": made}]}, body)


def link(title: str, url: str) -> dict[str, Any]:
    return _interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": title, "url": url}}, "See")


def _interactive(kind: str, action: dict[str, Any], body: str, **more: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action, **more}}


def template(name: str, language: str, *values: str, **more: Any) -> dict[str, Any]:
    body = {"type": "body", "parameters": [{"type": "text", "text": value} for value in values]}
    parts = [body] if values else []
    return {"type": "template", "template": {"name": name, "language": {"code": language}, "components": parts, **more}}


def media(kind: str, **content: Any) -> dict[str, Any]:
    return {"type": kind, kind: content}


TRACK = [{"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "ORK-1"}]}]
NAMED = [{"type": "body", "parameters": [{"type": "text", "text": "Anna", "parameter_name": "first_name"}]}]
PHOTO_HEADER = {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a.example/a.jpg"}}]}
ACCEPTED = [
    template("photo", "de", components=[*NAMED, PHOTO_HEADER]),
    text("x" * 4096),
    text(HERO * 2048),
    {**text("Hi"), "recipient_type": "individual", "biz_opaque_callback_data": "c" * 512},
    {**text("Hi"), "to": "+49 (151) 123-45678"},
    buttons("x" * 20, "y", "z", ids=("i" * 256, "2", "3"), body="b" * 1024, footer={"text": "f" * 60}),
    buttons("Yes", header={"type": "text", "text": "h" * 60}),
    rows(10, "t" * 24, "b" * 4096, "l" * 20, "s" * 24, description="d" * 72),
    link("Open", "https://orikka.example/"),
    _interactive("location_request_message", {"name": "send_location"}, "Where?"),
    media("image", link="https://orikka.example/a.jpg", caption="c" * 1024),
    media("location", latitude=52.5, longitude="13.4", name="Berlin", address="Mitte"),
    {"type": "contacts", "contacts": [{"name": {"formatted_name": "Lena V", "first_name": "Lena"}}]},
    template("continue_conversation", "de", "Anna", "ORK-1"),
    template("order_shipped", "ar", "ORK-1", components=[*template("", "", "ORK-1")["template"]["components"], *TRACK]),
]
REFUSED: list[tuple[dict[str, Any], int]] = [
    (text("x" * 4097), 100),
    (text(HERO * 2049), 100),
    (text(""), 100),
    (text(None), 100),
    (text(5), 100),
    ({**text("Hi"), "idempotency_key": "k"}, 100),
    ({"type": "text", "text": {"body": "Hi", "boddy": "Hi"}}, 100),
    ({**text("Hi"), "messaging_product": None}, 100),
    ({**text("Hi"), "messaging_product": "sms"}, 100),
    ({**text("Hi"), "to": None}, 100),
    ({**text("Hi"), "to": "Anna"}, 131009),
    ({**text("Hi"), "recipient_type": "group"}, 100),
    ({**text("Hi"), "biz_opaque_callback_data": "c" * 513}, 100),
    ({**text("Hi"), "context": {"message_id": "wamid.unknown"}}, 131009),
    ({"type": "carrier_pigeon", "carrier_pigeon": {}}, 100),
    ({"type": "system", "system": {}}, 131051),
    (_interactive("flow", {}, "x"), 131051),
    (buttons(), 131009),
    (buttons("a", "b", "c", "d"), 131009),
    (buttons("x" * 21), 131009),
    (buttons(HERO * 11), 131009),
    (buttons("Same", "Same"), 131009),
    (buttons("a", "b", ids=("1", "1")), 131009),
    (buttons("a", ids=("i" * 257,)), 131009),
    (buttons("a", ids=(" 1",)), 131009),
    (buttons("a", body="b" * 1025), 131009),
    (buttons("a", body=""), 131009),
    (buttons("a", footer={"text": "f" * 61}), 131009),
    (buttons("a", header={"type": "text", "text": "h" * 61}), 131009),
    (buttons("a", header={"type": "text"}), 131008),
    (buttons("a", colour="red"), 100),
    (rows(0), 131009),
    (rows(11), 131009),
    (rows(1, "t" * 25), 131009),
    (rows(1, description="d" * 73), 131009),
    (rows(1, label="l" * 21), 131009),
    (rows(1, section="s" * 25), 131009),
    (rows(1, body="b" * 4097), 131009),
    (link("x" * 21, "https://orikka.example/"), 131009),
    (link("Open", "javascript:alert(1)"), 100),
    (media("image", id="999"), 100),
    (media("image"), 100),
    (media("image", link="file:///etc/passwd"), 100),
    (media("image", link="https://a.example/", caption="c" * 1025), 100),
    (media("audio", link="https://a.example/", caption="no"), 100),
    (media("location", latitude=91, longitude=0), 131009),
    (media("reaction", message_id="wamid.unknown", emoji="👍"), 131009),
    (media("reaction", message_id="wamid.unknown", emoji="ok"), 131009),
    (template("continue_conversation", "fr", "Anna", "ORK-1"), 132001),
    (template("unheard_of", "de"), 132001),
    (template("new", "de"), 132001),
    (template("continue_conversation", "de", "Anna"), 132000),
    (template("continue_conversation", "de", "Anna", "a\nb"), 132012),
    (template("continue_conversation", "de", "x" * 1020, "y"), 132005),
    (template("order_shipped", "de", "ORK-1"), 131008),
    (template("paused", "de"), 132015),
    (template("off", "de"), 132016),
    (template("photo", "de"), 132000),
    (template("photo", "de", components=NAMED), 132012),
    (template("photo", "de", components=[*NAMED, {**PHOTO_HEADER, "type": "footer"}]), 100),
    ({**text("Hi"), "to": "+4915100000000"}, 131026),
    ({**text("Hi"), "to": "+4915199999999"}, 131047),
    ({**text("Hi"), "to": MAIN.display_phone_number}, 131021),
    ({**text("Hi"), "to": None, "recipient": "DE.123"}, 131026),
]


@pytest.mark.parametrize("body", ACCEPTED, ids=range(len(ACCEPTED)))
def test_takes_what_the_vendor_takes(api: httpx.Client, body: dict[str, Any]) -> None:
    assert send(api, **body) == (0, "")


@pytest.mark.parametrize(("body", "code"), REFUSED, ids=range(len(REFUSED)))
def test_refuses_what_the_vendor_refuses(api: httpx.Client, body: dict[str, Any], code: int) -> None:
    found, details = send(api, **body)
    assert found == code, details
    assert details


def test_numbers_have_their_limits(sim: WhatsAppSimulator, api: httpx.Client) -> None:
    assert [send(api, "101", **text("Hi"))[0] for _ in range(5)] == [0, 0, 0, 130429, 130429]
    sim.advance(1.1)
    assert send(api, "101", **text("Hi"))[0] == 0
    assert send(api, "102", **text("Hi"))[0] == 131030
    assert send(api, "103", **text("Hi"))[0] == 33
    unknown = api.post("/999/messages", json={})
    error = unknown.json()["error"]
    assert (unknown.status_code, error["code"], error["error_subcode"]) == (400, 100, 33)


def test_one_person_can_be_told_45_things_at_once() -> None:
    config = SimulatorConfig(numbers=(MAIN,))
    with WhatsAppSimulator(config) as sim, httpx.Client(base_url=sim.api_url, headers=TOKEN) as api:
        for user in (USER, "4915112345679"):
            sim.inbound(user, text="hello")
        codes = [send(api, **text("Hi"))[0] for _ in range(46)]
        assert codes == [0] * 45 + [131056]
        assert send(api, **{**text("Hi"), "to": "+4915112345679"})[0] == 0, "other people are unaffected"
        sim.advance(6.0)
        assert [send(api, **text("Hi"))[0] for _ in range(2)] == [0, 131056]


@pytest.mark.parametrize(
    ("header", "code", "status"),
    [("", 104, 401), ("Bearer wrong", 190, 401), ("simulated-access-token", 190, 401)],
)
def test_needs_the_token(sim: WhatsAppSimulator, header: str, code: int, status: int) -> None:
    headers = {"Authorization": header} if header else {}
    answer = httpx.post(f"{sim.api_url}/100/messages", headers=headers, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("data", "kind", "sent_as", "uploaded", "sent"),
    [
        (PHOTO, "image/jpeg", "image", 0, 0),
        (STICKER, "image/webp", "sticker", 0, 0),
        (VOICE, "audio/ogg", "audio", 0, 0),
        (PHOTO, "image/jpeg", "sticker", 0, 131053),
        (PHOTO, "application/pdf", "", 131053, 0),
        (PHOTO, "image/gif", "", 100, 0),
        (b"", "image/png", "", 100, 0),
        (b"\x89PNG" + b"0" * 5 * 1024 * 1024, "image/png", "", 100, 0),
    ],
    ids=["photo", "sticker", "voice", "photo as sticker", "lying", "gif", "empty", "large"],
)
def test_files(api: httpx.Client, data: bytes, kind: str, sent_as: str, uploaded: int, sent: int) -> None:
    form = {"messaging_product": "whatsapp", "type": kind}
    answer = api.post("/100/media", data=form, files={"file": ("a", data, kind)})
    assert answer.json().get("error", {}).get("code", 0) == uploaded, answer.text
    if sent_as:
        assert send(api, **media(sent_as, id=answer.json()["id"]))[0] == sent
