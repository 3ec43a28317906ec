"""Whole conversations with the trained bot, in the languages of the markets."""

from collections.abc import Callable

import pytest
import yaml
from babel.dates import format_date

from core.settings import PROJECT
from markets.load import load_markets
from orders.model import Order
from orders.number import make_number
from tests.aftersail.conversation_cases import ORDER_CASES, SAFETY, OrderCase
from tests.support.installation import Installation
from tests.support.talk import Customer

pytestmark = pytest.mark.model

NewCustomer = Callable[..., Customer]
WRONG_PROOFS = ("00000", "11111", "nobody@example.com", "22222", "33333")


def facts(order: Order) -> list[str]:
    """What only the customer may learn."""
    parcel = order.parcels[0]
    return [parcel.carrier_name, str(parcel.tracking_number), *(scan.place for scan in parcel.scans[-1:])]


def day(case: OrderCase, order: Order) -> str:
    expected = order.parcels[0].expected_on or order.expected_on
    assert expected
    return format_date(expected, case.date, locale=case.language.replace("-Hant", "_Hant"))


def title_of(case: OrderCase) -> str:
    path = PROJECT / "knowledge" / "data" / "faq" / f"{case.language}.yml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return str(next(entry["title"] for entry in entries if entry["id"] == case.entry))


def flat(text: str) -> str:
    """Without the invisible marks that keep numbers in order among Arabic letters."""
    return "".join(char for char in text if char not in "\u2066\u2067\u2068\u2069\u200e\u200f").replace("\xa0", " ")


@pytest.mark.parametrize("case", ORDER_CASES, ids=lambda case: case.language)
async def test_from_question_to_person(case: OrderCase, customer: NewCustomer, installation: Installation) -> None:
    order = installation.order(case.market, case.state)
    someone = customer(case.market)
    asked = await someone.say(case.asks)
    assert (asked.response, asked.language, asked.owner) == ("utter_ask_order_number", case.language, "bot")
    numbered = await someone.say(case.number(order.number))
    assert (numbered.response, numbered.language) == ("utter_ask_order_proof", case.language)
    assert order.number in numbered.text
    shown = await someone.say(case.typed(getattr(order, case.proof)))
    assert (shown.response, shown.language) == (f"utter_order_{order.state}", case.language)
    for fact in (order.number, *facts(order), day(case, order)):
        assert fact in flat(shown.text)
    answered = await someone.say(case.question)
    if answered.response == "utter_did_you_mean":  # not sure enough: the right answer is among the choices
        answered = await someone.say(title_of(case))
    assert (answered.response, answered.language) == (f"faq:{case.entry}", case.language)
    passed = await someone.say(case.person)
    assert passed.owner == "queue"
    (handoff,) = someone.handoffs(installation)
    assert (handoff.reason, handoff.tier, handoff.language) == ("asked_for_person", "ordinary", case.language)


@pytest.mark.parametrize(("market", "text"), SAFETY)
async def test_danger_goes_to_a_person_at_once(
    market: str, text: str, customer: NewCustomer, installation: Installation
) -> None:
    someone = customer(market)
    reply = await someone.say(text)
    assert (reply.response, reply.owner) == ("utter_safety_first", "queue")
    (handoff,) = someone.handoffs(installation)
    assert (handoff.reason, handoff.tier) == ("safety_issue", "safety")
    hours = load_markets(PROJECT / "markets" / "data")[market].promise_hours["safety"]
    assert handoff.promised_at - handoff.created_at == pytest.approx(hours * 3600, abs=60)  # whatever the hour
    assert handoff.packet["wants"] == text


async def test_danger_in_the_middle_of_a_question_is_not_overheard(
    customer: NewCustomer, installation: Installation
) -> None:
    someone = customer("US")
    await someone.say_all("where is my order", installation.order("US", "delayed").number)
    reply = await someone.say("never mind, the charger just caught fire and my son burnt his hand")
    assert (reply.response, reply.owner) == ("utter_safety_first", "queue")


async def test_five_wrong_proofs_lead_to_a_person(customer: NewCustomer, installation: Installation) -> None:
    order = installation.order("DE", "in_transit")
    someone = customer("DE")
    await someone.say_all("wo ist mein Paket?", order.number)
    replies = [await someone.say(proof) for proof in WRONG_PROOFS]
    assert [reply.response for reply in replies[:4]] == ["utter_order_proof_failed"] * 4
    assert [str(left) in reply.text for left, reply in zip((4, 3, 2, 1), replies, strict=False)] == [True] * 4
    assert (replies[4].response, replies[4].owner) == ("utter_order_proof_locked", "queue")
    (handoff,) = someone.handoffs(installation)
    assert handoff.reason == "proof_failed"
    silent = await someone.say(order.postcode)
    assert (silent.texts, silent.owner) == ([], "queue")


async def test_an_order_that_does_not_exist_looks_like_one_of_somebody_else(
    customer: NewCustomer, installation: Installation
) -> None:
    foreign = installation.order("JP", "in_transit")
    said = []
    for number in (foreign.number, make_number(999_999)):
        someone = customer("DE")
        replies = [await someone.say(text) for text in ("wo ist mein Paket?", number, "lena.hoffmann@example.com")]
        assert replies[-1].response == "utter_order_proof_failed"
        said.append([reply.text.replace(number, "#") for reply in replies])
        assert not any(fact in reply.text for reply in replies for fact in facts(foreign))
    assert said[0] == said[1]


