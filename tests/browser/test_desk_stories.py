"""Whole stories: two agents at once, a connection that drops, a customer who writes while it is closed, a window."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Route, expect

from aftersail.undelivered import invitation
from connectors.channel import Task
from connectors.delivery.errors import Hold
from connectors.delivery.outgoing import plan_calls
from conversations.contacts import Contacts
from conversations.model import Kind, Message
from conversations.notices import Notices
from conversations.ownership import Event
from tests.browser.desk_acts import Held, answer, count, opened, texts, write
from tests.desk.writing.acts import preview, send, written
from tests.desk.writing.test_channels import TEMPLATE, files
from tests.support.desk import HOUR, DeskWorld, MakeDesk
from tests.support.desk_site import DeskSite, settle

pytestmark = pytest.mark.browser

HALF = "Es liegt schon"
ANSWER = "Es liegt schon in der Filiale am Markt."
CLICK_TAKE = "document.getElementById('do-take').click()"
CLICK_SEND = "document.querySelector('[data-send]').click()"


# --- two agents -------------------------------------------------------------------------------------------------------


def race(site: DeskSite, conversation_id: str, address: str, act: Callable[[Page], object]) -> tuple[Page, Page, str]:
    """Both agents have begun to write and act in the same moment; (who has it, who has not, the winner's name)."""
    pages = {
        name: opened(site, conversation_id, name.split()[0].lower(), display_name=name)
        for name in ("Anna Berg", "Ben Vogt")
    }
    held = Held()
    for name, page in pages.items():
        write(page, f"{HALF}, sagt {name}")
        held.hold(page, address)
    for page in pages.values():
        act(page)
    held.wait(page, 2)
    held.let_go()
    for page in pages.values():
        expect(page.locator("#conversation-head")).to_contain_text(re.compile("with (you|Anna Berg|Ben Vogt)"))
    owner = site.world.conversation(conversation_id).owner
    winner, loser = ("Anna Berg", "Ben Vogt") if owner == "agent:anna" else ("Ben Vogt", "Anna Berg")
    return pages[winner], pages[loser], winner


def test_of_two_who_take_at_the_same_moment_one_has_it_and_the_other_reads_who(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = world.waiting("Wo ist mein Paket?").conversation_id
    first, second, winner = race(desk_site, one, "/take$", lambda page: page.evaluate(CLICK_TAKE))
    assert count(world, one, Event.TAKE) == 1

    expect(first.locator("#conversation-head")).to_contain_text("with you")
    expect(first.get_by_label("Your answer")).to_have_value(f"{HALF}, sagt {winner}")
    expect(second.locator("#conversation-head")).to_contain_text(f"with {winner}")
    expect(second.locator(".toast").last).to_contain_text(f"{winner} has it now")
    expect(second.locator("[data-composer]")).to_contain_text(f"{winner} has this conversation.")
    expect(second.get_by_label("Your answer")).to_have_count(0)

    answer(first)
    expect(second.locator("#messages")).to_contain_text(f"{HALF}, sagt {winner}")
    assert len(texts(world, one)) == 1
    first.locator("#do-release").click()
    loser = "Ben Vogt" if winner == "Anna Berg" else "Anna Berg"
    expect(second.get_by_label("Your answer")).to_have_value(f"{HALF}, sagt {loser}")  # nothing of it is lost
    assert len(texts(world, one)) == 1


def test_of_two_who_answer_at_the_same_moment_the_customer_hears_one(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = world.waiting("Wo ist mein Paket?").conversation_id
    _, second, winner = race(desk_site, one, "/reply$", lambda page: page.evaluate(CLICK_SEND))
    expect(second.locator("[data-composer]")).to_contain_text(f"{winner} has this conversation.")
    expect(second.locator("#messages")).to_contain_text(f"{HALF}, sagt {winner}")
    expect(second.locator(".event").last).to_contain_text(f"Taken by {winner}")
    expect(second.locator(".event q")).to_have_count(0)  # nobody said why
    assert texts(world, one) == [f"{HALF}, sagt {winner}"]


# --- a connection drops -----------------------------------------------------------------------------------------------


def mine(site: DeskSite) -> tuple[Page, str]:
    """Anna's page of a conversation that is hers."""
    one = site.world.waiting("Wo ist mein Paket?", sender="kim").conversation_id
    site.world.add_agent("anna", presence="away")
    site.world.act(one, Event.TAKE, "anna")
    return opened(site, one), one


def test_a_connection_that_drops_in_mid_sentence_loses_and_doubles_nothing(desk_site: DeskSite) -> None:
    page, one = mine(desk_site)
    field = page.get_by_label("Your answer")
    field.press_sequentially(HALF)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("No connection", timeout=15_000)
    for number in (1, 2, 3):
        desk_site.world.write(f"Nachricht {number}", sender="kim")
    field.press_sequentially(ANSWER.removeprefix(HALF))
    field.press("Control+Enter")
    expect(page.locator("[data-alert]")).to_contain_text("Not sent: the desk cannot be reached")
    expect(field).to_have_value(ANSWER)
    assert texts(desk_site.world, one) == []

    with pytest.raises(BrowserError):
        page.reload()
    page.context.set_offline(False)
    desk_site.open(page, f"/c/{one}")
    settle(page)
    expect(field).to_have_value(ANSWER)
    shown = page.locator("#messages [data-author=customer] .bubble-text").all_inner_texts()
    assert shown == ["Wo ist mein Paket?", "Nachricht 1", "Nachricht 2", "Nachricht 3"]
    answer(page)
    expect(field).to_have_value("")
    assert texts(desk_site.world, one) == [ANSWER]


def test_a_page_that_stays_open_while_the_desk_is_down_heals_by_itself(desk_site: DeskSite) -> None:
    page, one = mine(desk_site)
    field = page.get_by_label("Your answer")
    write(page, ANSWER)
    desk_site.server.stop()
    expect(page.locator("#offline")).to_contain_text("No connection", timeout=15_000)
    field.press("Control+Enter")
    expect(page.locator("[data-alert]")).to_be_visible()
    desk_site.world.write("Nachricht 1", sender="kim")
    desk_site.world.write("Nachricht 2", sender="kim")
    desk_site.server.start()
    expect(page.locator("#offline")).to_contain_text("Connected again", timeout=30_000)
    expect(page.locator("#messages [data-author=customer]")).to_have_count(3)
    assert page.locator("[data-author=customer] .bubble-text").all_inner_texts()[1:] == ["Nachricht 1", "Nachricht 2"]
    expect(field).to_have_value(ANSWER)
    answer(page)
    assert texts(desk_site.world, one) == [ANSWER]


def test_an_answer_whose_receipt_was_lost_is_not_sent_again_after_a_reload(desk_site: DeskSite) -> None:
    page, one = mine(desk_site)
    page.get_by_label("Your answer").fill(ANSWER)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(re.compile("/reply$"), lose, times=1)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-alert]")).to_contain_text("it is sent only once")
    page.reload()
    settle(page)
    expect(page.get_by_label("Your answer")).to_have_value(ANSWER)
    answer(page)
    assert texts(desk_site.world, one) == [ANSWER]


# --- closing ----------------------------------------------------------------------------------------------------------


def test_who_writes_while_it_is_closed_is_read_first_and_comes_back_to_the_same_agent(desk_site: DeskSite) -> None:
    world = desk_site.world
    one = world.waiting("Wo ist mein Paket?", sender="kim").conversation_id
    world.add_agent("anna", display_name="Anna Berg")
    world.act(one, Event.TAKE, "anna")
    world.answer(one, "anna", ANSWER, "de")
    page = opened(desk_site, one)
    held = Held()
    held.hold(page, "/close$")
    held.hold(page, "/thread[?]")
    page.locator("#do-close").click()
    held.wait(page, 1)
    world.write("Halt, es ist beschädigt!", sender="kim")  # anna has not seen it when the click is handled
    held.let_go()
    page.unroute_all()
    expect(page.locator(".toast").last).to_contain_text("The customer has just written. Read it, then decide again.")
    expect(page.locator("#messages")).to_contain_text("Halt, es ist beschädigt!")
    expect(page.locator("#conversation-head")).to_contain_text("with you")
    assert world.conversation(one).state == "open"

    page.locator("#do-close").click()
    page.get_by_role("button", name="Close all the same").click()  # they wait
    expect(page.locator("#do-reopen")).to_be_visible()
    assert world.conversation(one).state == "closed"
    world.add_agent("ben", display_name="Ben Vogt")  # as free as anna
    world.clock.now += HOUR
    again = world.waiting("Es ist immer noch kaputt", sender="kim").conversation_id
    assert again != one
    desk_site.server.ring(again)
    expect(page.locator(".toast", has_text="A conversation is yours now")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="The customer wrote again: to the newest conversation").click()
    expect(page.locator("#messages")).to_contain_text("Es ist immer noch kaputt")
    expect(page.locator("#conversation-head")).to_contain_text("with you")
    expect(page.locator("#conversation-head")).to_contain_text("2 conversations")
    page.get_by_role("link", name="The conversation before this one").click()
    expect(page.locator("#messages")).to_contain_text("Halt, es ist beschädigt!")


# --- outside the window -----------------------------------------------------------------------------------------------


def test_outside_the_window_the_composer_shows_what_goes_first_and_the_answer_waits(
    tmp_path: Path, make_desk: MakeDesk
) -> None:
    world = make_desk(**files(tmp_path, TEMPLATE))
    person = {"channel": "whatsapp", "account": "wa-de", "sender": "4915551234567"}
    one = world.waiting("Hilfe", **person).conversation_id
    contacts = Contacts(world.engine, world.clock)
    contacts.wrote(person["channel"], person["account"], person["sender"], world.clock.now - 25 * HOUR, "Mia", {})
    client = world.client("anna", languages=["de"])
    assert 'data-cost="template"' in client.get(f"/desk/c/{one}/composer").text
    shown = preview(client, one, ANSWER, "de")["html"]
    assert shown.index("Orikka hat eine Antwort") < shown.index(ANSWER)
    assert "Waits until the customer taps or writes" in shown
    assert send(client, one, ANSWER, "de")[0] == 200
    (message,) = written(world, one)
    channel, held = call(world, message)
    with pytest.raises(Hold, match="24 hours"):  # the answer waits …
        channel.way(held)
    release = world.holder.current()
    Notices(world.engine, world.gate, world.clock).send(one, invitation(release, release.markets["DE"], "de"))
    way = channel.way(call(world, world.messages(one)[-1])[1])
    assert (way.name, way.detail["template"]) == ("template", "answer_ready")  # … the template asks for a tap …
    tap: dict[str, Any] = {"kind": Kind.BUTTON, "payload": {"payload": "read_answer"}, **person}
    world.write("Antwort lesen", **tap)
    contacts.wrote(person["channel"], person["account"], person["sender"], world.clock.now, "Mia", {})
    tapped = channel.way(dataclasses.replace(held, silent_s=0.0))
    assert (tapped.name, tapped.cost) == ("session", "free")  # … and then it leaves
    assert 'data-cost="free"' in client.get(f"/desk/c/{one}/composer").text
    assert texts(world, one) == [ANSWER]


def call(world: DeskWorld, message: Message) -> tuple[Any, Task]:
    """The WhatsApp channel, and its call that carries the message to somebody who is silent for 25 hours."""
    channels: Any = world.parts.deps.channels
    channel = channels._channels["whatsapp"]
    ((_, body, _),) = plan_calls(channel, world.conversation(message.conversation_id), [message], channels._words)
    address = {"id": "4915551234567"}
    return channel, Task("d1", "k1", body, "wa-de", address, "de", message.author != "system", 25 * HOUR, None)
