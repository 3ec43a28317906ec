"""Alerts: to whom, how often, until when."""

from typing import Any

import pytest
import sqlalchemy as sa

from conversations.ownership import Event
from core.schema_desk import alerts
from desk.queue.alerts import LEADS, AlertKind, raise_alert
from tests.support.desk import DeskWorld


def call(desk: DeskWorld, to: str, market: str = "DE", kind: str = "mention", one: str = "") -> str:
    one = one or desk.waiting(market=market).conversation_id
    with desk.engine.begin() as connection:
        raise_alert(connection, to, market, kind, one, desk.clock())
    return one


def unseen(desk: DeskWorld, name: str, **agent: Any) -> int:
    return int(desk.client(name, **agent).get("/desk/alerts/count").json()["unseen"])


def test_an_alert_reaches_the_one_who_is_called(desk: DeskWorld) -> None:
    call(desk, "agent:anna")
    assert unseen(desk, "anna") == 1
    assert unseen(desk, "bea") == 0


@pytest.mark.parametrize(
    ("role", "markets", "number"),
    [("lead", ["DE"], 1), ("lead", ["*"], 1), ("admin", ["*"], 1), ("lead", ["US"], 0), ("agent", ["DE"], 0)],
)
def test_leads_are_those_of_the_market(desk: DeskWorld, role: str, markets: list[str], number: int) -> None:
    call(desk, LEADS, "DE", AlertKind.ESCALATED)
    assert unseen(desk, "lea", role=role, markets=markets) == number


def test_an_alert_of_a_market_that_one_has_lost_is_not_shown(desk: DeskWorld) -> None:
    call(desk, "agent:anna", "US")
    assert unseen(desk, "anna", markets=["DE"]) == 0


def test_the_same_again_is_one_until_it_is_seen(desk: DeskWorld) -> None:
    one = call(desk, "agent:anna")
    call(desk, "agent:anna", one=one)
    assert unseen(desk, "anna") == 1
    desk.client("anna").post("/desk/alerts/seen")
    assert unseen(desk, "anna") == 0
    call(desk, "agent:anna", one=one)
    assert unseen(desk, "anna") == 1


def test_one_is_marked_as_seen_and_no_other_nor_anothers(desk: DeskWorld) -> None:
    call(desk, "agent:anna")
    call(desk, "agent:anna")
    call(desk, "agent:bea")
    with desk.engine.connect() as connection:
        ids = dict(connection.execute(sa.select(alerts.c.id, alerts.c.agent)).tuples().all())
    annas = next(one for one, agent in ids.items() if agent == "agent:anna")
    beas = next(one for one, agent in ids.items() if agent == "agent:bea")
    client = desk.client("anna", partial=True)
    assert client.post("/desk/alerts/seen", data={"id": annas}).status_code == 200
    client.post("/desk/alerts/seen", data={"id": beas})
    assert (unseen(desk, "anna"), unseen(desk, "bea")) == (1, 1)


def test_looking_at_the_conversation_is_seeing_what_called_there(desk: DeskWorld) -> None:
    one = call(desk, "agent:anna")
    call(desk, LEADS, one=one, kind="escalated")
    desk.client("anna").post(f"/desk/c/{one}/read", data={"seq": "1"})
    assert unseen(desk, "anna") == 0
    assert unseen(desk, "lea", role="lead") == 1


def test_the_page_shows_them_in_words(desk: DeskWorld) -> None:
    for kind in AlertKind:
        call(desk, "agent:anna", kind=kind)
    text = desk.client("anna").get("/desk/alerts").text
    for words in ("You were mentioned", "is yours now", "A lead is asked for", "at risk", "is broken"):
        assert words in text
    assert "提到" in desk.client("zoe", interface="zh").get("/desk/alerts").text


def test_an_unknown_kind_is_refused(desk: DeskWorld) -> None:
    with pytest.raises(ValueError, match="gossip"):
        call(desk, "agent:anna", kind="gossip")


def at_risk(desk: DeskWorld, to: str, kind: AlertKind = AlertKind.AT_RISK) -> str:
    """A conversation about whose promised answer somebody was called."""
    one = desk.waiting().conversation_id
    with desk.engine.begin() as connection:
        raise_alert(connection, to, "DE", kind, one, desk.clock(), {"clock": "first_reply"})
    return one


@pytest.mark.parametrize("kind", [AlertKind.AT_RISK, AlertKind.BROKEN])
def test_a_promise_that_was_kept_calls_nobody_any_more(desk: DeskWorld, kind: AlertKind) -> None:
    one = at_risk(desk, LEADS, kind)
    assert unseen(desk, "lea", role="lead") == 1
    desk.client("anna")
    desk.answer(one, "anna", "Ihr Paket kommt morgen.", "de")
    assert unseen(desk, "lea") == 0
    assert ">New<" not in desk.client("lea").get("/desk/alerts").text


def test_leads_need_not_look_at_what_somebody_took_before_it_broke(desk: DeskWorld) -> None:
    desk.client("anna")
    taken, broken = at_risk(desk, LEADS), at_risk(desk, LEADS, AlertKind.BROKEN)
    for one in (taken, broken):
        desk.act(one, Event.TAKE, "anna")
    assert unseen(desk, "lea", role="lead") == 1, "a broken promise stays until it is answered"
    desk.act(taken, Event.RELEASE, "anna")
    assert unseen(desk, "lea") == 2, "it is at risk again"


def test_whose_conversation_went_to_somebody_else_need_not_look(desk: DeskWorld) -> None:
    desk.client("anna")
    one = at_risk(desk, "agent:anna")
    assert unseen(desk, "anna") == 1
    desk.client("bea")
    desk.act(one, Event.TAKE, "bea")
    assert unseen(desk, "anna") == 0


@pytest.mark.parametrize(
    ("tier", "interface", "words"),
    [
        ("safety", "en", "A customer in danger waits for an answer"),
        ("safety", "zh", "有客户遇到安全问题，正等待回复"),
        ("ordinary", "en", "A promise is at risk"),
    ],
)
def test_a_danger_is_not_called_a_promise_at_risk(desk: DeskWorld, tier: str, interface: str, words: str) -> None:
    one = desk.waiting("Es raucht!", tier=tier, reason="safety_issue").conversation_id
    with desk.engine.begin() as connection:
        raise_alert(
            connection, LEADS, "DE", AlertKind.AT_RISK, one, desk.clock(), {"clock": "first_reply", "tier": tier}
        )
    page = desk.client("lea", role="lead", interface=interface).get("/desk/alerts").text
    assert words in page
    assert ("A promise is at risk" in page) == (words == "A promise is at risk")
