"""LINE's refusals as errors that say what to do; which is which stands in errors.yml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from connectors.delivery.errors import (
    AccountDown,
    DeliveryError,
    Hold,
    Refused,
    TokenSpent,
    TryAgain,
    TryRecipientLater,
    Uncertain,
)
from core.errors import ContentError, Fault
from core.yaml_files import read_yaml, without_lines

FILE = Path(__file__).parent / "errors.yml"
MAX_REASON = 600
KINDS: Mapping[str, type[DeliveryError]] = {
    "retry": TryAgain,
    "recipient": TryRecipientLater,
    "spent": TokenSpent,
    "refused": Refused,
    "down": AccountDown,
    "hold": Hold,
    "uncertain": Uncertain,
}
Call = Literal["reply", "push", ""]  # empty: neither


@dataclass(frozen=True)
class Answer:
    """What LINE answered. `data` is empty when it was no JSON object."""

    status: int
    data: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""
    retry_after_s: float | None = None
    date: str = ""

    @property
    def ok(self) -> bool:
        """Whether LINE took the call."""
        return 200 <= self.status < 300

    @property
    def message(self) -> str:
        """LINE's words; empty: none."""
        message = self.data.get("message")
        return message if isinstance(message, str) else ""

    def reason(self) -> str:
        """Status, LINE's words with details, and its request id, for a person."""
        details = self.data.get("details")
        parts = [self.message or "no words"]
        for detail in details[:5] if isinstance(details, list) else []:
            if isinstance(detail, dict):
                parts.append(f"{detail.get('property', '')}: {detail.get('message', '')}"[:150])
        return f"HTTP {self.status} {'; '.join(parts)}"[:MAX_REASON] + self._trace()

    def _trace(self) -> str:
        return f" [x-line-request-id {self.request_id}]" if self.request_id else ""


def _range(value: Any) -> Any:
    """(first, last) of `429` or `400-499`."""
    first, _, last = str(value).partition("-")
    return (first, last or first)


def _known_kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"use one of {', '.join(KINDS)}")
    return value


class Rule(BaseModel):
    """One line of errors.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z_]{1,40}$")
    kind: Annotated[str, AfterValidator(_known_kind)]
    remedy: str = Field(min_length=10, max_length=300)
    status: Annotated[tuple[int, int] | None, BeforeValidator(_range)] = None
    says: str = ""
    call: Call = ""

    def fits(self, answer: Answer, call: Call) -> bool:
        """Whether it speaks of such an answer."""
        if self.status is None or not self.status[0] <= answer.status <= self.status[1]:
            return False
        return self.says in answer.message.lower() and self.call in ("", call)


class ErrorTable:
    """Rules in their order."""

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = rules

    def of_answer(self, answer: Answer, call: Call = "") -> DeliveryError:
        """The error that `answer` is."""
        rule = next(rule for rule in self._rules if rule.fits(answer, call))
        return KINDS[rule.kind](rule.code, answer.reason(), rule.remedy, answer.retry_after_s)

    def named(self, code: str, reason: str) -> DeliveryError:
        """Our own error of that code."""
        rule = next(rule for rule in self._rules if rule.code == code)
        return KINDS[rule.kind](code, reason, rule.remedy)


def load_errors(path: Path = FILE) -> ErrorTable:
    """The table. Raises ContentError naming the file when it is wrong."""
    data = without_lines(read_yaml(path).data)
    try:
        return ErrorTable(TypeAdapter(list[Rule]).validate_python(data["rules"]))
    except ValidationError as error:
        faults = [
            Fault(path, 0, f"rule {fault['loc'][0]}, {fault['loc'][1:]}: {fault['msg']}") for fault in error.errors()
        ]
        raise ContentError(faults) from error
