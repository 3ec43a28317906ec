"""Keyboard, screen readers, sizes and colours."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Site, word

pytestmark = pytest.mark.browser

FOCUSED = (
    "() => { const root = document.querySelector('[data-aftersail]').shadowRoot; return root.activeElement?.className }"
)
CONTRAST = """
() => {
  const root = document.querySelector('[data-aftersail]').shadowRoot;
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a));
  const light = rgb => {
    const [r, g, b] = rgb.map(v => v / 255).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length && color[3] !== 0) layers.push(color);
      if (getComputedStyle(at).backgroundImage !== 'none') return null;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const found = [];
  for (const element of root.querySelectorAll('p, span, button, label, select, textarea, a, time, h2, .bubble')) {
    const box = element.getBoundingClientRect();
    const text = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!text || box.width < 2 || box.height < 2 || element.disabled) continue;
    const below = ground(element);
    if (!below) continue;
    const front = over(parse(getComputedStyle(element).color), below);
    const [high, low] = [light(front), light(below)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return found;
}
"""
SMALL_TARGETS = """
() => [...document.querySelector('[data-aftersail]').shadowRoot.querySelectorAll('button, select, textarea')]
  .map(e => [e.className || e.tagName, e.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)
"""
NAMELESS = """
() => [...document.querySelector('[data-aftersail]').shadowRoot.querySelectorAll('button, select, textarea')]
  .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)
