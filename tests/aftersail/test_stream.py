"""`aftersail detect`, `parse` and `ask` as processes: their shapes, and everything that can be sent to them."""

import json
from functools import cache
from typing import Any

import pytest

from core.settings import PROJECT
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


def strange(name: str) -> str:
    return json.loads(f'"{dict(STRANGE)[name]}"')


@cache
def strange_lines() -> tuple[str, ...]:
    """Each strange text as a German customer's first message."""
    return tuple(
        f'{{"text": "{text}", "market": "DE", "conversation": "strange-{n}"}}' for n, (_, text) in enumerate(STRANGE)
    )


@pytest.fixture(scope="module")
def asked(installation: Installation) -> dict[str, dict[str, Any]]:
    """What `ask` answers to each strange text, by name."""
    found = answers(send(installation, "ask", list(strange_lines())))
    assert len(found) == len(STRANGE)
    return {name: answer for (name, _), answer in zip(STRANGE, found, strict=True)}


def test_detect(installation: Installation) -> None:
    lines = [
        line("Wo ist mein Paket?"),
        line("注文した荷物はどこ", market="JP"),
        line("ok", market="SA", language="ar"),
    ]
    german, japanese, arabic = answers(send(installation, "detect", lines))
    assert {"text", "language", "confidence", "decision", "evidence", "candidates"} <= set(german)
    assert (german["text"], german["language"], german["decision"]) == ("Wo ist mein Paket?", "de", "sure")
    assert 0.5 < german["confidence"] <= 1
    assert isinstance(german["evidence"], dict)
    assert [japanese["language"], arabic["language"]] == ["ja", "ar"]


def test_detect_remembers_a_conversation(installation: Installation) -> None:
    lines = [line("¿Dónde está mi pedido? No ha llegado.", conversation="c"), line("ok", conversation="c"), line("ok")]
    assert [found["language"] for found in answers(send(installation, "detect", lines))] == ["es", "es", "en"]


def test_parse(installation: Installation) -> None:
    text = "wo ist ork-1204049, lena@example.com"
    lines = [line(text, market="DE"), line("Wie lange kann ich etwas zurückgeben?", market="DE")]
    order, question = answers(send(installation, "parse", lines))
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


def test_parse_takes_every_strange_text(installation: Installation) -> None:
    found = answers(send(installation, "parse", list(strange_lines())))
    assert len(found) == len(STRANGE)
    assert {answer["decision"] for answer in found} <= {"answer", "clarify", "unsure"}


def test_detect_takes_every_strange_text(installation: Installation) -> None:
    found = answers(send(installation, "detect", list(strange_lines())))
    assert len(found) == len(STRANGE)
    assert {answer["decision"] for answer in found} <= {"sure", "ask"}


def test_ask_keeps_conversations_apart(installation: Installation) -> None:
    order = installation.order("DE", "in_transit")
    lines = [
        line("wo ist mein Paket?", market="DE", conversation="a"),
        line("where is my order?", market="US", conversation="b"),
        line(order.number, market="DE", conversation="a"),
        line(order.number, market="US", conversation="b"),
        line(order.postcode, market="DE", conversation="a"),
    ]
    found = answers(send(installation, "ask", lines))
    assert set(found[0]) == {"text", "language", "replies", "owner"}
    assert set(found[0]["replies"][0]) == {"text", "buttons", "response"}
    assert [answer["replies"][0]["response"] for answer in found] == [
        "utter_ask_order_number",
        "utter_ask_order_number",
        "utter_ask_order_proof",
        "utter_ask_order_proof",
        "utter_order_in_transit",
    ]
    assert [answer["language"] for answer in found] == ["de", "en", "de", "en", "de"]
    assert {answer["owner"] for answer in found} == {"bot"}


def test_ask_without_and_with_new_each(installation: Installation) -> None:
    order = installation.order("US", "in_transit")
    lines = [line("where is my order?"), line(order.number), line("I want to talk to a person"), line("hello?")]
    together = answers(send(installation, "ask", lines))
    assert [answer["owner"] for answer in together] == ["bot", "bot", "queue", "queue"]
    assert together[3]["replies"] == []
    apart = answers(send(installation, "ask", lines, "--new-each"))
    assert [answer["owner"] for answer in apart] == ["bot", "bot", "queue", "bot"]
    assert apart[3]["replies"][0]["response"] == "utter_greet"


def test_plain_lines(installation: Installation) -> None:
    done = installation.run("ask", "--market", "DE", stdin="hallo\nwo ist mein paket?\n\xff\n".encode("latin-1"))
    assert [answer["replies"][0]["response"] for answer in answers(done)][:2] == [
        "utter_greet",
        "utter_ask_order_number",
    ]


@pytest.mark.parametrize("command", ["detect", "parse", "ask"])
@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["{broken"], "standard input:2"),
        (['["a list"]'], "standard input:2"),
        (['{"market": "DE"}'], "standard input:2: text"),
        (['{"text": 7}'], "standard input:2: text"),
        ([line("hallo", market="XX")], "'XX'"),
    ],
)
def test_a_wrong_line_is_named(installation: Installation, command: str, lines: list[str], named: str) -> None:
    done = send(installation, command, [line("hello"), *lines])
    assert done.code == 1
    assert named in done.err
    assert "Traceback" not in done.err
    assert len(done.out.splitlines()) == 1  # the line before it was handled


def test_an_unknown_market_option_is_named(installation: Installation) -> None:
    done = installation.run("ask", "--market", "Atlantis", stdin=b"hello\n")
    assert (done.code, done.out) == (1, "")
    assert "Atlantis" in done.err
    assert "DE" in done.err  # the markets that there are


@pytest.mark.parametrize("name", [name for name, _ in STRANGE])
def test_every_strange_text_gets_a_reply(asked: dict[str, dict[str, Any]], name: str) -> None:
    answer = asked[name]
    assert answer["replies"], "silence"
    assert answer["replies"][0]["response"] not in ("", "utter_technical_problem")
    for reply in answer["replies"]:
        assert reply["text"].strip()
        assert not [word for word in INNER_WORDS if word in reply["text"]]
    assert answer["owner"] == "bot"


@pytest.mark.parametrize("name", ["empty", "blank", "lines", "no-break space", "emoji", "punctuation", "slashes"])
def test_a_text_without_words_is_said_to_have_none(asked: dict[str, dict[str, Any]], name: str) -> None:
    assert asked[name]["replies"][0]["response"] == "utter_nothing_to_read"


@pytest.mark.parametrize(
    ("name", "not_this"),
    [
        ("payload with entity", "faq:return-how"),
        ("restart", "utter_greet"),
        ("payload of another order", "utter_order_in_transit"),
    ],
)
def test_a_typed_payload_is_only_words(asked: dict[str, dict[str, Any]], name: str, not_this: str) -> None:
    assert asked[name]["replies"][0]["response"] != not_this


def test_a_typed_payload_for_a_person_hands_nobody_over(asked: dict[str, dict[str, Any]]) -> None:
    assert asked["payload"]["owner"] == "bot"


def test_a_huge_text_is_stored_no_longer_than_a_message_may_be(asked: dict[str, dict[str, Any]]) -> None:
    assert len(strange("huge")) > 100_000
    assert len(asked["huge"]["text"]) == 4_000


def test_the_tables_are_still_there(asked: dict[str, dict[str, Any]], installation: Installation) -> None:
    assert asked["sql"]["replies"]
    assert installation.run("handoffs").code == 0


def test_the_command_is_found_from_anywhere(installation: Installation) -> None:
    assert installation.run("--help").code == 0
    assert (PROJECT / "aftersail" / "cli.py").is_file()
