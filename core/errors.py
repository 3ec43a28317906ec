"""Errors: each class says what the caller should do next."""

from dataclasses import dataclass
from pathlib import Path


class AftersailError(Exception):
    """Base of all errors that Aftersail raises on purpose; the text is written for a person."""


class SetupError(AftersailError):
    """The installation is wrong: stop, show the text, let the operator mend it."""


class RetryLater(AftersailError):
    """A dependency is away for now: keep the work and try again."""


class OrderSourceDown(RetryLater):
    """The shop's order system did not answer in time."""


class LostLease(AftersailError):
    """Another worker holds this conversation now: drop the work, it will be done there."""


class NotFound(AftersailError):
    """What was asked for does not exist."""


@dataclass(frozen=True)
class Fault:
    """One mistake in a content file."""

    path: Path
    line: int  # 1 is the first line; 0 means the file as a whole
    message: str  # what is wrong, which field, and what to do

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(AftersailError):
    """Content files have mistakes: refuse the whole set and show every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
