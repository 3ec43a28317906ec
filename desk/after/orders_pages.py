"""The customer's orders beside a conversation."""

from datetime import UTC, date, datetime

from starlette.responses import Response

from conversations.model import Conversation
from core.database import reading
from core.errors import NotFound, OrderSourceDown
from desk.after.amounts import amount_in_words
from desk.after.orders_check import Checked, Try, check_proof
from desk.after.orders_find import LOOKED_UP, FoundOrders, find_orders, sources_of
from desk.after.orders_proofs import keep, news_of, proofs_of
from desk.after.parcel_steps import way_of
from desk.errors import InvalidForm
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.moments import day as written_day
from desk.web.moments import day_and_time
from desk.web.routing import Page
from knowledge.whose_clock import lived_in
from markets.profile import MarketProfile
from orders.number import is_valid


def orders_routes() -> list[Page]:
    """The panel, an agent's look at another number, and their check of a proof."""
    return [
        Page("/c/{id}/orders", panel, Right.READ),
        Page("/c/{id}/orders", look_up, Right.ANSWER, "POST"),
        Page("/c/{id}/orders/check", check, Right.ANSWER, "POST"),
    ]


def panel(ask: Ask) -> Response:
    """The orders as the shop tells them now."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection)
    return _panel(ask, conversation)


def look_up(ask: Ask) -> Response:
    """Another order of this market, by its number; written into the audit, as it may be a stranger's."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
    number = ask.field("number", 40).upper()
    number = number if number.startswith("ORK-") else f"ORK-{number.removeprefix('ORK').strip(' -#')}"
    if not is_valid(number):
        raise InvalidForm("number", "this is no order number")
    found = None
    failed = False
    try:
        found = ask.deps.orders.find(number)
    except OrderSourceDown:
        failed = True
    there = found is not None and found.market == conversation.market
    details = {"order": number, "found": there, "failed": failed}
    with ask.deps.engine.begin() as connection:
        ask.audit(connection, conversation, LOOKED_UP, details)
    return _panel(ask, conversation, looked_for=number, missing=not there and not failed)


def check(ask: Ask) -> Response:
    """Whether an e-mail or a postcode that came by picture or phone is the order's own; it is never shown."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
    number, proof = ask.field("number", 40), ask.field("proof", 254)
    found = _found(ask, conversation)
    order = next((each.order for each in found.orders if each.order.number == number), None)
    if order is None:
        raise NotFound(f"{number} is no order of conversation {conversation.id}")
    length = ask.deps.release().market_of(conversation.market).postcode_length
    with ask.deps.engine.begin() as connection:
        checked = check_proof(connection, Try(conversation.id, order, proof, length, ask.viewer.owner), ask.now)
        details = {"order": number, "matches": checked.matches, "refused": checked.refused}
        ask.audit(connection, conversation, "proof_checked", details)
    if checked.matches:
        ask.deps.news(conversation.id)
    return _panel(ask, conversation, checked=checked)


def is_proven(ask: Ask, conversation: Conversation, number: str) -> bool:
    """Whether the order is known to be the customer's; not while the shop does not answer."""
    return any(each.proven for each in _found(ask, conversation).orders if each.order.number == number)


def _found(ask: Ask, conversation: Conversation) -> FoundOrders:
    """The orders as the shop tells them now. What the customer proved by writing is kept from here on."""
    market = ask.deps.release().market_of(conversation.market)
    with reading(ask.deps.engine) as connection:
        numbers = sources_of(connection, conversation)
        proofs = proofs_of(connection, conversation, market, list(numbers), ask.now)
    found = find_orders(ask.deps.orders, conversation, numbers, proofs)
    open_ones = [each.order for each in found.orders if each.source == "written" or not each.proven]
    with reading(ask.deps.engine) as connection:
        news = news_of(connection, conversation, proofs, open_ones, ask.now)
    if news:
        with ask.deps.engine.begin() as connection:
            keep(connection, conversation.id, news, ask.now)
    return found


def _panel(
    ask: Ask, conversation: Conversation, looked_for: str = "", missing: bool = False, checked: Checked | None = None
) -> Response:
    market = ask.deps.release().market_of(conversation.market)
    now = datetime.fromtimestamp(ask.now, UTC)
    found = _found(ask, conversation)
    ways = {
        item.order.number: [way_of(item.order, parcel, market, now) for parcel in item.order.parcels]
        for item in found.orders
    }
    language = ask.words.language
    return ask.page(
        "after/orders.html",
        conversation=conversation,
        found=found,
        ways=ways,
        looked_for=looked_for,
        missing=missing,
        checked=checked,
        money=lambda value: amount_in_words(value, language),
        moments=Moments(ask.viewer.time_zone, customers_zone(conversation, market), language),
    )


class Moments:
    """Moments as the viewer reads them, and as the customer's clock shows them."""

    def __init__(self, viewer_zone: str, customer_zone: str, language: str) -> None:
        self.viewer_zone = viewer_zone
        self.customer_zone = customer_zone
        self._language = language

    def viewer(self, moment: datetime) -> str:
        """In the viewer's zone."""
        return self._written(moment, self.viewer_zone)

    def customer(self, moment: datetime) -> str:
        """In the customer's zone."""
        return self._written(moment, self.customer_zone)

    def local(self, moment: datetime, zone: str) -> str:
        """In the zone of the place where it happened."""
        return self._written(moment, zone)

    def day(self, day: date) -> str:
        """A day without a time: the market's."""
        return written_day(day, self._language)

    @property
    def apart(self) -> bool:
        """Whether the two clocks may differ."""
        return self.viewer_zone != self.customer_zone

    def _written(self, moment: datetime, zone: str) -> str:
        """With the month's name: 11/12 is another day to every second reader."""
        return day_and_time(int(moment.timestamp() // 60), zone, self._language, with_year=True)


def customers_zone(conversation: Conversation, market: MarketProfile) -> str:
    """IANA name of the customer's time zone; the market's when theirs is not known."""
    return (lived_in(conversation.hints.time_zone) or market.zone).key
