"""What somebody wants to see of the queue, as it stands in an address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

MAX_VALUE = 64
TIERS = ("safety", "ordinary", "parts")


class View(StrEnum):
    """Which conversations a list shows."""

    MINE = "mine"  # the viewer's own
    WAITING = "waiting"  # in the queue: whoever takes them first
    PEOPLE = "people"  # all that a person has to answer
    BOT = "bot"  # the bot answers, a person may take over
    ANSWERED = "answered"  # with a person, and the customer has had an answer
    CLOSED = "closed"  # ended lately


@dataclass(frozen=True)
class Filters:
    """The view, and what it is narrowed to; empty: everything."""

    view: View = View.MINE
    market: str = ""
    language: str = ""
    channel: str = ""
    tier: str = ""
    owner: str = ""  # bot, queue, agent:<name>
    escalated: bool = False
    at_risk: bool = False  # the promise is, or is broken

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The filters of an address's values; what makes no sense is left out."""
        view, tier = given.get("view", ""), given.get("tier", "")
        texts = {
            name: given.get(name, "")[:MAX_VALUE].replace("\0", "")
            for name in ("market", "language", "channel", "owner")
        }
        return cls(
            view=View(view) if view in set(View) else View.MINE,
            tier=tier if tier in TIERS else "",
            escalated=given.get("escalated") == "1",
            at_risk=given.get("at_risk") == "1",
            **texts,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered besides the view."""
        return self != Filters(self.view)

    def query(self, **changes: str) -> str:
        """The values as an address has them, some of them others."""
        changed = replace(self, **changes)  # type: ignore[arg-type]  # views are texts too
        values = {name: value for name, value in vars(changed).items() if value}
        return urlencode({name: "1" if value is True else str(value) for name, value in values.items()})
