"""The packet out of its facts. Pure; the facts are read in facts.py."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from conversations.model import Conversation
from conversations.ownership import AGENT
from desk.packet.facts import Facts, read_facts
from desk.packet.given import given_of, tried_of
from desk.packet.model import (
    ChannelTime,
    Customer,
    LanguageChoice,
    Mood,
    NextStep,
    Packet,
    PromiseClock,
    TermUse,
    Why,
)
from desk.packet.mood import mood_of
from desk.packet.rules import MOST_STEPS, load_steps
from desk.packet.sources import PacketSources
from desk.packet.wants import has_matter, wants_of
from glossaries.model import Status

MOST_TERMS = 8
TERM_MESSAGES = 8  # of the customer's last ones
LIKELY = 0.05  # belief from which another language is named
MOST_OTHERS = 2
NOT_SHOWN = (Status.UNRELATED, Status.FORBIDDEN)


def packet_of(sources: PacketSources, connection: Connection, conversation: Conversation, reader: str) -> Packet:
    """The conversation's packet for somebody who reads `reader` (a content code); asks the shop."""
    return build_packet(read_facts(sources, connection, conversation, reader))


def build_packet(facts: Facts) -> Packet:
    """The packet."""
    conversation, handoff = facts.conversation, facts.handoff
    mood = mood_of(facts)
    packet = Packet(
        conversation_id=conversation.id,
        market=conversation.market,
        language=conversation.language,
        reader=facts.reader,
        made_at=facts.now,
        owner=conversation.owner,
        state=conversation.state,
        waiting_since=facts.waiting_since,
        wants=wants_of(facts),
        intent=str((handoff.packet.get("intent") if handoff else "") or facts.slots.get("task") or ""),
        why=_why(facts),
        orders=facts.orders,
        tried=tried_of(facts),
        given=given_of(facts),
        language_choice=_language(facts),
        mood=mood,
        terms=tuple(_terms(facts)),
        customer=_customer(facts),
        promises=tuple(_promises(facts)),
        channel=_channel(facts),
        next_steps=(),
    )
    return _with_steps(packet, _case(packet, mood, _has_matter(facts, packet), _task(facts)))


def _why(facts: Facts) -> Why:
    handoff = facts.handoff or facts.ended
    if handoff is None:
        return Why("")
    withheld = tuple(str(each.get("reason", "")) for each in handoff.packet.get("withheld") or ())
    undelivered: Mapping[str, Any] = handoff.packet.get("undelivered") or {}
    by = facts.taken_by if handoff.reason == "taken_over" else ""
    told = str(undelivered.get("reason", ""))
    return Why(handoff.reason, handoff.tier, handoff.created_at, by, handoff.escalated, withheld, told)


def _language(facts: Facts) -> LanguageChoice:
    code = facts.conversation.language
    found = (item.payload.get("language") for item in reversed(facts.customers))
    decided: Mapping[str, Any] = next((each for each in found if isinstance(each, dict) and each), {})
    evidence = decided.get("evidence")
    if not isinstance(evidence, dict):
        return LanguageChoice(code)
    belief = {name: share for name, share in (evidence.get("belief") or {}).items() if isinstance(share, float)}
    others = sorted((share, name) for name, share in belief.items() if name != code and share >= LIKELY)
    return LanguageChoice(
        language=code,
        decision=str(decided.get("decision", "")),
        confidence=decided.get("confidence"),
        chosen=bool(facts.conversation.language_state.get("chosen") == code),
        evidence=tuple(_language_evidence(decided, evidence, code)),
        others=tuple(name for _, name in reversed(others))[:MOST_OTHERS],
        unsupported=str(decided.get("unsupported") or ""),
    )


def _language_evidence(decided: Mapping[str, Any], evidence: Mapping[str, Any], code: str) -> Iterator[str]:
    """Words packet.evidence.*, the strongest first."""
    if decided.get("requested"):
        yield "requested"
    if evidence.get("chosen") == code:
        yield "chosen"
    if evidence.get("words"):
        yield "words"
    if evidence.get("script") not in (None, "LATIN"):
        yield "script"
    if evidence.get("from_history"):
        yield "history"
    prior: Mapping[str, Mapping[str, Any]] = evidence.get("prior") or {}
    for name in ("profile", "page", "browser", "phone", "market"):
        if code in (prior.get(name) or {}).get("languages", ()):
            yield name