"""


def test_by_keyboard_alone(chat: ChatPage) -> None:
    chat.visit("US")
    keyboard = chat.page.keyboard
    for _ in range(60):
        keyboard.press("Tab")
        if chat.page.evaluate(FOCUSED) == "launcher":
            break
    keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    keyboard.type("first")
    keyboard.press("Shift+Enter")
    keyboard.type("second, buttons")
    keyboard.press("Enter")
    chat.wait_reply()
    assert chat.texts("customer") == ["first\nsecond, buttons"]
    for _ in range(10):
        keyboard.press("Shift+Tab")
        if chat.page.evaluate(FOCUSED) == "choice":
            break
    keyboard.press("Space")
    chat.wait_reply(containing="You chose")
    expect(chat.input).to_be_focused()
    keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_escape_closes_one_thing_at_a_time(chat: ChatPage) -> None:
    chat.visit("US").open()
    menu, confirm = chat.page.locator("#menu"), chat.page.get_by_role("alertdialog")
    chat.page.locator("header .tool").first.click()
    expect(chat.page.locator("#languages")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(chat.page.locator("header .tool").first).to_be_focused()
    chat.page.keyboard.press("Enter")
    chat.page.locator(".entry").click()
    expect(confirm.get_by_role("button", name=word("en", "no"))).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(confirm).to_be_hidden()
    expect(chat.panel).to_be_visible()


@pytest.mark.parametrize("event", ["{key: 'Enter', isComposing: true}", "{key: 'Enter', keyCode: 229}"])
def test_enter_of_an_input_method_sends_nothing(chat: ChatPage, event: str) -> None:
    chat.visit("JP").open()
    chat.input.fill("にほんご")
    chat.input.evaluate(
        f"box => box.dispatchEvent(new KeyboardEvent('keydown', {{bubbles: true, cancelable: true, ...{event}}}))"
    )
    expect(chat.rows).to_have_count(0)
    expect(chat.input).to_have_value("にほんご")
    chat.input.press("Enter")
    expect(chat.rows.first).to_be_visible()


def test_roles_and_labels(chat: ChatPage) -> None:
    chat.visit("US")
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")
    chat.open()
    expect(chat.launcher).to_have_attribute("aria-expanded", "true")
    expect(chat.panel).to_have_attribute("aria-modal", "false")
    expect(chat.panel).to_have_accessible_name(word("en", "title"))
    expect(chat.log).to_have_accessible_name(word("en", "history"))
    expect(chat.log).to_have_attribute("tabindex", "0")
    expect(chat.input).to_have_accessible_name(word("en", "placeholder"))
    chat.send("buttons")
    chat.wait_reply()
    assert chat.page.evaluate(NAMELESS) == []
    authors = chat.rows.evaluate_all("rows => rows.map(row => row.querySelector('.author, .hidden').textContent)")
    assert authors == [word("en", "you"), word("en", "bot")]


def test_rows_are_never_drawn_again(chat: ChatPage) -> None:
    chat.visit("US").open()
    chat.send("one")
    chat.wait_reply()
    chat.rows.evaluate_all("rows => rows.forEach(row => { row.marked = true })")
    chat.send("two")
    chat.wait_reply()
    assert chat.rows.evaluate_all("rows => rows.map(row => !!row.marked)") == [True, True, False, False]


def test_a_new_message_never_takes_the_focus(chat: ChatPage, site: Site) -> None:
    site.bot.paused.set()
    chat.visit("US").open()
    chat.send("hello")
    chat.log.focus()
    site.bot.paused.clear()
    chat.wait_reply()
    expect(chat.log).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_targets(new_page: Callable[..., Page], site: Site, scheme: str) -> None:
    chat = ChatPage(new_page(color_scheme=scheme), site.server.url).visit("US").open()
    chat.send("links")
    chat.wait_reply()
    chat.send("buttons")
    chat.wait_reply()
    chat.input.fill("x" * 5001)
    chat.input.press("Enter")
    chat.page.locator("header .tool").first.click()
    assert chat.page.evaluate(CONTRAST) == []
    assert chat.page.evaluate(SMALL_TARGETS) == []


def test_dark_mode(new_page: Callable[..., Page], site: Site, tmp_path: Path) -> None:
    chat = ChatPage(new_page(color_scheme="dark"), site.server.url).visit("DE").open()
    colour = chat.panel.evaluate("panel => getComputedStyle(panel).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", colour)) < 60
    assert chat.screenshot(tmp_path / "dark.png").stat().st_size > 10_000


@pytest.mark.parametrize(("width", "height"), [(390, 780), (320, 568)])
def test_a_phone_gets_the_whole_screen(new_page: Callable[..., Page], site: Site, width: int, height: int) -> None:
    page = new_page(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    chat = ChatPage(page, site.server.url).visit("DE").open()
    chat.send("links")
    chat.wait_reply()
    box = chat.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, height)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert chat.page.locator(".scroller").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert float(chat.input.evaluate("box => parseFloat(getComputedStyle(box).fontSize)")) >= 16
    expect(chat.launcher).to_be_hidden()
    chat.panel.get_by_role("button", name=word("de", "close")).click()
    expect(chat.launcher).to_be_focused()


def test_reduced_motion(new_page: Callable[..., Page], site: Site) -> None:
    chat = ChatPage(new_page(reduced_motion="reduce"), site.server.url).visit("DE").open()
    assert chat.panel.evaluate("panel => getComputedStyle(panel).animationName") == "none"


@pytest.mark.parametrize(("market", "minimum"), [("TH", 1.7), ("SA", 1.7), ("JP", 1.6)])
def test_scripts_that_need_room_get_it(chat: ChatPage, market: str, minimum: float) -> None:
    text = {"TH": "สวัสดีครับ", "SA": "مرحبا", "JP": "こんにちは"}[market]
    chat.visit(market).open()
    chat.send(text)
    chat.wait_reply()
    style = "box => parseFloat(getComputedStyle(box).lineHeight) / parseFloat(getComputedStyle(box).fontSize)"
    assert chat.rows.last.locator(".bubble").evaluate(style) >= minimum


def test_the_window_stays_open_from_page_to_page(chat: ChatPage) -> None:
    chat.visit("DE").open()
    chat.send("Hallo!")
    chat.wait_reply()
    chat.visit("DE", "en")
    expect(chat.panel).to_be_visible()
    expect(chat.rows).to_have_count(2)
    assert chat.page.evaluate(FOCUSED) is None
