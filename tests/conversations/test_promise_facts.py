"""What a promise is computed from, out of the rows that there are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from connectors.whatsapp.way import WINDOW_S
from conversations import ownership
from conversations.model import HandoffRequest
from conversations.ownership import Action, Event
from conversations.promise_facts import FREE_FOR_S, PromiseFacts, measured_pace, promise_of, queue_ahead
from conversations.promise_model import Asked, Promised
from conversations.record import Record
from core.database import reading
from core.schema_channels import contacts
from core.schema_desk import agents
from markets.profile import MarketProfile
from tests.support.records import inbound
from tests.support.turns import markets

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp()  # a Tuesday, 10:00 in Berlin
HOUR = 3600.0
OFFICE = {"mon-fri": ["08:00-16:00"]}


@pytest.fixture
def facts() -> PromiseFacts:
    """On the project's own markets."""
    return PromiseFacts(markets)


def promised(engine: Engine, facts: PromiseFacts, tier: str = "ordinary", at: float = NOW, of: str = "c1") -> Promised:
    """What is promised in Germany."""
    with reading(engine) as connection:
        return facts(connection, Asked(of, "DE", tier, at))


def add_agent(engine: Engine, name: str, **changes: Any) -> None:
    """Somebody with an account."""
    values: dict[str, Any] = {"id": name, "name": name, "display_name": name, "role": "agent", "markets": ["DE"]}
    values |= {"languages": ["de"], "skills": [], "duty_hours": OFFICE, "presence": "here", "state": "active"}
    values |= {"time_zone": "Europe/Berlin", "created_at": 0, "updated_at": 0}
    with engine.begin() as connection:
        connection.execute(sa.insert(agents).values({**values, **changes}))


def handled(engine: Engine, record: Record, minutes: Sequence[float], market: str = "DE") -> None:
    """Conversations that were taken, and answered so many minutes later."""
    for number, took in enumerate(minutes):
        sender = f"{market}-{number}"
        receipt = record.receive(inbound("hallo", sender, sender, market=market))
        request = HandoffRequest("complaint", "ordinary", {}, NOW)
        with engine.begin() as connection:
            ownership.queue(connection, receipt.conversation.id, request, NOW - 9 * HOUR)
        for event, at in ((Event.TAKE, NOW - 8 * HOUR), (Event.ANSWER, NOW - 8 * HOUR + took * 60)):
            ownership.act(engine, receipt.conversation.id, Action(event, "agent:anna"), at)


def test_without_accounts_the_opening_hours_count(engine: Engine, facts: PromiseFacts) -> None:
    assert promised(engine, facts).told.due_at == NOW + 24 * HOUR
    assert "nobody_on_duty" not in promised(engine, facts).reasons


@pytest.mark.parametrize(
    ("account", "reasons"),
    [
        ({}, set()),
        ({"duty_hours": {}}, set()),  # as the market
        ({"duty_hours": {"wed": ["08:00-16:00"]}}, {"nobody_on_duty"}),
        ({"duty_hours": {"tue": ["8-16"]}}, set()),  # unreadable: as the market
        ({"time_zone": "Asia/Tokyo", "duty_hours": {"mon-fri": ["09:00-17:00"]}}, {"nobody_on_duty"}),  # asleep by now
        ({"presence": "away"}, {"nobody_on_duty"}),
        ({"state": "disabled"}, set()),  # nobody at all has an account
        ({"markets": ["JP"]}, set()),
        ({"markets": ["*"]}, set()),
        ({"role": "editor"}, set()),
    ],
)
def test_the_roster_comes_from_hours_and_presence(
    engine: Engine, facts: PromiseFacts, account: dict[str, Any], reasons: set[str]
) -> None:
    add_agent(engine, "anna", **account)
    assert set(promised(engine, facts).reasons) & {"nobody_on_duty"} == reasons


def test_who_is_away_for_lunch_is_reckoned_with_again(engine: Engine, facts: PromiseFacts) -> None:
    add_agent(engine, "anna", presence="away")
    assert promised(engine, facts).told.due_at <= NOW + 26 * HOUR


