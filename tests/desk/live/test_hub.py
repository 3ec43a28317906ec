"""Who is told what, and how little a slow reader costs."""

import pytest

from desk.live.hub import MAX_SEATS, Hub
from desk.live.seat import MAX_ALERTS, MAX_ROWS, MAX_TYPING, Seat
from desk.live.watch import Change, NewAlert
from desk.viewer import Role, Viewer


def viewer(name: str = "anna", role: Role = Role.AGENT, markets: tuple[str, ...] = ("DE",)) -> Viewer:
    return Viewer(name, name, name, role, markets, ("de",), "en", "UTC", "", f"session-{name}")


def change(one: str = "c1", market: str = "DE", owner: str = "bot", seq: int = 1) -> Change:
    return Change(one, market, owner, seq, 0.0)


def seated(hub: Hub, conversation: str = "", **who: object) -> Seat:
    seat = Seat(viewer(**who), conversation)  # type: ignore[arg-type]
    hub.join(seat)
    return seat


def test_a_change_is_told_to_those_whose_market_it_is() -> None:
    hub = Hub()
    ours, theirs, all_of_them = (
        seated(hub),
        seated(hub, name="bea", markets=("US",)),
        seated(hub, name="cem", markets=("*",)),
    )
    hub.tell_changes([change(owner="queue")])
    told = ("queue", {"ids": ["c1"], "owners": {"c1": "queue"}})
    assert list(ours.drain()) == list(all_of_them.drain()) == [told]
    assert list(theirs.drain()) == []


def test_the_page_that_shows_a_conversation_hears_of_it_the_newest_only() -> None:
    hub = Hub()
    shows, other = seated(hub, "c1"), seated(hub, "c2")
    hub.tell_changes([change(seq=4), change(seq=5), change(seq=3)])
    assert ("conversation", {"id": "c1", "seq": 5}) in list(shows.drain())
    assert [name for name, _ in other.drain()] == ["queue"]


def test_typing_is_told_to_the_others_who_look_at_it() -> None:
    hub = Hub()
    anna, bea, elsewhere = seated(hub, "c1"), seated(hub, "c1", name="bea"), seated(hub, "c2", name="cem")
    hub.tell_typing("c1", "agent:anna", True, "Anna Böhm")
    assert list(bea.drain()) == [("typing", {"id": "c1", "who": "agent:anna", "on": True, "name": "Anna Böhm"})]
    assert list(anna.drain()) == list(elsewhere.drain()) == []


@pytest.mark.parametrize(
    ("agent", "market", "called"),
    [
        ("agent:anna", "DE", {"anna"}),
        ("agent:anna", "US", set()),
        ("leads", "DE", {"lea", "boss"}),
        ("leads", "US", {"boss"}),
        ("agent:nobody", "DE", set()),
    ],
)
def test_whom_an_alert_calls(agent: str, market: str, called: set[str]) -> None:
    hub = Hub()
    seats = {
        "anna": seated(hub),
        "lea": seated(hub, name="lea", role=Role.LEAD),
        "boss": seated(hub, name="boss", role=Role.ADMIN, markets=("*",)),
    }
    hub.tell_alerts([NewAlert("a", agent, market, {"id": "a"})])
    assert {name for name, seat in seats.items() if list(seat.drain())} == called


def test_nothing_is_told_twice_and_the_bell_rings_only_for_news() -> None:
    seat = seated(Hub())
    seat.rows({"c1": "bot"})
    seat.rows({"c1": "queue"})
    assert seat.bell.is_set()
    assert list(seat.drain()) == [("queue", {"ids": ["c1"], "owners": {"c1": "queue"}})]
    assert list(seat.drain()) == []
    assert not seat.bell.is_set()


def test_a_slow_reader_is_told_to_load_anew_instead_of_a_thousand_things() -> None:
    seat = seated(Hub(), "c1")
    for number in range(10 * MAX_ROWS):
        seat.rows({f"c{number}": "bot"})
        seat.conversation(number)
    assert list(seat.drain()) == [("conversation", {"id": "c1", "seq": 10 * MAX_ROWS - 1}), ("reload", {})]
    seat.rows({"c1": "bot"})
    assert [name for name, _ in seat.drain()] == ["queue"]


def test_alerts_and_typing_are_bounded_too() -> None:
    seat = seated(Hub(), "c1")
    for number in range(1_000):
        seat.typing(f"agent:{number}", True)
        seat.alert(str(number), {})
    events = list(seat.drain())
    assert sum(name == "typing" for name, _ in events) == MAX_TYPING
    assert sum(name == "alert" for name, _ in events) <= MAX_ALERTS
    assert ("reload", {}) in events


def test_one_viewer_has_so_many_pages_and_no_more() -> None:
    hub = Hub()
    seats = [seated(hub) for _ in range(MAX_SEATS)]
    assert hub.is_full(viewer())
    assert not hub.is_full(viewer("bea"))
    hub.leave(seats[0])
    hub.leave(seats[0])
    assert not hub.is_full(viewer())
    assert len(hub) == MAX_SEATS - 1


@pytest.mark.parametrize(
    ("now", "ended"),
    [
        ({}, True),
        ({"session-anna": viewer()}, False),
        ({"session-anna": viewer(markets=("US",))}, True),
        ({"session-anna": viewer(role=Role.LEAD)}, True),
        ({"session-bea": viewer("bea")}, True),
    ],
)
def test_a_page_ends_with_its_session_or_its_rights(now: dict[str, Viewer], ended: bool) -> None:
    hub = Hub()
    seat = seated(hub)
    hub.keep({"session-anna"}, now)
    assert seat.ended is ended


def test_a_page_that_opened_while_sessions_were_looked_up_stays() -> None:
    hub = Hub()
    seat = seated(hub)
    hub.keep({"session-bea"}, {})
    assert not seat.ended
