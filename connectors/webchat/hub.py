"""Which sockets are open, and who must look for new rows. Lives in the event loop of the web process."""

import asyncio
import re
from collections import defaultdict

MAX_SEATS = 5  # sockets of one visitor
_AGENT_TYPES = re.compile(r"typing:([A-Za-z0-9_-]{1,64}):agent:[^\t]{1,64}:([01])(?:\t.{1,100})?", re.DOTALL)


class Seat:
    """A socket's place: the conversation it shows and the bell that tells it to look."""

    def __init__(self, visitor: str, conversation_id: str) -> None:
        self.visitor = visitor
        self.conversation_id = conversation_id
        self.bell = asyncio.Event()
        self.agent_types: bool | None = None

    def news_of_agent(self) -> bool | None:
        """Whether a person writes an answer here, told once; None: nothing new of that."""
        news, self.agent_types = self.agent_types, None
        return news


class Hub:
    """All seats of this process. Call its methods in the event loop only."""

    def __init__(self) -> None:
        self._by_conversation: defaultdict[str, set[Seat]] = defaultdict(set)
        self._by_visitor: defaultdict[str, set[Seat]] = defaultdict(set)

    def __len__(self) -> int:
        return sum(len(seats) for seats in self._by_visitor.values())

    def join(self, seat: Seat) -> bool:
        """False when the visitor has as many sockets as one may have."""
        if len(self._by_visitor.get(seat.visitor, ())) >= MAX_SEATS:
            return False
        self._by_visitor[seat.visitor].add(seat)
        self._by_conversation[seat.conversation_id].add(seat)
        return True

    def leave(self, seat: Seat) -> None:
        """Forget the seat; does nothing when it is not there."""
        _discard(self._by_visitor, seat.visitor, seat)
        _discard(self._by_conversation, seat.conversation_id, seat)

    def wake(self, conversation_id: str) -> int:
        """Number of sockets that now look for new rows of the conversation."""
        seats = self._by_conversation.get(conversation_id, ())
        for seat in seats:
            seat.bell.set()
        return len(seats)

    def hear(self, note: str) -> None:
        """A wake-up with its note: a conversation's id, or typing:<conversation>:agent:<name>:<1 or 0>.

        Behind a tab may stand the name that colleagues see; it stays here.
        """
        typing = _AGENT_TYPES.fullmatch(note)
        if typing is None:
            self.wake(note)
            return
        for seat in self._by_conversation.get(typing[1], ()):
            seat.agent_types = typing[2] == "1"
            seat.bell.set()

    def wake_all(self) -> None:
        """Let every socket look: a wake-up may have been lost."""
        for conversation_id in list(self._by_conversation):
            self.wake(conversation_id)

    def move(self, visitor: str, conversation_id: str) -> None:
        """Let every socket of the visitor show another conversation."""
        for seat in list(self._by_visitor.get(visitor, ())):
            _discard(self._by_conversation, seat.conversation_id, seat)
            seat.conversation_id = conversation_id
            self._by_conversation[conversation_id].add(seat)
            seat.bell.set()


def _discard(index: defaultdict[str, set[Seat]], key: str, seat: Seat) -> None:
    seats = index.get(key)
    if seats is None:
        return
    seats.discard(seat)
    if not seats:
        del index[key]
