"""pywa, a WhatsApp client by others, talks to the simulator and understands all that it posts."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pywa import WhatsApp, errors, types, utils
from pywa.server import get_update_hash
from pywa.types.templates import BodyText, QuickReplyButton, TemplateLanguage

from tests.simulators.common.receiver import Receiver
from tests.simulators.whatsapp.config import Speeds
from tests.simulators.whatsapp.demo import ACCOUNT, NUMBERS, demo_config
from tests.simulators.whatsapp.samples import PHOTO
from tests.simulators.whatsapp.simulator import WhatsAppSimulator

NUMBER = NUMBERS[0].phone_number_id
USER = "4915112345678"
QUICK = Speeds(sent_s=0.0, delivered_s=0.01, read_s=0.01, template_review_s=0.01)
ACTS: list[tuple[dict[str, Any], str]] = [
    ({"type": "text", "text": "hello"}, "Message"),
    ({"type": "text", "text": "hello", "hidden": True, "username": "@anna"}, "Message"),
    ({"type": "text", "text": "hello", "forwarded": True}, "Message"),
    ({"type": "text", "text": "hello", "forwarded": "many"}, "Message"),
    ({"type": "text", "text": "hello", "referral": True}, "Message"),
    ({"type": "text", "text": "hello", "reply_to": "FIRST"}, "Message"),
    ({"type": "image", "caption": "broken"}, "Message"),
    ({"type": "video"}, "Message"),
    ({"type": "audio"}, "Message"),
    ({"type": "voice"}, "Message"),
    ({"type": "document"}, "Message"),
    ({"type": "sticker", "animated": True}, "Message"),
    ({"type": "location", "latitude": 52.5, "longitude": 13.4}, "Message"),
    ({"type": "location", "latitude": 52.5, "longitude": 13.4, "place": "Tor", "address": "Berlin"}, "Message"),
    ({"type": "contacts"}, "Message"),
    ({"type": "order"}, "Message"),
    ({"type": "unsupported"}, "Message"),
    ({"type": "unsupported", "kind": "poll"}, "Message"),
    ({"type": "broken"}, "Message"),
    ({"type": "reaction", "message_id": "FIRST", "emoji": "😮"}, "Message"),
    ({"type": "unreaction", "message_id": "FIRST"}, "Message"),
    ({"type": "unreaction", "message_id": "FIRST", "empty": True}, "Message"),
    ({"type": "edit", "message_id": "FIRST", "text": "better"}, "EditedMessage"),
    ({"type": "revoke", "message_id": "FIRST"}, "DeletedMessage"),
    ({"type": "tap", "choice": "Ja"}, "CallbackButton"),
    ({"type": "tap", "choice": "Zeile"}, "CallbackSelection"),
    ({"type": "tap", "choice": "Ja, bitte"}, "CallbackButton"),
    ({"type": "identity_change"}, "IdentityChange"),
    ({"type": "user_id_change"}, "PhoneNumberChange"),
    ({"type": "number_change", "new_wa_id": "4915112345999"}, "PhoneNumberChange"),
]


@pytest.fixture(scope="module")
def product() -> Iterator[Receiver]:
    with Receiver() as product:
        yield product


@pytest.fixture
def sim(product: Receiver) -> Iterator[WhatsAppSimulator]:
    product.taken = []
    with WhatsAppSimulator(demo_config(speeds=QUICK, concurrency=1, webhook_urls=(product.url,))) as sim:
        yield sim


@pytest.fixture
def client(sim: WhatsAppSimulator) -> WhatsApp:
    return connected(sim)


def connected(sim: WhatsAppSimulator) -> WhatsApp:
    session = httpx.Client(timeout=5.0)
    client = WhatsApp(NUMBER, sim.config.access_token, session=session, waba_id=ACCOUNT, filter_updates=False)
    session.base_url = sim.api_url  # pywa itself has Meta's address built in
    return client


def updates(client: WhatsApp, product: Receiver) -> list[Any]:
    """Everything that came in, as pywa's objects; raises what pywa raises."""
    made = []
    for taken in product.taken:
        assert utils.webhook_updates_validator("simulated-app-secret", taken.body, taken.headers["x-hub-signature-256"])
        raw = types.RawUpdate(taken.body, hmac_header=None, update_hash=get_update_hash(taken.body))
        handler = client._get_handler_type(raw)
        assert handler is not None, taken.body
        made.append(client._handlers_to_updates[handler].from_update(client=client, update=raw))
    return made


