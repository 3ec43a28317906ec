"""Coupons, refunds and new parcels: the panel beside a conversation, and the leads' page."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import uuid4

from starlette.responses import Response

from conversations.model import Conversation
from core.database import reading
from desk.after.amounts import amount_in_words
from desk.after.compensation import Scene, ask_for, decide, earlier_claims, of_conversation
from desk.after.compensation_cases import cases_of, totals_of
from desk.after.compensation_list import as_csv, as_json, open_asks, since, sums
from desk.after.compensation_model import (
    ASKED,
    CHECKED,
    MAX_NOTE,
    PROVED,
    UNPROVED,
    Compensation,
    Wanted,
    may_give,
    read_amount,
)
from desk.after.compensation_rules import KINDS, load_rules
from desk.after.orders_find import sources_of
from desk.after.orders_pages import is_proven
from desk.audit import audit
from desk.errors import InvalidForm
from desk.viewer import Right, Viewer
from desk.web.ask import Ask
from desk.web.routing import Page
from desk.writing.turn import standing_of
from markets.money import Money
from orders.model import Order
from orders.number import is_valid

YEAR_S = 366 * 86_400.0
SHOWN = 100  # newest ones on the leads' page


def compensation_routes() -> Sequence[Page]:
    """Panel, form, decisions, the leads' page and its exports."""
    return [
        Page("/c/{id}/compensation", panel, Right.READ),
        Page("/c/{id}/compensation", add, Right.ANSWER, "POST"),
        Page("/c/{id}/compensation/{compensation}", settle_in_panel, Right.DECIDE, "POST"),
        Page("/compensations", listing, Right.DECIDE),
        Page("/compensations/{compensation}", settle_in_list, Right.DECIDE, "POST"),
        Page("/compensations.csv", export_csv, Right.DECIDE),
        Page("/compensations.json", export_json, Right.DECIDE),
    ]


def panel(ask: Ask) -> Response:
    """What was given, and the form."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection)
    return _panel(ask, conversation)


def add(ask: Ask) -> Response:
    """Grant it, or ask a lead for it."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.ANSWER)
    market = ask.deps.release().market_of(conversation.market)
    wanted = _wanted(ask, market.currency)
    order = _order(ask, conversation, wanted.order_number)
    if order and not is_proven(ask, conversation, order.number):
        wanted = replace(wanted, proof=CHECKED if ask.form.get("theirs") == "1" else UNPROVED)
    key = ask.field("key", 64)
    with ask.deps.engine.begin() as connection:
        made = ask_for(connection, _scene(ask, wanted.proof), conversation, wanted, market.currency, order, key)
    ask.deps.news(conversation.id)
    return _panel(ask, conversation, _told(ask, made))


def settle_in_panel(ask: Ask) -> Response:
    """A lead's decision, made beside the conversation."""
    with reading(ask.deps.engine) as connection:
        conversation = ask.conversation(connection, Right.DECIDE)
    made = _decide(ask)
    return _panel(ask, conversation, _told(ask, made))


def settle_in_list(ask: Ask) -> Response:
    """A lead's decision, made in the list."""
    made = _decide(ask)
    response = listing(ask)
    response.headers["hx-trigger"] = json.dumps(_told(ask, made))
    return response


def listing(ask: Ask) -> Response:
    """What waits, the newest ones, and sums."""
    markets = ask.deps.release().markets
    with reading(ask.deps.engine) as connection:
        waiting = open_asks(connection, ask.viewer)
        found = since(connection, ask.viewer, ask.now - YEAR_S)
        newest = [item for item in found if item.state != ASKED][:SHOWN]
        cases = cases_of(connection, [*waiting, *newest])
    zones = {code: market.zone for code, market in markets.items()}
    return ask.page(
        "after/compensations.html",
        waiting=waiting,
        newest=newest,
        cases=cases,
        totals=totals_of(ask.deps.orders, waiting),
        sums=sums(found, zones),
        money=partial(amount_in_words, language=ask.words.language),
        may_grant=partial(_may_decide, ask.viewer),
    )


def export_csv(ask: Ask) -> Response:
    """The year's, for a spreadsheet."""
    return _export(ask, as_csv(_exported(ask)), "text/csv; charset=utf-8", "csv")


def export_json(ask: Ask) -> Response:
    """The year's, for a program."""
    text = json.dumps({"version": 1, "compensations": [as_json(item) for item in _exported(ask)]}, ensure_ascii=False)
    return _export(ask, text, "application/json", "json")


