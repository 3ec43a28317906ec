"""Buttons above a thread, and the dialogs behind some of them."""

import json
from collections.abc import Callable, Sequence

from starlette.responses import Response

from conversations import ownership
from conversations.hand_back import MAX_NOTE, Settled
from conversations.ownership import Event
from conversations.ownership_errors import OwnershipError
from conversations.ownership_rows import MAX_WHY
from core.database import reading
from desk.conversation import actions, thread_rows
from desk.conversation.actions import OUTCOMES, Deed
from desk.conversation.header import Header, colleagues, read_header
from desk.errors import InvalidForm
from desk.viewer import Right
from desk.web.ask import Ask
from desk.web.failures import failure
from desk.web.routing import Page

MAX_SEQ = 2**31 - 1
Do = Callable[[Deed, Ask], object]


def action_pages() -> Sequence[Page]:
    """Every action, and the dialogs' contents."""
    done = {
        "take": lambda deed, _: actions.change(deed, Event.TAKE),
        "release": lambda deed, _: actions.change(deed, Event.RELEASE),
        "close": lambda deed, _: actions.change(deed, Event.CLOSE),
        "escalate": lambda deed, ask: actions.escalate(deed, ask.field("note", MAX_WHY, empty=True)),
        "assign": lambda deed, ask: actions.assign(deed, ask.field("agent", 40)),
        "hand-back": lambda deed, ask: actions.hand_back(deed, _settled(ask)),
    }
    return [
        *(Page(f"/c/{{id}}/{name}", _doing(name, do), Right.ANSWER, "POST") for name, do in done.items()),
        Page("/c/{id}/reopen", reopen, Right.ANSWER, "POST"),
        Page("/c/{id}/close", close_dialog, Right.ANSWER),
        Page("/c/{id}/hand-back", hand_back_dialog, Right.ANSWER),
        Page("/c/{id}/assign", assign_dialog, Right.ANSWER),
        Page("/c/{id}/escalate", escalate_dialog, Right.ANSWER),
    ]


def deed_of(ask: Ask) -> Deed:
    """Who wants it, of which conversation, and up to which message they have read. Raises NotFound, InvalidForm."""
    seen = ask.number("seen", 0, MAX_SEQ)
    with reading(ask.deps.engine) as connection:
        return Deed(ask.deps, ask.viewer, ask.conversation(connection, Right.ANSWER), seen)


def reopen(ask: Ask) -> Response:
    """Go on with the customer of a closed conversation."""
    return ask.go(f"/desk/c/{actions.reopen(deed_of(ask))}")


def close_dialog(ask: Ask) -> Response:
    """What closing leaves behind: a customer who waits, and what is not sent (`draft`, which only the page knows)."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        return ask.page(
            "conversation/close.html",
            conversation=conversation,
            waiting_since=ownership.standing(connection, conversation.id).waiting_since,
            unanswered=thread_rows.unanswered(connection, conversation.id),
            has_draft=ask.query.get("draft") == "1",
        )


def hand_back_dialog(ask: Ask) -> Response:
    """What was settled: a form, with the order number that was spoken of."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        order = actions.order_of(connection, conversation)
    languages = ask.deps.release().markets[conversation.market].languages
    return ask.page(
        "conversation/hand_back.html",
        conversation=conversation,
        order=order,
        outcomes=OUTCOMES,
        languages=list(dict.fromkeys([conversation.language, *languages])) if conversation.language else languages,
        most_note=MAX_NOTE,
    )


def assign_dialog(ask: Ask) -> Response:
    """Who can have it."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
        able = colleagues(connection, conversation.market, conversation.owner)
    return ask.page("conversation/assign.html", conversation=conversation, agents=able)


def escalate_dialog(ask: Ask) -> Response:
    """What to tell the leads."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
    return ask.page("conversation/escalate.html", conversation=conversation, most_note=MAX_WHY)


def _doing(name: str, do: Do) -> Callable[[Ask], Response]:
    def handle(ask: Ask) -> Response:
        deed = deed_of(ask)
        try:
            do(deed, ask)
        except OwnershipError as error:
            return _refused(ask, deed, error)
        if not ask.is_partial:
            return ask.go(f"/desk/c/{deed.conversation.id}")
        told = ask.words(f"conversation.done.{name}")
        news = {"toast": {"kind": "ok", "text": told}, "conversation:done": {"id": deed.conversation.id}}
        return Response(status_code=204, headers={"hx-trigger": json.dumps(news)})  # the page looks for itself

    return handle


def _refused(ask: Ask, deed: Deed, error: OwnershipError) -> Response:
    """Why not, who has it now, and a page that looks at the conversation again."""
    answer = failure(ask, error)
    if not ask.is_partial:
        return answer
    head = _head(ask)
    told = json.loads(answer.headers["hx-trigger"])
    told["toast"]["text"] += " " + ask.words(f"conversation.now.{head.standing.state}", who=head.owner_name)
    told["conversation:refused"] = {"id": deed.conversation.id}
    answer.headers["hx-trigger"] = json.dumps(told)
    return answer


def _head(ask: Ask) -> Header:
    with reading(ask.deps.engine) as connection:
        return read_header(connection, ask.deps, ask.viewer, ask.conversation(connection))


def _settled(ask: Ask) -> Settled:
    outcome, number = ask.field("outcome", 20, empty=True), ask.field("order_number", 40, empty=True)
    language, note = ask.field("language", 16, empty=True), ask.field("note", MAX_NOTE, empty=True)
    settled = Settled(outcome, number.upper(), ask.form.get("proven") == "1", language, note)
    try:
        actions.check_settled(settled)
    except InvalidForm as error:
        raise InvalidForm(ask.words(f"conversation.field.{error.field}")) from error
    return settled
