"""Taking conversations from the list."""

import sqlalchemy as sa

from conversations.ownership import Event
from core.schema_desk import audit_log
from tests.support.desk import DeskWorld


def test_whoever_takes_has_it_and_it_is_written_down(desk: DeskWorld) -> None:
    one = desk.waiting().conversation_id
    answer = desk.client("anna").post("/desk/queue/take", data={"id": one})
    assert answer.headers["location"] == f"/desk/c/{one}"
    assert desk.conversation(one).owner == "agent:anna"
    assert ("web", one) in desk.woken
    with desk.engine.connect() as connection:
        row = connection.execute(sa.select(audit_log)).one()
    assert (row.who, row.action, row.target, row.market) == ("agent:anna", "take", one, "DE")


def test_the_second_is_told_that_another_was_quicker(desk: DeskWorld) -> None:
    one = desk.waiting().conversation_id
    desk.act(one, Event.TAKE, "bea")
    answer = desk.client("anna", partial=True).post("/desk/queue/take", data={"id": one})
    assert answer.status_code == 409
    assert desk.conversation(one).owner == "agent:bea"


def test_a_conversation_of_the_bot_is_taken_over(desk: DeskWorld) -> None:
    one = desk.write("Hallo").conversation.id
    desk.client("anna").post("/desk/queue/take", data={"id": one})
    assert desk.conversation(one).owner == "agent:anna"


def test_another_market_is_not_found(desk: DeskWorld) -> None:
    one = desk.waiting(market="US").conversation_id
    assert desk.client("anna", markets=["DE"]).post("/desk/queue/take", data={"id": one}).status_code == 404
    assert desk.conversation(one).owner == "queue"


def test_the_next_one_is_the_most_urgent_in_a_language_of_the_viewer(desk: DeskWorld) -> None:
    desk.waiting("こんにちは", market="DE", language="ja")
    desk.clock.now += 60
    german = desk.waiting("Hallo").conversation_id
    desk.client("anna", languages=["de"]).post("/desk/queue/next")
    assert desk.conversation(german).owner == "agent:anna"


def test_the_next_one_for_an_agent_is_none_that_asks_for_a_lead(desk: DeskWorld) -> None:
    one = desk.waiting().conversation_id
    desk.act(one, Event.ESCALATE, "bea")
    answer = desk.client("anna", partial=True).post("/desk/queue/next")
    assert (answer.status_code, desk.conversation(one).owner) == (204, "queue")
    assert "toast" in answer.headers["hx-trigger"]
    desk.client("lea", role="lead").post("/desk/queue/next")
    assert desk.conversation(one).owner == "agent:lea"


def test_an_editor_takes_nothing(desk: DeskWorld) -> None:
    one = desk.waiting().conversation_id
    assert desk.client("eva", role="editor").post("/desk/queue/take", data={"id": one}).status_code == 403
