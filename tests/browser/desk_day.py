"""A day at the desk: customers of many languages who wait, talk, and are done."""

from dataclasses import dataclass

from conversations.ownership import Event
from orders.demo_store import DemoOrderStore
from tests.support.desk import HOUR, DeskWorld

STERILISER = "Der Sterilisator riecht verbrannt, und mein Baby hat daraus getrunken! Bestellung {order}."


@dataclass(frozen=True)
class Day:
    """Ids of conversations."""

    mine: str  # anna's, German, a safety case in which she has answered and the customer wrote again
    arabic: str  # waits, at risk
    bot: str  # the bot's
    closed: str


def a_day(world: DeskWorld) -> Day:
    """Fill the desk. The agents anna (agent) and lena (lead) are made; ben is away."""
    world.add_agent("anna", display_name="Anna Berg", languages=["en", "de"])
    world.add_agent("lena", role="lead", display_name="Lena Ortiz", languages=["en", "es", "de"])
    world.add_agent("ben", display_name="Ben Tanaka", languages=["ja", "en"], presence="away", markets=["JP"])
    world.clock.now -= 23.4 * HOUR
    arabic = _waits(
        world, "الجهاز لا يعمل بعد أول استخدام، أريد استرجاع المبلغ.", "SA", "ar", "966501234561", "whatsapp"
    )
    world.clock.now += 20 * HOUR
    for text, market, language, sender, channel in _WAITING:
        world.clock.now += 0.2 * HOUR
        _waits(world, text, market, language, sender, channel)
    store = world.parts.deps.orders
    assert isinstance(store, DemoOrderStore)
    order = store.demo_orders("DE")[0].number
    mine = _waits(
        world, STERILISER.format(order=order), "DE", "de", "491701234567", "whatsapp", tier="safety", reason="safety"
    )
    world.act(mine, Event.TAKE, "anna")
    world.clock.now += 120
    first = "Guten Tag, hier ist Anna. Bitte ziehen Sie sofort den Stecker. Ist jemand verletzt?"
    world.answer(mine, "anna", first, "de")
    world.clock.now += 240
    more = "Nein, zum Glück nicht. Ich möchte mein Geld zurück!"
    world.write(more, market="DE", language="de", sender="491701234567", channel="whatsapp")
    closed = _waits(world, "Danke, alles gut", "DE", "de", "visitor-2290", "webchat")
    world.act(closed, Event.TAKE, "anna")
    world.act(closed, Event.CLOSE, "anna")
    bot = world.write("Where is my parcel?", market="US", language="en", sender="visitor-us").conversation.id
    return Day(mine, arabic, bot, closed)


_WAITING = [
    ("部品がまだ届いていません。いつ届きますか？", "JP", "ja", "U4af4980629aa21", "line"),
    ("¿Dónde está mi pedido? Llevo dos semanas esperando y nadie me contesta.", "ES", "es", "visitor-5102", "webchat"),
    ("เครื่องอุ่นขวดนมใช้งานไม่ได้ครับ", "TH", "th", "U7bd1230629bb47", "line"),
    ("我想退货，包装还没打开。", "TW", "zh-Hant", "U1cc4980629cc93", "line"),
    ("Hello, can I change my delivery address?", "GB", "en", "visitor-8831", "webchat"),
]  # fmt: skip


def _waits(world: DeskWorld, text: str, market: str, language: str, sender: str, channel: str, **handoff: str) -> str:
    given = {"sender": sender, "market": market, "language": language, "channel": channel}
    return world.waiting(text, **given, **handoff).conversation_id
