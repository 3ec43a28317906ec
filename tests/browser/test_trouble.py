"""What goes wrong: no network, no socket, lost answers, expired tokens, limits, pages that may not chat."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from connectors.webchat.tokens import LIFETIME_S
from core.schema import messages
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import SELLER, Site, word

pytestmark = pytest.mark.browser


# What is said for a moment may be over before a test looks.
KEEP_NOTICES = """notice => {
  window.noticed = [];
  new MutationObserver(() => noticed.push(notice.textContent)).observe(notice, { childList: true, subtree: true });
}"""


def stored(site: Site) -> list[str]:
    with site.installation.engine.connect() as connection:
        rows = connection.execute(messages.select().where(messages.c.direction == "in").order_by(messages.c.created_at))
        return [row.text for row in rows]


def test_the_server_drops_and_comes_back(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("eins")
    chat.wait_reply()
    site.server.stop()
    chat.send("zwei")
    expect(chat.banner).to_have_text(word("de", "offline"))
    expect(chat.rows.last.locator(".state")).to_have_text(word("de", "sending"))
    site.server.start()
    chat.wait_reply(timeout_ms=30_000)
    expect(chat.banner).to_have_text("")
    assert stored(site) == ["eins", "zwei"]
    assert chat.texts("customer") == ["eins", "zwei"]


def test_offline_messages_are_sent_once_when_the_network_is_back(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("eins")
    chat.wait_reply()
    chat.page.context.set_offline(True)
    for text in ("zwei", "drei"):
        chat.send(text)
    expect(chat.page.locator(".unsent")).to_have_count(2)
    expect(chat.banner).not_to_have_text("")
    chat.page.context.set_offline(False)
    expect(chat.page.locator(".unsent")).to_have_count(0, timeout=30_000)
    expect(chat.rows).to_have_count(6)
    assert stored(site) == ["eins", "zwei", "drei"]


def test_unsent_messages_outlive_a_reload(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("eins")
    chat.wait_reply()
    chat.page.route("**/webchat/messages*", lambda route: route.abort())
    chat.page.route_web_socket("**/webchat/socket", lambda socket: socket.close())
    chat.page.reload()
    expect(chat.rows).to_have_count(2)
    chat.send("zwei")
    expect(chat.page.locator(".unsent")).to_have_count(1)
    page = chat.page.context.new_page()
    again = ChatPage(page, site.server.url).visit("DE").open()
    expect(again.rows).to_have_count(4)
    assert stored(site) == ["eins", "zwei"]


def test_an_answer_that_is_lost_doubles_nothing(chat: ChatPage, site: Site) -> None:
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(str(route.fetch().text()))
            route.abort()
        else:
            route.continue_()

    chat.page.route_web_socket("**/webchat/socket", lambda socket: socket.close())
    chat.page.route("**/webchat/messages*", lose_first)
    chat.visit("DE").open()
    chat.send("nur einmal")
    chat.wait_reply(timeout_ms=30_000)
    expect(chat.page.locator(".unsent")).to_have_count(0)
    assert "accepted" in lost[0]
    assert stored(site) == ["nur einmal"]
    assert chat.texts("customer") == ["nur einmal"]


def test_without_sockets_it_polls_and_goes_back(chat: ChatPage, site: Site) -> None:
    blocked = [True]

    def gate(socket: WebSocketRoute) -> None:
        if blocked[0]:
            socket.close()
        else:
            socket.connect_to_server()

    chat.page.route_web_socket("**/webchat/socket", gate)
    chat.visit("US").open()
    chat.send("buttons")
    assert chat.wait_reply(timeout_ms=30_000).buttons
    chat.press_button("Returns")
    chat.wait_reply(containing="You chose")
    expect(chat.banner).to_have_text("")
    expect(chat.rows.first.locator(".state")).to_have_text(word("en", "delivered"))
    chat.choose_language("en")
    chat.start_over()
    expect(chat.rows).to_have_count(0)
    chat.send("polling still")
    chat.wait_reply()
    assert len(site.installation.hub) == 0
    blocked[0] = False
    chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.banner).to_have_text("")
    chat.send("by socket")
    chat.wait_reply()
    assert len(site.installation.hub) == 1
    assert chat.texts("customer") == ["polling still", "by socket"]


def test_too_long(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.input.fill("語" * 5001)
    expect(chat.page.locator(".counter")).to_have_text("-1")
    chat.input.press("Enter")
    expect(chat.notice).to_have_text(word("de", "too_long", limit="5.000"))
    expect(chat.input).to_have_value("語" * 5001)
    chat.input.fill("語" * 5000)
    expect(chat.notice).to_have_text("")
    chat.input.press("Enter")
    expect(chat.rows.first.locator(".state")).to_have_text(word("de", "delivered"))
    assert stored(site) == ["語" * 5000]


def test_too_fast_says_so_and_sends_everything(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    texts = [f"Nachricht {number}" for number in range(7)]
    chat.notice.evaluate(KEEP_NOTICES)
    chat.page.context.set_offline(True)
    for text in texts:
        chat.send(text)
    chat.page.context.set_offline(False)  # all leave at once, however long it took to write them
    chat.page.wait_for_function("words => noticed.includes(words)", arg=word("de", "too_fast"))
    expect(chat.page.locator(".unsent")).to_have_count(0, timeout=20_000)
    expect(chat.notice).to_have_text("")
    assert stored(site) == texts
    assert chat.texts("customer") == texts


def test_an_expired_session_can_be_begun_again(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("eins")
    chat.wait_reply()
    site.clock.offset = LIFETIME_S + 60
    site.server.stop()
    site.server.start()
    expect(chat.notice).to_contain_text(word("de", "expired"), timeout=20_000)
    chat.send("zwei")
    chat.wait_reply()
    assert stored(site) == ["eins", "zwei"]


def test_an_old_token_is_replaced_without_a_word(chat: ChatPage, site: Site) -> None:
    chat.visit("DE").open()
    chat.send("eins")
    chat.wait_reply()
    site.clock.offset = LIFETIME_S + 60
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    chat.send("zwei")
    chat.wait_reply()
    expect(chat.notice).to_have_text("")


def embed(
    page: Page, site: Site, attributes: str = "", policy: str = "", market: str = "DE", origin: str = SELLER
) -> ChatPage:
    script = f'<script src="{site.server.url}/widget.js" data-market="{market}" {attributes} async></script>'
    html = f'<!doctype html><html lang="en"><meta charset="utf-8"><body><p>A seller</p>{script}</body></html>'
    headers = {"content-type": "text/html", **({"content-security-policy": policy} if policy else {})}
    page.route(f"{origin}/", lambda route: route.fulfill(body=html, headers=headers))
    page.goto(f"{origin}/")
    return ChatPage(page, site.server.url)


def test_a_seller_with_a_strict_policy_can_embed_it(new_page: Callable[..., Page], site: Site) -> None:
    url = site.server.url
    policy = f"default-src 'none'; script-src {url}; connect-src {url} {url.replace('http', 'ws')}"
    chat = embed(new_page(), site, 'data-language="de"', policy=policy).open()
    chat.send("Hallo!")
    chat.wait_reply()
    assert chat.launcher.evaluate("button => getComputedStyle(button).borderRadius") == "50%"


def test_a_page_that_may_not_chat_is_told(new_page: Callable[..., Page], site: Site) -> None:
    page = new_page()
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text))
    chat = embed(page, site, 'data-language="de"', origin="http://stranger.test").open()
    expect(chat.notice).to_have_text(word("de", "blocked"))
    expect(chat.input).to_be_disabled()
    assert any("AFTERSAIL_ALLOWED_ORIGINS" in text for text in warnings)


def test_a_wrong_identity_still_leaves_a_chat(new_page: Callable[..., Page], site: Site) -> None:
    chat = embed(new_page(), site, 'data-identity="rubbish"').open()
    chat.send("Hello")
    chat.wait_reply()


def test_an_unknown_market_shows_nothing(new_page: Callable[..., Page], site: Site) -> None:
    page = new_page()
    with page.expect_console_message(lambda message: "there is no market 'XX'" in message.text):
        chat = embed(page, site, market="XX")
    expect(chat.launcher).to_have_count(0)
