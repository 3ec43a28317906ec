"""Promises as customers and agents live them: who is called before one breaks, and what is said when one did."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from aftersail.promise_calls import Calls
from aftersail.promise_watch import AGAIN_S, BATCH, PromiseWatch, open_promise_watch
from conversations import promise_rows
from conversations.model import Hints, Message
from conversations.ownership import Event
from conversations.promise_model import Asked
from conversations.promise_rows import PromiseRow
from core.database import reading
from core.schema import ownership_events
from core.schema_desk import agents, alerts
from knowledge.said_parts import parts_of
from tests.support.desk import HOUR, DeskWorld

MINUTE = 60.0
LANGUAGES = (
    ("DE", "de", "bis spätestens"),
    ("JP", "ja", "誠に申し訳ございません"),
    ("SA", "ar", "نعتذر"),
    ("TH", "th", "ต้องขออภัย"),
    ("MX", "es", "Lo sentimos"),
    ("TW", "zh-Hant", "非常抱歉"),
    ("KR", "ko", "대단히 죄송합니다"),
)


def at(*moment: int) -> float:
    """The moment in UTC."""
    return datetime(*moment, tzinfo=UTC).timestamp()  # type: ignore[arg-type]  # mypy takes the time zone for a number


@pytest.fixture
def watch(desk: DeskWorld) -> PromiseWatch:
    """The watch on the desk's parts."""
    return open_promise_watch(desk.parts.deps)


def look(desk: DeskWorld, watch: PromiseWatch, now: float) -> None:
    """Let the watch look at `now`, until nothing is due."""
    desk.clock.now = now
    for _ in range(5):
        if not watch.look():
            return


def alerted(desk: DeskWorld) -> list[tuple[str, str]]:
    """(agent, kind) of every alert, the oldest first."""
    with reading(desk.engine) as connection:
        found = connection.execute(sa.select(alerts.c.agent, alerts.c.kind).order_by(alerts.c.created_at))
        return [(row.agent, row.kind) for row in found]


def apologies(desk: DeskWorld, conversation_id: str) -> list[Message]:
    """What the system told the customer."""
    return [row for row in desk.messages(conversation_id) if row.author == "system"]


def states(desk: DeskWorld, conversation_id: str) -> list[tuple[str, str]]:
    """(clock, state), the oldest first."""
    with reading(desk.engine) as connection:
        found = promise_rows.of_conversation(connection, conversation_id)
    return [(row.clock, row.state) for row in reversed(found)]


def seen(desk: DeskWorld) -> None:
    """Somebody looks at every alert."""
    with desk.engine.begin() as connection:
        connection.execute(sa.update(alerts).values(seen_at=desk.clock.now))


def change_agent(desk: DeskWorld, name: str, **values: Any) -> None:
    """Change an account."""
    with desk.engine.begin() as connection:
        connection.execute(sa.update(agents).where(agents.c.name == name).values(**values))


def test_safety_at_three_on_a_holiday(desk: DeskWorld, watch: PromiseWatch) -> None:
    """A customer's charger smokes at 3 am on Christmas Day; nobody is in."""
    desk.clock.now = at(2026, 12, 25, 2, 0)  # 03:00 in Berlin
    desk.add_agent("lea", role="lead", presence="away")
    handoff = desk.waiting("Das Ladegerät raucht", reason="safety_issue", tier="safety", hours=2)
    conversation = handoff.conversation_id
    with reading(desk.engine) as connection:
        made = desk.parts.deps.promise(connection, Asked(conversation, "DE", "safety", desk.clock.now))
    assert made.told.due_at == desk.clock.now + 2 * HOUR  # two real hours, whoever is in
    assert {"around_the_clock", "nobody_on_duty"} <= set(made.reasons)
    look(desk, watch, desk.clock.now)  # at once
    assert alerted(desk) == [("leads", "promise_at_risk")]
    for minutes in (10, 20, 30):  # and again until somebody takes it
        seen(desk)
        look(desk, watch, at(2026, 12, 25, 2, minutes))
        assert len(alerted(desk)) == 1 + minutes // 10
    desk.clock.now = at(2026, 12, 25, 2, 35)
    desk.act(conversation, Event.TAKE, "lea")
    seen(desk)
    look(desk, watch, at(2026, 12, 25, 2, 50))
    assert len(alerted(desk)) == 4  # quiet: somebody has it
    desk.answer(conversation, "lea", "Bitte sofort vom Strom trennen und nicht mehr benutzen.", "de")
    look(desk, watch, at(2026, 12, 25, 12, 0))
    assert ("first_reply", "kept") in states(desk, conversation)
    assert not apologies(desk, conversation)


