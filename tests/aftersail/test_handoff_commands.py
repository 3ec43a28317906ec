"""`aftersail handoffs`, take, release, escalate, resume, close: what an operator without a desk can do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from typer.testing import CliRunner, Result

from aftersail.cli import app
from conversations import ownership
from conversations.agent_reply import AgentDesk
from conversations.memory import slots_of
from conversations.model import HandoffRequest, Reply
from conversations.outgoing import Draft
from conversations.ownership import Handoff
from conversations.ownership_errors import AlreadyTaken, CustomerWrote, NotYours
from conversations.promise_model import in_hours
from conversations.record import Record
from core.database import reading
from core.errors import NotFound
from core.schema import conversations
from orders.number import make_number
from tests.support.gate import open_gate
from tests.support.records import inbound

WISH = HandoffRequest("complaint", "ordinary", {"wants": "my money"}, 2_000_000_000.0)
Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the test's database; an error of ours is raised."""
    monkeypatch.setenv("AFTERSAIL_DATA_DIR", str(tmp_path))

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def handoff(engine: Engine, record: Record) -> Handoff:
    """Somebody waits."""
    conversation = record.receive(inbound("my money", "m1")).conversation
    ownership.hand_over(engine, conversation.id, WISH, 1.0)
    return ownership.list_handoffs(engine)[0]


def owner(engine: Engine, handoff: Handoff) -> tuple[str, str]:
    """(owner, state) of the conversation."""
    with reading(engine) as connection:
        mine = conversations.c.id == handoff.conversation_id
        row = connection.execute(sa.select(conversations.c.owner, conversations.c.state).where(mine)).one()
    return row.owner, row.state


def test_taking_and_putting_back(engine: Engine, run: Run, handoff: Handoff) -> None:
    run("take", handoff.id, "--as", "ines")
    assert owner(engine, handoff) == ("agent:ines", "open")
    with pytest.raises(AlreadyTaken, match="belongs to agent:ines"):
        run("take", handoff.id, "--as", "max")
    with pytest.raises(NotYours):
        run("release", handoff.id, "--as", "max")
    assert "ines" in run("handoffs").stdout
    run("escalate", handoff.id, "--as", "ines", "--why", "above my limit")
    assert owner(engine, handoff) == ("queue", "open")
    assert "lead" in run("handoffs").stdout
    run("take", handoff.id, "--as", "max")
    run("take", handoff.id, "--as", "lea", "--lead")
    assert owner(engine, handoff) == ("agent:lea", "open")
    run("release", handoff.id)
    assert owner(engine, handoff) == ("queue", "open")


def test_a_conversation_of_the_bot_can_be_taken(engine: Engine, run: Run, record: Record) -> None:
    conversation = record.receive(inbound("a", "m1")).conversation
    with pytest.raises(NotFound, match="no conversation nowhere"):
        run("take", "nowhere")
    # the clock that the customer's message started goes on
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aftersail.handoffs._promise", lambda *_: in_hours)
        run("take", conversation.id, "--as", "ines")
    (handoff,) = ownership.list_handoffs(engine)
    assert (handoff.reason, handoff.owner, handoff.waiting_since is not None) == ("taken_over", "agent:ines", True)


def test_the_bot_gets_the_number_that_was_written_meanwhile(
    engine: Engine, run: Run, record: Record, handoff: Handoff
) -> None:
    early, number = make_number(1), make_number(4242)
    AgentDesk(engine, open_gate()).send(handoff.conversation_id, Draft(Reply("Ines here", "de"), "agent:ines"))
    record.receive(inbound(f"not {early} but {number}", "m2"))
    shown = json.loads(run("handoffs", handoff.id).stdout)
    assert (shown["owner"], shown["last_seq"]) == ("agent:ines", 3)
    with pytest.raises(CustomerWrote):
        run("resume", handoff.id, "--as", "ines", "--seen", "2")
    run("resume", handoff.id, "--as", "ines", "--seen", "3", "--outcome", "done", "--note", "refunded")
    with reading(engine) as connection:
        slots = slots_of(connection, handoff.conversation_id)
    assert slots["order_number"] == number
    assert slots["settled"]["outcome"] == "done"
    assert owner(engine, handoff) == ("bot", "open")
    assert "handed back by agent:ines" in " ".join(run("handoffs", "--all").stdout.split())


@pytest.mark.parametrize("wrong", [("--order", "12"), ("--language", "tlh"), ("--outcome", "maybe")])
def test_what_makes_no_sense_is_refused(engine: Engine, run: Run, handoff: Handoff, wrong: tuple[str, str]) -> None:
    with pytest.raises(NotFound):
        run("resume", handoff.id, *wrong)
    assert owner(engine, handoff) == ("queue", "open")


def test_closing(engine: Engine, run: Run, handoff: Handoff) -> None:
    run("close", handoff.id, "--why", "spam")
    assert owner(engine, handoff)[1] == "closed"
    with pytest.raises(NotFound, match="resolved already"):
        run("close", handoff.id)
