"""Where orders come from, as the rest of the program sees it."""

from typing import Protocol

from orders.model import Order

MAX_LISTED = 50


class OrderSource(Protocol):
    """The shop's orders. Every method raises OrderSourceDown when the system behind fails or is slow."""

    def find(self, number: str) -> Order | None:
        """The order with exactly this number (ORK-1234567), or None."""
        ...

    def of_customer(self, customer_ref: str, market: str | None = None, limit: int = 5) -> list[Order]:
        """Orders of the customer, newest first, at most `limit` (1 to 50); empty for an unknown customer."""
        ...

    def of_phone(self, phone: str, market: str, limit: int = 5) -> list[Order]:
        """Orders in the market with this phone number, newest first, at most `limit` (1 to 50); empty when none has it.

        Ways to write one number are the same number (orders.phone.plain_phone).
        """
        ...


def clamp_limit(limit: int) -> int:
    """`limit` within 1 to 50."""
    return min(max(limit, 1), MAX_LISTED)
