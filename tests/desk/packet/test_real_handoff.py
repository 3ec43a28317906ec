"""The packet of conversations that the trained bot has led itself, from the first word to the hand-off."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from aftersail.asking import Asker
from aftersail.desk import open_desk
from conversations import rows
from core.database import reading
from desk.deps import DeskDeps
from desk.packet.assemble import packet_of
from desk.packet.model import Packet
from desk.packet.sources import of_desk
from knowledge.release_holder import ReleaseHolder
from tests.support.installation import Installation
from tests.support.talk import Customer, asker_of

pytestmark = pytest.mark.model


@dataclass(frozen=True)
class Case:
    """A customer of a market who gives a number, proves the order and wants a person."""

    market: str
    language: str
    problem: str
    person: str


CASES = [
    Case(
        "DE",
        "de",
        "Wo ist mein Paket, die Lieferung ist schon lange überfällig?",
        "ich will mit einem Menschen sprechen",
    ),
    Case("JP", "ja", "注文した商品がまだ届きません。いつ届きますか？", "オペレーターと話したいです"),
    Case("SA", "ar", "أين طلبي؟ لم يصل الطرد حتى الآن", "أريد التحدث مع موظف"),
    Case("MX", "es", "¿dónde está mi pedido? no ha llegado el paquete", "quiero hablar con una persona"),
    Case("TW", "zh-Hant", "我的包裹到哪裡了？一直沒有收到訂單", "我要找真人客服"),
    Case("TH", "th", "พัสดุของฉันอยู่ที่ไหน ยังไม่ได้รับสินค้าเลย", "ขอคุยกับเจ้าหน้าที่"),
]


@pytest.fixture(scope="module")
def asker(installation: Installation) -> Iterator[Asker]:
    """The bot on the installation."""
    with asker_of(installation) as opened:
        yield opened


@pytest.fixture(scope="module")
def deps(installation: Installation) -> DeskDeps:
    """The desk's parts on the same database."""
    holder = ReleaseHolder(installation.settings, installation.engine, with_vectors=False)
    settings = installation.settings.model_copy(update={"secret": SecretStr("s" * 48), "translation_engine": "none"})
    parts = open_desk(settings, installation.engine, holder, lambda _role, _note: None, CollectorRegistry())
    return parts.deps


def packet(deps: DeskDeps, someone: Customer, reader: str = "en") -> Packet:
    """The packet of the customer's conversation."""
    with reading(deps.engine) as connection:
        return packet_of(
            of_desk(deps, [reader]), connection, rows.conversation(connection, someone.conversation_id()), reader
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.language)
async def test_what_was_said_is_in_the_packet_and_asked_no_more(
    case: Case, asker: Asker, deps: DeskDeps, installation: Installation
) -> None:
    order = installation.order(case.market, "in_transit")
    someone = Customer(asker, case.market)
    await someone.say_all(case.problem, order.number, "nobody@example.com", order.email)
    last = await someone.say(case.person)
    assert last.owner == "queue"
    found = packet(deps, someone)
    assert found.wants is not None
    assert found.wants.text in case.problem
    assert (found.wants.language, found.language) == (case.language, case.language)
    assert found.why.reason == "asked_for_person"
    assert [(fact.order.number, fact.proven) for fact in found.orders.orders] == [(order.number, True)]
    given = {each.kind for each in found.given}
    assert {"order_number", "email"} <= given
    assert order.email not in [each.value for each in found.given]  # it has served
    assert "proof_failed" in {each.kind for each in found.tried}
    assert f"utter_order_{order.state}" in {each.name for each in found.tried}
    assert found.language_choice.evidence
    told = found.told
    assert told is not None
    assert told.told
    assert found.customer.name == order.customer_name
    assert not {"ask_order_number", "prove_first", "check_mistyped"} & {step.key for step in found.next_steps}


async def test_what_the_customer_hears_is_what_is_kept(
    asker: Asker, deps: DeskDeps, installation: Installation
) -> None:
    someone = Customer(asker, "DE")
    await someone.say("mein ladegerät raucht und es stinkt verbrannt")
    found = packet(deps, someone)
    (handoff,) = someone.handoffs(installation)
    assert found.told is not None
    assert (found.told.due_at, found.told.told) == (handoff.promised_at, True)
    assert found.why.tier == "safety"
    assert found.next_steps[0].key == "take_safety"
    assert "around_the_clock" in found.told.reasons
