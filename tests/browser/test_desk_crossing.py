"""Answers that cross: what is older comes last, what asked is gone, the agent was quicker than the scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_acts import Held, Late, opened
from tests.support.desk_site import DeskSite, settle

pytestmark = pytest.mark.browser

CHANGED = "document.body.dispatchEvent(new CustomEvent('conversation:changed'))"
AWAY = {"presence": "away"}


def written(site: DeskSite, text: str = "Hallo") -> str:
    """A customer has written to the bot."""
    return site.world.write(text, sender="kim").conversation.id


def expect_mine(page: Page) -> None:
    """The head of the conversation is there once, and says that it is the viewer's."""
    expect(page.locator("#conversation-head")).to_contain_text("with you")  # strict: there is one
    expect(page.locator("#do-release")).to_be_visible()
    expect(page.locator("#do-take")).to_have_count(0)


# --- a conversation's head --------------------------------------------------------------------------------------------


def test_an_older_look_at_the_head_comes_after_what_was_done(desk_site: DeskSite) -> None:
    page = opened(desk_site, written(desk_site))
    look = Late()
    look.hold(page, "/header$")
    page.evaluate(CHANGED)
    look.wait(page)  # the bot has it, says this one
    page.locator("#do-take").click()
    expect(page.locator(".toast")).to_be_visible()
    look.let_go()
    expect_mine(page)


def test_what_was_done_is_told_although_its_button_is_gone(desk_site: DeskSite) -> None:
    page = opened(desk_site, written(desk_site))
    done = Late()
    done.hold(page, "/take$")
    page.keyboard.press("t")
    done.wait(page)
    page.evaluate(CHANGED)
    expect_mine(page)
    expect(page.locator(".toast")).to_have_count(0)
    done.let_go()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("#thread")).to_be_focused()
    expect_mine(page)


def test_what_a_dialog_did_is_told_although_it_was_closed(desk_site: DeskSite) -> None:
    conversation_id = desk_site.world.waiting("Hilfe").conversation_id
    page = opened(desk_site, conversation_id)
    page.locator("#ask-escalate").click()
    done = Late()
    done.hold(page, "/escalate$")
    page.locator("#act button[type=submit]").click()
    done.wait(page)
    page.keyboard.press("Escape")
    expect(page.locator("#act")).to_be_hidden()
    done.let_go()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("#conversation-head")).to_contain_text("A lead is asked for")


def test_pressed_twice_is_done_once(desk_site: DeskSite) -> None:
    page = opened(desk_site, written(desk_site))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/take") else None)
    done = Late()
    done.hold(page, "/take$")
    page.locator("#do-take").dblclick()
    done.wait(page)
    done.let_go()
    expect_mine(page)
    assert len(asked) == 1
    expect(page.locator(".toast")).to_have_count(1)


@pytest.mark.parametrize("script", ["htmx", r"conversation\.js"])
def test_a_button_works_before_the_scripts_do(desk_site: DeskSite, script: str) -> None:
    conversation_id = written(desk_site)
    page = desk_site.page("anna", agent=AWAY)
    held = Held()
    held.hold(page, script)
    page.goto(f"{desk_site.url}/c/{conversation_id}", wait_until="commit")
    page.locator("#do-take").click(no_wait_after=True)
    held.let_go()
    page.unroute(re.compile(script))
    expect_mine(page)


def test_a_dialog_asked_for_before_the_scripts_run_opens_with_them(desk_site: DeskSite) -> None:
    conversation_id = written(desk_site)
    page = desk_site.page("anna", agent=AWAY)
    held = Held()
    held.hold(page, "htmx")
    page.goto(f"{desk_site.url}/c/{conversation_id}", wait_until="commit")
    page.locator("#ask-assign").click()
    held.let_go()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_note_that_was_begun_is_not_replaced(desk_site: DeskSite) -> None:
    page = opened(desk_site, written(desk_site))
    notes = Late()
    notes.hold(page, "/notes$")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('conversation:note'))")
    notes.wait(page)
    page.locator("#note-text").fill("Bitte")
    notes.let_go()
    settle(page)
    expect(page.locator("#note-text")).to_have_value("Bitte")


def test_two_steps_are_ticked_at_once(desk_site: DeskSite) -> None:
    page = opened(desk_site, desk_site.world.waiting("Hilfe").conversation_id)
    steps = page.locator("#steps-panel input[type=checkbox]")
    first, second = steps.nth(0), steps.nth(1)
    answer = Late()
    answer.hold(page, "/steps$")
    first.check()
    answer.wait(page)
    second.check()
    answer.let_go()
    expect(page.locator("#steps-panel .step[data-done=yes]")).to_have_count(2)
    expect(first).to_be_checked()
    expect(second).to_be_checked()
