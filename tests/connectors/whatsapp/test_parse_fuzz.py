"""Whatever arrives: events that can be stored, or Unreadable. AFTERSAIL_FUZZ=100000 makes the long run."""

import copy
import json
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.events import EVENT, Event, Unreadable
from connectors.whatsapp.parse import parse
from tests.connectors.whatsapp.support import SAMPLES

RUNS = int(os.environ.get("AFTERSAIL_FUZZ", "600"))
BODIES = [json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.json"))]
WORDS = ["messages", "statuses", "text", "interactive", "edit", "system", "from", "id", "wamid.A", "", "0", "\ud83d"]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.sampled_from(WORDS),
    st.sampled_from(["9" * 400, "x" * 5_000, "\u0000", "\u202e", "1e999", "-1", "US."]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8) | st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)
QUICK = settings(max_examples=max(RUNS // 3, 1), deadline=None, suppress_health_check=list(HealthCheck), database=None)


def check(raw: bytes) -> list[Event]:
    """The events, after all that must be true of any body."""
    try:
        events = parse(raw)
    except Unreadable:
        return []
    for event in events:
        assert 0 < len(event.id) <= 128
        assert 0 <= event.at < 2**33
        stored = json.dumps(EVENT.dump_python(event, mode="json"), allow_nan=False, ensure_ascii=False)
        stored.encode("utf-8")
        assert "\\u0000" not in stored
        assert len(stored) < 120_000
    assert [event.id for event in parse(raw)] == [event.id for event in events]
    return events


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sample with parts replaced, removed, doubled or moved."""
    root = copy.deepcopy(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 5))):
        places = _places(root)
        if not places:
            break
        container, key = draw(st.sampled_from(places))
        deed = draw(st.sampled_from(["replace", "remove", "double", "move"]))
        if deed == "replace":
            container[key] = draw(VALUES)
        elif deed == "remove":
            del container[key]
        elif deed == "double":
            container[key] = [container[key], copy.deepcopy(container[key])]
        else:
            container[key] = copy.deepcopy(draw(st.sampled_from(places))[0])
    return json.dumps(root).encode()


@QUICK
@given(mutated())
def test_changed_samples(raw: bytes) -> None:
    check(raw)


@QUICK
@given(VALUES)
def test_any_json(value: Any) -> None:
    inside = {"messages": [value], "statuses": [value], "contacts": value, "errors": value}
    changes = [{"field": "messages", "value": inside}, {"field": value, "value": value}, value]
    root = {"object": "whatsapp_business_account", "entry": [{"id": value, "time": value, "changes": changes}]}
    check(json.dumps(root).encode())
    check(json.dumps(value).encode())


@QUICK
@given(st.binary(max_size=400), st.sampled_from(BODIES), st.integers(0, 5_000), st.integers(0, 40))
def test_any_bytes(noise: bytes, root: Any, start: int, length: int) -> None:
    check(noise)
    raw = json.dumps(root).encode()
    check(raw[:start] + noise + raw[start + length :])
