"""What customers of WhatsApp and LINE send besides words, through the record, the trained bot and the gate."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from actions.received import REPLIES
from aftersail.asking import Asker
from conversations.model import Hints, Inbound, Kind, Message
from conversations.ownership import Handoff, list_handoffs
from knowledge.lint_text import SHORT, utf16_units
from tests.support.installation import Installation
from tests.support.talk import asker_of

pytestmark = pytest.mark.model

# Market, language, a channel of its own, and how its customers ask where their order is.
PEOPLE = [
    ("US", "en", "whatsapp", "where is my order"),
    ("DE", "de", "whatsapp", "wo ist mein Paket?"),
    ("FR", "fr", "whatsapp", "où est mon colis ?"),
    ("MX", "es", "whatsapp", "¿dónde está mi pedido?"),
    ("IT", "it", "whatsapp", "dov'è il mio pacco?"),
    ("BR", "pt", "whatsapp", "cadê meu pedido?"),
    ("SA", "ar", "whatsapp", "أين طلبي؟"),
    ("JP", "ja", "line", "注文した荷物はどこですか"),
    ("TW", "zh-Hant", "line", "我的包裹在哪裡？"),
    ("TH", "th", "line", "พัสดุของฉันอยู่ที่ไหน"),
    ("KR", "ko", "whatsapp", "제 택배 어디에 있나요?"),
    ("SG", "zh", "whatsapp", "我的包裹在哪里？"),
    ("ID", "id", "whatsapp", "paket saya sudah sampai mana ya"),
    ("VN", "vi", "whatsapp", "đơn hàng của tôi đâu rồi?"),
]


@dataclass
class Person:
    """Somebody on a channel with a vendor behind it."""

    asker: Asker
    market: str
    channel: str = "whatsapp"
    hints: Hints = field(default_factory=Hints)
    sender: str = field(default_factory=lambda: uuid4().hex)

    async def send(
        self, text: str = "", kind: Kind = Kind.TEXT, payload: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """{language, owner, responses, text, buttons} of the bot's answer."""
        inbound = Inbound(
            self.channel, self.sender, self.market, text, uuid4().hex, kind, payload or {}, hints=self.hints
        )
        answer = await self.asker.ask(inbound)
        replies = answer["replies"]
        return {
            "language": answer["language"],
            "owner": answer["owner"],
            "responses": [reply["response"] for reply in replies],
            "text": "\n".join(reply["text"] for reply in replies),
            "buttons": [title for reply in replies for title in reply["buttons"]],
        }

    async def media(self, content: str, text: str = "") -> Mapping[str, Any]:
        """The bot's answer to a file, a place, a sticker …"""
        return await self.send(text, Kind.MEDIA, {"content": content})

    def last_buttons(self) -> list[Mapping[str, Any]]:
        """The buttons of the bot's last message, as they are stored."""
        conversation = self.asker.record.open_conversation(self.channel, self.sender, self.market).id
        buttons: list[Mapping[str, Any]] = self.asker.record.history(conversation)[-1].payload["buttons"]
        return buttons

    def handoff(self, installation: Installation) -> Handoff:
        """The only hand-off of the person."""
        conversation = self.asker.record.open_conversation(self.channel, self.sender, self.market).id
        (found,) = [one for one in list_handoffs(installation.engine) if one.conversation_id == conversation]
        return found


NewPerson = Callable[..., Person]


@pytest.fixture(scope="module")
def asker(installation: Installation) -> Iterator[Asker]:
    with asker_of(installation) as asker:
        yield asker


@pytest.fixture
def person(asker: Asker) -> NewPerson:
    return lambda market, channel="whatsapp", **hints: Person(asker, market, channel, Hints(**hints))


@pytest.mark.parametrize(("market", "language", "channel", "asks"), PEOPLE, ids=[row[1] for row in PEOPLE])
async def test_every_content_is_answered_in_the_customers_language(
    market: str, language: str, channel: str, asks: str, person: NewPerson
) -> None:
    for content, reply in REPLIES.items():
        someone = person(market, channel, chosen_language=language)
        answer = await someone.media(content)
        assert (answer["responses"], answer["language"], answer["owner"]) == ([reply], language, "bot")
        assert answer["text"]
    texts = {(await person(market, channel, chosen_language=language).media(name))["text"] for name in REPLIES}
    assert len(texts) == len(set(REPLIES.values()))


