"""The scans of a demo parcel: from the warehouse to the customer's city, in order of place and time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from markets.fields import Warehouse
from orders.demo_data import Customer, DemoMarket
from orders.demo_plan import Journey
from orders.model import Scan, ScanEvent

# Hours that usually pass before an event, and the minutes by which they vary.
_HOURS_BEFORE: dict[ScanEvent, int] = {
    "label_created": 0,
    "picked_up": 6,
    "departed": 5,
    "export_cleared": 22,
    "import_customs": 15,
    "customs_released": 30,
    "arrived": 11,
    "out_for_delivery": 8,
    "delivered": 5,
    "attempt_failed": 7,
    "at_pickup_point": 3,
    "customs_held": 20,
    "delayed": 16,
    "returned": 163,
}
_VARY_MINUTES = 50
_AT_WAREHOUSE: tuple[ScanEvent, ...] = ("label_created", "picked_up", "departed")
_AT_GATEWAY: tuple[ScanEvent, ...] = ("import_customs", "customs_released")
_AT_HUB: tuple[ScanEvent, ...] = ("arrived", "departed")
_IN_CITY: tuple[ScanEvent, ...] = ("arrived", "out_for_delivery", "delivered")


@dataclass(frozen=True)
class Stop:
    """An event and where it happens."""

    event: ScanEvent
    place: str
    time_zone: str


@dataclass(frozen=True)
class Way:
    """Where a parcel starts and ends."""

    warehouse: Warehouse
    first_warehouse: bool
    customer: Customer
    market: DemoMarket
    time_zone: str  # of the market


def stops(way: Way, journey: Journey) -> tuple[Stop, ...]:
    """The events of `journey` so far, oldest first; empty without a label."""
    if journey.end is None:
        return ()
    route = tuple(_route(way))
    ends = [position for position, stop in enumerate(route) if stop.event == journey.end]
    done = route[: ends[journey.leg] + 1]
    last = done[-1]
    return done + tuple(Stop(event, last.place, last.time_zone) for event in journey.after)


def scans(done: Sequence[Stop], last_at: datetime, random: Random) -> tuple[Scan, ...]:
    """`done` with times that lead up to `last_at`, strictly rising."""
    at = last_at.astimezone(UTC).replace(second=0, microsecond=0)
    backwards = []
    for stop in reversed(done):
        backwards.append(Scan(stop.event, stop.place, at, stop.time_zone))
        at -= timedelta(hours=_HOURS_BEFORE[stop.event], minutes=random.randint(1, _VARY_MINUTES))
    return tuple(reversed(backwards))


def _route(way: Way) -> Iterator[Stop]:
    warehouse, market = way.warehouse, way.market
    for event in _AT_WAREHOUSE:
        yield Stop(event, warehouse.place, warehouse.time_zone)
    if warehouse.customs:
        export = (market.export.place, market.export.time_zone or way.time_zone)
        home = (warehouse.place, warehouse.time_zone)
        yield Stop("export_cleared", *(export if way.first_warehouse else home))
        for event in _AT_GATEWAY:
            yield Stop(event, market.gateway.place, market.gateway.time_zone or way.time_zone)
    hub = market.hubs[way.customer.hub]
    for event in _AT_HUB:
        yield Stop(event, hub.place, hub.time_zone or way.time_zone)
    for event in _IN_CITY:
        yield Stop(event, way.customer.city, way.customer.time_zone or way.time_zone)
