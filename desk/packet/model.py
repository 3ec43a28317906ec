"""What an agent sees of a conversation before they write: facts with their evidence, never a sentence of ours. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orders.model import Order

VERSION = 1  # of the JSON in docs/packet.md
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Said:
    """The customer's own words."""

    text: str
    language: str  # content code; empty: not known
    seq: int
    at: float
    translated: str = ""  # in a language of the reader's; empty: there is none, or none is needed
    into: str = ""  # content code of that language
    engine: str = ""  # of the translation


@dataclass(frozen=True)
class Why:
    """Why a person has it."""

    reason: str  # of the hand-off; empty: the bot has it
    tier: str = ""  # safety, ordinary, parts
    since: float | None = None
    by: str = ""  # agent:<name> who took over; empty: bot or system
    escalated: bool = False
    withheld: tuple[str, ...] = ()  # why the gate kept an answer back
    undelivered: str = ""  # why an answer could not be sent


@dataclass(frozen=True)
class OrderFact:
    """An order that the conversation is about, as the shop told it at `looked_up_at` of OrderFacts."""

    order: Order
    source: str  # proven, written, account, phone, named, looked_up: words orders.source.*
    proven: bool  # it may be spoken of with them
    problems: tuple[str, ...] = ()  # words orders.problem.*: late, customs_held, …; empty: none
    matches: tuple[str, ...] = ()  # what they wrote and is the order's own: words orders.matches.*


@dataclass(frozen=True)
class OrderFacts:
    """Orders of the conversation."""

    orders: tuple[OrderFact, ...]
    looked_up_at: float
    unknown: tuple[str, ...] = ()  # numbers that the shop does not know or that are mistyped
    failed: bool = False  # the shop did not answer


@dataclass(frozen=True)
class Tried:
    """One thing that was answered or asked already."""

    kind: str  # faq, reply, agent, proof_failed, misunderstood: words packet.tried.*
    name: str = ""  # of the entry or reply; of an agent's answer who wrote it
    title: str = ""  # the entry's title in the reader's language, else the first words of what was sent
    language: str = ""  # of the title
    times: int = 1
    at: float = 0.0


@dataclass(frozen=True)
class Given:
    """Something that the customer gave, which is not asked for again."""

    kind: str  # order_number, email, postcode, phone, product, photo, file: words packet.given.*
    value: str  # masked where it is a proof
    seq: int = 0  # of the message; 0: known from before


@dataclass(frozen=True)
class LanguageChoice:
    """In which language the customer is answered, and why."""

    language: str
    decision: str = ""  # sure, ask, … as languages.identify says it; empty: not known
    confidence: float | None = None  # 0 to 1
    chosen: bool = False  # the customer picked it
    evidence: tuple[str, ...] = ()  # words packet.evidence.*
    others: tuple[str, ...] = ()  # the next likely ones
    unsupported: str = ""  # the language that they write in and that we have no texts for


@dataclass(frozen=True)
class MoodSign:
    """One thing that speaks for a mood. `values` fill the words packet.mood_sign.<kind>."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mood:
    """How the customer seems, by counting; no model guesses."""

    level: str  # calm, unhappy, angry
    signs: tuple[MoodSign, ...] = ()


@dataclass(frozen=True)
class TermUse:
    """A term of the market in the last messages."""

    concept: str
    found: str  # as the customer wrote it
    language: str  # of what they wrote
    market_term: str  # as we write it to this customer; empty: the market prefers none
    own_term: str  # in the reader's language; empty: there is none


@dataclass(frozen=True)
class Earlier:
    """A conversation of the same person before this one."""

    conversation_id: str
    began_at: float
    ended: str  # closed, handed_back: by a person; bot: without one; open
    by: str = ""  # who ended it
    reason: str = ""  # of its hand-off
    score: int | None = None  # of the survey


@dataclass(frozen=True)
class Customer:
    """Who writes."""

    name: str  # as the channel or a proven order tells it; empty: not known
    channel: str
    account: str
    reference: str  # masked; empty: not proved who it is
    earlier: tuple[Earlier, ...] = ()
    orders: int = 0  # known to be theirs
    notes: int = 0  # of agents, in all their conversations
    scores: tuple[int, ...] = ()  # of surveys, the newest first


@dataclass(frozen=True)
class PromiseClock:
    """Something promised."""

    clock: str  # first_reply, solution, parts
    state: str  # open, at_risk, broken, kept, late, void
    due_at: float
    at_risk_from: float
    told: bool  # the customer knows of it
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChannelTime:
    """What the next message costs."""

    free_until: float | None
    cost: str  # free, template, push
    then: str
    sendable: bool = True
    left: int | None = None


@dataclass(frozen=True)
class NextStep:
    """What can be done safely now: words packet.step.<key>, filled with `values`."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Packet:
    """Everything in 15 seconds. Empty parts: nothing is known of it."""

    conversation_id: str
    market: str
    language: str  # of the customer
    reader: str  # language of whoever reads it
    made_at: float
    owner: str  # bot, queue, agent:<name>
    state: str  # open, closed
    waiting_since: float | None
    wants: Said | None
    intent: str  # as the bot understood; empty: not known
    why: Why
    orders: OrderFacts
    tried: tuple[Tried, ...]
    given: tuple[Given, ...]
    language_choice: LanguageChoice
    mood: Mood
    terms: tuple[TermUse, ...]
    customer: Customer
    promises: tuple[PromiseClock, ...]
    channel: ChannelTime
    next_steps: tuple[NextStep, ...]
    version: int = VERSION

    @property
    def told(self) -> PromiseClock | None:
        """The promise that the customer waits on; None when nothing is open."""
        running = [clock for clock in self.promises if clock.state in ("open", "at_risk", "broken")]
        ordered: Sequence[PromiseClock] = sorted(running, key=lambda clock: (not clock.told, clock.due_at))
        return next(iter(ordered), None)
