"""What another company's helpdesk tells us, put into the record: answers through the gate, and how a case stands."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from conversations import handoff_rows, ownership, rows
from conversations.helpdesk_cases import CLOSED, FAILED, OPEN, WAITING, HelpdeskCase, find_cases, insert_case
from conversations.model import Conversation, Message, Reply
from conversations.outgoing import Draft, Gate, Passed, insert_outgoing
from conversations.ownership import Action, Event
from conversations.ownership_errors import CustomerWrote
from conversations.ownership_model import MAX_OWNER, State
from conversations.promise_model import Promise, in_hours
from core.database import reading
from core.schema import messages
from core.schema_desk import helpdesk_cases, helpdesk_messages

MAX_NOTE = 8_000  # characters of a note to an agent
RESET = {"state": WAITING, "attempts": 0, "next_at": 0, "until": 0, "error": ""}


@dataclass(frozen=True)
class HelpdeskReplies:
    """The record as helpdesks change it. Everything may be said twice: the second time changes nothing."""

    engine: Engine
    gate: Gate
    clock: Callable[[], float] = time.time
    promise: Promise = in_hours

    def case_of(self, desk: str, case_id: str, key: str) -> HelpdeskCase | None:
        """The newest case by the vendor's id, else the one with our key; None: it is none of ours."""
        mine = helpdesk_cases.c.desk == desk
        with reading(self.engine) as connection:
            found = find_cases(connection, mine, helpdesk_cases.c.case_id == case_id)
            found = found or (find_cases(connection, mine, helpdesk_cases.c.key == key) if key else [])
        return found[0] if found else None

    def conversation(self, case: HelpdeskCase) -> Conversation:
        """The conversation that the case is about."""
        with reading(self.engine) as connection:
            return rows.conversation(connection, case.conversation_id)

    def handled(self, desk: str, message_id: str) -> bool:
        """Whether this was sent, or its agent told why not."""
        with reading(self.engine) as connection:
            return _handled(connection, desk, message_id)

    def send(self, case: HelpdeskCase, message_id: str, reply: Reply, name: str) -> Message | None:
        """The stored message; None: it was stored before. The desk takes over a conversation that nobody has.

        Raises Blocked, and the OwnershipError that says whose the conversation is.
        """
        draft = Draft(reply, author_of(case.desk, name), reply.source)
        passed = self.gate.clear(draft, self.conversation(case).market)
        with self.engine.begin() as connection:
            if _handled(connection, case.desk, message_id):
                return None
            self._take(connection, case, "answered")
            _remember(connection, case, message_id, "done", "", self.clock())
            return self._insert(connection, case, passed)

    def refuse(self, case: HelpdeskCase, message_id: str, text: str) -> None:
        """Let the agent read why nothing was sent; the case that is open gets the note."""
        with self.engine.begin() as connection:
            if not _handled(connection, case.desk, message_id):
                _remember(connection, case, message_id, "waiting", text[:MAX_NOTE], self.clock())
                if case.state == CLOSED:  # a note is told all the same
                    revived = sa.update(helpdesk_cases).where(helpdesk_cases.c.handoff_id == case.handoff_id)
                    connection.execute(revived.values(state=OPEN, next_at=0, attempts=0))

    def resolve(self, case: HelpdeskCase, at: float, hand_back: bool) -> bool:
        """Whether the case has ended here too; False: the customer wrote something that the agent cannot have read."""
        event = Event.HAND_BACK if hand_back else Event.CLOSE
        with self.engine.begin() as connection:
            if case.state != OPEN or handoff_rows.handoff(connection, case.handoff_id).resolved_at is not None:
                return True  # our own doing
            standing = ownership.standing(connection, case.conversation_id)
            who = case.desk_owner
            if standing.state is State.ASSIGNED and standing.agent != who:
                return True  # somebody of our own desk has it
            seen = min(case.relayed_seq, _written_before(connection, case.conversation_id, at))
            try:
                ownership.move(
                    connection, case.conversation_id, Action(event, who, "solved there", seen=seen), self.clock()
                )
            except CustomerWrote:
                return False
            mine = helpdesk_cases.c.handoff_id == case.handoff_id
            connection.execute(sa.update(helpdesk_cases).where(mine).values(state=CLOSED, attempts=0, error=""))
        return True

    def reopen(self, case: HelpdeskCase) -> bool:
        """Whether the desk has the conversation again; False: it has ended, or our own desk has it."""
        with self.engine.begin() as connection:
            state = ownership.standing(connection, case.conversation_id).state
            if state not in (State.BOT, State.QUEUED):
                return False
            self._take(connection, case, "reopened")
        return True

    def retry(self, desks: Sequence[str] = ()) -> int:
        """Number of failed cases that are opened anew; those whose hand-off has ended stay."""
        failed = [helpdesk_cases.c.state == FAILED, helpdesk_cases.c.case_id.is_(None)]
        if desks:
            failed.append(helpdesk_cases.c.desk.in_(desks))
        with self.engine.begin() as connection:
            ids = [case.handoff_id for case in find_cases(connection, *failed) if not case.ended]
            chosen = helpdesk_cases.c.handoff_id.in_(ids)
            return connection.execute(sa.update(helpdesk_cases).where(chosen).values(**RESET)).rowcount

    def _take(self, connection: Connection, case: HelpdeskCase, why: str) -> None:
        """The desk owns the conversation; from the bot it comes with a new hand-off, which is the same case there."""
        now, who = self.clock(), case.desk_owner
        state = ownership.standing(connection, case.conversation_id).state
        if state in (State.QUEUED, State.BOT):
            action = Action(Event.TAKE, who, why)
            ownership.move(connection, case.conversation_id, action, now, promise=self.promise)
        found = handoff_rows.of_conversation(connection, case.conversation_id)
        if found and found.id != case.handoff_id:
            again = {"case_id": case.case_id, "details": dict(case.details), "relayed_seq": case.relayed_seq}
            insert_case(connection, found.id, case.conversation_id, case.desk, now, state=OPEN, **again)
        elif found:  # refused once, and answered there all the same
            mine = sa.and_(helpdesk_cases.c.handoff_id == case.handoff_id, helpdesk_cases.c.state == FAILED)
            connection.execute(sa.update(helpdesk_cases).where(mine).values(state=OPEN, error="", next_at=0))

    def _insert(self, connection: Connection, case: HelpdeskCase, passed: Passed) -> Message:
        now = self.clock()
        answer = Action(Event.ANSWER, case.desk_owner, seen=case.relayed_seq)
        ownership.move(connection, case.conversation_id, answer, now)
        conversation = rows.conversation(connection, case.conversation_id)
        seq = conversation.last_seq + 1
        rows.update(connection, conversation.id, last_seq=seq, updated_at=now)
        insert_outgoing(connection, conversation, None, [passed], seq, now)
        return rows.history(connection, conversation.id, seq - 1, 1)[0]


