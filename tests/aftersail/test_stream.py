"""`aftersail detect`, `parse` and `ask` as processes: their shapes, and everything that can be sent to them."""

import io
import json
from typing import Any

import pytest

from aftersail.stream import read_lines
from core.json_lines import BadLine
from tests.aftersail.stream_lines import STRANGE
from tests.support.installation import Finished, Installation

pytestmark = pytest.mark.model

INNER_WORDS = ("Traceback", "utter_", "{return_days}", "{{", "nlu_fallback", "action_")


def send(installation: Installation, command: str, lines: list[str], *options: str) -> Finished:
    """The command on JSON lines."""
    return installation.run(command, "--jsonl", *options, stdin="\n".join(lines).encode("utf-8", "surrogatepass"))


def answers(done: Finished) -> list[dict[str, Any]]:
    """What came back, one object a line."""
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    return [json.loads(line) for line in done.out.splitlines()]


def line(text: str, **fields: str) -> str:
    return json.dumps({"text": text, **fields}, ensure_ascii=False)


def strange_lines() -> list[str]:
    """Each strange text as a German customer's first message."""
    return [
        f'{{"text": "{text}", "market": "DE", "conversation": "strange-{number}"}}'
        for number, (_, text) in enumerate(STRANGE)
    ]


def ask_lines(installation: Installation) -> dict[str, str]:
    """Two conversations at once, then one without a name; by what the answer must be."""
    german, american = installation.order("DE", "in_transit"), installation.order("US", "in_transit")
    return {
        "a utter_ask_order_number de bot": line("wo ist mein Paket?", market="DE", conversation="a"),
        "b utter_ask_order_number en bot": line("where is my order?", market="US", conversation="b"),
        "a utter_ask_order_proof de bot": line(german.number, market="DE", conversation="a"),
        "b utter_ask_order_proof en bot": line(american.number, market="US", conversation="b"),
        "a utter_order_in_transit de bot": line(german.postcode, market="DE", conversation="a"),
        "c utter_ask_order_number en bot": line("where is my order?"),
        "c utter_ask_order_proof en bot": line(american.number),
        "c utter_handoff en queue": line("I want to talk to a person"),
        "c - en queue": line("hello?"),
    }


@pytest.fixture(scope="module")
def asked(installation: Installation) -> list[dict[str, Any]]:
    """What `ask` answers to ask_lines and to the strange texts, in one process."""
    return answers(send(installation, "ask", [*ask_lines(installation).values(), *strange_lines()]))


