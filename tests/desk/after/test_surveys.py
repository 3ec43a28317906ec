"""Surveys after a conversation: asked once, rated without a new one, thanked once, no hand-off by a score."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from aftersail.desk_channels import open_channel_desk
from aftersail.survey_rules import load_survey_rules
from aftersail.surveys import SurveyDesk, open_surveys
from conversations.episodes import close_answered
from conversations.model import Kind
from conversations.notices import Notices
from conversations.ownership import Event
from conversations.surveys import rating_payload
from core.errors import ContentError
from core.schema import conversations, handoffs
from core.schema_desk import surveys
from markets.load import load_markets
from tests.support.desk import HOUR, DeskWorld

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ar", "ja", "ko", "zh", "zh-Hant", "th", "id", "vi")
MARKETS = load_markets(Path("markets/data"))
SENDER = "visitor-x"


@pytest.fixture
def asker(desk: DeskWorld) -> SurveyDesk:
    notices = Notices(desk.engine, desk.gate, desk.clock)
    channels = open_channel_desk(desk.settings, desk.engine, desk.holder, desk.clock)

    def news(_: str) -> object:
        return None

    registry = CollectorRegistry()
    return open_surveys(desk.engine, desk.holder.current, notices, channels, news, registry, desk.clock)


def ended(desk: DeskWorld, sender: str = SENDER, market: str = "DE", language: str = "de") -> str:
    """A conversation that an agent answered and closed."""
    case = desk.waiting("Hilfe", sender=sender, market=market, language=language)
    desk.client("anna", languages=[language])
    desk.act(case.conversation_id, Event.TAKE, "anna")
    words = desk.holder.current().words
    approved = words.say("utter_survey_thanks", market=MARKETS[market], language=language).text
    desk.answer(case.conversation_id, "anna", approved, language)
    desk.act(case.conversation_id, Event.CLOSE, "anna")
    desk.clock.now += 6 * 60
    return case.conversation_id


def survey(desk: DeskWorld, conversation: str) -> Any:
    with desk.engine.connect() as connection:
        return connection.execute(sa.select(surveys).where(surveys.c.conversation_id == conversation)).one_or_none()


def press(desk: DeskWorld, conversation: str, score: int, **more: Any) -> Any:
    found = survey(desk, conversation)
    payload = {"payload": rating_payload(found.id, score), "title": str(score)}
    return desk.write(str(score), **{"sender": SENDER, "kind": Kind.BUTTON, "payload": payload, **more})


def counts(desk: DeskWorld) -> tuple[int, int]:
    """(conversations, hand-offs)."""
    with desk.engine.connect() as connection:
        number = [
            connection.execute(sa.select(sa.func.count()).select_from(table)) for table in (conversations, handoffs)
        ]
        return number[0].scalar_one(), number[1].scalar_one()


def said(desk: DeskWorld, conversation: str) -> list[str]:
    return [str(row.payload.get("response")) for row in desk.messages(conversation) if row.author == "system"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_asked_in_the_customers_language_with_five_buttons(desk: DeskWorld, asker: SurveyDesk, language: str) -> None:
    market = next(code for code, item in MARKETS.items() if language in item.languages)
    conversation = ended(desk, market=market, language=language)
    desk.clock.now += 10 * 60
    asker.look()
    question = desk.messages(conversation)[-1]
    assert (question.author, question.language) == ("system", language)
    buttons = question.payload["buttons"]
    assert [button["short"] for button in buttons] == ["1", "2", "3", "4", "5"]
    assert all(len(button["title"]) <= 24 for button in buttons), "a row of WhatsApp's list"
    assert survey(desk, conversation).state == "asked"
    for _ in range(3):
        asker.look()
    assert len(said(desk, conversation)) == 1


def test_not_before_its_time_and_not_twice_by_two_processes(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    desk.clock.now -= 5 * 60
    asker.look()
    assert survey(desk, conversation) is None
    desk.clock.now += 5 * 60
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: asker.look(), range(4)))
    assert said(desk, conversation) == ["utter_survey_question"]


def test_a_market_that_waits_longer_holds_up_nobody(desk: DeskWorld, asker: SurveyDesk) -> None:
    slow = ended(desk, market="SA", language="ar")
    desk.clock.now -= 5 * 60
    quick = ended(desk, sender="visitor-z")  # a minute after the other, now seven minutes ago
    asker.look()
    assert (survey(desk, slow), survey(desk, quick).state) == (None, "asked")
    desk.clock.now += 4 * 60
    asker.look()
    assert survey(desk, slow).state == "asked"


def test_an_ending_that_nobody_looked_at_for_a_day_is_let_be(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    desk.clock.now += 25 * HOUR
    asker.look()
    assert survey(desk, conversation) is None
    later = ended(desk, sender="visitor-z")
    asker.look()
    assert survey(desk, later).state == "asked"


def test_one_that_cannot_be_written_holds_up_nobody(
    desk: DeskWorld, asker: SurveyDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = ended(desk), ended(desk, sender="visitor-z")
    send = Notices.send_when

    def fails(notices: Notices, conversation_id: str, *more: Any) -> Any:
        if conversation_id == broken:
            raise sa.exc.OperationalError("update", {}, Exception("locked"))
        return send(notices, conversation_id, *more)

    monkeypatch.setattr(Notices, "send_when", fails)
    asker.look()
    assert (survey(desk, broken).state, survey(desk, fine).state) == ("waiting", "asked")


def test_a_press_rates_and_opens_nothing(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    before = counts(desk)
    receipt = press(desk, conversation, 5)
    assert receipt.conversation.id == conversation
    assert receipt.message.status == "handled"
    asker.look()
    asker.look()
    found = survey(desk, conversation)
    assert (found.score, found.state, found.told) == (5, "answered", "thanks")
    assert said(desk, conversation) == ["utter_survey_question", "utter_survey_thanks"]
    assert counts(desk) == before
    assert desk.conversation(conversation).state == "closed"


def test_the_last_press_within_a_day_counts_and_thanks_come_once(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    for score in (4, 4, 3):
        press(desk, conversation, score)
        asker.look()
    assert survey(desk, conversation).score == 3
    assert said(desk, conversation).count("utter_survey_thanks") == 1
    desk.clock.now += 25 * HOUR
    press(desk, conversation, 1)
    asker.look()
    assert survey(desk, conversation).score == 3
    assert len(said(desk, conversation)) == 2


def test_two_presses_at_once_are_one_thanks(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda score: press(desk, conversation, score), (4, 5)))
        list(pool.map(lambda _: asker.look(), range(2)))
    assert said(desk, conversation).count("utter_survey_thanks") == 1
    assert survey(desk, conversation).score in (4, 5)


def test_a_low_score_is_asked_about_and_the_comment_kept(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    press(desk, conversation, 1)
    asker.look()
    question = desk.messages(conversation)[-1]
    assert question.payload["response"] == "utter_survey_sorry"
    assert [button["payload"] for button in question.payload["buttons"]] == ["talk_to_person"], "offered, not forced"
    receipt = desk.write("Drei Wochen gewartet! " + "x" * 3_000, sender=SENDER)
    found = survey(desk, conversation)
    assert found.comment.startswith("Drei Wochen")
    assert len(found.comment) == 2_000
    assert receipt.message.payload["survey_comment"] == found.id
    assert receipt.conversation.id != conversation, "it may also need help, so the bot reads it"
    again = desk.write("und noch etwas", sender=SENDER)
    assert "survey_comment" not in again.message.payload


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5),
        (" 4. ", 4),
        ("３", 3),
        ("٢", 2),
        ("3/5", 3),
        ("⭐⭐⭐⭐", 4),
        ("5 – Sehr zufrieden", 5),
        ("zufrieden", 4),
    ],
)
def test_what_is_typed_right_after_counts(desk: DeskWorld, asker: SurveyDesk, text: str, score: int) -> None:
    conversation = ended(desk)
    asker.look()
    receipt = desk.write(text, sender=SENDER)
    assert receipt.conversation.id == conversation
    assert survey(desk, conversation).score == score


@pytest.mark.parametrize("text", ["6", "0", "55", "5 Stück fehlen", "nein", "?"])
def test_other_words_are_a_message(desk: DeskWorld, asker: SurveyDesk, text: str) -> None:
    conversation = ended(desk)
    asker.look()
    receipt = desk.write(text, sender=SENDER)
    assert receipt.conversation.id != conversation
    assert survey(desk, conversation).score is None


def test_words_in_place_of_a_score_are_kept(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    receipt = desk.write("Der Service war sehr schlecht", sender=SENDER)
    assert receipt.conversation.id != conversation
    assert receipt.conversation.pending == 1, "the bot answers it like any message"
    assert "survey_comment" not in receipt.message.payload
    found = survey(desk, conversation)
    assert (found.state, found.score, found.comment) == ("asked", None, "Der Service war sehr schlecht")
    desk.write("Und mein Paket?", sender=SENDER)
    assert survey(desk, conversation).comment == found.comment
    page = desk.client("leo", role="lead").get("/desk/surveys").text
    assert "Comments without a score" in page
    press(desk, conversation, 1)
    asker.look()
    assert (survey(desk, conversation).score, said(desk, conversation)[-1]) == (1, "utter_survey_thanks")
    assert "Comments without a score" not in desk.client("leo").get("/desk/surveys").text


def test_words_that_begin_something_new_are_no_comment(desk: DeskWorld, asker: SurveyDesk) -> None:
    late, talking = ended(desk), ended(desk, sender="visitor-y")
    asker.look()
    desk.clock.now += HOUR + 1
    desk.write("Wo ist mein Paket?", sender=SENDER)
    desk.write("Foto", sender="visitor-y", kind=Kind.MEDIA)
    desk.clock.now -= HOUR
    desk.write("Das ist das Foto", sender="visitor-y")
    assert [survey(desk, each).comment for each in (late, talking)] == ["", ""]


def test_a_digit_later_belongs_to_what_is_talked_about_now(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    desk.write("Noch eine Frage", sender=SENDER)
    receipt = desk.write("2", sender=SENDER)
    assert receipt.conversation.id != conversation
    assert survey(desk, conversation).score is None


def test_a_strangers_press_is_none(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    press(desk, conversation, 1, sender="visitor-y")
    for payload in ('rating{"survey": "x", "score": 5}', "rating{", 'rating{"survey": 1}', 'rating{"score": 9}'):
        desk.write("x", sender=SENDER, kind=Kind.BUTTON, payload={"payload": payload, "title": "x"})
    assert survey(desk, conversation).score is None


@pytest.mark.parametrize(
    "payload",
    [
        '{"survey": "x", "score": 1e999}',
        '{"survey": "x", "score": NaN}',
        '{"survey": "\\ud800", "score": 5}',
        '{"survey": "\\u0000", "score": 5}',
        '{"survey": ' + "[" * 100_000,
        '{"survey": "x", "score": ' + "9" * 5_000 + "}",
    ],
)
def test_a_forged_press_stops_nobodys_message(desk: DeskWorld, payload: str) -> None:
    desk.write("x", sender=SENDER, kind=Kind.BUTTON, payload={"payload": f"rating{payload}", "title": "x"})
    receipt = desk.write("Hallo", sender=SENDER)
    assert [message.text for message in desk.messages(receipt.conversation.id)] == ["x", "Hallo"]


def test_the_same_press_again_is_the_same_message(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    from conversations.model import Inbound

    payload = {"payload": rating_payload(survey(desk, conversation).id, 5), "title": "5"}
    inbound = Inbound("webchat", SENDER, "DE", "5", "the-id", Kind.BUTTON, payload)
    first, second = desk.record.receive(inbound), desk.record.receive(inbound)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.message.id == second.message.id


def test_once_in_thirty_days(desk: DeskWorld, asker: SurveyDesk) -> None:
    first = ended(desk)
    asker.look()
    second = ended(desk)
    asker.look()
    assert (survey(desk, first).state, survey(desk, second).state) == ("asked", "skipped")
    assert survey(desk, second).reason == "asked_lately"
    desk.clock.now += 31 * 24 * HOUR
    third = ended(desk)
    asker.look()
    assert survey(desk, third).state == "asked"


def test_who_writes_again_is_not_asked(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    desk.write("Halt, noch etwas", sender=SENDER)
    asker.look()
    assert survey(desk, conversation).reason == "wrote_again"
    assert said(desk, conversation) == []


def test_after_automatic_closing_and_nobody_answered(desk: DeskWorld, asker: SurveyDesk) -> None:
    case = desk.waiting("Hilfe", sender=SENDER)
    desk.client("anna")
    desk.act(case.conversation_id, Event.TAKE, "anna")
    desk.answer(case.conversation_id, "anna", "Alles gut.", "de")
    lonely = desk.write("Hallo?", sender="lonely").conversation.id
    with desk.engine.begin() as connection:
        values = {"pending": 0, "pending_since": None}
        connection.execute(sa.update(conversations).where(conversations.c.id == lonely).values(**values))
    from core.schema import messages

    with desk.engine.begin() as connection:
        connection.execute(sa.update(messages).where(messages.c.direction == "out").values(status="sent"))
    desk.clock.now += 100 * HOUR
    closed = close_answered(desk.engine, lambda _: 72.0, desk.clock())
    assert set(closed) == {case.conversation_id, lonely}
    desk.clock.now += 6 * 60
    asker.look()
    assert survey(desk, case.conversation_id).state == "asked"
    assert survey(desk, lonely).reason == "nobody_answered"


def test_the_leads_page(desk: DeskWorld, asker: SurveyDesk) -> None:
    conversation = ended(desk)
    asker.look()
    press(desk, conversation, 2)
    asker.look()
    desk.write("<img src=x onerror=alert(1)>", sender=SENDER)
    lead = desk.client("lea", role="lead")
    page = lead.get("/desk/surveys")
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text
    assert re.search(r"2\.00", page.text)
    assert ">Anna<" in page.text
    assert desk.client("anna").get("/desk/surveys").status_code == 403
    stranger = desk.client("franz", role="lead", markets=["FR"]).get("/desk/surveys?days=365").text
    assert conversation not in stranger
    assert "img src" not in stranger.replace("<img class", "")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("default: {}\n", ":1: needs"),
        ("default: {ask: true}\nmarkets: {}\n", ":1: default: needs exactly"),
        (
            "default: {ask: true, bot: true, delay_minutes: 5, every_days: 30, paid: true}\nmarkets:\n"
            "  DE: {ask: 1, bot: true, delay_minutes: 5, every_days: 0, paid: true}\n",
            ":3: DE: ask",
        ),
    ],
)
def test_a_wrong_file_names_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "surveys.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(complaint)):
        load_survey_rules(file)
