"""Whole stories with the customer's page beside the desk's: danger at 3 am, and a bot that still thinks."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from aftersail.promise_watch import open_promise_watch
from conversations.model import HandoffRequest
from conversations.work import TurnResult
from tests.browser.chat_page import ChatPage
from tests.browser.desk_acts import answer
from tests.support.desk import HOUR, DeskWorld
from tests.support.desk_customer import BothSite, newest, promised, think, words

pytestmark = pytest.mark.browser

MINUTE = 60.0
HOLIDAY = datetime(2026, 12, 25, 2, 0, tzinfo=UTC).timestamp()  # 03:00 in Berlin


@pytest.fixture
def both(desk: DeskWorld, browser: Browser) -> Iterator[BothSite]:
    """A running desk with a web chat beside it."""
    site = BothSite(desk, browser)
    with site.server:
        yield site
        site.close()
    assert site.faults == []


# --- danger at night --------------------------------------------------------------------------------------------------


def test_danger_at_three_on_christmas_day_is_promised_alerted_apologised_for_and_answered(both: BothSite) -> None:
    world = both.world
    world.clock.now = HOLIDAY
    watch = open_promise_watch(world.parts.deps)
    lea = both.page("lea", "/queue", agent={"role": "lead", "presence": "away", "display_name": "Lea Sommer"})
    customer = ChatPage(both.page("", locale="de-DE", timezone_id="Europe/Berlin"), both.server.url)
    world.languages.next = "de"
    customer.visit("DE").open().send("Das Ladegerät raucht!")
    expect(customer.rows.filter(has_text="raucht")).to_contain_text("Gesendet")
    one = the_bot_calls_a_person(world)
    told = customer.wait_reply("spätestens bis").text
    assert "05:00" in told  # two hours, on their clock
    assert world.handoff(one).promised_at == HOLIDAY + 2 * HOUR

    alert = lea.locator(".toast", has_text="A customer in danger waits for an answer")
    for minutes in (0, 10, 20):
        world.clock.now = HOLIDAY + minutes * MINUTE
        watch.look()
        expect(alert).to_be_visible()  # at once, and again until somebody takes it
        alert.get_by_role("button").click()
        expect(alert).to_have_count(0)
    world.clock.now = HOLIDAY + 2 * HOUR + MINUTE
    for _ in range(3):
        watch.look()
    expect(lea.locator(".toast", has_text="A promise is broken")).to_be_visible()
    sorry = customer.rows.filter(has_text="nicht wie zugesagt")
    expect(sorry).to_contain_text("Dezember, 07:01")

    lea.goto(f"{both.url}/alerts")
    lea.locator(".alert-link", has_text="A promise is broken").click()
    lea.wait_for_selector("[data-composer][data-ready]")
    expect(lea.locator("#promise-clock")).to_be_visible()
    lea.locator("#do-take").click()
    expect(lea.locator("#do-release")).to_be_visible()
    lea.get_by_label("Your answer").fill("Bitte ziehen Sie sofort den Stecker. Ist jemand verletzt?")
    answer(lea)
    assert "Stecker" in customer.wait_reply("Ist jemand verletzt?").text
    expect(lea.locator("#promise-clock")).to_contain_text("Answered")
    expect(sorry).to_have_count(1)


def the_bot_calls_a_person(world: DeskWorld) -> str:
    """A turn of the bot with its words and promise; the conversation's id."""
    thought = think(world)
    assert thought is not None
    made = promised(world, thought.conversation, "safety")
    said = words(world, thought.conversation, "utter_safety_first", "utter_handoff_open", promised_at=made.told.due_at)
    packet = {"wants": thought.message.text, "given": {}}
    thought.ends(
        TurnResult([said], {}, HandoffRequest("safety_issue", "safety", packet, made.told.due_at, made, told=True))
    )
    world.parts.deps.news(thought.conversation.id)
    return thought.conversation.id


# --- the bot thinks ---------------------------------------------------------------------------------------------------


def test_a_lead_takes_over_while_the_bot_thinks_and_its_words_never_come(both: BothSite) -> None:
    world = both.world
    lead = {"role": "lead", "languages": ["th", "en"], "presence": "away", "display_name": "Ploy S."}
    ploy = both.page("ploy", "/queue?view=bot", agent=lead)
    customer = ChatPage(both.page("", locale="th-TH", timezone_id="Asia/Bangkok"), both.server.url)
    world.languages.next = "th"
    customer.visit("TH").open().send("ขอคุยกับพนักงานค่ะ")
    row = ploy.locator(".queue-row", has_text="ขอคุยกับพนักงานค่ะ")
    expect(row).to_be_visible()  # live: nobody has reloaded anything
    thought = think(world)
    assert thought is not None
    row.get_by_role("button", name="Take over").click()
    expect(ploy.locator("#conversation-head")).to_contain_text("with you")
    made = promised(world, thought.conversation, "ordinary")
    said = words(world, thought.conversation, "utter_handoff_open", promised_at=made.told.due_at)
    thought.ends(TurnResult([said], {}, HandoffRequest("asked_for_person", "ordinary", {}, made.told.due_at, made)))
    world.parts.deps.news(thought.conversation.id)

    hello = "สวัสดีค่ะ ดิฉันพลอยค่ะ มีอะไรให้ช่วยคะ"
    ploy.get_by_label("Your answer").fill(hello)
    answer(ploy)
    assert customer.wait_reply().text == hello  # the first thing that they hear
    customer.send("ของยังไม่มาค่ะ")
    expect(ploy.locator("#messages")).to_contain_text("ของยังไม่มาค่ะ")
    assert think(world) is None  # nothing waits for the bot
    assert customer.texts("bot") == []
    expect(ploy.locator("#messages [data-author=bot]")).to_have_count(0)
    assert newest(world).owner == "agent:ploy"
