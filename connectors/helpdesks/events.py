"""What helpdesks tell us, whichever it is."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

MAX_REPLY = 20_000  # characters of an agent's message that are read; longer ones are refused later all the same


@dataclass(frozen=True)
class AgentSaid:
    """A person at the helpdesk wrote to the customer."""

    message: str  # the vendor's id of it
    text: str
    agent: str  # name
    files: int = 0  # that came with it
    type: Literal["said"] = "said"


@dataclass(frozen=True)
class StateChange:
    """The case was solved there, or opened again."""

    state: Literal["resolved", "open"]
    type: Literal["state"] = "state"


@dataclass(frozen=True)
class DeskEvent:
    """One thing that happened there."""

    id: str  # the same id is the same event; at most 100 characters
    account: str  # the vendor's id of the account
    case_id: str
    at: float
    what: Annotated[AgentSaid | StateChange, Field(discriminator="type")]
    key: str = ""  # our key, where the vendor sends it along


EVENT: TypeAdapter[DeskEvent] = TypeAdapter(DeskEvent)
