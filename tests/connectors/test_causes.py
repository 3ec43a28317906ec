"""No words of people in the log when the database or a check refuses them."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from connectors.causes import cause_of
from connectors.events import EVENT
from tests.support.channel import said
from tests.support.channel_desk import Desk

WORDS = "my order never came"


async def test_a_message_that_cannot_be_stored_is_not_logged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def receive(inbound: Any) -> Any:
        raise sa.exc.OperationalError("INSERT ?", {"text": inbound.text}, Exception("disk I/O error"))

    monkeypatch.setattr(desk.record, "receive", receive)
    with structlog.testing.capture_logs() as logs:
        await desk.tell(said(WORDS, "m1"), "e1")
    shown = structlog.processors.JSONRenderer(default=repr)
    lines = [str(shown(None, "", structlog.processors.format_exc_info(None, "", dict(line)))) for line in logs]  # type: ignore[arg-type]
    assert any("disk I/O error" in line for line in lines)
    assert not any(WORDS in line for line in lines)


def test_a_check_quotes_nothing() -> None:
    with pytest.raises(ValueError, match="validation") as raised:
        EVENT.validate_python({"id": "e1", "what": json.loads(f'{{"type": "said", "text": {{"a": "{WORDS}"}}}}')})
    assert WORDS in str(raised.value)
    assert WORDS not in cause_of(raised.value)


@pytest.fixture
def desk(engine: sa.Engine) -> Desk:
    """Intake and sender with one account."""
    return Desk(engine)
