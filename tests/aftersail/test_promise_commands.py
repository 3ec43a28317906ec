"""What operators see of promises: the list, the doctor, the metrics."""

import time

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from aftersail import health
from aftersail.cli import app
from aftersail.promise_commands import check_promises
from conversations import ownership, promise_rows
from conversations.model import HandoffRequest
from conversations.promise_model import PromiseState
from conversations.record import Record
from core.database import reading
from core.errors import SetupError
from core.settings import Settings
from tests.support.records import MarketLanguage, inbound, new_engine

HOUR = 3600.0


@pytest.fixture
def settings(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty installation."""
    monkeypatch.setenv("AFTERSAIL_DATA_DIR", str(tmp_path))
    return Settings(_env_file=None)


def wait(engine: Engine, hours: float) -> str:
    """Somebody who is promised an answer in so many hours; the conversation."""
    conversation: str = Record(engine, MarketLanguage()).receive(inbound("hallo", "m1")).conversation.id
    now = time.time()
    with engine.begin() as connection:
        request = HandoffRequest("complaint", "ordinary", {}, now + hours * HOUR)
        ownership.queue(connection, conversation, request, now - 30 * HOUR)
    return conversation


def test_the_list_and_the_doctor(settings: Settings, tmp_path) -> None:
    engine = new_engine(tmp_path)
    assert check_promises(settings) == "0 run, 0 at risk, none broken"
    conversation = wait(engine, -1)
    shown = CliRunner().invoke(app, ["promises"])
    assert shown.exit_code == 0
    assert conversation in shown.output
    assert "broken" in shown.output  # though nobody has looked after it since
    only = CliRunner().invoke(app, ["promises", "--broken"]).output
    assert "first_reply" in only
    assert "solution" not in only
    with pytest.raises(SetupError, match=r"1 promise\(s\) of an answer are broken.*aftersail promises --broken"):
        check_promises(settings)


def test_metrics_count_promises_by_clock_and_state(settings: Settings, tmp_path) -> None:
    engine = new_engine(tmp_path)
    conversation = wait(engine, 5)
    with engine.begin() as connection:
        row = promise_rows.of_conversation(connection, conversation)[0]
        promise_rows.move(connection, row.id, "open", PromiseState.AT_RISK, None)
    registry = CollectorRegistry()
    with reading(engine) as connection:
        health._set_promises(connection, registry)
    text = generate_latest(registry).decode()
    assert f'aftersail_promises{{clock="{row.clock}",state="at_risk"}} 1.0' in text
