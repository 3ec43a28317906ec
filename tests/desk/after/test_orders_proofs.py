"""What a customer writes proves their order, within the bot's bounds; what they show is checked by an agent."""

from typing import Any

import pytest
import sqlalchemy as sa

from conversations.attempts import AttemptLog
from conversations.memory import slots_of
from conversations.ownership import Event
from core.database import reading
from core.schema_desk import audit_log
from desk.after.orders_check import MAX_TRIES_PER_AGENT
from orders.model import Order
from orders.proof import MAX_TRIES, MAX_TRIES_PER_ORDER
from tests.support.desk import DeskWorld
from tests.support.installation import Installation
from tests.support.turns import markets

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# How people of a market write number and postcode; {p} the order's postcode.
WAYS = [
    ("DE", "de", "Meine Nummer ist {n}, PLZ {p}"),
    ("GB", "en", "order {n} to {p} please"),
    ("JP", "ja", "{n}です。〒{p}"),
    ("SA", "ar", "رقم الطلب {n} والرمز البريدي {p}"),
    ("BR", "pt", "pedido {n}, CEP {p}"),
    ("US", "en", "{n} zip {p}"),
    ("KR", "ko", "{n} 우편번호 {p}"),
    ("TW", "zh-Hant", "{n}，郵遞區號 {p}"),
    ("TH", "th", "{n} รหัสไปรษณีย์ {p}"),
    ("IN", "en", "{n}, PIN {p}"),
]


def facts(desk: DeskWorld, conversation: str) -> list[dict[str, Any]]:
    """The packet's orders."""
    answer = desk.client("anna").get(f"/desk/api/conversations/{conversation}/packet")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["orders"]["orders"]
    return found


def panel(desk: DeskWorld, conversation: str) -> str:
    """The order panel."""
    answer = desk.client("anna", partial=True).get(f"/desk/c/{conversation}/orders")
    assert answer.status_code == 200, answer.text
    return answer.text


def proven_orders(desk: DeskWorld, conversation: str) -> list[str]:
    """What the bot knows."""
    with reading(desk.engine) as connection:
        return list(slots_of(connection, conversation).get("proven_orders") or [])


def check(desk: DeskWorld, conversation: str, order: Order, proof: str, who: str = "anna", **agent: Any) -> Any:
    """The answer to an agent's check."""
    data = {"number": order.number, "proof": proof}
    return desk.client(who, partial=True, **agent).post(f"/desk/c/{conversation}/orders/check", data=data)


def wrong_postcodes(order: Order, count: int) -> list[str]:
    """German postcodes that are not the order's."""
    return [f"{number:05d}" for number in range(20000, 20000 + 2 * count) if f"{number:05d}" != order.postcode][:count]


@pytest.mark.parametrize(("market", "language", "text"), WAYS)
def test_a_written_postcode_proves(
    desk: DeskWorld, desk_installation: Installation, market: str, language: str, text: str
) -> None:
    order = desk_installation.order(market, "in_transit")
    said = text.format(n=order.number, p=order.postcode)
    one = desk.waiting(said, market=market, language=language).conversation_id
    (fact,) = facts(desk, one)
    assert (fact["source"], fact["proven"], fact["matches"]) == ("written", True, ["postcode"])
    other = desk.waiting(said.replace(order.postcode, ""), market=market, language=language).conversation_id
    assert [each["proven"] for each in facts(desk, other)] == [False]


@pytest.mark.parametrize("digits", [WIDE, ARABIC])
def test_the_script_of_the_digits_does_not_matter(
    desk: DeskWorld, desk_installation: Installation, digits: dict[int, int]
) -> None:
    order = desk_installation.order("SA", "in_transit")
    text = f"{order.number} {order.postcode}".translate(digits)
    one = desk.waiting(text, market="SA", language="ar").conversation_id
    assert [each["matches"] for each in facts(desk, one)] == [["postcode"]]


def test_the_agent_sees_what_matches_and_never_the_order_s_own(
    desk: DeskWorld, desk_installation: Installation
) -> None:
    order = desk_installation.order("DE", "in_transit")
    case = desk.waiting(f"{order.number}, PLZ {order.postcode}, {order.email.upper()}")
    text = panel(desk, case.conversation_id)
    assert "E-mail matches" in text
    assert "Postcode matches" in text
    assert "Not proved" not in text
    assert order.email not in text
    assert proven_orders(desk, case.conversation_id) == [order.number]
    assert "Postcode matches" in panel(desk, case.conversation_id), "also once the bot knows it"


