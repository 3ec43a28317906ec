"""Whatever leaves has passed the gate: for bot, machine and person, and for whoever writes to the table."""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from conversations.model import Message, Reply
from conversations.outgoing import Blocked, Draft, Gate, Passed
from conversations.record import Record
from conversations.work import TurnResult, WorkQueue
from core.schema import messages
from glossaries.model import Status, Term
from glossaries.violations import Kind, Source
from tests.support.gate import open_gate
from tests.support.records import MarketLanguage, inbound, new_engine

ROOT = Path(__file__).parent.parent.parent
PHONE = Term("mobile_phone", "de", "Handy", Status.PREFERRED)
NATEL = Term("mobile_phone", "de", "Natel", Status.FORBIDDEN, reason="schweizerisch", replacement="Handy")
BANNED = Term("x", "de", "Keimtötung", Status.FORBIDDEN, reason="erschreckt")
BUTTON = {"title": "Natel", "payload": "order_status"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return new_engine(tmp_path)


@pytest.fixture
def gate() -> Gate:
    return open_gate(de=(PHONE, NATEL, BANNED))


def sent(engine: Engine, gate: Gate, reply: Reply) -> Message:
    """The row that the worker makes of `reply`."""
    record, queue = Record(engine, MarketLanguage()), WorkQueue(engine, "w", gate)
    conversation = record.receive(inbound()).conversation
    assert queue.claim() == conversation.id
    waiting = queue.next_message(conversation.id)
    assert waiting
    queue.commit(waiting[0], waiting[1], TurnResult([reply], {}))
    return record.history(conversation.id)[-1]


def test_the_bots_forbidden_word_is_replaced_and_told_in_the_record(engine: Engine, gate: Gate) -> None:
    row = sent(engine, gate, Reply("Ihr Natel ist da.", "de", {"buttons": [BUTTON]}, "r1"))
    assert row.text == "Ihr Handy ist da."
    assert row.payload["buttons"] == [{"title": "Handy", "payload": "order_status"}]
    assert row.gate is not None
    assert row.gate["release"] == "r1"
    assert row.gate["terms"] == [{"concept": "mobile_phone", "text": "Handy"}] * 2
    assert [fixed["found"] for fixed in row.gate["fixed"]] == ["Natel", "Natel"]


def test_what_cannot_be_mended_is_not_stored_and_the_message_waits_on(engine: Engine, gate: Gate) -> None:
    with pytest.raises(Blocked) as error:
        sent(engine, gate, Reply("Wegen der Keimtötung", "de"))
    assert [violation.kind for violation in error.value.violations] == [Kind.FORBIDDEN_TERM]
    with engine.connect() as connection:
        assert connection.execute(sa.select(messages.c.direction, messages.c.status)).all() == [("in", "received")]


@pytest.mark.parametrize("author", ["agent:ines", "system"])
def test_a_persons_words_are_never_changed_behind_their_back(gate: Gate, author: str) -> None:
    with pytest.raises(Blocked) as error:
        gate.clear(Draft(Reply("Ihr Natel ist da.", "de"), author), "DE")
    assert [violation.fix for violation in error.value.violations] == ["Handy"]


def test_a_person_may_override_with_a_reason_that_is_kept(gate: Gate) -> None:
    draft = Draft(Reply("Sie schrieben „Natel“.", "de"), "agent:ines", override="quotes the customer")
    passed = gate.clear(draft, "DE")
    assert passed.draft.reply.text == "Sie schrieben „Natel“."
    assert passed.verdict["override"] == {"by": "agent:ines", "reason": "quotes the customer"}
    assert [violation["found"] for violation in passed.verdict["overridden"]] == ["Natel"]


def test_no_reason_sends_a_message_without_words(gate: Gate) -> None:
    with pytest.raises(Blocked) as error:
        gate.clear(Draft(Reply("  ", "de"), "agent:ines", override="because"), "DE")
    assert [violation.kind for violation in error.value.violations] == [Kind.EMPTY]


def test_a_translation_is_compared_with_its_original(gate: Gate) -> None:
    reply = Reply("Die Nummer ist ORK-4821936.", "de")
    source = Source("Your number is ORK-4821937.", "en")
    with pytest.raises(Blocked):
        gate.clear(Draft(reply, "agent:ines", source), "DE")


def test_only_the_gate_lets_a_text_pass() -> None:
    with pytest.raises(TypeError, match="only Gate"):
        Passed(Draft(Reply("Hallo", "de")), {})


def test_the_database_refuses_a_row_to_send_that_passed_no_gate(engine: Engine) -> None:
    conversation = Record(engine, MarketLanguage()).receive(inbound()).conversation
    row = {"id": "x", "conversation_id": conversation.id, "seq": 9, "direction": "out", "author": "bot", "kind": "text"}
    row |= {"text": "Natel", "payload": {}, "channel": "webchat", "status": "queued", "created_at": 1.0}
    with engine.begin() as connection, pytest.raises(IntegrityError, match="gate"):
        connection.execute(sa.insert(messages), row)


def _calls(name: str) -> set[str]:
    """Files of the product that call `name`."""
    found = set()
    folders = ("actions", "aftersail", "bot", "connectors", "conversations", "core", "knowledge", "languages")
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                found.add(path.relative_to(ROOT).as_posix())
    return found


def test_there_is_no_other_way_out() -> None:
    """Every path that stores a message to send: a new one must go through the gate and be added to the tests above."""
    assert _calls("insert_messages") == {"conversations/outgoing.py"}
    assert _calls("insert_message") == {"conversations/record.py", "conversations/rows.py"}  # inbound messages
    assert _calls("insert_inbound") == {"conversations/record.py", "conversations/surveys.py"}
    assert _calls("Passed") == {"conversations/outgoing.py"}
    senders = ("work", "agent_reply", "notices", "helpdesk_replies")  # the last: tests/connectors/helpdesks
    assert _calls("insert_outgoing") == {f"conversations/{name}.py" for name in senders}
    assert "messages" not in {
        ast.unparse(node.args[0])
        for path in (ROOT / "connectors").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("insert") and node.args
    }
