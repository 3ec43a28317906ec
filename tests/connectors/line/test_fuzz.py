"""No bytes make the parser fail. AFTERSAIL_FUZZ=100000 for the long run; the suite's is short."""

import copy
import json
import os
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.events import EVENT, Unreadable
from connectors.line.parse import parse
from tests.connectors.line.support import BOT, SAMPLES, body

EXAMPLES = int(os.environ.get("AFTERSAIL_FUZZ", "300"))
quick = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))

BODIES = [json.loads(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))]
EVENTS = [event for one in BODIES for event in one["events"]]
NAMES = ("emojis", "mention", "mode", "imageSet", "text", "type", "source", "message", "isSelf", "userId", "x", "")
ODD: list[Any] = [
    None, True, False, 0, -1, 1, 5, 2**53 + 1, 10**400, 1e308, 1e-300, "", " ", "U1", BOT, "group", "room", "user",
    "text", "postback", "message", "standby", "external", "a:1", "a:1234", "\x00", "\ud800", "\udc00x",
    "file:///etc/passwd", "👋🏻(love)", "(love)@Orikka", "x" * 129, "語" * 5001, [], {}, [[]], [{}], {"": {}},
    [None, 1, "x"], [{"index": 0, "length": 6}], [{"index": 1, "length": 2}, {"index": -1, "length": 10**9}],
    {"mentionees": [{"index": 6, "length": 7, "isSelf": True}]}, {"type": "group", "groupId": "C1"}, {"type": "user"},
]  # fmt: skip
# Half surrogate pairs are legal JSON escapes; hypothesis leaves them out by itself.
TEXT = st.text(st.characters(codec=None, categories=None), max_size=12) | st.sampled_from(
    ["", "U1", "group", "user", "room", "text", "message", "postback", "standby", "external", "a:1", "\x00", "x" * 300]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(width=32) | TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


def containers(value: Any) -> list[Any]:
    """Every object and list inside `value` that has something in it, itself included."""
    if not isinstance(value, dict | list) or not value:
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(found for item in inner for found in containers(item))]


def mutated(rng: random.Random) -> Any:
    """A sample's event with up to five things in it replaced, removed, added or moved."""
    event = copy.deepcopy(rng.choice(EVENTS))
    for _ in range(rng.randrange(6)):
        if not (known := containers(event)):
            break
        parent = rng.choice(known)
        key = rng.choice(list(parent)) if isinstance(parent, dict) else rng.randrange(len(parent))
        action = rng.randrange(4)
        if action == 0:
            parent[key] = copy.deepcopy(rng.choice(ODD))
        elif action == 1:
            del parent[key]
        elif action == 2 and isinstance(parent, dict):
            parent[rng.choice(NAMES)] = copy.deepcopy(rng.choice(ODD))
        else:
            parent[key] = copy.deepcopy(rng.choice(containers(rng.choice(EVENTS))))
    return event if rng.random() < 0.98 else copy.deepcopy(rng.choice(ODD))


def check(raw: bytes) -> None:
    """Events that can be stored, or Unreadable."""
    try:
        events = parse(raw)
    except Unreadable:
        return
    for event in events:
        assert 0 < len(event.id) <= 128
        stored = EVENT.dump_json(event)
        assert b"\\u0000" not in stored
        assert EVENT.validate_json(stored) == event


@quick
@given(st.integers(0, 2**63))
def test_mutated_samples(seed: int) -> None:
    rng = random.Random(seed)
    whole = EVENTS[0]
    raw = body([*(mutated(rng) for _ in range(rng.randint(1, 3))), whole])
    check(raw)
    assert parse(raw)[-1].what == parse(body([whole]))[0].what  # a bad neighbour takes nobody with it


@quick
@given(JSON, JSON, st.sampled_from(["bare", "events", "event"]))
def test_any_json(value: Any, destination: Any, place: str) -> None:
    envelope = {"destination": destination, "events": value if place == "events" else [value]}
    check(json.dumps(value if place == "bare" else envelope).encode())


@quick
@given(st.binary(max_size=200) | st.builds(lambda head, tail: head + tail, st.just(b'{"events":['), st.binary()))
def test_any_bytes(raw: bytes) -> None:
    check(raw)
