"""What each demo order looks like: its state, how far its parcels got, and when that was."""

from dataclasses import dataclass
from datetime import time

from orders.model import ScanEvent, State


@dataclass(frozen=True)
class Journey:
    """How far a parcel got: `end` is the last regular event, `after` what happened then."""

    state: State
    end: ScanEvent | None  # None: no label yet
    leg: int = 0  # which place `end` means where an event happens at several
    after: tuple[ScanEvent, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One demo order of a market. The newest event lies `days_ago` days back at `clock`, local to its place."""

    state: State
    days_ago: int
    clock: time
    journeys: tuple[Journey, ...] = ()
    abroad: bool = False  # ships from the first warehouse, across customs
    expected_in: int | None = None  # days from today
    promised_in: int | None = None  # days from today; None: a day after what is expected
    refunded_ago: int | None = None


_TRANSIT = Journey("in_transit", "departed", 1)
_UNLABELLED = Journey("paid", None)

PLANS: tuple[Plan, ...] = (
    Plan("placed", 1, time(21, 5), promised_in=8),
    Plan("paid", 1, time(12, 30), promised_in=7),
    Plan("packed", 0, time(8, 40), (Journey("packed", "label_created"),), expected_in=4),
    Plan("shipped", 0, time(5, 30), (Journey("shipped", "departed"),), expected_in=4),
    Plan("in_transit", 1, time(21, 15), (_TRANSIT,), expected_in=2),
    Plan("in_customs", 1, time(11, 20), (Journey("in_customs", "import_customs"),), True, 5),
    Plan(
        "held_by_customs",
        2,
        time(10, 5),
        (Journey("held_by_customs", "import_customs", 0, ("customs_held",)),),
        True,
        6,
    ),
    Plan("out_for_delivery", 0, time(7, 40), (Journey("out_for_delivery", "out_for_delivery"),), True, 0),
    Plan("delivered", 3, time(14, 25), (Journey("delivered", "delivered"),), True),
    Plan(
        "delivery_failed",
        1,
        time(15, 10),
        (Journey("delivery_failed", "out_for_delivery", 0, ("attempt_failed",)),),
        expected_in=1,
    ),
    Plan("delayed", 2, time(18, 30), (Journey("delayed", "departed", 1, ("delayed",)),), True, 3, -2),
    Plan(
        "returned",
        2,
        time(11, 45),
        (Journey("returned", "out_for_delivery", 0, ("attempt_failed", "at_pickup_point", "returned")),),
    ),
    Plan("refunded", 6, time(10, 30), (Journey("refunded", "delivered", 0, ("returned",)),), refunded_ago=3),
    Plan("cancelled", 4, time(16, 50)),
    Plan("partly_shipped", 1, time(19, 20), (_TRANSIT, Journey("packed", "label_created")), expected_in=3),
    # More than one parcel, or a customer's second order.
    Plan("in_transit", 1, time(20, 10), (_TRANSIT, Journey("in_customs", "import_customs")), True, 3),
    Plan("partly_shipped", 0, time(6, 50), (Journey("shipped", "departed"), _TRANSIT, _UNLABELLED), expected_in=4),
    Plan("delivered", 9, time(13, 35), (Journey("delivered", "delivered"),) * 2),
    Plan(
        "delivery_failed",
        1,
        time(17, 25),
        (Journey("delivery_failed", "out_for_delivery", 0, ("attempt_failed", "at_pickup_point")),),
        expected_in=2,
    ),
)