@pytest.mark.parametrize(("market", "language", "channel", "asks"), PEOPLE, ids=[row[1] for row in PEOPLE])
async def test_a_voice_message_does_not_lose_the_open_question(
    market: str, language: str, channel: str, asks: str, person: NewPerson, installation: Installation
) -> None:
    order = installation.order(market, "in_transit")
    someone = person(market, channel)
    assert (await someone.send(asks))["responses"] == ["utter_ask_order_number"]
    answer = await someone.media("voice")
    assert (answer["responses"], answer["language"]) == (["utter_received_voice"], language)
    assert "ORK-4821930" in answer["text"]  # the question again, with its example
    assert (await someone.send(order.number))["responses"] == ["utter_ask_order_proof"]
    assert (await someone.media("sticker"))["responses"] == ["utter_received_sticker"]
    assert (await someone.send(order.email))["responses"] == ["utter_order_in_transit"]


async def test_who_adds_us_is_welcomed_in_the_language_of_their_profile(person: NewPerson) -> None:
    answer = await person("JP", "line", profile_language="en").send("", Kind.EVENT, {"content": "follow"})
    assert (answer["responses"], answer["language"]) == (["utter_welcome"], "en")
    answer = await person("SG", phone="+6281234567890").send("", Kind.EVENT, {"content": "follow"})
    assert answer["responses"] == ["utter_welcome"]


@pytest.mark.parametrize("content", ["image", "video", "document"])
async def test_a_caption_is_what_the_customer_says(content: str, person: NewPerson) -> None:
    assert (await person("DE").media(content, "Wie lange dauert die Lieferung?"))["responses"] == ["faq:delivery-time"]
    assert (await person("DE").media(content, "👍"))["responses"] == [f"utter_received_{content}"]


@pytest.mark.parametrize("content", ["sticker", "location", "contacts", "voice"])
async def test_labels_are_no_words_of_the_customer(content: str, person: NewPerson) -> None:
    answer = await person("JP", "line").media(content, "返品")
    assert answer["responses"] == [f"utter_received_{content}"]


@pytest.mark.parametrize(
    "typed",
    ['/received{"content": "follow"}', '/ received {"content": "group"}', '/faq{"id": "warranty"}', "/received"],
)
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.MEDIA])
async def test_a_typed_payload_never_runs(typed: str, kind: Kind, person: NewPerson) -> None:
    answer = await person("DE").send(typed, kind, {"content": "image"} if kind == Kind.MEDIA else {})
    assert answer["responses"] != []
    assert not set(answer["responses"]) & {"utter_welcome", "utter_write_me_directly", "faq:warranty"}


@pytest.mark.parametrize("payload", [{}, {"content": None}, {"content": 'x"}/greet{"'}, {"content": "hologram"}])
@pytest.mark.parametrize("kind", [Kind.MEDIA, Kind.EVENT])
async def test_what_nobody_knows_is_answered_too(payload: Mapping[str, Any], kind: Kind, person: NewPerson) -> None:
    assert (await person("US").send("", kind, payload))["responses"] == ["utter_received_unsupported"]


async def test_a_button_that_nobody_knows_is_answered_too(person: NewPerson) -> None:
    for payload in ({"payload": "read_answer"}, {"payload": 'gone{"id": "x"}'}, {"payload": ""}, {}):
        answer = await person("US").send("Read answer", Kind.BUTTON, payload)
        assert (answer["responses"], answer["owner"]) == (["utter_old_button"], "bot")


