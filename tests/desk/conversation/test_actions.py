"""What agents do with a conversation, through the door; with conflicts, races and who may do what."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from httpx import Response
from starlette.testclient import TestClient

from conversations import promise_rows
from conversations.ownership import Event
from core.database import reading
from core.schema import handoffs, ownership_events, trackers
from core.schema_desk import alerts, audit_log
from orders.number import make_number
from tests.desk.conversation.pages import elements
from tests.support.desk import DeskWorld

NUMBER = make_number(482_193)


def do(client: TestClient, conversation_id: str, name: str, seen: int = 1, **form: str) -> Response:
    """Press a button."""
    return client.post(f"/desk/c/{conversation_id}/{name}", data={"seen": str(seen), **form})


def rows(desk: DeskWorld, table: sa.Table) -> list[Any]:
    with desk.engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


def actions(desk: DeskWorld) -> list[str]:
    return [row.action for row in rows(desk, audit_log) if row.action not in ("sign_in", "session")]


def test_take_release_close_and_open_again(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    for name, owner in (("take", "agent:anna"), ("release", "queue"), ("take", "agent:anna")):
        desk.woken.clear()
        answer = do(anna, conversation_id, name)
        assert answer.status_code == 204
        assert "conversation:done" in answer.headers["hx-trigger"]
        assert desk.conversation(conversation_id).owner == owner
        assert ("web", conversation_id) in desk.woken
    assert do(anna, conversation_id, "close").status_code == 204
    assert desk.conversation(conversation_id).state == "closed"
    opened = do(anna, conversation_id, "reopen")
    new_id = opened.headers["hx-redirect"].rpartition("/")[2]
    assert desk.conversation(new_id).owner == "agent:anna"
    assert actions(desk) == ["take", "release", "take", "close", "reopen"]


def test_the_bots_conversation_can_be_taken(desk: DeskWorld) -> None:
    conversation_id = desk.write("Hallo").conversation.id
    assert do(desk.client("anna", partial=True), conversation_id, "take").status_code == 204
    assert desk.conversation(conversation_id).owner == "agent:anna"


def test_open_again_goes_on_with_what_was_not_answered(desk: DeskWorld) -> None:
    closed = desk.waiting("Mein Dampfgarer raucht", sender="kim", reason="safety_issue", tier="safety").conversation_id
    desk.write(f"Das ist {NUMBER}", sender="kim")
    anna = desk.client("anna", partial=True)
    do(anna, closed, "take", seen=2)
    do(anna, closed, "close", seen=2)
    with reading(desk.engine) as connection:
        ended = {row.clock: row.state for row in promise_rows.of_conversation(connection, closed)}
    assert set(ended.values()) == {"void"}  # nothing of it was kept
    going_on = do(anna, closed, "reopen").headers["hx-redirect"].rpartition("/")[2]
    handoff = desk.handoff(going_on)
    assert (handoff.reason, handoff.tier, handoff.waiting_since) == ("safety_issue", "safety", desk.clock.now)
    with reading(desk.engine) as connection:
        clocks = {row.clock: row.state for row in promise_rows.of_conversation(connection, going_on)}
    assert clocks["first_reply"] == "open"
    found = desk.client("anna").get(f"/desk/api/conversations/{going_on}/packet").json()
    assert (found["wants"]["text"], found["wants"]["seq"]) == ("Mein Dampfgarer raucht", 0)
    assert {"kind": "order_number", "value": NUMBER, "seq": 0} in found["given"]
    assert found["orders"]["unknown"] == [NUMBER]


def test_open_again_after_an_answer_starts_no_clock(desk: DeskWorld) -> None:
    closed = desk.waiting(sender="kim", reason="complaint").conversation_id
    anna = desk.client("anna", partial=True)
    desk.answer(closed, "anna", "Gern geschehen, alles Gute!", "de")
    do(anna, closed, "close", seen=desk.conversation(closed).last_seq)
    with reading(desk.engine) as connection:
        ended = {row.clock: row.state for row in promise_rows.of_conversation(connection, closed)}
    assert ended == {"first_reply": "kept", "solution": "kept"}
    going_on = do(anna, closed, "reopen").headers["hx-redirect"].rpartition("/")[2]
    assert desk.handoff(going_on).waiting_since is None
    assert desk.handoff(going_on).reason == "complaint"


def test_open_again_goes_on_where_the_customer_writes(desk: DeskWorld) -> None:
    closed = desk.waiting(sender="kim").conversation_id
    anna = desk.client("anna", partial=True)
    do(anna, closed, "take")
    do(anna, closed, "close")
    going_on = desk.write("Noch etwas", sender="kim").conversation.id
    assert do(anna, closed, "reopen").headers["hx-redirect"] == f"/desk/c/{going_on}"
    assert desk.conversation(going_on).owner == "bot"  # nobody is taken away from it


def test_an_open_conversation_is_not_opened_again(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    answer = do(desk.client("anna", partial=True), conversation_id, "reopen")
    assert (answer.status_code, answer.json()["error"]) == (409, "NotClosed")


def test_who_came_second_is_told_who_has_it(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    do(desk.client("ben", partial=True, display_name="Ben Vogt"), conversation_id, "take")
    answer = do(desk.client("anna", partial=True), conversation_id, "take")
    assert answer.status_code == 409
    told = json.loads(answer.headers["hx-trigger"])
    assert "Ben Vogt has it now" in told["toast"]["text"]
    assert told["conversation:refused"] == {"id": conversation_id}


def test_two_agents_take_at_once_and_one_has_it(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    clients = [desk.client(f"agent{number}", partial=True) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda client: do(client, conversation_id, "take").status_code, clients))
    assert sorted(answers) == [204, 409, 409, 409, 409, 409]
    taken = [row for row in rows(desk, ownership_events) if row.event == "take"]
    assert [row.who for row in taken] == [desk.conversation(conversation_id).owner]
    assert actions(desk) == ["take"]  # a refused one writes nothing


@pytest.mark.parametrize("name", ["close", "hand-back"])
def test_nothing_ends_while_the_customer_writes(desk: DeskWorld, name: str) -> None:
    conversation_id = desk.waiting(sender="kim").conversation_id
    anna = desk.client("anna", partial=True)
    do(anna, conversation_id, "take")
    desk.write("Warten Sie!", sender="kim")
    answer = do(anna, conversation_id, name, seen=1)
    assert (answer.status_code, answer.json()["error"]) == (409, "CustomerWrote")
    assert desk.conversation(conversation_id).owner == "agent:anna"
    assert do(anna, conversation_id, name, seen=2).status_code == 204


@pytest.mark.parametrize("name", ["release", "escalate", "close", "hand-back", "assign"])
def test_what_is_anothers_is_left_to_them_but_a_lead_decides(desk: DeskWorld, name: str) -> None:
    conversation_id = desk.waiting().conversation_id
    do(desk.client("ben", partial=True), conversation_id, "take")
    anna = desk.client("anna", partial=True)
    assert do(anna, conversation_id, name, agent="anna").status_code == 409
    assert desk.conversation(conversation_id).owner == "agent:ben"
    assert do(desk.client("lea", partial=True, role="lead"), conversation_id, name, agent="anna").status_code == 204
    assert desk.conversation(conversation_id).owner != "agent:ben" or name == "close"


def test_escalating_calls_the_leads(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    assert do(anna, conversation_id, "escalate", note="Anwalt droht").status_code == 204
    [alert] = rows(desk, alerts)
    assert (alert.agent, alert.kind, alert.market) == ("leads", "escalated", "DE")
    assert rows(desk, handoffs)[0].escalated
    assert "Anwalt droht" in anna.get(f"/desk/c/{conversation_id}").text
    assert "Anwalt" not in str(rows(desk, audit_log))


def test_assigning_calls_the_agent(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    desk.add_agent("ben", markets=["DE"])
    anna = desk.client("anna", partial=True)
    offered = elements(anna.get(f"/desk/c/{conversation_id}/assign").text, "option")
    assert {option.attributes["value"] for option in offered} == {"anna", "ben"}
    assert do(anna, conversation_id, "assign", agent="ben").status_code == 204
    assert desk.conversation(conversation_id).owner == "agent:ben"
    assert [(alert.agent, alert.kind) for alert in rows(desk, alerts)] == [("agent:ben", "assigned")]


@pytest.mark.parametrize(
    ("name", "changes"),
    [("fra", {"markets": ["FR"]}), ("ed", {"role": "editor"}), ("old", {"state": "disabled"}), ("nobody", None)],
)
def test_nobody_gets_it_who_may_not_see_it(desk: DeskWorld, name: str, changes: dict[str, Any] | None) -> None:
    conversation_id = desk.waiting().conversation_id
    if changes:
        desk.add_agent(name, **changes)
    answer = do(desk.client("anna", partial=True), conversation_id, "assign", agent=name)
    assert (answer.status_code, answer.json()["error"]) == (409, "NoAgent")
    assert desk.conversation(conversation_id).owner == "queue"


def test_the_bot_learns_what_was_settled(desk: DeskWorld) -> None:
    conversation_id = desk.waiting(f"Wo ist {NUMBER}?").conversation_id
    anna = desk.client("anna", partial=True)
    do(anna, conversation_id, "take")
    settled = {"outcome": "done", "order_number": NUMBER.lower(), "proven": "1", "language": "en", "note": "Refunded"}
    assert do(anna, conversation_id, "hand-back", **settled).status_code == 204
    assert desk.conversation(conversation_id).owner == "bot"
    slots = rows(desk, trackers)[0].slots
    assert slots["proven_orders"] == [NUMBER]
    assert slots["settled"]["outcome"] == "done"
    assert "Refunded" not in str(rows(desk, audit_log))


def test_the_order_that_was_spoken_of_stands_in_the_form(desk: DeskWorld) -> None:
    conversation_id = desk.waiting(sender="kim").conversation_id
    desk.write(f"Es geht um {NUMBER}", sender="kim")
    dialog = desk.client("anna").get(f"/desk/c/{conversation_id}/hand-back").text
    [field] = elements(dialog, "input", name="order_number")
    assert field.attributes["value"] == NUMBER


@pytest.mark.parametrize(
    "wrong", [{"outcome": "maybe"}, {"order_number": "ORK-4821931"}, {"language": "xx"}, {"note": "x" * 501}]
)
def test_what_cannot_be_settled_is_refused(desk: DeskWorld, wrong: dict[str, str]) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    do(anna, conversation_id, "take")
    assert do(anna, conversation_id, "hand-back", **wrong).status_code == 422
    assert desk.conversation(conversation_id).owner == "agent:anna"


@pytest.mark.parametrize("seen", ["", "-1", "x", "99999999999"])
def test_nobody_decides_without_saying_what_they_have_read(desk: DeskWorld, seen: str) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    assert anna.post(f"/desk/c/{conversation_id}/take", data={"seen": seen}).status_code == 422


def test_a_page_without_scripts_goes_back_to_the_conversation(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna")
    answer = do(anna, conversation_id, "take")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/c/{conversation_id}")
    desk.act(conversation_id, Event.CLOSE, "anna")
    assert do(anna, conversation_id, "take").status_code == 409


@pytest.mark.parametrize(
    ("state", "role", "offered"),
    [
        ("bot", "agent", {"take", "assign"}),
        ("queued", "agent", {"take", "assign", "escalate", "hand-back", "close"}),
        ("mine", "agent", {"assign", "release", "escalate", "hand-back", "close"}),
        ("theirs", "agent", set()),
        ("theirs", "lead", {"take", "assign", "release", "escalate", "hand-back", "close"}),
        ("closed", "agent", {"reopen"}),
    ],
)
def test_only_what_may_happen_is_offered(desk: DeskWorld, state: str, role: str, offered: set[str]) -> None:
    conversation_id = desk.write("Hallo").conversation.id if state == "bot" else desk.waiting().conversation_id
    if state in ("mine", "theirs", "closed"):
        desk.act(conversation_id, Event.TAKE, "ben" if state == "theirs" else "anna")
    if state == "closed":
        desk.act(conversation_id, Event.CLOSE, "anna")
    html = desk.client("anna", role=role).get(f"/desk/c/{conversation_id}/header").text
    buttons = [button.attributes.get("id", "") for button in elements(html, "button")]
    assert {name.partition("-")[2] for name in buttons if name.startswith(("do-", "ask-"))} == offered
