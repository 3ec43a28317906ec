"""The single exit: a text becomes a row to send only through the gate of its market."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.engine import Connection

from conversations import rows
from conversations.model import Conversation, Message, Reply, Status
from conversations.outbox import look_now
from conversations.uploads import FILES
from core.errors import AftersailError
from glossaries.apply import apply
from glossaries.check import examine
from glossaries.model import Match
from glossaries.model import Status as TermStatus
from glossaries.violations import GateRelease, Kind, Source, Violation

BOT_AUTHOR = "bot"
_SEAL = object()
_NOT_OURS = (TermStatus.FORBIDDEN, TermStatus.SEARCH)
_LABELS = ("title", "short")  # what a customer may read of a button; a channel with little room shows the short one


class Blocked(AftersailError):
    """A text must not leave as it is: correct it, send approved text instead, or hand over to a person."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__("; ".join(f"{v.kind.value}: {v.found!r} ({v.reason})" for v in violations))
        self.violations = tuple(violations)


@dataclass(frozen=True)
class Draft:
    """A text on its way to the gate. `override`: why a person sends it all the same; empty: they do not."""

    reply: Reply
    author: str = BOT_AUTHOR  # bot, agent:<name>, system
    source: Source | None = None  # what was translated
    override: str = ""


@dataclass(frozen=True)
class Passed:
    """A text that may leave, with what the gate has to say of it. Only Gate makes one."""

    draft: Draft
    verdict: Mapping[str, Any]
    seal: object = field(repr=False, default=None)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("only Gate.clear makes a Passed: send the text through the gate")


class Gate:
    """Checks what leaves with the release that is current at that moment."""

    def __init__(self, release: Callable[[], GateRelease]) -> None:
        self._release = release

    def clear(self, draft: Draft, market: str) -> Passed:
        """The draft as it may leave: a bot's forbidden words are replaced by the approved ones. Raises Blocked."""
        inspection = _Inspection(draft, market, self._release())
        parts = [draft.reply.text, *_labels(draft.reply)]
        checked = [inspection.part(text, whole=index == 0) for index, text in enumerate(parts)]
        if inspection.blocking:
            raise Blocked(inspection.blocking)
        reply = _with_words(draft.reply, checked[0], checked[1:])
        return Passed(replace(draft, reply=reply), inspection.verdict(), _SEAL)


class _Inspection:
    """One draft being looked at."""

    def __init__(self, draft: Draft, market: str, release: GateRelease) -> None:
        self._draft = draft
        self._market = market
        self._release = release
        self._terms: list[Match] = []
        self._fixed: list[Violation] = []
        self._overridden: list[Violation] = []
        self.blocking: list[Violation] = []

    def part(self, text: str, whole: bool) -> str:
        """The words to send in place of `text`. `whole`: it is the message itself, not a button's title."""
        if whole and not text and self._draft.reply.payload.get(FILES):
            return text  # a picture needs no words
        found, terms = self._examine(text, whole)
        empty = [violation for violation in found if violation.kind is Kind.EMPTY]
        if empty:
            self.blocking += empty  # a message without words helps nobody, whoever sends it
        elif found and self._draft.override:
            self._overridden += found
        elif found and self._draft.author == BOT_AUTHOR:
            text, terms = self._mended(text, found, whole)
        else:
            self.blocking += found
        self._terms += terms
        return text

    def verdict(self) -> dict[str, Any]:
        """What is stored with the message."""
        terms = [
            {"concept": match.term.concept, "text": match.form.text}
            for match in self._terms
            if match.term.status not in _NOT_OURS
        ]
        verdict: dict[str, Any] = {"release": self._release.id, "terms": terms}
        if self._fixed:
            verdict["fixed"] = [violation.to_json() for violation in self._fixed]
        if self._overridden:
            verdict["overridden"] = [violation.to_json() for violation in self._overridden]
            verdict["override"] = {"by": self._draft.author, "reason": self._draft.override}
        return verdict

    def _mended(self, text: str, found: Sequence[Violation], whole: bool) -> tuple[str, Sequence[Match]]:
        mended = apply(text, found)
        left, terms = self._examine(mended, whole)
        self.blocking += left
        self._fixed += [violation for violation in found if violation.fix is not None]
        return mended, terms

    def _examine(self, text: str, whole: bool) -> tuple[Sequence[Violation], Sequence[Match]]:
        reply = self._draft.reply
        source = self._draft.source if whole else None
        # Approved text was read in its language when it was published; a person or a machine may slip.
        approved = source is None and self._draft.author == BOT_AUTHOR
        result = examine(text, source, self._market, reply.language, self._release, approved=approved)
        return result.violations, result.terms


def insert_outgoing(
    connection: Connection,
    conversation: Conversation,
    answered: Message | None,
    passed: Sequence[Passed],
    last_seq: int,
    now: float,
) -> None:
    """Store messages to send as the conversation's last ones; `last_seq`: with them counted."""
    first = last_seq - len(passed) + 1
    rows.insert_messages(
        connection,
        [_row(conversation, answered, item, first + index, now) for index, item in enumerate(passed)],
    )
    if conversation.account and passed:  # a vendor must be called; the web chat fetches its messages itself
        look_now(connection, conversation.id, now)


def _row(conversation: Conversation, answered: Message | None, passed: Passed, seq: int, now: float) -> dict[str, Any]:
    reply = passed.draft.reply
    return {
        "conversation_id": conversation.id,
        "seq": seq,
        "direction": "out",
        "author": passed.draft.author,
        "kind": "text",
        "text": reply.text,
        "language": reply.language,
        "payload": dict(reply.payload),
        "channel": conversation.channel,
        "reply_to": answered.id if answered else None,
        "release": reply.release or passed.verdict["release"],
        "gate": dict(passed.verdict),
        "status": Status.QUEUED.value,
        "created_at": now,
    }


def _labels(reply: Reply) -> Iterator[str]:
    for button in reply.payload.get("buttons", ()):
        yield from (str(button[label]) for label in _LABELS if button.get(label))


def _with_words(reply: Reply, text: str, labels: Sequence[str]) -> Reply:
    if text == reply.text and list(labels) == list(_labels(reply)):
        return reply
    left = iter(labels)
    buttons = [
        {**button, **{label: next(left) for label in _LABELS if button.get(label)}}
        for button in reply.payload.get("buttons", ())
    ]
    return replace(reply, text=text, payload={**reply.payload, **({"buttons": buttons} if buttons else {})})
