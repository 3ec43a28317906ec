"""What a driver does: how a customer of a channel writes and chooses, what they see, how it is delivered to us."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

numbers = itertools.count(1)


@dataclass(frozen=True)
class Bubble:
    """A message as the customer sees it."""

    text: str
    choices: tuple[str, ...] = ()  # what can be tapped
    machine: bool = False  # shown as a machine's translation


class Driver(Protocol):
    """A channel with a customer on it. Ids of customers are `sender` in our record."""

    name: str
    largest: int  # UTF-16 units of one message
    takes_back: bool  # whether customers can take a message back

    def customer(self) -> str:
        """The id of a new customer, who may never have written."""

    def write(self, customer: str, text: str) -> str:
        """The channel's id of a text that the customer has sent, delivered or not yet."""

    def write_together(self, texts: Mapping[str, str]) -> None:
        """Texts by customer, in one delivery where the channel puts several into one."""

    def press(self, customer: str, title: str) -> None:
        """Tap the newest choice with this title."""

    def press_unoffered(self, customer: str, choice_id: str) -> None:
        """A choice comes in as pressed that the customer was never shown: "<message id>:<index>"."""

    def send_other(self, customer: str, kind: str) -> None:
        """Send "voice", "sticker", "location" or "unknown"."""

    def take_back(self, customer: str, message: str) -> None:
        """Take a message back."""

    def sees(self, customer: str) -> list[Bubble]:
        """What has come from us, oldest first."""

    def deliver_last_again(self) -> int:
        """The HTTP status of the last delivery, made once more."""

    def deliver_forged(self, customer: str) -> int:
        """The status of a well-formed message of the customer whose signature or token is not theirs."""

    def deliver_raw(self, customer: str, body: bytes) -> int:
        """The status of any body, signed as it must be."""

    @property
    def most_bytes(self) -> int:
        """Bytes of a body that is certainly too large."""
