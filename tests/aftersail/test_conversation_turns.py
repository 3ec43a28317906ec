"""Languages, buttons and misunderstandings in conversations with the trained bot."""

from collections.abc import Callable

import pytest

from tests.aftersail.conversation_cases import GUESTS, SWITCHES
from tests.support.installation import Installation
from tests.support.talk import Customer, Reply

pytestmark = pytest.mark.model

NewCustomer = Callable[..., Customer]
MEANINGLESS = ("qwrtz plkjh", "asdf jklö", "xxcv bnmm", "fghj", "zzrt qqww", "yxcv mnb")


@pytest.mark.parametrize(("market", "first", "wish", "question", "language"), SWITCHES)
async def test_the_language_is_switched_on_request(
    market: str, first: str, wish: str, question: str, language: str, customer: NewCustomer
) -> None:
    someone = customer(market)
    await someone.say(first)
    changed = await someone.say(wish)
    assert (changed.response, changed.language) == ("utter_language_changed", language)
    answered = await someone.say(question)
    assert answered.language == language
    assert answered.response.startswith("faq:")


@pytest.mark.parametrize(("market", "text", "language"), GUESTS)
async def test_a_customer_of_another_tongue(market: str, text: str, language: str, customer: NewCustomer) -> None:
    reply = await customer(market).say(text)
    assert (reply.language, reply.owner) == (language, "bot")
    assert reply.texts


@pytest.mark.parametrize(
    "text", ["Здравствуйте, где мой заказ? Я жду уже две недели.", "Можно говорить по-русски?", "speak Russian please"]
)
async def test_a_language_without_texts_is_admitted(text: str, customer: NewCustomer) -> None:
    someone = customer("DE")
    reply = await someone.say(text)
    assert reply.owner == "bot"
    assert reply.responses[-1] == "utter_language_unsupported"
    assert {"Deutsch", "English", "Tiếng Việt"} <= set(reply.buttons)
    chosen = await someone.say("English")
    assert (chosen.response, chosen.language) == ("utter_language_changed", "en")


async def test_a_language_without_texts_is_admitted_once(customer: NewCustomer) -> None:
    someone = customer("DE")
    replies = [await someone.say(text) for text in ("Где мой заказ?", "Где мой заказ? Я жду уже две недели.")]
    assert [reply.responses.count("utter_language_unsupported") for reply in replies] == [1, 0]
    assert replies[1].texts


@pytest.mark.parametrize(
    ("market", "greeting", "typed", "expected"),
    [
        ("DE", "Hallo", "Rückgabe", "faq:return-how"),
        ("DE", "Hallo", "RÜCKGABE ", "faq:return-how"),
        ("DE", "Hallo", "1", "utter_ask_order_number"),
        ("JP", "こんにちは", "返品について", "faq:return-how"),
        ("SA", "مرحبا", "الإرجاع", "faq:return-how"),
        ("TH", "สวัสดีค่ะ", "คืนสินค้า", "faq:return-how"),
        ("VN", "xin chào", "Trả hàng", "faq:return-how"),
        ("VN", "xin chào", "tra hang", "faq:return-how"),
        ("DE", "Hallo", "ruckgabe", "faq:return-how"),
    ],
)
async def test_a_typed_title_is_a_pressed_button(
    market: str, greeting: str, typed: str, expected: str, customer: NewCustomer
) -> None:
    someone = customer(market)
    greeted = await someone.say(greeting)
    assert greeted.response == "utter_greet"
    assert (await someone.say(typed)).response == expected


async def test_a_title_that_is_no_longer_open_is_words(customer: NewCustomer) -> None:
    someone = customer("DE")
    await someone.say("Hallo")
    await someone.say("wie lange dauert die lieferung?")
    reply = await someone.say("1")
    assert reply.response != "utter_ask_order_number"


async def test_a_chosen_language_outlives_a_short_message(customer: NewCustomer) -> None:
    someone = customer("DE", chosen_language="en")
    assert (await someone.say("ok")).language == "en"


async def test_misunderstandings_lead_to_a_person(customer: NewCustomer, installation: Installation) -> None:
    someone = customer("DE")
    replies: list[Reply] = [await someone.say(text) for text in MEANINGLESS]
    assert "utter_offer_person" in [name for reply in replies for name in reply.responses]
    assert replies[-1].owner == "queue"


async def test_none_of_the_offered_questions_leads_to_a_person(
    customer: NewCustomer, installation: Installation
) -> None:
    someone = customer("DE")
    asked = await someone.say("Quantenverschränkung")
    assert asked.response == "utter_did_you_mean"
    offered = await someone.say(asked.buttons[-1])
    assert offered.response == "utter_offer_person"
    accepted = await someone.say(offered.buttons[0])
    assert accepted.owner == "queue"
    assert len(someone.handoffs(installation)) == 1
