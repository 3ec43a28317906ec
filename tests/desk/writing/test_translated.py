"""An agent who writes in their own language: translated, corrected by hand, or sent as it is and said so."""

import pytest

from tests.desk.writing.acts import preview, send, written
from tests.support.desk import DeskWorld

# market, the customer's language, the agent's, the text; the four test packages are real engines
CASES = [
    ("DE", "de", "en", "Your order ORK-4821936 was shipped."),
    ("JP", "ja", "en", "Your order ORK-4821936 was shipped."),
    ("US", "en", "de", "Ihre Bestellung ORK-4821936 wurde verschickt."),
]


@pytest.mark.parametrize(("market", "language", "own", "text"), CASES)
def test_what_the_preview_translates_is_what_leaves(
    translating: DeskWorld, market: str, language: str, own: str, text: str
) -> None:
    desk = translating
    conversation = desk.waiting("Hilfe", market=market, language=language).conversation_id
    client = desk.client("anna", languages=[own])
    shown = preview(client, conversation, text, own)
    assert (shown["translated"], shown["language"], shown["findings"]) == (True, language, []), shown
    assert shown["text"] != text
    assert "ORK-4821936" in shown["text"]
    assert send(client, conversation, text, own, shown=shown["text"])[0] == 200
    (message,) = written(desk, conversation)
    assert (message.text, message.language) == (shown["text"], language)
    translation = message.payload["translation"]
    assert (translation["from"], translation["original"]) == (own, text)
    assert translation["engine"]
    assert "edited" not in translation


def test_another_translation_than_the_shown_one_does_not_leave(translating: DeskWorld) -> None:
    conversation = translating.waiting("Hilfe").conversation_id
    client = translating.client("anna", languages=["en"])
    status, answer = send(client, conversation, CASES[0][3], "en", shown="Etwas ganz anderes.")
    assert (status, answer["stopped"]) == (409, "changed")
    assert answer["preview"]["text"]
    assert written(translating, conversation) == []


def test_a_translation_corrected_by_hand_keeps_the_original_and_says_so(desk: DeskWorld) -> None:
    conversation, client = desk.waiting("Hilfe").conversation_id, desk.client("anna", languages=["en"])
    by_hand = "Ihre Bestellung ORK-4821936 ist unterwegs."
    shown = preview(client, conversation, CASES[0][3], "en", edited=by_hand)
    assert (shown["text"], shown["edited"], shown["findings"]) == (by_hand, True, [])
    assert send(client, conversation, CASES[0][3], "en", edited=by_hand)[0] == 200
    (message,) = written(desk, conversation)
    assert message.text == by_hand
    expected = {"from": "en", "original": CASES[0][3], "engine": "", "edited": True}
    assert message.payload["translation"] == expected


@pytest.mark.parametrize(
    ("by_hand", "kind"),
    [
        ("Ihre Bestellung ORK-4821937 ist unterwegs.", "masked_item"),
        ("Ihre Bestellung ORK-4821936 zum Desinfizieren der Babyflasche ist unterwegs.", "forbidden_term"),
    ],
)
def test_what_is_corrected_by_hand_goes_through_the_gate_too(desk: DeskWorld, by_hand: str, kind: str) -> None:
    conversation, client = desk.waiting("Hilfe").conversation_id, desk.client("anna", languages=["en"])
    shown = preview(client, conversation, CASES[0][3], "en", edited=by_hand)
    assert kind in [one["kind"] for one in shown["findings"]]
    status, answer = send(client, conversation, CASES[0][3], "en", edited=by_hand)
    assert (status, answer["preview"]["findings"]) == (409, shown["findings"])
    assert written(desk, conversation) == []


def test_without_an_engine_it_is_sent_as_it_is_when_the_agent_wants_so(desk: DeskWorld) -> None:
    conversation, client = desk.waiting("Hilfe").conversation_id, desk.client("anna", languages=["en"])
    text = CASES[0][3]
    shown = preview(client, conversation, text, "en")
    assert shown["untranslated"]
    assert "data-untranslated" in shown["html"]
    status, answer = send(client, conversation, text, "en")
    assert (status, answer["stopped"]) == (409, "untranslated")
    assert written(desk, conversation) == []
    assert send(client, conversation, text, "en", untranslated="1")[0] == 200
    (message,) = written(desk, conversation)
    assert (message.text, message.language) == (text, "en")
    assert message.payload["translation"] == {"from": "en"}
