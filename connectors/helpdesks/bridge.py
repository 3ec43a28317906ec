"""Carries hand-offs to helpdesks: opens each case once, tells it what the customer writes, and how it ended.

A try is counted in the database before the vendor is called. So whoever finds a case with more than one try looks at
the vendor's first, and a process that dies between the vendor's answer and our note of it doubles nothing.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.causes import cause_of
from connectors.delivery.backoff import pause
from connectors.delivery.errors import DeliveryError, Refused
from connectors.helpdesks.account import HelpdeskAccount
from connectors.helpdesks.health import Health
from connectors.helpdesks.helpdesk import CaseRef, Helpdesk, NewCase, Said
from connectors.helpdesks.masking import Masker
from connectors.helpdesks.note import CasePacket, Line, is_empty, message_note, packet_note, plain_note
from connectors.helpdesks.words_file import AgentWords, load_agent_words
from connectors.rounds import Wait, work_until
from conversations.helpdesk_cases import WAITING, HelpdeskCase, HelpdeskCases
from core.errors import LostLease

logger = structlog.get_logger(__name__)

IDLE_WAIT_S = 1.0
AT_ONCE = 4  # cases served side by side
CASE_S = 75.0  # for one case; what is left then is tried again
MAX_SHOWN = 120  # characters of a name or subject
_T = TypeVar("_T")


@dataclass(frozen=True)
class News:
    """A message after the packet. `line` None: nothing of it is for the helpdesk. `problem`: it is no customer's."""

    seq: int
    line: Line | None = None
    problem: Mapping[str, str] | None = None  # an answer could not be delivered: reason, remedy


class CaseTexts(Protocol):
    """What a case says; aftersail/helpdesk_texts.py."""

    def packet(self, case: HelpdeskCase, language: str) -> CasePacket:
        """The hand-off as agents of that language read it, up to message `case.relayed_seq`."""

    def news(self, case: HelpdeskCase, language: str) -> Sequence[News]:
        """Messages after `case.relayed_seq`, a bounded number, oldest first."""


