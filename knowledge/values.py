"""What may stand in a placeholder. The Python type decides how a value is written in the customer's language."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from markets.money import Label, Money

__all__ = ["Deadline", "Item", "Label", "Money", "Value", "Verbatim"]


class Verbatim(str):
    """Text that is inserted as it is: an order number, a place, a link."""

    __slots__ = ()


@dataclass(frozen=True)
class Deadline:
    """A moment until which the customer waits: it is told with whose clock it is on, where that is not plain."""

    at: datetime  # aware


Item = str | Label
# Label: the words of another reply, such as label_state_shipped, in the text's own language.
# datetime: local weekday, day, month and time. date: weekday, day and month. tuple: "a, b and c".
Value = str | Label | int | Decimal | Money | date | datetime | Deadline | tuple[Item, ...]
