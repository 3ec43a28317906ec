"""The frame of every page: rail, menus, dialogs, toasts, keys, appearance, connection."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.desk_site import DeskSite

pytestmark = pytest.mark.browser

TOAST = "document.body.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Saved', kind: 'ok'}}))"
BACKGROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
LIGHT, DARK = "rgb(242, 244, 247)", "rgb(15, 19, 26)"


@pytest.fixture
def profile(desk_site: DeskSite) -> Page:
    return desk_site.page("lena", "/profile", agent={"role": "lead", "display_name": "Lena Ortiz"})


def test_the_keyboard_reaches_everything_and_is_seen(profile: Page) -> None:
    profile.keyboard.press("Tab")
    expect(profile.locator(".skip")).to_be_focused()
    expect(profile.locator(".skip")).to_be_in_viewport()
    profile.keyboard.press("Enter")
    expect(profile.locator("#main")).to_be_focused()
    profile.reload()
    seen = set()
    for _ in range(60):
        profile.keyboard.press("Tab")
        seen.add(profile.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
        style = "(() => { const one = getComputedStyle(document.activeElement); return one.outlineStyle; })()"
        if profile.evaluate("document.activeElement.matches('a, button, input, select')"):
            assert profile.evaluate(style) != "none", profile.evaluate("document.activeElement.outerHTML")
    every = profile.locator(".rail a, .rail button, main button, main input:not([type=hidden]), main select")
    assert len(seen) >= every.count()


def test_appearance_is_chosen_remembered_and_there_before_the_first_paint(profile: Page) -> None:
    assert profile.evaluate(BACKGROUND) == LIGHT
    profile.locator("[popovertarget=menu-me]").click()
    profile.get_by_role("menuitemradio", name="Dark").click()
    assert profile.evaluate(BACKGROUND) == DARK
    profile.route("**/desk.js", lambda route: route.abort())
    profile.reload()
    assert profile.evaluate(BACKGROUND) == DARK
    expect(profile.locator("html")).to_have_attribute("data-theme", "dark")
    profile.unroute("**/desk.js")
    profile.reload()
    profile.locator("[popovertarget=menu-me]").click()
    expect(profile.get_by_role("menuitemradio", name="Dark")).to_have_attribute("aria-checked", "true")
    profile.get_by_role("menuitemradio", name="Like the device").click()
    assert profile.evaluate(BACKGROUND) == LIGHT


def test_a_menu_opens_moves_and_closes_by_keys(profile: Page) -> None:
    opener = profile.locator("[popovertarget=menu-me]")
    opener.focus()
    profile.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    items = profile.locator("#menu-me [role^=menuitem]")
    expect(items.first).to_be_focused()
    profile.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    profile.keyboard.press("Home")
    expect(items.first).to_be_focused()
    profile.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_the_palette_finds_pages_and_commands(profile: Page) -> None:
    profile.keyboard.press("Control+k")
    field = profile.get_by_role("combobox", name="What do you want to do?")
    expect(field).to_be_focused()
    field.fill("ALE")
    expect(profile.locator("#palette-list [aria-selected=true]")).to_contain_text("Alerts")
    field.fill("zzz")
    expect(profile.locator("#palette-none")).not_to_have_text("")
    field.fill("queue")
    profile.keyboard.press("Enter")
    profile.wait_for_url("**/desk/queue")


def test_sequences_go_to_pages_but_not_while_somebody_writes(profile: Page) -> None:
    field = profile.locator("main input:not([type=hidden])").first
    field.fill("")
    field.press_sequentially("ga")
    expect(field).to_have_value("ga")
    assert profile.url.endswith("/profile")
    field.blur()
    profile.keyboard.press("g")
    profile.keyboard.press("a")
    profile.wait_for_url("**/desk/alerts")


def test_single_keys_can_be_switched_off(profile: Page) -> None:
    profile.keyboard.press("?")
    dialog = profile.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".shortcut", has_text="Alerts")).to_contain_text("G then A")
    expect(dialog.locator(".shortcut", has_text="Commands and pages")).to_contain_text("CtrlK")
    dialog.get_by_label("Shortcuts of a single key").click()
    profile.keyboard.press("Escape")
    profile.keyboard.press("g")
    profile.keyboard.press("a")
    profile.keyboard.press("?")
    expect(dialog).to_be_hidden()
    assert profile.url.endswith("/profile")
    profile.keyboard.press("Control+k")
    expect(profile.locator("#palette-text")).to_be_focused()


def test_a_toast_is_announced_and_errors_stay(profile: Page) -> None:
    profile.evaluate(TOAST)
    expect(profile.locator("[aria-live=polite] .toast")).to_have_text("Saved")
    profile.evaluate(TOAST.replace("'ok'", "'error'").replace("Saved", "<b>Broken</b>"))
    loud = profile.locator("#toasts [role=alert] .toast")
    expect(loud).to_have_text("<b>Broken</b>")
    loud.get_by_role("button").click()
    expect(loud).to_have_count(0)
    for number in range(9):
        profile.evaluate(TOAST.replace("Saved", f"Saved {number}"))
    expect(profile.locator(".toast")).to_have_count(4)
    expect(profile.locator(".toast").last).to_have_text("Saved 8")


def test_a_toast_lies_above_an_open_dialog(profile: Page) -> None:
    profile.keyboard.press("?")
    profile.evaluate(TOAST)
    box = profile.locator(".toast").bounding_box()
    assert box is not None
    top = "([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('.toast'))"
    assert profile.evaluate(top, [box["x"] + 20, box["y"] + box["height"] / 2])


def test_a_refusal_of_a_part_is_a_toast(profile: Page) -> None:
    answer = {"status": 409, "headers": {"hx-trigger": json.dumps({"toast": {"kind": "error", "text": "No."}})}}
    profile.route("**/desk/part", lambda route: route.fulfill(**answer, body="{}"))
    profile.evaluate("htmx.ajax('GET', '/desk/part', {target: '#main', swap: 'none'})")
    expect(profile.locator(".toast")).to_have_text("No.")


def test_a_part_that_does_not_come_can_be_tried_again(profile: Page) -> None:
    calls: list[str] = []

    def answer(route: Route) -> None:
        calls.append(route.request.url)
        route.fulfill(status=500 if len(calls) == 1 else 200, body="<p id='came'>Came</p>", content_type="text/html")

    profile.route("**/desk/part", answer)
    place = "const one = document.createElement('div'); one.id = 'place'; one.innerHTML = '<p class=skeleton></p>';"
    profile.evaluate(place + "document.querySelector('#main').append(one)")
    profile.evaluate("htmx.ajax('GET', '/desk/part', {target: '#place'})")
    profile.get_by_role("button", name="Try again").click()
    expect(profile.locator("#came")).to_have_text("Came")


def test_a_question_is_asked_before_what_cannot_be_undone(profile: Page) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append("sent")
        route.fulfill(body="")

    profile.route("**/desk/gone", answer)
    profile.evaluate("""() => {
      const one = document.createElement('button');
      one.textContent = 'Delete it';
      one.setAttribute('hx-post', '/desk/gone');
      one.setAttribute('hx-confirm', 'Really?');
      one.setAttribute('hx-swap', 'none');
      document.querySelector('#main').append(one);
      htmx.process(one);
    }""")
    button = profile.get_by_role("button", name="Delete it")
    button.click()
    dialog = profile.get_by_role("dialog", name="Are you sure?")
    expect(dialog).to_contain_text("Really?")
    profile.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert sent == []
    button.click()
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog).to_be_hidden()
    profile.wait_for_timeout(100)
    assert sent == ["sent"]


def test_the_rail_says_whether_somebody_is_here(desk_site: DeskSite) -> None:
    page = desk_site.page("anna", "/profile", agent={"presence": "away"})
    switch = page.locator("#presence")
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(switch).to_contain_text("Away")
    switch.click()
    expect(switch).to_contain_text("Here")
    page.reload()
    expect(switch).to_contain_text("Here")


def test_no_connection_is_told_and_healed(desk_site: DeskSite) -> None:
    page = desk_site.page("anna", "/queue", agent={})
    page.evaluate("window.heard = []; for (const name of ['offline', 'online', 'reload'])"
                  " document.body.addEventListener(`desk:${name}`, () => heard.push(name))")  # fmt: skip
    desk_site.server.stop()
    expect(page.locator("#offline")).to_contain_text("No connection", timeout=15_000)
    desk_site.server.start()
    expect(page.locator("#offline")).to_contain_text("Connected again", timeout=30_000)
    assert page.evaluate("heard.slice(0, 3)") == ["offline", "online", "reload"]
    expect(page.locator("#offline")).to_have_text("", timeout=10_000)


def test_signing_out_leaves_no_draft_behind(desk_site: DeskSite) -> None:
    page = desk_site.page("anna", "/profile", agent={})
    other = page.context.new_page()
    desk_site.open(other, "/queue")
    page.evaluate("localStorage.setItem('desk:draft:1', 'secret'); localStorage.setItem('desk:theme', 'dark')")
    page.locator("[popovertarget=menu-me]").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/desk/sign-in*")
    assert page.evaluate("localStorage.getItem('desk:draft:1')") is None
    assert page.evaluate("localStorage.getItem('desk:theme')") == "dark"
    other.wait_for_url("**/desk/sign-in*")
