"""What an agent is told to do next: never what was done, was given, or cannot be done any more."""

from typing import Any

import pytest

from conversations.memory import remember
from conversations.model import Hints
from conversations.ownership import Event
from tests.support.desk import DeskWorld
from tests.support.installation import Installation

# (market, language, a wish for a person with its matter in another sentence, the matter; a wish and nothing else)
WISHES = [
    ("JP", "ja", "掃除機が動きません。担当者と話したいです。", "掃除機が動きません。", "担当者と話したいです"),
    ("DE", "de", "Ich möchte mit einem Mitarbeiter sprechen! Paket weg.", "Paket weg.", "Bitte einen Mitarbeiter"),
    ("US", "en", "I really need to talk to a person now. No refund yet.", "No refund yet.", "talk to a person"),
    ("TH", "th", "ขอคุยกับเจ้าหน้าที่หน่อยค่ะ\nพัสดุไม่มา", "พัสดุไม่มา", "ขอคุยกับเจ้าหน้าที่หน่อยค่ะ"),
    ("KR", "ko", "상담원과 통화하고 싶습니다. 환불 안 됨.", "환불 안 됨.", "상담원 연결"),
    ("SA", "ar", "أريد التحدث مع موظف من فضلكم. الطرد لم يصل.", "الطرد لم يصل.", "أريد التحدث مع موظف"),
]


def packet(desk: DeskWorld, conversation: str) -> dict[str, Any]:
    """The packet as a signed-in agent's programs see it."""
    answer = desk.client("anna").get(f"/desk/api/conversations/{conversation}/packet")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def steps(desk: DeskWorld, conversation: str) -> list[str]:
    """Keys of the steps."""
    return [step["key"] for step in packet(desk, conversation)["next_steps"]]


@pytest.mark.parametrize(("market", "language", "text", "matter", "bare"), WISHES)
def test_a_wish_for_a_person_gives_way_to_the_matter(
    desk: DeskWorld, market: str, language: str, text: str, matter: str, bare: str
) -> None:
    one = desk.waiting(text, market=market, language=language, reason="asked_for_person", sender="one").conversation_id
    assert packet(desk, one)["wants"]["text"] == matter
    assert "ask_what" not in steps(desk, one)
    two = desk.waiting(bare, market=market, language=language, reason="asked_for_person", sender="two").conversation_id
    assert "ask_what" in steps(desk, two)


@pytest.mark.parametrize("task", ["order_status", "report_damage", "start_return"])
def test_what_the_bot_was_asking_for_is_asked_by_the_person(desk: DeskWorld, task: str) -> None:
    text = "أريد التحدث مع موظف"
    case = {"intent": "talk_to_person", "task": task, "asked": "order_number"}
    one = desk.waiting(text, market="SA", language="ar", reason="asked_for_person", sender="two", **case)
    assert "ask_order_number" in steps(desk, one.conversation_id)
    desk.write("ORK-4821930", market="SA", language="ar", sender="two")
    assert "ask_order_number" not in steps(desk, one.conversation_id)


def test_what_the_bot_asks_for_by_itself_is_no_step_of_a_person(desk: DeskWorld) -> None:
    one = desk.write("Wo ist mein Paket?").conversation.id
    with desk.engine.begin() as connection:
        remember(connection, one, {"task": "order_status", "asked": "order_number"}, desk.clock())
    assert steps(desk, one) == ["leave_bot"]


def test_what_it_is_about_is_asked_once(desk: DeskWorld) -> None:
    one = desk.waiting("Bitte einen Mitarbeiter", reason="asked_for_person", sender="one").conversation_id
    desk.client("anna")
    desk.answer(one, "anna", "Worum geht es denn?", "de")
    assert "ask_what" not in steps(desk, one)


def test_a_danger_is_not_over_with_one_answer(desk: DeskWorld) -> None:
    one = desk.waiting("Das Ladegerät raucht", reason="safety_issue", tier="safety", sender="one").conversation_id
    desk.client("anna")
    desk.act(one, Event.TAKE, "anna")
    assert steps(desk, one)[0] == "stop_using"
    desk.answer(one, "anna", "Bitte sofort vom Strom trennen. Ist jemand verletzt?", "de")
    assert steps(desk, one) == ["finish_safety"]
    desk.write("Nein, niemand", sender="one")
    assert "stop_using" not in steps(desk, one)
    assert "settle" not in steps(desk, one)


def test_a_closed_conversation_says_why_a_person_had_it_and_asks_for_nothing(desk: DeskWorld) -> None:
    one = desk.waiting("Wo ist mein Paket?", reason="complaint", sender="one").conversation_id
    desk.client("anna")
    desk.answer(one, "anna", "Es kommt morgen.", "de")
    desk.act(one, Event.CLOSE, "anna")
    found = packet(desk, one)
    assert (found["why"]["reason"], found["next_steps"]) == ("complaint", [])


def test_a_closed_conversation_of_the_bot_says_so(desk: DeskWorld) -> None:
    one = desk.write("Hallo").conversation.id
    desk.record.close(one)
    page = desk.client("anna", partial=True).get(f"/desk/c/{one}/packet").text
    assert "The bot has it." not in page
    assert "no person had it" in page


@pytest.mark.parametrize(("market", "proven"), [("SA", True), ("DE", False)])
def test_a_verified_phone_proves_where_the_market_takes_it(
    desk: DeskWorld, desk_installation: Installation, market: str, proven: bool
) -> None:
    order = desk_installation.order(market, "in_transit")
    hints = Hints(phone=order.phone)
    one = desk.waiting(f"{order.number}", market=market, language="en", sender="one", hints=hints).conversation_id
    (fact,) = [each for each in packet(desk, one)["orders"]["orders"] if each["number"] == order.number]
    assert fact["proven"] is proven
    assert ("prove_first" in steps(desk, one)) is not proven
    panel = desk.client("anna", partial=True).get(f"/desk/c/{one}/orders").text
    assert ("not proved" in panel.lower()) is not proven


def test_what_an_agent_wrote_is_shown_as_they_wrote_it(desk: DeskWorld) -> None:
    one = desk.waiting("荷物が届きません", market="JP", language="ja", sender="one").conversation_id
    desk.client("anna")
    translation = {"from": "de", "original": "Ihr Paket kommt morgen.", "engine": "argos"}
    desk.answer(one, "anna", "荷物は明日届きます。", "ja", translation=translation)
    (tried,) = packet(desk, one)["tried"]
    assert (tried["title"], tried["language"]) == ("Ihr Paket kommt morgen.", "de")
