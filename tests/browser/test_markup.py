"""Links are links, and nothing that anybody writes becomes markup."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import word

pytestmark = pytest.mark.browser


def test_links_are_links_and_nothing_else_is(chat: ChatPage) -> None:
    chat.visit("US").open()
    chat.send("links")
    reply = chat.wait_reply()
    links = chat.log.get_by_role("link")
    assert links.evaluate_all("all => all.map(link => link.href)") == [
        "https://track.example/p/ORK-4821936?l=en",
        "mailto:help@orikka.example",
        "tel:+49301234567",
    ]
    assert links.evaluate_all("all => all.every(a => a.rel === 'noopener noreferrer' && a.closest('bdi'))")
    assert chat.log.locator("bdi.code").all_inner_texts() == ["ORK-4821936", "00340434161094042557"]
    assert reply.source == f"{word('en', 'source')}: Delivery and tracking"


ATTACKS = [
    '<img src=x onerror="window.hacked=1">',
    "<script>window.hacked=1</script>",
    'https://example.com/"onmouseover="window.hacked=1',
    "javascript:window.hacked=1",
    "https://user:secret@evil.example/ data:text/html,<script>window.hacked=1</script>",
    "</div></template><svg onload=window.hacked=1>",
    "{{constructor.constructor('window.hacked=1')()}}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_is_shown_as_text(chat: ChatPage, attack: str) -> None:
    chat.visit("US").open()
    chat.send(attack)
    reply = chat.wait_reply()
    assert reply.text == f"You wrote: {attack}"
    assert chat.texts("customer") == [attack]
    assert chat.page.evaluate("window.hacked") is None
    assert chat.log.locator("img, script, svg[onload], [onmouseover]").count() == 0
    hrefs = chat.log.get_by_role("link").evaluate_all("all => all.map(link => link.protocol + link.username)")
    assert set(hrefs) <= {"https:"}
    chat.page.reload()
    expect(chat.rows).to_have_count(2)
    assert chat.page.evaluate("window.hacked") is None