def author_of(desk: str, name: str) -> str:
    """agent:<desk>/<name>, as an author of messages; never longer than the column."""
    clean = " ".join("".join(char if char.isprintable() and char not in "/:|" else " " for char in name).split())
    return f"{ownership.AGENT}{desk}/{clean or '-'}"[:MAX_OWNER].rstrip()


def waiting_longer(engine: Engine, than_s: float, now: float, desk: str) -> int:
    """Number of the desk's cases that have waited longer than that for their helpdesk."""
    late = [helpdesk_cases.c.desk == desk, helpdesk_cases.c.state == WAITING]
    count = sa.select(sa.func.count()).select_from(helpdesk_cases)
    with reading(engine) as connection:
        return int(connection.execute(count.where(*late, helpdesk_cases.c.created_at < now - than_s)).scalar_one())


def list_cases(engine: Engine, include_closed: bool = False) -> Sequence[HelpdeskCase]:
    """Cases, the newest first; 500 at most."""
    with reading(engine) as connection:
        return find_cases(connection, *([] if include_closed else [helpdesk_cases.c.state != CLOSED]))


def _handled(connection: Connection, desk: str, message_id: str) -> bool:
    mine = sa.and_(helpdesk_messages.c.desk == desk, helpdesk_messages.c.id == message_id)
    return connection.execute(sa.select(helpdesk_messages.c.id).where(mine)).first() is not None


def _remember(connection: Connection, case: HelpdeskCase, message_id: str, state: str, text: str, now: float) -> None:
    row = {"desk": case.desk, "id": message_id, "handoff_id": case.handoff_id, "state": state, "text": text}
    connection.execute(sa.insert(helpdesk_messages).values(**row, created_at=now))


def _written_before(connection: Connection, conversation_id: str, at: float) -> int:
    """Seq of the customer's last message that was there at `at`; 0: none."""
    theirs = sa.and_(
        messages.c.conversation_id == conversation_id, messages.c.author == "customer", messages.c.created_at <= at
    )
    found = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0)).where(theirs)
    return int(connection.execute(found).scalar_one())
