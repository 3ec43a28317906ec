"""The packet's words: every reason there is has a sentence, and lines read as somebody would write them."""

import ast
import re
from collections.abc import Iterator

import pytest

from aftersail.undelivered import REASON as UNDELIVERED
from aftersail.withhold import REASON as WITHHELD
from conversations.ownership import TAKEN_OVER
from conversations.promise_model import SAFETY
from core.settings import PROJECT
from desk.web.words import load_words
from tests.support.desk import HOUR, DeskWorld
from tests.support.installation import Installation

DATA = {"report_damage", "missing_part", "cancel_order", "change_address"}  # passed on from what the customer asks


def reasons() -> Iterator[str]:
    """Every reason why a person is called."""
    yield from (UNDELIVERED, WITHHELD, TAKEN_OVER, SAFETY, *DATA)
    for path in (PROJECT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("hand_off", "_pass_on"):
                texts = [each for argument in node.args[1:2] for each in ast.walk(argument)]
                literal = [each.value for each in texts if isinstance(each, ast.Constant)]
                yield from (value for value in literal if isinstance(value, str) and value != "reason")


def shown(desk: DeskWorld, conversation_id: str, name: str = "anna", **agent: object) -> str:
    """The panel as somebody reads it."""
    html = desk.client(name, partial=True, **agent).get(f"/desk/c/{conversation_id}/packet").text
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize("language", sorted(load_words()))
def test_every_reason_has_a_sentence_and_a_name(language: str) -> None:
    words, known = load_words()[language], set(reasons())
    assert known >= {"asked_for_person", "safety_issue", "misunderstood", "gate_blocked", "proof_failed"}
    assert {name for name in known if not words.has(f"packet.reason.{name}")} == set()
    assert {name for name in known if not words.has(f"conversation.reason.{name}")} == set()


@pytest.mark.parametrize(
    ("interface", "promise", "reason"),
    [
        ("en", "Answer by 2:06\u202fPM · 1 hr 59 min left", "The customer reports a danger."),
        ("zh", "14:06 前答复 · 还剩 1小时 59分钟", "客户反映有安全隐患。"),
    ],
)
def test_lines_read_well(desk: DeskWorld, interface: str, promise: str, reason: str) -> None:
    one = desk.waiting(reason="safety", tier="safety", hours=2).conversation_id
    desk.clock.now += 60
    text = shown(desk, one, interface=interface)
    assert " ".join(promise.split()) in text
    assert reason in text


def test_facts_of_an_order_stand_apart(desk: DeskWorld, desk_installation: Installation) -> None:
    for state in ("in_transit", "delivered", "held_by_customs"):
        one = desk.waiting(f"Wo ist {desk_installation.order('DE', state).number}?").conversation_id
        text = shown(desk, one)
        assert re.search(r"\S (not proved)", text)
        assert not re.search(r"\dnot proved", text)


def test_agents_are_called_by_their_names(desk: DeskWorld) -> None:
    desk.add_agent("anna", display_name="Anna Böhm")
    one = desk.waiting().conversation_id
    desk.answer(one, "anna", "Ich sehe nach.", "de")
    desk.clock.now += HOUR
    assert "Anna Böhm wrote" in shown(desk, one, "bea")