def test_a_promise_that_fails_does_not_keep_others_from_their_clocks(
    desk: DeskWorld, watch: PromiseWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = desk.waiting("Hallo", sender="one", hours=1).conversation_id
    good = desk.waiting("Hallo", sender="two", hours=1).conversation_id
    whole = Calls.make

    def make(self: Calls, connection: Connection, row: PromiseRow, *rest: Any) -> bool:
        if row.conversation_id == bad:
            raise KeyError("a market that is gone")
        return whole(self, connection, row, *rest)

    monkeypatch.setattr(Calls, "make", make)
    look(desk, watch, desk.clock.now + 2 * HOUR)
    assert ("first_reply", "broken") in states(desk, good)
    assert ("first_reply", "open") in states(desk, bad)
    monkeypatch.undo()
    look(desk, watch, desk.clock.now + AGAIN_S)
    assert ("first_reply", "broken") in states(desk, bad)


def test_broken_safety_is_told_at_night(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 12, 25, 2, 0)
    handoff = desk.waiting("Es brennt", reason="safety_issue", tier="safety", hours=2)
    look(desk, watch, handoff.promised_at + MINUTE)
    said = apologies(desk, handoff.conversation_id)
    assert [row.payload["response"] for row in said] == ["utter_promise_broken_apology"]
    assert parts_of(said[0].payload)[0][1].keys() == {"promised_at"}  # enough to say it to an agent in their language
    assert ("leads", "promise_broken") in alerted(desk)
    anew = desk.handoff(handoff.conversation_id)
    assert anew.promised_at == pytest.approx(desk.clock.now + 2 * HOUR)
    seen(desk)
    look(desk, watch, desk.clock.now + 10 * MINUTE)
    assert alerted(desk)[-1] == ("leads", "promise_at_risk")  # the new promise has nobody either


@pytest.mark.parametrize(("market", "language", "words"), LANGUAGES)
def test_the_customer_hears_of_a_broken_promise_before_they_ask(
    desk: DeskWorld, watch: PromiseWatch, market: str, language: str, words: str
) -> None:
    handoff = desk.waiting("?", market=market, language=language)
    conversation = handoff.conversation_id
    for hours in range(1, 16):  # at the latest when their night is over
        look(desk, watch, handoff.promised_at + hours * HOUR)
    (said,) = apologies(desk, conversation)
    assert words in said.text
    assert said.language == language
    anew = desk.handoff(conversation).promised_at
    assert anew > said.created_at
    assert ("courier", conversation) in desk.woken
    assert states(desk, conversation).count(("first_reply", "broken")) == 1


def test_nobody_hears_two_apologies_in_half_a_day(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 11, 24, 8, 0)
    handoff = desk.waiting("Hilfe", reason="safety_issue", tier="safety", hours=2)
    conversation = handoff.conversation_id
    for quarters in range(4 * 11):
        look(desk, watch, handoff.promised_at + quarters * 15 * MINUTE)
    assert len(apologies(desk, conversation)) == 1  # though the second promise of two hours broke as well
    look(desk, watch, handoff.promised_at + 12.5 * HOUR)
    assert len(apologies(desk, conversation)) == 2


@pytest.mark.parametrize(
    ("zone", "breaks", "told"),
    [
        ("", (2026, 11, 24, 22, 0), (2026, 11, 25, 7, 0)),  # Berlin's 08:00
        ("America/New_York", (2026, 11, 24, 12, 0), (2026, 11, 24, 13, 0)),  # the customer travels
        ("Not/AZone", (2026, 11, 24, 22, 0), (2026, 11, 25, 7, 0)),
    ],
)
def test_a_night_is_quiet_on_the_customers_clock(
    desk: DeskWorld, watch: PromiseWatch, zone: str, breaks: tuple[int, ...], told: tuple[int, ...]
) -> None:
    desk.clock.now = at(*breaks) - 24 * HOUR
    handoff = desk.waiting("Hilfe", hints=Hints(time_zone=zone))
    look(desk, watch, at(*breaks) + MINUTE)
    look(desk, watch, at(*told) - MINUTE)
    assert not apologies(desk, handoff.conversation_id)
    assert ("leads", "promise_broken") in alerted(desk)  # people know at once
    look(desk, watch, at(*told) + MINUTE)
    assert len(apologies(desk, handoff.conversation_id)) == 1


def test_an_answer_comes_before_an_apology(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 11, 24, 9, 0)
    desk.add_agent("anna")
    handoff = desk.waiting("Hilfe")
    conversation = handoff.conversation_id
    desk.clock.now = handoff.promised_at + MINUTE
    desk.answer(conversation, "anna", "Ich habe nachgesehen: Ihr Paket kommt morgen.", "de")
    look(desk, watch, desk.clock.now + MINUTE)
    assert not apologies(desk, conversation)
    assert ("first_reply", "late") in states(desk, conversation)


def test_a_customer_who_was_promised_nothing_is_not_told_of_a_promise(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 11, 24, 9, 0)
    desk.add_agent("anna")
    handoff = desk.waiting("Hilfe", sender="visitor-7")
    desk.answer(handoff.conversation_id, "anna", "Ihr Paket kommt morgen.", "de")
    desk.clock.now += HOUR
    desk.write("Es ist nicht gekommen", sender="visitor-7")
    look(desk, watch, desk.handoff(handoff.conversation_id).promised_at + 2 * MINUTE)
    assert [row.payload["response"] for row in apologies(desk, handoff.conversation_id)] == [
        "utter_still_waiting_apology"
    ]


def test_parts_are_not_late_before_their_own_moment(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 11, 23, 9, 0)
    handoff = desk.waiting("Eine Schraube fehlt", reason="missing_part", tier="parts", hours=72)
    look(desk, watch, handoff.created_at + 25 * HOUR)
    assert not apologies(desk, handoff.conversation_id)


@pytest.mark.parametrize(
    ("account", "released"),
    [
        ({"presence": "here"}, False),
        ({"presence": "away"}, True),
        ({"presence": "here", "duty_hours": {"sat-sun": ["09:00-17:00"]}}, True),
    ],
)
def test_at_risk_calls_the_owner_or_gives_it_to_others(
    desk: DeskWorld, watch: PromiseWatch, account: Mapping[str, Any], released: bool
) -> None:
    desk.clock.now = at(2026, 11, 24, 9, 0)
    desk.add_agent("anna")
    handoff = desk.waiting("Hilfe")
    desk.act(handoff.conversation_id, Event.TAKE, "anna")
    change_agent(desk, "anna", **account)
    look(desk, watch, handoff.promised_at - 20 * MINUTE)
    found = desk.handoff(handoff.conversation_id)
    assert found.owner == ("queue" if released else "agent:anna")
    assert alerted(desk) == [("leads" if released else "agent:anna", "promise_at_risk")]
    assert found.waiting_since == handoff.waiting_since  # the clock goes on
    with reading(desk.engine) as connection:
        last = connection.execute(sa.select(ownership_events).order_by(ownership_events.c.id.desc()).limit(1)).one()
    assert (last.event == "release") is released
    assert ("owner is not there" in last.why) is released


def test_outside_whatsapps_window_it_is_held_until_the_customer_writes(make_desk: Any) -> None:
    desk = make_desk()
    desk.clock.now = at(2026, 11, 24, 9, 0)
    costs = {"cost": "template"}

    class State:
        """What the channel says."""

        sendable = True

        @property
        def cost(self) -> str:
            """As the test sets it."""
            return costs["cost"]

    made = open_promise_watch(desk.parts.deps)
    apologies_of = type(made.apologies)(
        made.apologies.engine, made.apologies.notices, made.apologies.release, made.apologies.promise, lambda _: State()
    )
    watch = PromiseWatch(made.engine, made.calls, apologies_of, made.news, made.clock)
    handoff = desk.waiting("Hilfe")
    look(desk, watch, handoff.promised_at + MINUTE)
    assert not apologies(desk, handoff.conversation_id)
    costs["cost"] = "free"
    look(desk, watch, handoff.promised_at + 2 * HOUR)
    assert len(apologies(desk, handoff.conversation_id)) == 1


def test_two_processes_apologise_once(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 11, 24, 9, 0)
    handoff = desk.waiting("Hilfe")
    other = open_promise_watch(desk.parts.deps)
    desk.clock.now = handoff.promised_at + MINUTE
    for _ in range(4):
        watch.look()
        other.look()
    row = next(row for row in _promises(desk, handoff.conversation_id) if row.apologised_at)
    assert watch.apologies.tell(row, desk.clock.now) is not None  # what came after it is waited for
    assert len(apologies(desk, handoff.conversation_id)) == 1


def test_a_look_is_bounded_and_comes_to_an_end(desk: DeskWorld, watch: PromiseWatch) -> None:
    desk.clock.now = at(2026, 11, 24, 9, 0)
    for _ in range(3):
        desk.waiting("Hilfe")
    desk.clock.now += 90 * 24 * HOUR
    looked = [watch.look() for _ in range(6)]
    assert looked[0] <= BATCH
    assert looked[-1] == 0


def _promises(desk: DeskWorld, conversation_id: str) -> Any:
    with reading(desk.engine) as connection:
        return promise_rows.of_conversation(connection, conversation_id)
