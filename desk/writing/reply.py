"""POST /desk/c/{id}/reply: an agent's words leave, once, and as they were shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from conversations.agent_reply import AgentDesk
from conversations.model import Conversation, Message
from conversations.outgoing import Blocked
from conversations.uploads import FILES, UploadGone, chosen
from core.database import reading
from desk.audit import audit
from desk.viewer import Right
from desk.web.ask import Ask
from desk.writing.compose import Composed, Recipient, Untranslated, Written, clear, compose
from desk.writing.files import for_customer, read_files
from desk.writing.form import read_key, read_written
from desk.writing.look import Look
from desk.writing.preview import looker_of
from desk.writing.turn import recipient_of
from desk.writing.view import to_json

CONFLICT = 409
MOST_SEQ = 10_000_000
MOST_AUDITED = 20


def reply(ask: Ask) -> Response:
    """200 with the sent message; 409 with what stands in the way, and nothing was sent.

    Raises InvalidForm, NotFound, NotAllowed and the OwnershipError that says whose the conversation is.
    """
    key = read_key(ask)
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
    desk = AgentDesk(ask.deps.engine, ask.deps.gate, ask.deps.clock)
    if known := desk.sent(conversation.id, ask.viewer.owner, key):
        return ask.json(_sent(known))
    release = ask.deps.release()
    to = recipient_of(conversation, release)
    ids = read_files(ask)
    written = read_written(ask, to, release.markets[to.market].languages, wordless=bool(ids))
    try:
        composed = compose(written, to, ask.deps.translator, release.id).with_files(_files(ask, conversation, ids, to))
    except Untranslated as error:
        return _stopped(ask, conversation, "untranslated", Look(None, reason=error.reason))
    except UploadGone:
        return _gone(ask)
    shown = ask.form.get("shown", "").strip()
    if shown and _plain(shown) != _plain(composed.reply.text):
        return _stopped(ask, conversation, "changed", _look(ask, composed, to))
    return _send(ask, desk, conversation, composed, written, key)


def _send(
    ask: Ask, desk: AgentDesk, conversation: Conversation, composed: Composed, written: Written, key: str
) -> Response:
    author, seen = ask.viewer.owner, ask.number("seen", 0, MOST_SEQ) if ask.form.get("seen") else None
    look = _look(ask, composed, recipient_of(conversation, ask.deps.release()))
    try:
        clear(ask.deps.gate, composed, author, conversation.market, written.override)
        message = desk.send(
            conversation.id,
            composed.draft(author, written.override),
            seen,
            key=key,
            also=lambda connection, sent: _write_down(ask, connection, conversation, sent, written, look),
        )
    except Blocked:
        return _stopped(ask, conversation, "findings", look)
    except UploadGone:
        return _gone(ask)
    ask.deps.news(conversation.id)
    return ask.json(_sent(message))


def _files(ask: Ask, conversation: Conversation, ids: Sequence[str], to: Recipient) -> Sequence[dict[str, Any]]:
    if not ids:
        return ()
    with reading(ask.deps.engine) as connection:
        found = chosen(connection, conversation.id, ask.viewer.owner, ids)
    return for_customer(found, to, ask.deps.release())


def _gone(ask: Ask) -> Response:
    """Nothing was sent: a file is not there any more, and the page must look which are."""
    return ask.json({"stopped": "gone", "message": ask.words("writing.stopped.gone")}, CONFLICT)


def _look(ask: Ask, composed: Composed, to: Recipient) -> Look:
    return looker_of(ask).judge(composed, ask.viewer.owner, to.market)


def _stopped(ask: Ask, conversation: Conversation, why: str, look: Look) -> Response:
    """Nothing was sent, with the reason and the preview that shows it."""
    text = ask.words(f"writing.stopped.{why}")
    return ask.json({"stopped": why, "message": text, "preview": to_json(ask, conversation, look)}, CONFLICT)


def _sent(message: Message) -> dict[str, Any]:
    return {"sent": {"id": message.id, "seq": message.seq, "status": message.status, "language": message.language}}


def _write_down(
    ask: Ask, connection: Connection, conversation: Conversation, message: Message, written: Written, look: Look
) -> None:
    """Who sent, and what they sent although the gate found something; their words stand with the message."""
    translation = message.payload.get("translation", {})
    details: dict[str, Any] = {"seq": message.seq, "language": message.language}
    files = message.payload.get(FILES, ())
    details |= {"files": [{"id": file["id"], "type": file["mime"]} for file in files]} if files else {}
    details |= {"from": translation["from"], "edited": bool(translation.get("edited"))} if translation else {}
    shared: dict[str, Any] = {"target": conversation.id, "market": conversation.market, "now": ask.now}
    audit(connection, ask.viewer.owner, "reply", details=details, **shared)
    if written.override:
        found = [
            {"kind": violation.kind.value, "concept": violation.concept} for violation in look.findings[:MOST_AUDITED]
        ]
        overridden = {"seq": message.seq, "reason": written.override, "found": found}
        audit(connection, ask.viewer.owner, "override", details=overridden, **shared)


def _plain(text: str) -> str:
    """The text as a form brings it back: browsers write line ends in their own way."""
    return "\n".join(text.strip().splitlines())
