"""News over a real web server: they arrive, only with whom they concern, and end with the session."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from core.schema_desk import agent_sessions, agents
from core.settings import PROJECT
from desk.live.hub import MAX_SEATS
from desk.live.notes import typing_note
from desk.live.stream import PING_S
from desk.queue.alerts import raise_alert
from tests.support.desk import DeskWorld
from tests.support.desk_live import Stream
from tests.support.desk_site import DeskServer

SOON_S = 1.6  # longer than a look takes that nobody rang for


@pytest.fixture
def server(desk: DeskWorld) -> Iterator[DeskServer]:
    """The desk, listening."""
    with DeskServer(desk) as running:
        yield running


def opened(desk: DeskWorld, server: DeskServer, name: str = "anna", shown: str = "", **agent: Any) -> Stream:
    """A stream that has begun."""
    if agent or not _is_known(desk, name):
        desk.add_agent(name, **{"presence": "away", **agent})
    stream = Stream(server.port, desk.session(name)[0], f"?c={shown}" if shown else "")
    if stream.status == 200:
        assert stream.next("ready")
    return stream


def nothing_but(stream: Stream, conversation_id: str) -> None:
    """Nothing of another conversation is told any more."""
    while told := stream.next("queue", SOON_S):
        assert told["ids"] == [conversation_id]


def test_a_quiet_stream_is_heard_by_scripts(
    desk: DeskWorld, server: DeskServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.live.stream.PING_S", 1)
    with opened(desk, server) as stream:
        assert stream.next("ping", 5.0) == {}


def test_the_page_waits_for_more_than_one_ping() -> None:
    script = (PROJECT / "desk/static/live.js").read_text()
    found = re.search(r"SILENCE_MS = ([\d_]+)", script)
    assert found
    assert int(found[1]) >= 2.5 * PING_S * 1000


def test_a_page_hears_what_happened_while_it_was_loading(desk: DeskWorld, server: DeskServer) -> None:
    with opened(desk, server, "bea"):  # somebody has been told already
        one = desk.write("Hallo").conversation.id
        server.ring(one)
        time.sleep(0.2)
        with opened(desk, server) as stream:
            told = stream.next("queue")
            assert told
            assert told["ids"] == [one]


def _is_known(desk: DeskWorld, name: str) -> bool:
    with desk.engine.connect() as connection:
        return connection.execute(sa.select(agents.c.id).where(agents.c.name == name)).first() is not None


def test_a_message_is_told_at_once_when_somebody_rings(desk: DeskWorld, server: DeskServer) -> None:
    with opened(desk, server) as stream:
        one = desk.write("Hallo").conversation.id
        server.ring(one)
        assert stream.next("queue") == {"ids": [one], "owners": {one: "bot"}}


def test_a_message_is_told_soon_when_the_wake_up_was_lost(desk: DeskWorld, server: DeskServer) -> None:
    with opened(desk, server) as stream:
        one = desk.write("Hallo").conversation.id
        told = stream.next("queue")
        assert told
        assert told["ids"] == [one]
        nothing_but(stream, one)


def test_other_markets_are_not_told(desk: DeskWorld, server: DeskServer) -> None:
    with opened(desk, server, markets=["DE"]) as stream:
        theirs = desk.write("Hi", market="US", sender="us").conversation.id
        ours = desk.write("Hallo", sender="de").conversation.id
        for one in (theirs, ours):
            server.ring(one)
        told = stream.next("queue")
        assert told
        assert told["ids"] == [ours]
        nothing_but(stream, ours)


def test_the_shown_conversation_is_told_with_its_last_message(desk: DeskWorld, server: DeskServer) -> None:
    one = desk.write("Hallo").conversation.id
    with opened(desk, server, shown=one) as stream:
        desk.write("Noch etwas")
        server.ring(one)
        while (told := stream.next("conversation")) and told["seq"] < 2:
            pass
        assert told == {"id": one, "seq": 2}


def test_another_markets_conversation_cannot_be_followed(desk: DeskWorld, server: DeskServer) -> None:
    one = desk.write("Hi", market="US").conversation.id
    with opened(desk, server, shown=one, markets=["DE"]) as stream:
        assert stream.status == 404


def test_typing_is_told_to_the_others(desk: DeskWorld, server: DeskServer) -> None:
    one = desk.write("Hallo").conversation.id
    with opened(desk, server, shown=one) as stream:
        server.ring(typing_note(one, "agent:anna", True))
        server.ring(typing_note(one, "customer", True))
        assert stream.next("typing") == {"id": one, "who": "customer", "on": True, "name": ""}


def test_typing_goes_out_as_a_wake_up_of_those_who_may(desk: DeskWorld) -> None:
    one = desk.write("Hallo").conversation.id
    assert desk.client("anna").post(f"/desk/c/{one}/typing", data={"on": "1"}).status_code == 204
    assert ("web", f"typing:{one}:agent:anna:1\tAnna") in desk.woken
    assert desk.client("bea", markets=["US"]).post(f"/desk/c/{one}/typing", data={"on": "1"}).status_code == 404
    assert desk.client("anna").post(f"/desk/c/{one}/typing", data={"on": "7"}).status_code == 422
    assert len([note for _, note in desk.woken if note.startswith("typing:")]) == 1


@pytest.mark.parametrize(
    ("interface", "kind", "words"),
    [
        ("en", "mention", "You were mentioned"),
        ("zh", "mention", "有人提到了您"),
        ("en", "promise_at_risk", "A customer in danger waits for an answer"),
    ],
)
def test_an_alert_is_told_in_the_viewers_language(
    desk: DeskWorld, server: DeskServer, interface: str, kind: str, words: str
) -> None:
    one = desk.write("Hallo").conversation.id
    with opened(desk, server, interface=interface) as stream:
        with desk.engine.begin() as connection:
            raise_alert(connection, "agent:anna", "DE", kind, one, desk.clock(), {"tier": "safety"})
        told = stream.next("alert")
        assert told
        assert (told["conversation"], told["kind"], told["text"]) == (one, kind, words)
        assert stream.next("alert", SOON_S) is None


def test_the_stream_ends_with_the_session(desk: DeskWorld, server: DeskServer) -> None:
    with opened(desk, server) as stream:
        with desk.engine.begin() as connection:
            connection.execute(sa.update(agent_sessions).values(ended_at=desk.clock()))
        assert stream.wait_end()


@pytest.mark.parametrize("values", [{"state": "disabled"}, {"markets": ["US"]}, {"role": "lead"}])
def test_the_stream_ends_when_rights_are_others(desk: DeskWorld, server: DeskServer, values: dict[str, Any]) -> None:
    with opened(desk, server) as stream:
        with desk.engine.begin() as connection:
            connection.execute(sa.update(agents).values(**values))
        assert stream.wait_end()


def test_nobody_hears_anything_without_session_or_right(desk: DeskWorld, server: DeskServer) -> None:
    with Stream(server.port, "nothing") as stranger:
        assert stranger.status == 303
    with opened(desk, server, "eva", role="editor") as editor:
        assert editor.status == 403


def test_a_viewer_has_so_many_pages_and_places_are_given_back(desk: DeskWorld, server: DeskServer) -> None:
    streams = [opened(desk, server) for _ in range(MAX_SEATS)]
    with opened(desk, server) as one_more:
        assert one_more.status == 429
    for stream in streams:
        stream.__exit__(None, None, None)
    for _ in range(50):
        with Stream(server.port, desk.session("anna")[0]) as again:
            if again.status == 200:
                return
            again.next("never", 0.1)
    raise AssertionError("the places of closed pages were not given back")


def test_a_reader_who_reads_nothing_holds_nobody_up(desk: DeskWorld, server: DeskServer) -> None:
    with opened(desk, server, "slow"), opened(desk, server) as stream:
        for number in range(30):
            desk.write(f"Nachricht {number}", sender=f"s{number}")
        last = desk.write("Zuletzt", sender="last").conversation.id
        while (told := stream.next("queue")) and last not in told["ids"]:
            pass
        assert told