def _panel(ask: Ask, conversation: Conversation, told: dict[str, object] | None = None) -> Response:
    market = ask.deps.release().market_of(conversation.market)
    rules = load_rules()
    with reading(ask.deps.engine) as connection:
        standing = standing_of(connection, conversation, ask.viewer)
        given = of_conversation(connection, conversation.id)
        sources = sources_of(connection, conversation)
        orders = list(sources)
        claims = earlier_claims(connection, conversation, orders, ask.now - YEAR_S)
    ceilings = {kind: rules.ceiling(market.code, market.currency, ask.viewer.role, kind) for kind in KINDS}
    return ask.page(
        "after/compensation.html",
        headers={"hx-trigger": json.dumps(told)} if told else {},
        conversation=conversation,
        standing=standing,
        gives=ask.viewer.may(Right.ANSWER) and may_give(ask.viewer, conversation.owner),
        given=given,
        claims=claims,
        limits={kind: Money(amount, market.currency) for kind, amount in ceilings.items()},
        kinds=KINDS,
        reasons=rules.reasons,
        orders=orders,
        unproved=any(source != "proven" for source in sources.values()),
        currency=market.currency,
        key=uuid4().hex,
        money=partial(amount_in_words, language=ask.words.language),
        may_grant=partial(_may_decide, ask.viewer),
        tell=partial(_tell, ask, conversation),
    )


def _wanted(ask: Ask, currency: str) -> Wanted:
    kind = ask.field("kind", 16)
    if kind not in KINDS:
        raise InvalidForm("kind")
    number = ask.field("order_number", 40, empty=True).upper()
    if number and not is_valid(number):
        raise InvalidForm("order_number", "this is no order number")
    note = ask.field("note", MAX_NOTE, empty=True)
    amount = read_amount(ask.field("amount", 20), currency)
    return Wanted(kind, amount, ask.field("reason", 40), note, number)


def _order(ask: Ask, conversation: Conversation, number: str) -> Order | None:
    """The order of the number. Raises InvalidForm for one that this market does not have, OrderSourceDown."""
    if not number:
        return None
    order = ask.deps.orders.find(number)
    if order is None or order.market != conversation.market:
        raise InvalidForm("order_number", "this market has no such order")
    return order


def _decide(ask: Ask) -> Compensation:
    decision = ask.field("decision", 10)
    if decision not in ("grant", "refuse"):
        raise InvalidForm("decision")
    with ask.deps.engine.begin() as connection:
        made = decide(connection, _scene(ask), ask.path["compensation"], decision == "grant")
    ask.deps.news(made.conversation_id)
    return made


def _scene(ask: Ask, proof: str = PROVED) -> Scene:
    return Scene(ask.viewer, load_rules(), ask.now, lambda made: _note(ask, made, proof))


def _note(ask: Ask, made: Compensation, proof: str) -> str:
    order = made.order_number or ask.words("compensation.no_order")
    values = {
        "kind": ask.words(f"compensation.kind.{made.kind}"),
        "amount": amount_in_words(made.money, ask.words.language),
        "order": order,
        "reason": ask.words(f"compensation.reason.{made.reason}"),
        "who": ask.viewer.display_name,
    }
    noted = ask.words(f"compensation.noted.{made.state}", **values)
    return noted if proof == PROVED else f"{noted} {ask.words(f'compensation.proof.{proof}')}"


def _told(ask: Ask, made: Compensation) -> dict[str, object]:
    return {"toast": {"kind": "ok", "text": ask.words(f"compensation.told.{made.state}")}}


def _tell(ask: Ask, conversation: Conversation, made: Compensation) -> str:
    """A sentence that the agent may send: that it was granted, in the customer's language."""
    market = ask.deps.release().market_of(conversation.market)
    values = {"amount": made.money}
    language = conversation.language or market.languages[0]
    return ask.deps.release().words.say(f"agent_{made.kind}", values, market=market, language=language).text


def _may_decide(viewer: Viewer, item: Compensation) -> bool:
    return item.state == ASKED and viewer.may(Right.DECIDE) and item.asked_by != viewer.owner


def _exported(ask: Ask) -> Sequence[Compensation]:
    with ask.deps.engine.begin() as connection:
        found = since(connection, ask.viewer, ask.now - YEAR_S)
        details = {"rows": len(found)}
        audit(connection, ask.viewer.owner, "compensations_exported", details=details, now=ask.now)
    return found


def _export(ask: Ask, text: str, media_type: str, ending: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="compensations.{ending}"'}
    return Response(text, media_type=media_type, headers=headers)