def _terms(facts: Facts) -> Iterator[TermUse]:
    seen: set[str] = set()
    ours = facts.terms.terms(facts.conversation.market, facts.conversation.language or facts.reader)
    readers = facts.terms.terms(facts.conversation.market, facts.reader)
    for message in reversed(facts.customers[-TERM_MESSAGES:]):
        if not message.language:
            continue
        for match in facts.terms.matcher(facts.conversation.market, message.language).find(message.text):
            concept = match.term.concept
            if concept in seen or match.term.status in NOT_SHOWN or len(seen) >= MOST_TERMS:
                continue
            seen.add(concept)
            market_term, own = ours.preferred(concept), readers.preferred(concept)
            found = message.text[match.start : match.end]
            yield TermUse(
                concept, found, message.language, market_term.text if market_term else "", own.text if own else ""
            )


def _customer(facts: Facts) -> Customer:
    conversation = facts.conversation
    proven = next((fact.order.customer_name for fact in facts.orders.orders if fact.proven), "")
    reference = conversation.hints.customer_ref
    theirs = [fact for fact in facts.orders.orders if fact.source in ("proven", "written", "account", "phone")]
    scores = tuple(each.score for each in facts.earlier if each.score is not None)
    return Customer(
        name=facts.name or proven,
        channel=conversation.channel,
        account=conversation.account,
        reference=f"…{reference[-4:]}" if reference else "",
        earlier=tuple(facts.earlier),
        orders=len(theirs),
        notes=facts.notes,
        scores=scores,
    )


def _promises(facts: Facts) -> Iterator[PromiseClock]:
    """The newest promise of each clock, as it stands now."""
    seen: set[str] = set()
    for row in facts.promises:
        if row.clock in seen:
            continue
        seen.add(row.clock)
        state = row.state
        if state in ("open", "at_risk"):
            state = "broken" if facts.now >= row.due_at else "at_risk" if facts.now >= row.at_risk_from else state
        yield PromiseClock(row.clock, state, row.due_at, row.at_risk_from, row.told, tuple(row.reasons))


def _channel(facts: Facts) -> ChannelTime:
    state = facts.channel
    return ChannelTime(state.free_until, state.cost, state.then, state.sendable, state.left)


def _with_steps(packet: Packet, case: Mapping[str, frozenset[str]]) -> Packet:
    values = _values(packet)
    holding = [rule for rule in load_steps() if rule.holds(case)] if packet.state == "open" else []
    steps = [NextStep(rule.key, values) for rule in holding[:MOST_STEPS]]
    return replace(packet, next_steps=tuple(steps))


def _has_matter(facts: Facts, packet: Packet) -> bool:
    """Whether some words of the customer say what it is about."""
    wants = packet.wants
    said = next(
        (item for item in facts.customers if wants and (item.seq, item.created_at) == (wants.seq, wants.at)), None
    )
    return said is not None and wants is not None and has_matter(facts, said, wants.text)


def _task(facts: Facts) -> str:
    """What the bot was about when it handed over: who asks for a person in the middle of it wants that still."""
    return str((facts.handoff.packet.get("task") if facts.handoff else "") or "")


def _case(packet: Packet, mood: Mood, matter: bool, task: str) -> Mapping[str, frozenset[str]]:
    """What is the case, by the conditions of next_steps.yml."""
    orders = packet.orders.orders
    proven = [fact for fact in orders if fact.proven]
    told = packet.told
    has = frozenset(given.kind for given in packet.given)
    owner = "agent" if packet.owner.startswith(AGENT) else packet.owner
    open_owner = frozenset({owner} if packet.state == "open" else ())
    return {
        "reason": frozenset({packet.why.reason, packet.intent, task}),
        "tier": frozenset({packet.why.tier}),
        "owner": open_owner,
        "promise": frozenset({told.state} if told else ()),
        "channel": frozenset({packet.channel.cost}),
        "order": frozenset({"proven"} if proven else {"unproven"} if orders else {"none"}),
        "problem": frozenset(problem for fact in proven for problem in fact.problems),
        "state": frozenset(fact.order.state for fact in proven),
        "waiting": _yes(packet.waiting_since is not None),
        "answered": _yes(any(tried.kind == "agent" for tried in packet.tried)),
        "matter": _yes(matter),
        "mood": frozenset({mood.level}),
        "has": has,
        "lacks": has,
    }


def _yes(is_so: bool) -> frozenset[str]:
    return frozenset({"yes" if is_so else "no"})


def _values(packet: Packet) -> Mapping[str, str]:
    orders = [fact.order.number for fact in packet.orders.orders] or list(packet.orders.unknown)
    return {"order": orders[0] if orders else ""}