def test_pywa_sends_everything(sim: WhatsAppSimulator, client: WhatsApp) -> None:
    first = sim.inbound(USER, text="hello")
    rows = types.SectionList("Wahl", [types.Section("Alle", [types.SectionRow("Zeile", "r-1", "mehr")])])
    params = [BodyText.params("Anna", "ORK-1"), QuickReplyButton.params(callback_data="yes-1", index=0)]
    sent = [
        client.send_message(USER, "Hallo", reply_to_message_id=first, tracker="m-1"),
        client.send_message(USER, "Weiter?", buttons=[types.Button("Ja", "b-1"), types.Button("Nein", "b-2")]),
        client.send_message(USER, "Welche?", header="Auswahl", footer="Orikka", buttons=rows),
        client.send_message(USER, "Hier", buttons=types.URLButton("Ansehen", "https://orikka.example/")),
        client.request_location(USER, "Wo bist du?"),
        client.send_image(USER, PHOTO, mime_type="image/jpeg", caption="Lampe"),
        client.send_location(USER, 52.5, 13.4, name="Lager"),
        client.send_reaction(USER, "👍", first),
        client.send_template(USER, "continue_conversation", TemplateLanguage.GERMAN, params),
    ]
    assert all(message.id.startswith("wamid.") for message in sent)
    assert client.mark_message_as_read(first)
    assert client.indicate_typing(first)
    seen = [message.seen for message in sim.wait_messages(USER, len(sent))]
    assert [choice.title for choice in seen[1].buttons] == ["Ja", "Nein"]
    assert (seen[2].header, seen[2].rows[0].description, seen[2].footer) == ("Auswahl", "mehr", "Orikka")
    assert (seen[3].link, seen[4].asks_location, seen[5].text) == ("https://orikka.example/", True, "Lampe")
    assert (seen[7].emoji, seen[7].target, seen[8].buttons[0].id) == ("👍", first, "yes-1")


def test_pywa_understands_refusals(sim: WhatsAppSimulator, client: WhatsApp) -> None:
    with pytest.raises(errors.ReEngagementMessage):
        client.send_message(USER, "Hallo")
    sim.inbound(USER, text="hello")
    with pytest.raises(errors.TemplateNotExists):
        client.send_template(USER, "continue_conversation", TemplateLanguage.FRENCH, [BodyText.params("a", "b")])
    with pytest.raises(errors.TemplateParamCountMismatch):
        client.send_template(USER, "continue_conversation", TemplateLanguage.GERMAN, [BodyText.params("a")])
    sim.faults(expired_token_s=60)
    with pytest.raises(errors.ExpiredAccessToken):
        client.send_message(USER, "Hallo")


def test_pywa_understands_every_message(sim: WhatsAppSimulator, client: WhatsApp, product: Receiver) -> None:
    first = sim.inbound(USER, text="first")
    client.send_message(USER, "Weiter?", buttons=[types.Button("Ja", "b-1")])
    rows = types.SectionList("Wahl", [types.Section("Alle", [types.SectionRow("Zeile", "r-1", "mehr")])])
    client.send_message(USER, "Welche?", buttons=rows)
    params = [BodyText.params("Anna", "ORK-1"), QuickReplyButton.params(callback_data="yes-1", index=0)]
    client.send_template(USER, "continue_conversation", TemplateLanguage.GERMAN, params)
    sim.settle()
    for act, kind in ACTS:
        product.taken.clear()
        given = {name: first if value == "FIRST" else value for name, value in act.items()}
        wamid = sim.inbound(USER, **{"hidden": False, **given})
        sim.settle()
        (update,) = updates(client, product)
        assert type(update).__name__ == kind, act
        assert update.id in (wamid, first), act
        data = {"Ja": "b-1", "Zeile": "r-1", "Ja, bitte": "yes-1"}.get(act.get("choice", ""))
        assert data is None or update.data == data


def test_pywa_understands_statuses(sim: WhatsAppSimulator, client: WhatsApp, product: Receiver) -> None:
    sim.inbound(USER, "voice")
    client.send_message(USER, "Hallo", tracker="m-1")
    sim.settle()
    _, *told = updates(client, product)
    assert [status.status.value for status in told] == ["sent", "delivered", "read"]
    assert {(status.tracker, status.pricing.type.value) for status in told} == {("m-1", "free_customer_service")}


def test_pywa_understands_failures(product: Receiver) -> None:
    config = demo_config(speeds=QUICK, webhook_urls=(product.url,), failed_contacts=True)
    product.taken = []
    with WhatsAppSimulator(config) as sim:
        client = connected(sim)
        sim.customer(USER, fails_with=131049)
        sim.inbound(USER, text="hello")
        client.send_message(USER, "Hallo")
        sim.settle()
        failed = updates(client, product)[-1]
    assert (failed.status.value, failed.error.code) == ("failed", 131049)


def test_pywa_understands_notices(sim: WhatsAppSimulator, client: WhatsApp, product: Receiver) -> None:
    sim.template_status("order_shipped", "de", "PAUSED")
    sim.notify("account_update", {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "ADULT"}})
    sim.settle()
    paused, warned = updates(client, product)
    assert (paused.template_name, paused.new_status.value) == ("order_shipped", "PAUSED")
    assert warned.event.value == "ACCOUNT_VIOLATION"


def test_pywa_reads_the_account(sim: WhatsAppSimulator, client: WhatsApp) -> None:
    assert client.get_business_phone_number().throughput["level"] == "STANDARD"
    found = list(client.get_templates(pagination=types.Pagination(limit=3)))
    assert len(found) == 3
    assert {template.language.value for template in client.get_templates(name="order_shipped")} >= {"de", "ar"}
    uploaded = client.upload_media(PHOTO, mime_type="image/jpeg", filename="a.jpg")
    assert client.get_media_bytes(client.get_media_url(uploaded.id).url) == PHOTO
