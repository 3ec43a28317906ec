"""Where orders come from, as the rest of the program sees it."""

from typing import Protocol

from orders.model import Order

MAX_LISTED = 50


class OrderSource(Protocol):
    """The shop's orders. Both methods raise OrderSourceDown when the system behind fails or is slow."""

    def find(self, number: str) -> Order | None:
        """The order with exactly this number (ORK-1234567), or None."""
        ...

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """Orders of the customer, newest first, at most `limit` (1 to 50); empty for an unknown customer."""
        ...


def clamp_limit(limit: int) -> int:
    """`limit` within 1 to 50."""
    return min(max(limit, 1), MAX_LISTED)