async def test_a_proved_order_of_another_market_is_shown(customer: NewCustomer, installation: Installation) -> None:
    order = installation.order("DE", "in_transit")
    someone = customer("IT")
    shown = await someone.say_all("dov'è il mio pacco?", order.number, order.email)
    assert (shown.response, shown.language) == ("utter_order_in_transit", "it")


async def test_a_proof_counts_for_its_own_order_only(customer: NewCustomer, installation: Installation) -> None:
    mine, other = installation.order("DE", "in_transit"), installation.order("DE", "delayed")
    someone = customer("DE")
    shown = await someone.say_all("wo ist mein Paket?", mine.number, mine.email)
    assert shown.response == "utter_order_in_transit"
    refused = await someone.say(f"und wo ist {other.number}?")
    assert refused.response in ("utter_order_proof_failed", "utter_ask_order_proof")
    assert not any(fact in refused.text for fact in facts(other))
    again = await someone.say(f"wo ist {mine.number}?")
    assert again.response == "utter_order_in_transit"


@pytest.mark.parametrize(
    ("market", "asks", "again", "yes"),
    [
        ("DE", "wo ist mein Paket?", "wo ist es denn jetzt?", "ja bitte"),
        ("US", "where is my order", "where is my order??", "yes please"),
        ("ES", "¿dónde está mi pedido?", "¿dónde está mi pedido?", "sí"),
    ],
)
async def test_asked_a_second_time_with_nothing_new_a_person_is_offered(
    market: str, asks: str, again: str, yes: str, customer: NewCustomer, installation: Installation
) -> None:
    order = installation.order(market, "in_transit")
    someone = customer(market)
    first = await someone.say_all(asks, order.number, order.email)
    second = await someone.say(again)
    assert second.responses == ["utter_order_in_transit", "utter_still_the_same"]
    assert second.texts[0] == first.text
    accepted = await someone.say(yes)
    assert accepted.owner == "queue"
    assert someone.handoffs(installation)[0].reason in ("accepted_offer", "asked_for_person")


@pytest.mark.parametrize(
    ("market", "asks", "person"),
    [
        ("DE", "wo ist mein Paket?", "ich will mit einem Menschen reden"),
        ("KR", "제 택배 어디에 있나요?", "상담원 연결해 주세요"),
    ],
)
async def test_a_person_in_the_middle_of_a_question(
    market: str, asks: str, person: str, customer: NewCustomer, installation: Installation
) -> None:
    order = installation.order(market, "in_transit")
    someone = customer(market)
    await someone.say_all(asks, order.number)
    reply = await someone.say(person)
    assert reply.owner == "queue"
    (handoff,) = someone.handoffs(installation)
    assert handoff.packet["given"]["order_number"] == order.number  # nothing has to be repeated


async def test_after_a_handoff_the_bot_is_silent_until_it_is_handed_back(
    customer: NewCustomer, installation: Installation
) -> None:
    someone = customer("DE")
    assert (await someone.say("Ich möchte mit einem Menschen sprechen")).owner == "queue"
    for text in ("hallo?", "wo ist mein Paket?", "ORK-1204049", "Hilfe, das Ladegerät brennt!"):
        silent = await someone.say(text)
        assert (silent.texts, silent.owner) == ([], "queue")
    (handoff,) = someone.handoffs(installation)
    listed = installation.run("handoffs")
    assert handoff.id in listed.out
    resumed = installation.run("resume", handoff.id)
    assert resumed.code == 0, resumed.err
    again = await someone.say("wo ist mein Paket?")
    assert (again.response, again.owner) == ("utter_ask_order_proof", "bot")  # the number that the person was told
    twice = installation.run("resume", handoff.id)
    assert twice.code == 1
    assert "resolved already" in twice.err


async def test_a_question_between_two_steps_loses_nothing(customer: NewCustomer, installation: Installation) -> None:
    order = installation.order("DE", "in_transit")
    someone = customer("DE")
    assert (await someone.say("wo ist meine Bestellung")).response == "utter_ask_order_number"
    assert (await someone.say("wie lange kann ich etwas zurückgeben?")).response == "faq:returns-window"
    assert (await someone.say(order.number)).response == "utter_ask_order_proof"
    assert (await someone.say("was kostet der versand?")).response == "faq:delivery-cost"
    assert (await someone.say(order.postcode)).response == "utter_order_in_transit"


@pytest.mark.parametrize(
    "text",
    [
        "{number} {email}",
        "my order number is {number} and my email is {email}",
        "Hi, where is my order {number}? My email is {email}, thanks",
    ],
)
async def test_everything_in_one_message(text: str, customer: NewCustomer, installation: Installation) -> None:
    order = installation.order("US", "in_transit")
    shown = await customer("US").say(text.format(number=order.number.lower(), email=order.email))
    assert (shown.response, shown.owner) == ("utter_order_in_transit", "bot")