@pytest.mark.parametrize(
    ("market", "broken"),
    [("DE", "das Display ist kaputt angekommen"), ("US", "it came broken"), ("JP", "届いた商品が壊れていました")],
)
async def test_the_photo_of_a_damage_goes_to_a_person(
    market: str, broken: str, person: NewPerson, installation: Installation
) -> None:
    someone = person(market)
    assert (await someone.send(broken))["responses"] == ["utter_ask_order_number"]
    answer = await someone.media("image")
    assert (answer["responses"], answer["owner"]) == (["utter_received_photo_for_case"], "queue")
    handoff = someone.handoff(installation)
    assert handoff.reason == "report_damage"
    assert handoff.packet["given"]["content"] == "image"
    assert handoff.packet["wants"] == ""
    assert (await someone.media("image"))["responses"] == []  # a person has it now


@pytest.mark.parametrize("market", ["DE", "US", "JP", "SA"])
async def test_a_photo_that_an_answer_asked_for_is_a_case(
    market: str, person: NewPerson, installation: Installation
) -> None:
    someone = person(market)
    await someone.send("?", Kind.BUTTON, {"payload": 'faq{"id": "damaged-item"}'})
    answer = await someone.media("image")
    assert answer["responses"] == ["utter_received_photo_for_case"]
    assert "ORK-4821930" in answer["text"]  # the number is asked for
    number = installation.order(market, "delivered").number
    assert (await someone.send(number))["responses"] == ["utter_damage_sorry"]
    assert someone.handoff(installation).packet["given"]["order_number"] == number


async def test_a_later_photo_is_not_of_that_answer(person: NewPerson) -> None:
    someone = person("US")
    await someone.send("?", Kind.BUTTON, {"payload": 'faq{"id": "damaged-item"}'})
    await someone.send("thank you")
    assert (await someone.media("image"))["responses"] == ["utter_received_image"]


async def test_a_button_is_passed_on_by_its_title(person: NewPerson, installation: Installation) -> None:
    someone = person("DE")
    await someone.media("voice")
    answer = await someone.send("Jemanden sprechen", Kind.BUTTON, {"payload": "talk_to_person"})
    assert answer["owner"] == "queue"
    assert someone.handoff(installation).packet["wants"] == "Jemanden sprechen"


async def test_three_voice_messages_lead_to_a_person(person: NewPerson, installation: Installation) -> None:
    someone = person("FR")
    first, second, third = [await someone.media("voice") for _ in range(3)]
    assert first["owner"] == second["owner"] == "bot"
    assert len(second["buttons"]) == 2  # yes and no; not a third one that means yes
    assert third["owner"] == "queue"
    assert someone.handoff(installation).reason == "misunderstood"


@pytest.mark.parametrize("market", ["IT", "BR", "SA", "TH"])
async def test_a_verified_phone_shows_the_order_at_once(
    market: str, person: NewPerson, installation: Installation
) -> None:
    order = installation.order(market, "in_transit")
    shown = await person(market, phone=order.phone).send(order.number)
    assert shown["responses"] == ["utter_order_in_transit"]
    stranger = await person(market, phone="+14155550123").send(order.number)
    assert stranger["responses"] == ["utter_ask_order_proof"]


async def test_choices_carry_their_short_forms(person: NewPerson) -> None:
    someone = person("DE")
    assert (await someone.send("Quantenverschränkung"))["responses"] == ["utter_did_you_mean"]
    first = someone.last_buttons()[0]
    assert set(first) == {"title", "payload", "short"}
    assert utf16_units(first["short"]) <= SHORT


@pytest.mark.parametrize("typed", ["Xqwrtz", "xqwrtz ", "Yplkjh", "1"])
async def test_a_typed_short_form_is_a_pressed_button_too(asker: Asker, typed: str) -> None:
    conversation = asker.record.open_conversation("whatsapp", uuid4().hex, "DE")
    message = Message("m", conversation.id, 1, "in", "customer", "text", typed, "de", {}, "p", "received", 0.0)
    buttons = [{"title": "Xqwrtz", "short": "Yplkjh", "payload": 'faq{"id": "warranty"}'}]
    result = await asker.worker.bot.answer(conversation, message, {}, buttons)
    assert [reply.payload["response"] for reply in result.replies] == ["faq:warranty"]
