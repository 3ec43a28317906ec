"""What is given to a customer to make good, and what decides whether somebody may give it. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from desk.after.compensation_rules import Rules, decimals_of
from desk.errors import DeskError, InvalidForm
from desk.viewer import Viewer
from markets.money import Money
from orders.model import Order

GRANTED, ASKED, REFUSED = "granted", "asked", "refused"
COUPON, REFUND, RESEND = "coupon", "refund", "resend"
NEEDS_ORDER = frozenset({REFUND, RESEND})
PROVED, CHECKED, UNPROVED = "proved", "checked", "unproved"  # whether an order is the customer's
MAX_NOTE = 500
LEAST_REASON = 10  # characters that say how somebody has checked it
_AMOUNT = re.compile(r"(\d{1,12})(?:[.,](\d{1,3}))?", re.ASCII)


class AlreadyDecided(DeskError):
    """Somebody else has granted or refused it."""

    status = 409


class NotYourOwn(DeskError):
    """Nobody decides on what they asked for themselves."""

    status = 403


class AboveAuthority(DeskError):
    """It is more than their role may grant: somebody with a higher one decides."""

    status = 403


class HowChecked(DeskError):
    """Whoever says that an order is the customer's says how they know it."""

    status = 422


class OverOrderTotal(DeskError):
    """With what was given before it is more than the order cost; `left` says what remains."""

    status = 422


@dataclass(frozen=True)
class Compensation:
    """One that was granted, is asked for, or was refused."""

    id: str
    conversation_id: str
    market: str
    kind: str  # coupon, refund, resend
    order_number: str  # empty: for no order in particular
    amount: Decimal
    currency: str
    reason: str
    note: str
    state: str  # granted, asked, refused
    asked_by: str
    decided_by: str | None
    created_at: float
    decided_at: float | None

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)


@dataclass(frozen=True)
class Wanted:
    """What somebody fills in."""

    kind: str
    amount: Decimal
    reason: str
    note: str
    order_number: str = ""
    proof: str = PROVED  # checked: whoever asks says so, and how in the note


@dataclass(frozen=True)
class Before:
    """What the order, or without one the conversation, has got so far in this currency."""

    granted: Decimal = Decimal(0)  # of every kind
    refunds: Decimal = Decimal(0)  # granted and asked for
    goods: Decimal = Decimal(0)  # refunds and resends, granted and asked for


def may_give(viewer: Viewer, owner: str) -> bool:
    """Whether the viewer may give, or ask for, something in a conversation that `owner` has, or had last."""
    return viewer.is_lead or viewer.owner == owner


def read_amount(text: str, currency: str) -> Decimal:
    """The amount as typed, "12.50" or "12,50". Raises InvalidForm for a sum of nothing, and too many decimals."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or len(match[2] or "") > decimals_of(currency):
        raise InvalidForm("amount", "the amount must be digits with at most the currency's decimals")
    amount = Decimal(f"{match[1]}.{match[2] or '0'}").quantize(Decimal(1).scaleb(-decimals_of(currency)))
    if amount <= 0:
        raise InvalidForm("amount", "the amount must be above nothing")
    return amount


def check(wanted: Wanted, rules: Rules, market: str, currency: str, before: Before, order: Order | None) -> None:
    """Raises OverOrderTotal, HowChecked, AboveAuthority where nobody may grant it, InvalidForm."""
    if wanted.reason not in rules.reasons:
        raise InvalidForm("reason", "no such reason")
    if wanted.proof == CHECKED and len(wanted.note) < LEAST_REASON:
        raise HowChecked
    if order is None and wanted.kind in NEEDS_ORDER:
        raise InvalidForm("order_number", "a refund and a new parcel need an order")
    if wanted.amount > rules.ceilings(market, currency).most:
        raise AboveAuthority("above what anybody grants at the desk")
    if order is None or wanted.kind not in NEEDS_ORDER:
        return
    if order.total.currency != currency:
        raise InvalidForm("order_number", "the order was paid in another currency")
    left = order.total.amount - (before.refunds if wanted.kind == REFUND else before.goods)
    if wanted.amount > left:
        raise OverOrderTotal(left=f"{max(left, Decimal(0))} {currency}")


def is_known_theirs(wanted: Wanted) -> bool:
    """Whether nobody else has to look at whose order it is: money and goods go to whoever the order belongs to."""
    return wanted.proof != UNPROVED or wanted.kind not in NEEDS_ORDER


def within_authority(viewer: Viewer, rules: Rules, market: str, money: Money, kind: str, before: Before) -> bool:
    """Whether the viewer may grant it now: with all that was granted before it stays below their ceiling."""
    ceiling = rules.ceiling(market, money.currency, viewer.role, kind)
    return before.granted + money.amount <= ceiling