@pytest.fixture(scope="module")
def strange_answers(asked: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What `ask` answers to each strange text, by name."""
    return {name: answer for (name, _), answer in zip(STRANGE, asked[-len(STRANGE) :], strict=True)}


def test_detect(installation: Installation) -> None:
    lines = [
        line("Wo ist mein Paket?"),
        line("注文した荷物はどこ", market="JP"),
        line("ok", market="SA", language="ar"),
        line("¿Dónde está mi paquete? No ha llegado.", conversation="c"),
        line("ok", conversation="c"),
        line("ok"),
    ]
    found = answers(send(installation, "detect", [*lines, *strange_lines()]))
    german = found[0]
    assert {"text", "language", "confidence", "decision", "evidence", "candidates"} <= set(german)
    assert (german["text"], german["language"], german["decision"]) == ("Wo ist mein Paket?", "de", "sure")
    assert 0.5 < german["confidence"] <= 1
    assert isinstance(german["evidence"], dict)
    assert [answer["language"] for answer in found[: len(lines)]] == ["de", "ja", "ar", "es", "es", "en"]
    assert len(found) == len(lines) + len(STRANGE)
    assert {answer["decision"] for answer in found} <= {"sure", "ask"}


def test_parse(installation: Installation) -> None:
    text = "wo ist ork-1204049, lena@example.com"
    lines = [line(text, market="DE"), line("Wie lange kann ich etwas zurückgeben?", market="DE"), *strange_lines()]
    order, question, *others = answers(send(installation, "parse", lines))
    assert set(order) == {"text", "language", "intent", "entities", "faq", "decision"}
    assert set(order["intent"]) == {"name", "confidence"}
    found = {entity["entity"]: entity for entity in order["entities"]}
    assert all(set(entity) == {"entity", "value", "start", "end"} for entity in order["entities"])
    assert found["order_number"]["value"] == "ORK-1204049"
    assert text[found["order_number"]["start"] : found["order_number"]["end"]] == "ork-1204049"
    assert text[found["email"]["start"] : found["email"]["end"]] == "lena@example.com"
    assert (question["intent"]["name"], question["decision"], question["language"]) == ("faq", "answer", "de")
    assert question["faq"][0]["id"] == "returns-window"
    assert all(set(hit) == {"id", "score"} and 0 <= hit["score"] <= 1 for hit in question["faq"])
    assert len(others) == len(STRANGE)
    assert {answer["decision"] for answer in others} <= {"answer", "clarify", "choose", "unsure"}


def test_ask_keeps_conversations_apart(asked: list[dict[str, Any]], installation: Installation) -> None:
    assert set(asked[0]) == {"text", "language", "replies", "owner"}
    assert set(asked[0]["replies"][0]) == {"text", "buttons", "response"}
    for wanted, answer in zip(ask_lines(installation), asked, strict=False):
        _, response, language, owner = wanted.split()
        said = answer["replies"][0]["response"] if answer["replies"] else "-"
        assert said.startswith(response), wanted
        assert (answer["language"], answer["owner"]) == (language, owner), wanted


def test_ask_with_a_new_conversation_for_each_line(installation: Installation) -> None:
    order = installation.order("US", "in_transit")
    lines = [line("where is my order?"), line(order.number), line("I want to talk to a person"), line("hello")]
    found = answers(send(installation, "ask", lines, "--new-each"))
    assert [answer["owner"] for answer in found] == ["bot", "bot", "queue", "bot"]
    assert found[3]["replies"][0]["response"] == "utter_greet"


def test_plain_lines(installation: Installation) -> None:
    done = installation.run("ask", "--market", "DE", stdin="hallo\nwo ist mein paket?\n\xff\n".encode("latin-1"))
    replies = [answer["replies"][0]["response"] for answer in answers(done)]
    assert replies[:2] == ["utter_greet", "utter_ask_order_number"]
    assert len(replies) == 3


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("{broken", "standard input:2"),
        ('["a list"]', "standard input:2"),
        ('{"market": "DE"}', "standard input:2: text"),
        ('{"text": 7}', "standard input:2: text"),
        ('{"text": "hallo", "conversation": ["x"]}', "standard input:2: conversation"),
        ("[" * 100_000, "standard input:2"),
    ],
    ids=["broken", "list", "no text", "number", "list for a name", "deep"],
)
def test_a_wrong_line_is_named(row: str, named: str) -> None:
    found = read_lines(io.StringIO(f'{{"text": "hello"}}\n{row}\n'), jsonl=True)
    assert next(found).text == "hello"
    with pytest.raises(BadLine, match=named):
        next(found)


@pytest.mark.parametrize("command", ["detect", "parse", "ask"])
def test_the_lines_before_a_wrong_one_are_answered(installation: Installation, command: str) -> None:
    done = send(installation, command, [line("hello"), "{broken", line("hello")])
    assert done.code == 1
    assert "standard input:2" in done.err
    assert "Traceback" not in done.err
    assert len(done.out.splitlines()) == 1


@pytest.mark.parametrize("options", [("--market", "Atlantis"), ()])
def test_an_unknown_market_is_named(installation: Installation, options: tuple[str, ...]) -> None:
    lines = [line("hello") if options else line("hello", market="Atlantis")]
    done = send(installation, "detect", lines, *options)
    assert (done.code, done.out) == (1, "")
    assert "'Atlantis'" in done.err
    assert "DE" in done.err  # the markets that there are


@pytest.mark.parametrize("name", [name for name, _ in STRANGE])
def test_every_strange_text_gets_a_reply(strange_answers: dict[str, dict[str, Any]], name: str) -> None:
    answer = strange_answers[name]
    assert answer["replies"], "silence"
    assert answer["replies"][0]["response"] not in ("", "utter_technical_problem")
    for reply in answer["replies"]:
        assert reply["text"].strip()
        assert not [word for word in INNER_WORDS if word in reply["text"]]
    assert answer["owner"] == "bot"


@pytest.mark.parametrize("name", ["empty", "blank", "lines", "no-break space", "emoji", "punctuation", "slashes"])
def test_a_text_without_words_is_said_to_have_none(strange_answers: dict[str, dict[str, Any]], name: str) -> None:
    assert strange_answers[name]["replies"][0]["response"] == "utter_nothing_to_read"


@pytest.mark.parametrize(
    ("name", "not_this"),
    [
        ("payload with entity", "faq:return-how"),
        ("restart", "utter_greet"),
        ("payload of another order", "utter_order_in_transit"),
    ],
)
def test_a_typed_payload_is_only_words(strange_answers: dict[str, dict[str, Any]], name: str, not_this: str) -> None:
    assert strange_answers[name]["replies"][0]["response"] != not_this


def test_a_typed_payload_for_a_person_hands_nobody_over(strange_answers: dict[str, dict[str, Any]]) -> None:
    assert strange_answers["payload"]["owner"] == "bot"


def test_a_huge_text_is_stored_no_longer_than_a_message_may_be(strange_answers: dict[str, dict[str, Any]]) -> None:
    assert len(dict(STRANGE)["huge"]) > 100_000
    assert len(strange_answers["huge"]["text"]) == 5_000


def test_the_tables_are_still_there(strange_answers: dict[str, dict[str, Any]], installation: Installation) -> None:
    assert strange_answers["sql"]["replies"]
    assert installation.run("handoffs").code == 0
