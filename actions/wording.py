"""Values that several replies show."""

from knowledge.values import Verbatim
from orders.number import make_number

EXAMPLE_SERIAL = 482_193


def example_number() -> Verbatim:
    """An order number that shows the form; no order has it."""
    return Verbatim(make_number(EXAMPLE_SERIAL))
