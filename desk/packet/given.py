"""What the customer has given, so that nobody asks for it again, and what was tried already. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conversations.model import Message
from conversations.ownership import AGENT
from conversations.uploads import FILES as SENT_FILES
from desk.approved import ApprovedTexts
from desk.packet.facts import Facts
from desk.packet.model import Given, Tried
from desk.packet.rules import load_reply_kinds
from desk.packet.wants import clipped
from orders.number import find_order_numbers
from orders.written_proof import proofs_in

PROOFS = ("email", "postcode", "phone")
FROM_SLOTS: Mapping[str, str] = {"order_number": "order_number", "proof_email": "email", "proof_postcode": "postcode"}
FROM_PACKET: Mapping[str, str] = {
    **FROM_SLOTS,
    "email": "email",
    "postcode": "postcode",
    "phone": "phone",
    "product": "product",
}
FILES: Mapping[str, str] = {"image": "photo", "document": "file", "video": "file", "audio": "file", "voice": "file"}
MOST_GIVEN, MOST_TRIED = 12, 8
SHOWN = 90  # characters of what was sent
FAQ = "faq:"


def given_of(facts: Facts) -> tuple[Given, ...]:
    """Each thing once, the first message that has it; proofs are masked unless a person must compare them."""
    open_proof = bool(facts.orders.orders) and not any(order.proven for order in facts.orders.orders)
    found: dict[tuple[str, str], Given] = {}
    for kind, value, seq in _every(facts):
        text = value.strip()[:200]
        if kind in ("photo", "file"):
            earlier = found.get((kind, ""))
            count = int(earlier.value) + 1 if earlier else 1
            found[kind, ""] = Given(kind, str(count), earlier.seq if earlier else seq)
        elif text:
            shown = masked(kind, text) if kind in PROOFS and not open_proof else text
            found.setdefault((kind, text.casefold()), Given(kind, shown, seq))
    return tuple(list(found.values())[:MOST_GIVEN])


def masked(kind: str, value: str) -> str:
    """A proof that can be recognised, not read."""
    if kind == "email" and "@" in value:
        name, _, host = value.rpartition("@")
        return f"{name[:1]}…@{host}"
    shown = value[-2:] if kind == "phone" else value[:1]
    return f"…{shown}" if kind == "phone" else f"{shown}…"


def tried_of(facts: Facts) -> tuple[Tried, ...]:
    """What was answered, the newest last; the same thing once with its number."""
    found: dict[tuple[str, str], Tried] = {}
    for message in facts.messages:
        made = _tried(message, facts) if message.direction == "out" else None
        if made is None:
            continue
        key = (made.kind, made.name if made.kind != "agent" else message.id)
        times = found.pop(key).times + 1 if key in found else 1
        found[key] = Tried(made.kind, made.name, made.title, made.language, times, made.at)
    return tuple(list(found.values())[-MOST_TRIED:])


def _every(facts: Facts) -> Iterator[tuple[str, str, int]]:
    for message in facts.customers:
        for number in find_order_numbers(message.text):
            yield "order_number", number.value, message.seq
        for proof in proofs_in(message.text, facts.market) if facts.market else ():
            yield proof.name, proof.value, message.seq
        kind = FILES.get(str(message.payload.get("content", "")))
        if kind:
            yield kind, "", message.seq
    packet: Mapping[str, Any] = (facts.handoff.packet.get("given") or {}) if facts.handoff else {}
    for name, kind in FROM_PACKET.items():
        if packet.get(name):
            yield kind, str(packet[name]), 0
    for name, kind in FROM_SLOTS.items():
        if facts.slots.get(name):
            yield kind, str(facts.slots[name]), 0


def _tried(message: Message, facts: Facts) -> Tried | None:
    if message.author.startswith(AGENT):
        name = message.author.removeprefix(AGENT)
        text, language = _as_written(message)
        files = ", ".join(str(file["name"]) for file in message.payload.get(SENT_FILES, ()))
        said = clipped(": ".join(filter(None, [files, text])), SHOWN)
        return Tried("agent", name, said, language, at=message.created_at)
    name = str(message.payload.get("response") or "")
    if name.startswith(FAQ):
        title, language = _title(name.removeprefix(FAQ), facts)
        return Tried("faq", name, title or clipped(message.text, SHOWN), language, at=message.created_at)
    kind = load_reply_kinds().of(name)
    if kind == "silent" or not message.text:
        return None
    approved = ApprovedTexts(facts.release, facts.conversation).of(message, (facts.reader,))
    text, language = (approved.text, approved.language) if approved else (message.text, message.language)
    return Tried(kind, name, clipped(text, SHOWN), language, at=message.created_at)


def _title(entry_id: str, facts: Facts) -> tuple[str, str]:
    """The entry's title in the reader's language, else in the customer's."""
    entry = facts.release.entries.get(entry_id)
    wanted: Sequence[str] = (facts.reader, "en", facts.conversation.language)
    language = next((code for code in wanted if entry and code in entry.texts), "")
    return (entry.texts[language].title, language) if entry and language else ("", facts.conversation.language)


def _as_written(message: Message) -> tuple[str, str]:
    """An agent's words in the language in which they wrote them, not as they were translated."""
    translation: Mapping[str, Any] = message.payload.get("translation") or {}
    original = str(translation.get("original") or "")
    return (original, str(translation["from"])) if original else (message.text, message.language)
