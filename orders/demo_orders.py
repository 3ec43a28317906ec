"""Demo orders made from the markets, the products and a day: the same input gives the same orders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from markets.money import Money
from markets.profile import MarketProfile
from orders.demo_data import Customer, DemoMarket
from orders.demo_plan import PLANS, Journey, Plan
from orders.demo_scans import Way, scans, stops
from orders.model import Item, Order, Parcel
from orders.number import make_number
from orders.products import Product

_NEWEST_MINUTES = 20  # the youngest event lies so far back, whatever the clock says
_MAX_CLOSED_DAYS = 14


@dataclass(frozen=True)
class _Maker:
    """Everything that one order is made from."""

    profile: MarketProfile
    data: DemoMarket
    products: Sequence[Product]
    now: datetime
    random: Random
    plan: Plan
    slot: int

    @property
    def customer_index(self) -> int:
        return self.slot % len(self.data.customers)

    @property
    def customer(self) -> Customer:
        return self.data.customers[self.customer_index]

    @property
    def number(self) -> str:
        # The last two digits only keep neighbours from looking alike.
        prefix = self.data.number_prefix
        return make_number(prefix * 10_000 + self.slot * 100 + (self.slot * 37 + prefix * 13) % 100)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.profile.zone).date()


def make_demo_orders(
    profile: MarketProfile, data: DemoMarket, products: Sequence[Product], now: datetime
) -> Iterator[Order]:
    """The demo orders of one market at `now`: the first fifteen are one per state, in the order of STATES."""
    for slot, plan in enumerate(PLANS):
        random = Random(f"{profile.code}-{slot}")  # noqa: S311 - the demo must come out the same each time
        yield _order(_Maker(profile, data, products, now, random, plan, slot))


def _order(maker: _Maker) -> Order:
    plan, profile, customer = maker.plan, maker.profile, maker.customer
    items = _items(maker)
    parcels = tuple(_parcel(maker, index, items) for index in range(len(plan.journeys)))
    last_at = _last_at(maker)
    first_at = min((parcel.scans[0].at for parcel in parcels if parcel.scans), default=last_at + timedelta(hours=14))
    total = _total(maker, items)
    delivered = [scan.at for parcel in parcels for scan in parcel.scans if scan.event == "delivered"]
    return Order(
        number=maker.number,
        market=profile.code,
        placed_at=first_at - timedelta(hours=14),
        state=plan.state,
        customer_name=customer.name,
        email=customer.email,
        phone=maker.data.phone(maker.customer_index),
        postcode=customer.postcode,
        customer_ref=f"cust-{profile.code}-{maker.customer_index + 1:02d}",
        language=customer.language,
        items=items,
        total=total,
        parcels=parcels,
        promised_on=_promised_on(maker, max(delivered, default=None)),
        expected_on=_day(maker, plan.expected_in),
        delivered_at=max(delivered, default=None),
        refund_amount=None if plan.refunded_ago is None else total,
        refunded_on=None if plan.refunded_ago is None else maker.today - timedelta(days=plan.refunded_ago),
    )


def _parcel(maker: _Maker, index: int, items: Sequence[Item]) -> Parcel:
    journey, profile = maker.plan.journeys[index], maker.profile
    carrier = profile.carriers[(maker.slot + index) % len(profile.carriers)]
    number = f"OKA{maker.random.randrange(10**10):010d}{profile.code}" if journey.end else None
    return Parcel(
        carrier=carrier.code,
        carrier_name=carrier.name,
        tracking_number=number,
        tracking_url=carrier.track(number) if number else None,
        state=journey.state,
        items=tuple(items[index :: len(maker.plan.journeys)]),
        expected_on=_day(maker, maker.plan.expected_in),
        scans=scans(stops(_way(maker), journey), _last_at(maker) - timedelta(hours=index), maker.random),
    )


def _way(maker: _Maker) -> Way:
    position = 0 if maker.plan.abroad else len(maker.profile.warehouses) - 1
    warehouse = maker.profile.warehouses[position]
    return Way(warehouse, position == 0, maker.customer, maker.data, maker.profile.time_zone)


def _items(maker: _Maker) -> tuple[Item, ...]:
    count = max(len(maker.plan.journeys), maker.random.randint(1, 3))
    chosen = maker.random.sample(list(maker.products), min(count, len(maker.products)))
    return tuple(
        Item(
            product.sku,
            product.name,
            product.kind,
            maker.random.choice((1, 1, 1, 2)),
            maker.profile.money(maker.data.local_price(product.price)),
        )
        for product in chosen
    )


def _total(maker: _Maker, items: Sequence[Item]) -> Money:
    goods = sum((item.price.amount * item.quantity for item in items), Decimal(0))
    shipping = maker.profile.shipping_fee if goods < maker.profile.free_shipping_from else Decimal(0)
    return maker.profile.money(goods + shipping)


def _last_at(maker: _Maker) -> datetime:
    zone = _last_zone(maker)
    day = maker.now.astimezone(zone).date() - timedelta(days=maker.plan.days_ago)
    at = datetime.combine(day, maker.plan.clock, tzinfo=zone).astimezone(UTC)
    return min(at, maker.now - timedelta(minutes=_NEWEST_MINUTES))


def _last_zone(maker: _Maker) -> ZoneInfo:
    journeys: tuple[Journey, ...] = maker.plan.journeys[:1]
    done = [stop for journey in journeys for stop in stops(_way(maker), journey)]
    return ZoneInfo(done[-1].time_zone) if done else maker.profile.zone


def _day(maker: _Maker, days: int | None) -> date | None:
    """`days` from today, moved on to a day on which carriers deliver; today stays today."""
    if days is None:
        return None
    day = maker.today + timedelta(days=days)
    for _ in range(_MAX_CLOSED_DAYS):
        if days <= 0 or (day.weekday() < 6 and not maker.profile.holidays.is_holiday(day)):
            break
        day += timedelta(days=1)
    return day


def _promised_on(maker: _Maker, delivered_at: datetime | None) -> date | None:
    if maker.plan.promised_in is not None:
        return _day(maker, maker.plan.promised_in)
    if delivered_at is not None:
        return delivered_at.astimezone(maker.profile.zone).date() + timedelta(days=1)
    return None if maker.plan.expected_in is None else _day(maker, maker.plan.expected_in + 1)