def test_safety_is_never_softened_and_people_look_early(engine: Engine, facts: PromiseFacts) -> None:
    add_agent(engine, "anna", presence="away", duty_hours={"sun": ["09:00-10:00"]})
    made = promised(engine, facts, "safety")
    assert made.told.due_at == NOW + 2 * HOUR
    assert made.told.at_risk_from == NOW + 0.5 * HOUR
    assert "nobody_on_duty" in made.reasons


@pytest.mark.parametrize(
    ("minutes", "pace"),
    [
        ([20.0] * 19, None),  # little is known
        ([20.0] * 20, 20),
        ([5.0] * 10 + [30.0] * 11, 30),  # the median, not the mean
        ([0.5] * 40, None),  # taken and answered in one step shows nothing
        ([1.0] * 30, 3),
        ([400.0] * 30, 240),
    ],
)
def test_pace_is_measured_within_bounds(
    engine: Engine, record: Record, minutes: Sequence[float], pace: float | None
) -> None:
    handled(engine, record, minutes)
    with reading(engine) as connection:
        found = measured_pace(connection, "DE", NOW)
        assert measured_pace(connection, "JP", NOW) is None
        assert measured_pace(connection, "DE", NOW + 30 * 24 * HOUR) is None  # long ago
    assert found == (None if pace is None else timedelta(minutes=pace))


def test_a_measured_pace_and_a_short_queue_promise_sooner(engine: Engine, record: Record, facts: PromiseFacts) -> None:
    before = promised(engine, facts).told.due_at
    handled(engine, record, [20.0] * 25)
    add_agent(engine, "anna")
    sooner = PromiseFacts(markets)
    made = promised(engine, sooner)
    assert made.told.due_at < before
    assert "queue_short" in made.reasons
    assert promised(engine, sooner, "safety").told.due_at == NOW + 2 * HOUR


def test_only_others_of_the_market_who_wait_come_first(engine: Engine, record: Record) -> None:
    ids = []
    for sender, market in (("a", "DE"), ("b", "DE"), ("c", "JP")):
        ids.append(record.receive(inbound("hallo", sender, sender, market=market)).conversation.id)
        with engine.begin() as connection:
            ownership.queue(connection, ids[-1], HandoffRequest("complaint", "ordinary", {}, NOW), NOW)
    with reading(engine) as connection:
        assert queue_ahead(connection, Asked(ids[0], "DE", "ordinary", NOW)) == 1
        assert queue_ahead(connection, Asked("new", "DE", "ordinary", NOW)) == 2


@pytest.mark.parametrize(
    ("channel", "silent_h", "reasons"),
    [
        ("whatsapp", 0, {"channel_closes"}),  # answered before the window closes
        ("whatsapp", 23.9, {"by_template"}),
        ("line", 0, set()),
        ("webchat", 0, set()),
    ],
)
def test_the_channels_window_counts(
    engine: Engine, record: Record, facts: PromiseFacts, channel: str, silent_h: float, reasons: set[str]
) -> None:
    receipt = record.receive(inbound("hallo"))
    person = {"channel": channel, "account": "", "sender": "visitor-1", "address": {}, "updated_at": 0}
    with engine.begin() as connection:
        connection.execute(sa.insert(contacts).values(**person, last_inbound_at=NOW - silent_h * HOUR))
        connection.exec_driver_sql(f"UPDATE conversations SET channel = '{channel}'")
    made = promised(engine, facts, of=receipt.conversation.id)
    assert set(made.reasons) & {"channel_closes", "by_template"} == reasons


def test_the_window_is_the_connectors() -> None:
    assert FREE_FOR_S == {"whatsapp": WINDOW_S}


def test_the_bot_computes_what_the_record_keeps(engine: Engine, facts: PromiseFacts) -> None:
    profile: MarketProfile = markets()["DE"]
    add_agent(engine, "anna")
    made = promise_of(engine, facts)("c1", profile, "ordinary", datetime.fromtimestamp(NOW, UTC))
    assert made.told_at.timestamp() == promised(engine, facts).told.due_at
