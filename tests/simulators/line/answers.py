"""Answers of the API and its error bodies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

UNAUTHORIZED = (
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid."
)
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
MONTHLY_LIMIT = "You have reached your monthly limit."
RETRY_ACCEPTED = "The retry key is already accepted"


@dataclass(frozen=True)
class Problem:
    """One entry of an error's details."""

    property: str
    message: str


@dataclass(frozen=True)
class Answer:
    """A response. `body`: JSON; or raw bytes with their media type."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


class Rejected(Exception):  # an answer, not a fault of the simulator
    """A request that the platform refuses; carries the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body}")
        self.answer = answer


def error(
    status: int, message: str, problems: Sequence[Problem] = (), headers: Mapping[str, str] | None = None
) -> Answer:
    """An error body; `details` is left out when there are none, as the vendor does."""
    body: dict[str, Any] = {"message": message}
    if problems:
        body["details"] = [{"message": problem.message, "property": problem.property} for problem in problems]
    return Answer(status, body, headers or {})


def bad_body(problems: Sequence[Problem]) -> Answer:
    """400 with one detail for each problem."""
    return error(400, f"The request body has {len(problems)} error(s)", problems)


def bad_message(index: int, problems: Sequence[Problem]) -> Answer:
    """400 for what is wrong inside a template or a Flex Message, whose properties are given as paths."""
    return error(400, f"A message (messages[{index}]) in the request body is invalid", problems)


def bad_property(name: str) -> Answer:
    """400 for a property that cannot be what it is."""
    return error(400, f"The property, '{name}', in the request body is invalid (line: -, column: -)")


def not_found() -> Answer:
    """404."""
    return error(404, "Not found")