@dataclass
class Bridge:
    """One process's share of the cases."""

    cases: HelpdeskCases
    desks: Mapping[str, Helpdesk]  # by our name of the account
    texts: CaseTexts
    mask: Masker
    overdue: Callable[[str, float], int]  # (desk, seconds) -> cases that wait longer
    clock: Callable[[], float] = time.time
    rng: random.Random = field(default_factory=random.SystemRandom)
    _health: dict[str, Health] = field(default_factory=dict)
    _alarms: Counter[str] = field(default_factory=Counter)

    async def run(self, wait: Wait, stopped: asyncio.Event) -> None:
        """Serve until `stopped`; `wait` returns at a wake-up or after the given seconds."""
        await work_until(stopped, self.serve_due, wait, IDLE_WAIT_S)

    async def serve_due(self) -> int:
        """Number of cases that were looked at."""
        routes = {market: name for name in self.desks for market in self.account(name).markets}
        await asyncio.to_thread(self.cases.add, routes)
        now = self.clock()
        awake = [name for name in self.desks if self.health(name).rests_until <= now]
        found = await asyncio.to_thread(self.cases.claim, awake) if awake else []
        places = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._serve(places, case) for case in found))
        await asyncio.to_thread(self._sound_alarms)
        return len(found)

    def account(self, name: str) -> HelpdeskAccount:
        """The account of our name."""
        return self.desks[name].accounts[name]

    def health(self, name: str) -> Health:
        """How the helpdesk has answered lately."""
        if name not in self._health:
            self._health[name] = Health(self.account(name).calls_per_minute)
        return self._health[name]

    async def _serve(self, places: asyncio.Semaphore, case: HelpdeskCase) -> None:
        health = self.health(case.desk)
        async with places:
            try:
                async with asyncio.timeout(CASE_S):
                    await self._step(case)
                health.well()
            except Refused as error:
                logger.error("helpdesk_refuses", desk=case.desk, case=case.key, code=error.code, reason=error.reason)
                await asyncio.to_thread(self.cases.fail, case, f"{error.code}: {error.reason}")
            except LostLease:
                logger.warning("helpdesk_case_elsewhere", case=case.key)
            except Exception as error:  # noqa: BLE001 - one case must not stop the others; it is kept and tried again
                await self._later(case, health, error)

    async def _later(self, case: HelpdeskCase, health: Health, error: Exception) -> None:
        asked = error.retry_after_s if isinstance(error, DeliveryError) else None
        reason = str(error) if isinstance(error, DeliveryError) else cause_of(error)
        health.failed(error, asked, self.clock())
        at = max(self.clock() + pause(case.attempts, asked, self.rng), health.rests_until)
        logger.warning("helpdesk_later", desk=case.desk, case=case.key, attempts=case.attempts, reason=reason)
        try:
            await asyncio.to_thread(self.cases.later, case, at, reason)
        except (LostLease, SQLAlchemyError) as lost:  # the hold ends by itself
            logger.warning("helpdesk_case_elsewhere", case=case.key, cause=cause_of(lost))

    async def _step(self, case: HelpdeskCase) -> None:
        """What is due of the case, until nothing is, or the helpdesk wants a pause."""
        if case.state == WAITING:
            await self._open(case)
            return
        words = load_agent_words(self.account(case.desk).language)
        repeat = case.attempts > 1
        for note_id, text in await asyncio.to_thread(self.cases.notes, case):
            await self._note(case, note_id, text, repeat)
            await asyncio.to_thread(self.cases.noted, case, note_id, self._next(case))
            if self._next(case) > self.clock():
                await self._rest(case)
                return
            repeat = False
        if case.ended or case.taken:
            await self._end(case, words, repeat)
            return
        await self._tell(case, words, repeat)

    async def _open(self, case: HelpdeskCase) -> None:
        """Open the case, unless it has become needless."""
        desk, account = self.desks[case.desk], self.account(case.desk)
        words = load_agent_words(account.language)
        packet = await asyncio.to_thread(self.texts.packet, case, account.language)
        new = self._new_case(case, packet, words)
        if case.ended or case.owner.startswith("agent:"):
            found = await self._call(case, lambda: desk.find(case.desk, new)) if case.attempts > 1 else None
            if found:
                await self._call(case, lambda: desk.resolve(case.desk, found))
            await asyncio.to_thread(self.cases.close, case)
            return
        made = await self._call(case, lambda: desk.open(case.desk, new))
        await asyncio.to_thread(self.cases.opened, case, made.case_id, made.details, self._next(case))
        logger.info("helpdesk_case_opened", desk=case.desk, case=case.key, there=made.case_id)

    def _new_case(self, case: HelpdeskCase, packet: CasePacket, words: AgentWords) -> NewCase:
        name = self.mask(packet.name) or f"{words.say('customer')} {packet.person[-6:]}"
        subject = words.say("subject", market=packet.market, reason=packet.reason, name=name)
        return NewCase(
            key=case.key,
            person=packet.person,
            name=name[:MAX_SHOWN],
            subject=subject[:MAX_SHOWN],
            note=packet_note(packet, words, self.mask),
            language=packet.language,
            market=packet.market,
            urgent=packet.urgent,
            repeat=case.attempts > 1,
        )

    async def _tell(self, case: HelpdeskCase, words: AgentWords, repeat: bool) -> None:
        """Pass on what the customer wrote, and what could not be delivered to them."""
        news = await asyncio.to_thread(self.texts.news, case, words.language)
        said: list[Said] = []
        for item in news:
            if item.problem and not said:
                text = words.say("undelivered", **item.problem)
                await self._note(case, f"problem-{item.seq}", text, repeat)
                await asyncio.to_thread(self.cases.relayed, case, item.seq, self._next(case))
                await self._rest(case)  # the rest comes with the next look
                return
            if item.problem:
                break
            note = message_note(item.line, words, self.mask) if item.line else None
            if note and item.line and not is_empty(note):
                said.append(Said(item.seq, note, item.line.at))
        reached = news[-1].seq if news and not said else case.relayed_seq
        if said:
            desk, there = self.desks[case.desk], _ref(case)
            reached = await self._call(case, lambda: desk.say(case.desk, there, said, repeat))
        if reached > case.relayed_seq:
            pause_until = self._next(case) if said else 0.0
            await asyncio.to_thread(self.cases.relayed, case, reached, pause_until)
        await self._rest(case)

    async def _end(self, case: HelpdeskCase, words: AgentWords, repeat: bool) -> None:
        """Tell the helpdesk that the case is over here."""
        desk = self.desks[case.desk]
        if case.taken or case.resolved_by != case.desk_owner:
            await self._note(case, "ended", words.say("taken" if case.taken else "ended_here"), repeat)
        try:
            await self._call(case, lambda: desk.resolve(case.desk, _ref(case)))
        except Refused as error:  # closed for good or deleted: over in any case
            logger.warning("helpdesk_not_resolved", desk=case.desk, case=case.key, reason=error.reason)
        await asyncio.to_thread(self.cases.close, case)

    async def _note(self, case: HelpdeskCase, note_id: str, text: str, repeat: bool) -> None:
        desk = self.desks[case.desk]
        try:
            await self._call(
                case, lambda: desk.note(case.desk, _ref(case), note_id, plain_note(self.mask(text)), repeat)
            )
        except Refused as error:  # the case takes no notes any more; nobody waits for one
            logger.warning("helpdesk_note_refused", desk=case.desk, case=case.key, reason=error.reason)

    async def _call(self, case: HelpdeskCase, call: Callable[[], Awaitable[_T]]) -> _T:
        async with self.health(case.desk).limiter:
            return await call()

    async def _rest(self, case: HelpdeskCase) -> None:
        """Give the case back; what is still due is seen at its next time."""
        await asyncio.to_thread(self.cases.done, case)

    def _next(self, case: HelpdeskCase) -> float:
        gather = self.account(case.desk).gather_s
        return self.clock() + gather if gather else 0.0

    def _sound_alarms(self) -> None:
        """One line for each time that a helpdesk falls behind."""
        for name in self.desks:
            minutes = self.account(name).alert_minutes
            late = self.overdue(name, minutes * 60.0)
            if late and not self._alarms[name]:
                remedy = "customers have their promise, the own desk's queue has the hand-offs; `aftersail helpdesks`"
                logger.critical("helpdesk_behind", desk=name, cases=late, minutes=minutes, remedy=remedy)
            self._alarms[name] = late


def _ref(case: HelpdeskCase) -> CaseRef:
    return CaseRef(case.case_id or "", case.key, case.details)
