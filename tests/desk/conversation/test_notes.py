"""Notes: kept once, shown apart, never sent; who is mentioned is called."""

import pytest
import sqlalchemy as sa

from core.schema import messages
from core.schema_desk import alerts, audit_log, notes
from desk.conversation.notes import mentioned
from tests.desk.conversation.pages import elements
from tests.support.desk import DeskWorld

KEY = "0123456789abcdef" * 2


def count(desk: DeskWorld, table: sa.Table) -> int:
    with desk.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_note_is_kept_once_shown_apart_and_never_sent(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    desk.woken.clear()
    for _ in range(2):
        form = {"seen": "1", "key": KEY, "text": "Kunde ist @ben bekannt."}
        assert anna.post(f"/desk/c/{conversation_id}/notes", data=form).status_code == 200
    assert (count(desk, notes), count(desk, messages)) == (1, 1)
    assert desk.woken == [("web", conversation_id)]  # not the courier: nothing is to be sent
    [shown] = elements(anna.get(f"/desk/c/{conversation_id}").text, id=f"n-{KEY}")
    assert shown.attributes["data-author"] == "note"
    assert "only for us" in shown.text
    assert "Kunde ist @ben bekannt." in anna.get(f"/desk/c/{conversation_id}/notes").text
    with desk.engine.connect() as connection:
        assert "bekannt" not in str(list(connection.execute(sa.select(audit_log))))


def test_who_is_mentioned_is_called_if_they_may_see_it(desk: DeskWorld) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    desk.add_agent("ben.vogt")
    desk.add_agent("fra", markets=["FR"])
    text = "@ben.vogt. und @fra und @anna und mail@ben.vogt.example und @niemand"
    anna.post(f"/desk/c/{conversation_id}/notes", data={"seen": "1", "key": KEY, "text": text})
    with desk.engine.connect() as connection:
        called = [(row.agent, row.kind) for row in connection.execute(sa.select(alerts))]
    assert called == [("agent:ben.vogt", "mention")]


@pytest.mark.parametrize(
    "form", [{"text": ""}, {"text": "x" * 4001}, {"text": "x", "key": "short"}, {"text": "x", "key": "G" * 32}]
)
def test_what_is_no_note_is_refused(desk: DeskWorld, form: dict[str, str]) -> None:
    conversation_id = desk.waiting().conversation_id
    anna = desk.client("anna", partial=True)
    answer = anna.post(f"/desk/c/{conversation_id}/notes", data={"seen": "1", "key": KEY, **form})
    assert answer.status_code == 422
    assert count(desk, notes) == 0


@pytest.mark.parametrize(("begun", "offered"), [("b", ["ben"]), ("vo", ["ben"]), ("", ["anna", "ben"]), ("%", [])])
def test_colleagues_of_the_market_are_offered(desk: DeskWorld, begun: str, offered: list[str]) -> None:
    conversation_id = desk.waiting().conversation_id
    desk.add_agent("ben", display_name="Ben Vogt")
    desk.add_agent("bea", markets=["FR"])
    anna = desk.client("anna")
    found = elements(anna.get(f"/desk/c/{conversation_id}/mentions", params={"q": begun}).text, class_="mention")
    assert [item.attributes["data-name"] for item in found] == offered


def test_the_number_of_mentions_is_bounded() -> None:
    assert mentioned("@a " * 10_000, []) == []
