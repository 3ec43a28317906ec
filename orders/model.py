"""An order as the bot sees it: what was bought, where the parcels are, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from markets.money import Money

State = Literal[
    "placed",
    "paid",
    "packed",
    "shipped",
    "in_transit",
    "in_customs",
    "held_by_customs",
    "out_for_delivery",
    "delivered",
    "delivery_failed",
    "delayed",
    "returned",
    "refunded",
    "cancelled",
    "partly_shipped",
]
STATES: tuple[State, ...] = get_args(State)

ScanEvent = Literal[
    "label_created",
    "picked_up",
    "departed",
    "arrived",
    "export_cleared",
    "import_customs",
    "customs_released",
    "customs_held",
    "out_for_delivery",
    "delivered",
    "attempt_failed",
    "at_pickup_point",
    "delayed",
    "returned",
]
SCAN_EVENTS: tuple[ScanEvent, ...] = get_args(ScanEvent)


@dataclass(frozen=True)
class Item:
    """Goods of one kind in an order or a parcel."""

    sku: str
    name: str  # model name, the same in every language
    kind: Literal["baby", "home", "electronics"]
    quantity: int  # 1 or more
    price: Money  # of one piece


@dataclass(frozen=True)
class Scan:
    """One event that the carrier reported; `event` is the reply name label_scan_<event>."""

    event: ScanEvent
    place: str  # as the carrier writes it
    at: datetime  # aware, UTC
    time_zone: str  # IANA name of the place's time zone


@dataclass(frozen=True)
class Parcel:
    """A part of an order that travels on its own; without tracking number until it has a label."""

    carrier: str  # code in the market profile
    carrier_name: str
    tracking_number: str | None
    tracking_url: str | None
    state: State
    items: tuple[Item, ...]
    expected_on: date | None = None
    scans: tuple[Scan, ...] = ()  # oldest first

    @property
    def last_scan(self) -> Scan | None:
        """The newest event, or None before the first."""
        return self.scans[-1] if self.scans else None


@dataclass(frozen=True)
class Order:
    """One order of one customer; dates are local to the market, times aware UTC."""

    number: str  # ORK-1234567
    market: str
    placed_at: datetime
    state: State
    customer_name: str
    email: str
    phone: str  # E.164
    postcode: str
    customer_ref: str  # the shop's own name of the customer
    language: str  # content code
    items: tuple[Item, ...]
    total: Money
    parcels: tuple[Parcel, ...] = ()
    promised_on: date | None = None  # what the customer was told at checkout
    expected_on: date | None = None  # what the carrier says now
    delivered_at: datetime | None = None
    refund_amount: Money | None = None
    refunded_on: date | None = None
