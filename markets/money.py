"""An amount of money, kept apart from how a language writes it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Money:
    """`amount` in whole units of `currency` (19.90 is nineteen euros ninety), never negative."""

    amount: Decimal
    currency: str  # ISO 4217, e.g. EUR

    def __add__(self, other: "Money") -> "Money":
        """Sum of two amounts. Raises ValueError when the currencies differ."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)


@dataclass(frozen=True)
class Label:
    """A word that stands in the reply files, by its name there (label_payment_card)."""

    name: str
