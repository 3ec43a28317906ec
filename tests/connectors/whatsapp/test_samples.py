"""Every sample payload of others becomes exactly the events that it tells."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from connectors.events import EVENT, Event, Notice
from connectors.whatsapp.parse import parse
from tests.connectors.whatsapp.sample_cases import CASES
from tests.connectors.whatsapp.support import SAMPLES


def test_every_sample_has_its_expectation() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(CASES)
    assert len(CASES) == 74


@pytest.mark.parametrize("name", CASES)
def test_sample(name: str) -> None:
    raw = (SAMPLES / f"{name}.json").read_bytes()
    events = parse(raw)
    assert [_comparable(event) for event in events] == [
        (event_id, at, _plain(what)) for event_id, at, what in CASES[name]
    ]
    for event, (_, _, what) in zip(events, CASES[name], strict=True):
        if isinstance(what, Notice):
            told = json.dumps(event.what.details, ensure_ascii=False)
            assert all(part in told for part in what.details["part"])
            assert "Test Name" not in told
    assert parse(raw) == events, "a redelivery has the same ids"
    assert [EVENT.validate_json(EVENT.dump_json(event)) for event in events] == events


def _comparable(event: Event) -> tuple[Any, float, Any]:
    return (... if event.id.startswith("sha256:") else event.id, event.at, _plain(event.what))


def _plain(what: Any) -> Any:
    return what.topic if isinstance(what, Notice) else asdict(what)


def test_each_event_names_its_number() -> None:
    for name in ("message.text", "message_status.sent", "system.phone_number_change"):
        assert [event.account for event in parse((SAMPLES / f"{name}.json").read_bytes())] == ["1122334455667"]
