"""What a helpdesk must offer. One folder implements it; nothing else knows its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.helpdesks.account import HelpdeskAccount
from connectors.helpdesks.events import DeskEvent


@dataclass(frozen=True)
class Note:
    """A text for agents in the two forms that vendors show. Everything in it is escaped already."""

    html: str
    markdown: str


@dataclass(frozen=True)
class Said:
    """A customer's message on its way to the helpdesk."""

    seq: int
    note: Note
    at: float


@dataclass(frozen=True)
class NewCase:
    """A hand-off that becomes a case."""

    key: str  # ours; the same key is the same case
    person: str  # stable and says nothing of who it is
    name: str  # of the customer, for people to read
    subject: str
    note: Note
    language: str  # content code of the customer
    market: str
    urgent: bool
    repeat: bool  # an earlier try's outcome is not known: look first


@dataclass(frozen=True)
class CaseRef:
    """A case at the vendor's."""

    case_id: str
    key: str
    details: Mapping[str, Any] = field(default_factory=dict)


class Helpdesk(Protocol):
    """A kind of helpdesk with its accounts. Raises the errors of connectors.delivery.errors, never others.

    `repeat` everywhere: an earlier try may have been taken; look first, so that nothing stands there twice.
    """

    @property
    def name(self) -> str:
        """The vendor, in every row of its events."""

    @property
    def accounts(self) -> Mapping[str, HelpdeskAccount]:
        """Accounts by our name."""

    def signers(self, headers: Mapping[str, str], body: bytes, now: float) -> Sequence[HelpdeskAccount]:
        """Accounts whose secret signed these raw bytes a short while ago. Constant time. Header names in lower case."""

    def parse(self, headers: Mapping[str, str], body: bytes) -> Sequence[DeskEvent]:
        """What of the webhook concerns us; empty: nothing. Raises Unreadable when it is none of the vendor's."""

    async def open(self, account: str, case: NewCase) -> CaseRef:
        """The case, which exists exactly once and has its note."""

    async def find(self, account: str, case: NewCase) -> CaseRef | None:
        """The case, when an earlier try made it."""

    async def say(self, account: str, case: CaseRef, said: Sequence[Said], repeat: bool) -> int:
        """Seq up to which the vendor has the messages now: at least the first of them."""

    async def note(self, account: str, case: CaseRef, note_id: str, note: Note, repeat: bool) -> None:
        """Show agents a note, which customers never see."""

    async def resolve(self, account: str, case: CaseRef) -> None:
        """Let the case be solved; one that is solved stays so."""

    async def examine(self, account: str) -> str:
        """As whom we are signed in there. Raises DeliveryError when the account does not work."""
