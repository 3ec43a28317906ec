"""The desk's packet as lines that another company's helpdesk shows, in its agents' language. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from babel import Locale
from babel.dates import format_date

from desk.agents import shown_name
from desk.packet.model import OrderFact, Packet, PromiseClock
from desk.web.words import DEFAULT, Words, load_words

BETWEEN = " · "


def words_of(language: str) -> Words:
    """The desk's words in the language, English ones where the desk has none."""
    known = load_words()
    return known.get(language, known[DEFAULT])


@dataclass(frozen=True)
class PacketFacts:
    """Everything of one packet, by keys of connectors/helpdesks/words/."""

    packet: Packet
    words: Words
    names: Mapping[str, str]  # display name by agent:<name>

    def all(self) -> list[tuple[str, str]]:
        """(key, text) of what is known, the most telling first; several things of a kind are lines."""
        return [(key, "\n".join(lines)) for key, lines in self._parts() if lines]

    def reason(self, reason: str) -> str:
        """Why a person has it, as the desk says it."""
        return self._said(f"packet.reason.{reason}", reason)

    def _parts(self) -> Iterator[tuple[str, list[str]]]:
        packet, words = self.packet, self.words
        yield "wants", [text for text in (packet.wants.text, packet.wants.translated) if text] if packet.wants else []
        yield "next_steps", [words(f"packet.step.{step.key}", **step.values) for step in packet.next_steps]
        yield "promised", [self._promise(clock) for clock in packet.promises if clock.state != "void"]
        yield "reason", list(self._why())
        yield "tier", [words(f"shell.tier.{packet.why.tier}")] if packet.why.tier else []
        yield "orders", list(self._orders())
        yield "given", [f"{words(f'packet.given.{one.kind}')}: {one.value}" for one in packet.given]
        yield "tried", list(self._tried())
        yield "mood", [BETWEEN.join(self._mood())]
        yield "language", list(self._language())
        yield "terms", list(self._terms())
        yield "customer_known", list(self._customer())
        yield "market", [packet.market]
        yield "channel", list(self._channel())

    def _said(self, key: str, otherwise: str) -> str:
        return self.words(key) if self.words.has(key) else otherwise.replace("_", " ")

    def _promise(self, clock: PromiseClock) -> str:
        words = self.words
        parts = [
            words(f"packet.promise.{clock.clock}", time=_time(clock.due_at)),
            words(f"packet.promise_state.{clock.state}"),
            words("packet.told" if clock.told else "packet.not_told"),
        ]
        return BETWEEN.join(parts)

    def _why(self) -> Iterator[str]:
        why, words = self.packet.why, self.words
        if why.reason:
            yield self.reason(why.reason)
        if why.by:
            yield words("packet.taken_by", name=shown_name(why.by, self.names))
        if why.escalated:
            yield words("packet.escalated")
        yield from (words("packet.withheld", reason=reason) for reason in why.withheld)
        if why.undelivered:
            yield words("packet.not_delivered", reason=why.undelivered)

    def _orders(self) -> Iterator[str]:
        orders, words = self.packet.orders, self.words
        if orders.failed:
            yield words("packet.orders_down")
        yield from (BETWEEN.join(self._order(fact)) for fact in orders.orders)
        if orders.unknown:
            yield words("packet.unknown_numbers", numbers=", ".join(orders.unknown))
        if orders.orders:
            yield words("packet.looked_up", time=_time(orders.looked_up_at))

    def _order(self, fact: OrderFact) -> Iterator[str]:
        order, words = fact.order, self.words
        yield order.number
        if not fact.proven:
            yield words("packet.not_proven")
        yield words(f"orders.state.{order.state}")
        yield from (words(f"orders.problem.{problem}") for problem in fact.problems)
        locale = Locale.parse(words.language.replace("-", "_"))
        if order.delivered_at:
            yield words("packet.delivered", date=format_date(order.delivered_at, locale=locale))
        elif order.expected_on:
            yield words("packet.expected", date=format_date(order.expected_on, locale=locale))
        elif order.promised_on:
            yield words("packet.promised_for", date=format_date(order.promised_on, locale=locale))
        yield from (f"{parcel.carrier_name} {parcel.tracking_number}".strip() for parcel in order.parcels)

    def _tried(self) -> Iterator[str]:
        for one in self.packet.tried:
            name = shown_name(f"agent:{one.name}", self.names)
            times = f" ({self.words('packet.times', count=one.times)})" if one.times > 1 else ""
            yield f"{self.words(f'packet.tried.{one.kind}', name=name)}{times}: {one.title}"

    def _mood(self) -> Iterator[str]:
        mood, words = self.packet.mood, self.words
        yield words(f"packet.mood.{mood.level}")
        yield from (words(f"packet.mood_sign.{sign.kind}", **sign.values) for sign in mood.signs)

    def _language(self) -> Iterator[str]:
        choice, words = self.packet.language_choice, self.words
        parts = [words("packet.answer_in", language=self._language_name(choice.language))]
        if choice.decision:
            parts.append(words("packet.sure" if choice.decision == "sure" else "packet.unsure"))
        if choice.confidence is not None:
            parts.append(words("packet.confidence", percent=round(choice.confidence * 100)))
        parts += [words(f"packet.evidence.{name}") for name in choice.evidence]
        parts += [words("packet.or_language", language=self._language_name(code)) for code in choice.others]
        yield BETWEEN.join(parts)
        if choice.unsupported:
            yield words("packet.unsupported", language=choice.unsupported)

    def _language_name(self, code: str) -> str:
        return self._said(f"shell.language.{code}", code)

    def _terms(self) -> Iterator[str]:
        words = self.words
        for term in self.packet.terms:
            parts = [("packet.term_found", term.found), ("packet.term_market", term.market_term)]
            parts.append(("packet.term_own", term.own_term))
            yield BETWEEN.join(f"{words(key)}: {text}" for key, text in parts if text)

    def _customer(self) -> Iterator[str]:
        customer, words = self.packet.customer, self.words
        yield customer.name or words("packet.no_name")
        if customer.reference:
            yield words("packet.reference", reference=customer.reference)
        known = [words("packet.known_orders", count=customer.orders), words("packet.notes", count=customer.notes)]
        if customer.scores:
            known.append(words("packet.ratings", scores=", ".join(map(str, customer.scores))))
        yield BETWEEN.join(known)
        if not customer.earlier:
            yield words("packet.first_time")
        for one in customer.earlier:
            parts = [_time(one.began_at), self.reason(one.reason)] if one.reason else [_time(one.began_at)]
            parts.append(words(f"packet.ended.{one.ended}", by=shown_name(one.by, self.names)))
            yield BETWEEN.join([*parts, *([words("packet.score", score=one.score)] if one.score else [])])

    def _channel(self) -> Iterator[str]:
        channel, words = self.packet.channel, self.words
        name = self._said(f"queue.channel.{self.packet.customer.channel}", self.packet.customer.channel)
        parts = [name, words(f"packet.cost.{channel.cost}" if channel.sendable else "packet.not_sendable")]
        if channel.free_until is not None:
            parts.append(words("packet.free_until", time=_time(channel.free_until)))
        if channel.left is not None:
            parts.append(words("packet.pushes_left", count=channel.left))
        yield BETWEEN.join(parts)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
