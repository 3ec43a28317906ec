"""Giving conversations in the database: to whom, what is written down, and two processes at once."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from aftersail.routing import open_assigner
from conversations.ownership import Event
from core.schema import ownership_events
from core.schema_desk import agents, alerts, audit_log
from desk.queue.alerts import raise_alert
from desk.queue.assigning import Assigner
from tests.support.desk import HOUR, DeskWorld

WORK = 1_795_000_000.0  # a Wednesday, 12:06 in Germany


@pytest.fixture
def team(desk: DeskWorld) -> DeskWorld:
    """A desk on a working morning."""
    desk.clock.now = WORK
    return desk


def assigner(desk: DeskWorld) -> Assigner:
    deps = desk.parts.deps
    return open_assigner(desk.engine, lambda: deps.release().markets, deps.promise, deps.news, desk.clock)


def change(desk: DeskWorld, name: str, **values: Any) -> None:
    with desk.engine.begin() as connection:
        connection.execute(sa.update(agents).where(agents.c.name == name).values(**values))


def owner(desk: DeskWorld, conversation_id: str) -> str:
    return desk.conversation(conversation_id).owner


def test_who_is_at_their_desk_gets_what_waits_and_is_called(team: DeskWorld) -> None:
    team.add_agent("anna")
    one = team.waiting().conversation_id
    assert list(assigner(team).round()) == [one]
    assert owner(team, one) == "agent:anna"
    with team.engine.connect() as connection:
        alert = connection.execute(sa.select(alerts)).one()
        event = connection.execute(sa.select(ownership_events).where(ownership_events.c.event == "assign")).one()
        row = connection.execute(sa.select(audit_log)).one()
    assert (alert.agent, alert.kind, alert.conversation_id) == ("agent:anna", "assigned", one)
    assert (event.who, event.why, event.to_owner) == ("aftersail", "speaks", "agent:anna")
    assert (row.who, row.action, row.target) == ("aftersail", "assign", one)
    assert row.details == {"agent": "agent:anna", "reason": "speaks"}
    assert ("web", one) in team.woken


@pytest.mark.parametrize(
    "values",
    [
        {"presence": "away"},
        {"seen_at": WORK - 600},
        {"seen_at": None},
        {"state": "disabled"},
        {"markets": ["US"]},
        {"role": "editor"},
        {"role": "admin"},
        {"duty_hours": {"mon-sun": ["00:00-01:00"]}},
        {"duty_hours": {"mon-sun": ["wrong"]}},
        {"capacity": 0},
    ],
)
def test_nobody_else_gets_anything(team: DeskWorld, values: dict[str, Any]) -> None:
    team.add_agent("anna", **values)
    one = team.waiting().conversation_id
    assert list(assigner(team).round()) == []
    assert owner(team, one) == "queue"


def test_own_hours_count_in_the_own_time_zone(team: DeskWorld) -> None:
    team.add_agent("ken", duty_hours={"mon-sun": ["19:00-21:00"]}, time_zone="Asia/Tokyo")  # 10 to 12 UTC
    one = team.waiting().conversation_id
    assert assigner(team).round() == [one]


def test_a_market_that_is_closed_waits(team: DeskWorld) -> None:
    team.clock.now = WORK + 12 * HOUR
    team.add_agent("anna")
    one = team.waiting().conversation_id
    danger = team.waiting(tier="safety", reason="safety_issue").conversation_id
    assert assigner(team).round() == [danger]
    assert owner(team, one) == "queue"


def test_a_freed_place_goes_to_the_nearest_promise(team: DeskWorld) -> None:
    team.add_agent("anna", capacity=1)
    first = team.waiting().conversation_id
    gives = assigner(team)
    gives.round()
    team.clock.now += 60
    second = team.waiting().conversation_id
    team.clock.now += 60
    team.waiting()
    assert list(gives.round()) == []
    team.act(first, Event.CLOSE, "anna")
    assert list(gives.round()) == [second]


def test_an_answered_conversation_frees_its_place_after_a_while(team: DeskWorld) -> None:
    team.add_agent("anna", capacity=1)
    first = team.waiting().conversation_id
    gives = assigner(team)
    gives.round()
    team.answer(first, "anna", "Gern!", "de")
    second = team.waiting().conversation_id
    assert list(gives.round()) == []
    team.clock.now += 1_900
    change(team, "anna", seen_at=team.clock.now)
    assert list(gives.round()) == [second]


def test_a_customer_who_returns_goes_to_whom_they_know(team: DeskWorld) -> None:
    team.add_agent("anna")
    team.add_agent("bea", languages=["de"])
    one = team.waiting(sender="frau-s").conversation_id
    team.act(one, Event.TAKE, "bea")
    team.act(one, Event.CLOSE, "bea")
    for number in range(2):
        team.act(team.waiting(sender=f"x{number}").conversation_id, Event.TAKE, "bea")
    again = team.waiting(sender="frau-s").conversation_id
    assigner(team).round()
    assert owner(team, again) == "agent:bea"


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ({"presence": "away", "updated_at": WORK}, "away"),
        ({"seen_at": WORK}, "not_seen"),
        ({"state": "disabled"}, "disabled"),
        ({"duty_hours": {"mon-sun": ["00:00-01:00"]}}, "off_duty"),
    ],
)
def test_who_waits_for_somebody_who_is_gone_is_given_to_another(
    team: DeskWorld, gone: dict[str, Any], why: str
) -> None:
    team.add_agent("anna")
    one = team.waiting().conversation_id
    gives = assigner(team)
    gives.round()
    team.add_agent("bea")
    team.clock.now = WORK + 660
    for name in ("anna", "bea"):
        change(team, name, seen_at=team.clock.now)
    change(team, "anna", **gone)
    assert list(gives.round()) == [one, one]  # taken back, and given
    assert owner(team, one) == "agent:bea"
    with team.engine.connect() as connection:
        event = connection.execute(sa.select(ownership_events).where(ownership_events.c.event == "release")).one()
    assert (event.who, event.why) == ("aftersail", f"{why}: agent:anna")


def test_who_is_gone_for_a_moment_keeps_what_is_theirs(team: DeskWorld) -> None:
    team.add_agent("anna")
    one = team.waiting().conversation_id
    gives = assigner(team)
    gives.round()
    change(team, "anna", presence="away", updated_at=WORK)
    team.clock.now = WORK + 300
    change(team, "anna", seen_at=team.clock.now)
    assert list(gives.round()) == []
    assert owner(team, one) == "agent:anna"


@pytest.mark.parametrize("gone", [{"presence": "away"}, {"duty_hours": {"mon-sun": ["00:00-01:00"]}}])
def test_what_is_taken_by_hand_stays_with_who_sits_there(team: DeskWorld, gone: dict[str, Any]) -> None:
    team.add_agent("lena", role="lead", **{"presence": "here", **gone})
    one = team.waiting().conversation_id
    team.clock.now = WORK + HOUR  # the customer has waited for long
    change(team, "lena", seen_at=team.clock.now)
    team.act(one, Event.TAKE, "lena")
    gives = assigner(team)
    for minutes in (0, 5, 30):  # time to read and write
        team.clock.now = WORK + HOUR + minutes * 60
        change(team, "lena", seen_at=team.clock.now)
        assert list(gives.round()) == []
        assert owner(team, one) == "agent:lena"
    team.clock.now += HOUR  # they have gone home
    assert list(gives.round()) == [one]
    assert owner(team, one) == "queue"


def test_what_is_given_to_who_is_away_goes_back_only_after_a_while(team: DeskWorld) -> None:
    team.add_agent("lena", role="lead")
    team.add_agent("anna", presence="away", updated_at=WORK)
    one = team.waiting().conversation_id
    team.clock.now = WORK + HOUR
    change(team, "anna", seen_at=team.clock.now)
    team.act(one, Event.ASSIGN, "lena", to="agent:anna", lead=True)
    change(team, "lena", presence="away")
    assert list(assigner(team).round()) == []
    team.clock.now += 660
    change(team, "anna", seen_at=team.clock.now)
    assert list(assigner(team).round()) == [one]


def test_what_was_answered_stays_with_who_is_gone(team: DeskWorld) -> None:
    team.add_agent("anna")
    one = team.waiting().conversation_id
    gives = assigner(team)
    gives.round()
    team.answer(one, "anna", "Gern!", "de")
    team.clock.now += 3_600
    assert list(gives.round()) == []
    assert owner(team, one) == "agent:anna"


def test_two_processes_give_each_conversation_once_and_nobody_too_many(team: DeskWorld) -> None:
    for name in ("anna", "bea", "cem"):
        team.add_agent(name, capacity=2)
    waiting = [team.waiting().conversation_id for _ in range(8)]
    barrier = threading.Barrier(4)

    def run() -> None:
        gives = assigner(team)
        barrier.wait()
        for _ in range(3):
            gives.round()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    owners = [owner(team, one) for one in waiting]
    assert {name: owners.count(f"agent:{name}") for name in ("anna", "bea", "cem")} == {"anna": 2, "bea": 2, "cem": 2}
    with team.engine.connect() as connection:
        events = connection.execute(sa.select(ownership_events).where(ownership_events.c.event == "assign")).all()
    assert len(events) == len({event.conversation_id for event in events}) == 6


def test_a_person_who_takes_between_plan_and_gift_keeps_it(team: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    team.add_agent("anna")
    one = team.waiting().conversation_id
    gives = assigner(team)
    look = gives._plan

    def and_then_somebody_takes(*given: Any) -> Any:
        found = look(*given)
        team.act(one, Event.TAKE, "zoe")
        return found

    monkeypatch.setattr(gives, "_plan", and_then_somebody_takes)
    assert list(gives.round()) == []
    assert owner(team, one) == "agent:zoe"


def test_a_conversation_that_fails_does_not_keep_the_others_waiting(
    team: DeskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.add_agent("anna")
    bad = team.waiting(sender="one", hours=1).conversation_id
    good = team.waiting(sender="two", hours=2).conversation_id

    def fails_for_one(
        connection: Connection, agent: str, market: str, kind: str, conversation_id: str, now: float
    ) -> str:
        if conversation_id == bad:
            raise KeyError("a market that is gone")
        return raise_alert(connection, agent, market, kind, conversation_id, now)

    monkeypatch.setattr("desk.queue.assigning.raise_alert", fails_for_one)
    assert list(assigner(team).round()) == [good]
    assert (owner(team, bad), owner(team, good)) == ("queue", "agent:anna")
    monkeypatch.undo()
    assert list(assigner(team).round()) == [bad]