def test_what_an_agent_writes_proves_nothing(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    one = desk.waiting(f"Wo ist {order.number}?").conversation_id
    desk.client("anna")
    desk.answer(one, "anna", f"Ist es {order.postcode} oder {order.email}?", "de")
    assert [each["proven"] for each in facts(desk, one)] == [False]


def test_the_sixth_guess_is_not_looked_at(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    for count, proven in ((MAX_TRIES - 1, True), (MAX_TRIES, False)):
        guesses = wrong_postcodes(order, count)
        one = desk.waiting(f"{order.number} {guesses[0]}", sender=f"guess-{count}").conversation_id
        for guess in [*guesses[1:], guesses[0], order.postcode]:  # the same one again is no new guess
            desk.write(f"oder {guess}", sender=f"guess-{count}")
        assert [each["proven"] for each in facts(desk, one)] == [proven]


def test_guesses_in_many_conversations_are_counted_together(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "delivered")
    for turn in range(MAX_TRIES_PER_ORDER // MAX_TRIES):
        text = f"{order.number} " + ", ".join(wrong_postcodes(order, MAX_TRIES))
        one = desk.waiting(text, sender=f"many-{turn}").conversation_id
        panel(desk, one)
        panel(desk, one)  # a second look counts nothing twice
        assert AttemptLog(desk.engine, desk.clock).count("proof", order.number) == (turn + 1) * MAX_TRIES
    last = desk.waiting(f"{order.number} {order.postcode}").conversation_id
    assert [each["proven"] for each in facts(desk, last)] == [False]
    desk.clock.now += 25 * 3600
    assert [each["proven"] for each in facts(desk, last)] == [True]


def test_what_the_bot_locked_stays_locked(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    one = desk.waiting(f"{order.number} {order.postcode}", reason="proof_failed").conversation_id
    AttemptLog(desk.engine, desk.clock).add("proof", *[one] * MAX_TRIES)
    assert [each["proven"] for each in facts(desk, one)] == [False]


@pytest.mark.parametrize("kind", ["email", "postcode"])
def test_an_agent_checks_and_the_bot_knows_it_after_hand_back(
    desk: DeskWorld, desk_installation: Installation, kind: str
) -> None:
    order = desk_installation.order("DE", "in_transit")
    own = {"email": order.email, "postcode": order.postcode}[kind]
    one = desk.waiting(f"Wo ist {order.number}?").conversation_id
    wrong = check(desk, one, order, "nobody@example.com" if kind == "email" else "00000")
    assert wrong.status_code == 200
    assert "does not match" in wrong.text
    assert f"{MAX_TRIES - 1} tries left" in wrong.text
    assert "Not proved" in wrong.text
    right = check(desk, one, order, own)
    assert "It matches" in right.text
    assert own not in wrong.text + right.text
    desk.act(one, Event.TAKE, "anna")
    desk.act(one, Event.HAND_BACK, "anna")
    assert proven_orders(desk, one) == [order.number]
    with reading(desk.engine) as connection:
        rows = connection.execute(sa.select(audit_log).where(audit_log.c.action == "proof_checked")).all()
    assert [(row.who, row.details["matches"]) for row in rows] == [("agent:anna", False), ("agent:anna", True)]
    assert own not in str([row.details for row in rows])


def test_checks_are_bounded(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    one = desk.waiting(f"Wo ist {order.number}?").conversation_id
    for left in range(MAX_TRIES - 1, -1, -1):
        assert (f"{left} tries left" if left != 1 else "1 try left") in check(desk, one, order, "00000").text
    assert "Too many wrong tries" in check(desk, one, order, order.postcode).text
    assert proven_orders(desk, one) == []
    other = desk.waiting("Hilfe", sender="other").conversation_id
    AttemptLog(desk.engine, desk.clock).add("proof_checked", *["agent:carl"] * MAX_TRIES_PER_AGENT)
    desk.client("carl", partial=True).post(f"/desk/c/{other}/orders", data={"number": order.number})
    assert "Too many wrong tries" in check(desk, other, order, order.postcode, "carl").text


def test_who_may_check(desk: DeskWorld, desk_installation: Installation) -> None:
    order = desk_installation.order("DE", "in_transit")
    one = desk.waiting(f"Wo ist {order.number}?").conversation_id
    assert check(desk, one, order, order.postcode, "franz", markets=["FR"]).status_code == 404
    assert check(desk, one, order, order.postcode, "ed", role="editor").status_code == 403
    forger = desk.client("anna", partial=True)
    forger.headers["x-csrf-token"] = "wrong"
    data = {"number": order.number, "proof": order.postcode}
    assert forger.post(f"/desk/c/{one}/orders/check", data={**data, "csrf": "wrong"}).status_code == 403
    stranger = desk_installation.order("DE", "delivered")
    assert check(desk, one, stranger, stranger.postcode).status_code == 404, "no order of this conversation"
    assert check(desk, one, order, "x" * 255).status_code == 422
    assert proven_orders(desk, one) == []
    assert markets()["DE"].postcode_length == 0
