"""What goes wrong between a vendor and the product: by rate with a seeded dice, or planned call by call."""

import random
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What happens to one API call."""

    NONE = "none"
    RATE_LIMIT = "rate_limit"  # refused as too many calls
    SERVER_ERROR = "server_error"  # refused with the vendor's "something went wrong"
    LATE_ANSWER = "late_answer"  # taken, and answered after the client has given up
    RESET = "reset"  # connection torn down before anything was taken


@dataclass(frozen=True)
class Faults:
    """Rates are 0 to 1. `plan` is used up first, one entry per message that is sent; then the rates decide."""

    seed: int = 7
    rate_limit_rate: float = 0.0
    retry_after_s: float | None = None  # sent as Retry-After where the vendor sends it; None: no header
    server_error_rate: float = 0.0
    late_answer_rate: float = 0.0
    late_answer_s: float = 30.0
    reset_rate: float = 0.0
    expired_token_s: float = 0.0  # from now on the access token is refused for so long
    duplicate_rate: float = 0.0  # webhook bodies posted again although they were answered with 200
    reorder_rate: float = 0.0  # webhook bodies held back, so that later ones overtake them
    reorder_s: float = 0.5
    plan: tuple[Fault, ...] = field(default=())

    def changed(self, values: dict[str, Any]) -> "Faults":
        """These faults with some values replaced. Raises ValueError for an unknown name or a value out of range."""
        known = {item.name for item in fields(self)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown fault {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        for name, value in values.items():
            if name.endswith("_rate") and not (isinstance(value, int | float) and 0 <= value <= 1):
                raise ValueError(f"{name} must be a number from 0 to 1")
            if name.endswith("_s") and not (value is None or (isinstance(value, int | float) and value >= 0)):
                raise ValueError(f"{name} must be a number of seconds")
        values = dict(values)
        if "plan" in values:
            values["plan"] = tuple(Fault(item) for item in values["plan"])
        return replace(self, **values)


class FaultDice:
    """Draws what goes wrong. The same seed and the same calls give the same faults."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._plan = list(faults.plan)
        self._random = random.Random(faults.seed)

    def call(self, planned: bool = True) -> Fault:
        """What happens to the next API call; `planned` ones use up the plan before the rates decide."""
        if planned and self._plan:
            return self._plan.pop(0)
        rates = (
            (Fault.RESET, self.faults.reset_rate),
            (Fault.SERVER_ERROR, self.faults.server_error_rate),
            (Fault.RATE_LIMIT, self.faults.rate_limit_rate),
            (Fault.LATE_ANSWER, self.faults.late_answer_rate),
        )
        drawn = self._random.random()
        for fault, rate in rates:
            if drawn < rate:
                return fault
            drawn -= rate
        return Fault.NONE

    def duplicate(self) -> bool:
        """Whether this webhook body is posted twice."""
        return self._random.random() < self.faults.duplicate_rate

    def hold_s(self) -> float:
        """Seconds to hold this webhook body back; 0 for most."""
        return self.faults.reorder_s if self._random.random() < self.faults.reorder_rate else 0.0
