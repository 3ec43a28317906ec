"""Where a parcel is, as the steps of its way and what is wrong on it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markets.profile import MarketProfile
from orders.model import Order, Parcel, Scan, State

STEPS = ("placed", "packed", "left", "export", "customs", "last_mile", "delivered")
BORDER = frozenset({"export", "customs"})
STEP_OF_SCAN: Mapping[str, str] = {
    "label_created": "packed",
    "picked_up": "left",
    "departed": "left",
    "arrived": "left",
    "delayed": "left",
    "export_cleared": "export",
    "import_customs": "customs",
    "customs_held": "customs",
    "customs_released": "customs",
    "out_for_delivery": "last_mile",
    "attempt_failed": "last_mile",
    "at_pickup_point": "last_mile",
    "delivered": "delivered",
}
STEP_OF_STATE: Mapping[State, str] = {
    "packed": "packed",
    "shipped": "left",
    "in_transit": "left",
    "delayed": "left",
    "in_customs": "customs",
    "held_by_customs": "customs",
    "out_for_delivery": "last_mile",
    "delivery_failed": "last_mile",
    "delivered": "delivered",
}
STALLED_AFTER = timedelta(days=4)  # without a scan; besides, as long as customs take
PROBLEM_OF_STATE: Mapping[State, str] = {
    "held_by_customs": "customs_held",
    "delivery_failed": "attempt_failed",
    "delayed": "delayed",
    "returned": "returned",
}
ENDED: frozenset[State] = frozenset({"delivered", "returned", "refunded", "cancelled"})


@dataclass(frozen=True)
class Step:
    """One step of the way."""

    name: str  # of STEPS; words orders.step.*
    state: str  # done, now, todo
    at: datetime | None = None  # when it was reached
    zone: str = ""  # IANA name of the place's time zone
    place: str = ""


@dataclass(frozen=True)
class Way:
    """A parcel's way."""

    parcel: Parcel
    steps: tuple[Step, ...]
    problems: tuple[str, ...]  # words orders.problem.*


def way_of(order: Order, parcel: Parcel, market: MarketProfile, now: datetime) -> Way:
    """The parcel's steps and problems."""
    reached = _reached(parcel)
    furthest = max(
        (STEPS.index(name) for name in (*reached, STEP_OF_STATE.get(parcel.state, "placed"))),
        default=0,
    )
    crosses = bool(BORDER & reached.keys()) or (not parcel.scans and any(one.customs for one in market.warehouses))
    steps = []
    for index, name in enumerate(STEPS):
        if name in BORDER and not crosses:
            continue
        scan = reached.get(name)
        state = "done" if index < furthest or name == "delivered" == STEPS[furthest] else "todo"
        state = "now" if index == furthest and name != "delivered" else state
        at = order.placed_at if name == "placed" else scan.at if scan else None
        steps.append(Step(name, state, at, scan.time_zone if scan else "", scan.place if scan else ""))
    return Way(parcel, tuple(steps), tuple(_problems(order, parcel, market, now)))


def _reached(parcel: Parcel) -> dict[str, Scan]:
    """By step, the first scan that says it."""
    reached: dict[str, Scan] = {}
    for scan in parcel.scans:
        name = STEP_OF_SCAN.get(scan.event)
        if name:
            reached.setdefault(name, scan)
    return reached


def _problems(order: Order, parcel: Parcel, market: MarketProfile, now: datetime) -> Sequence[str]:
    last = parcel.last_scan
    found = [PROBLEM_OF_STATE[parcel.state]] if parcel.state in PROBLEM_OF_STATE else []
    if last and last.event == "returned" and "returned" not in found:
        found.append("returned")
    if parcel.state in ENDED or last is None or last.event in ("delivered", "returned"):
        return found
    patience = STALLED_AFTER
    if last.event in ("import_customs", "customs_held", "export_cleared"):
        patience += timedelta(days=market.customs_days_max)
    if now - last.at > patience:
        found.append("stalled")
    expected = parcel.expected_on or order.promised_on
    if expected and now.astimezone(market.zone).date() > expected:
        found.append("late")
    return found
