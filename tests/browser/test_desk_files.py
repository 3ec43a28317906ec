"""An agent's pictures and files in a browser: chosen, dropped, pasted, seen by the customer."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from starlette.applications import Starlette

from aftersail.files import open_links
from aftersail.shop_window import ReleaseWords
from connectors.webchat.deps import WebchatDeps
from connectors.webchat.routes import webchat_routes
from conversations.handoff_rows import Handoff
from conversations.uploads import MOST_FILES
from tests.browser.chat_page import ChatPage
from tests.browser.desk_acts import answer, opened, texts
from tests.desk.writing.test_files_sent import Post, post  # noqa: F401  # a fixture
from tests.support.desk import DeskWorld
from tests.support.desk_site import DeskSite, sideways, violations
from tests.support.pictures import HTML, PDF, photo, picture
from tests.support.webchat import StandInDemo

pytestmark = pytest.mark.browser

DROP = """
([kind, files]) => {
  const data = new DataTransfer();
  for (const { name, type, base64 } of files) {
    data.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name, { type }));
  }
  const target = document.querySelector('[data-text]');
  const paste = kind === 'paste';
  const how = { bubbles: true, cancelable: true, [paste ? 'clipboardData' : 'dataTransfer']: data };
  const made = (name) => (paste ? new ClipboardEvent(name, how) : new DragEvent(name, how));
  for (const name of paste ? ['paste'] : ['dragover', 'drop']) target.dispatchEvent(made(name));
}
"""
IS_SHOWN = "image => image.complete && image.naturalWidth > 0"


@pytest.fixture
def shop(desk: DeskWorld, browser: Browser) -> Iterator[DeskSite]:
    """A desk with the web chat beside it, as the web process serves both."""
    site = DeskSite(desk, browser)
    hub = site.server._hub
    deps = WebchatDeps(
        record=desk.record,
        notify=lambda role, note: None,
        words=ReleaseWords(desk.holder.current),
        demo=StandInDemo(),
        settings=desk.settings,
        clock=desk.clock,
        link=lambda media_id: urlsplit(open_links(desk.settings).link(media_id)).path,
        hub=hub,
    )
    site.server._app = Starlette(routes=[*webchat_routes(deps), *desk.routes])

    def woken(role: str, note: str) -> None:
        site._woken(role, note)
        site.server.wake(note)

    desk.on_wake = woken
    with site.server:
        yield site
        site.close()
    assert site.faults == []


BELOW = "scroller => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight"
LINE = 20  # pixels


def customer(shop: DeskSite, new_page: Callable[..., Page], **options: object) -> tuple[ChatPage, Handoff]:
    """A German customer at the shop, who waits for a person."""
    chat = ChatPage(new_page(**options), shop.server.url).visit("DE", "de").open()
    shop.world.languages.next = "de"
    chat.send("Welchen Knopf muss ich drücken?")
    expect(chat.rows.first.locator(".state")).to_be_visible()
    conversation = chat.page.evaluate("JSON.parse(Object.values(localStorage)[0]).conversation")
    return chat, shop.world.hand_off(conversation)


def give(page: Page, kind: str, *files: tuple[str, str, bytes]) -> None:
    """Drop or paste files (name, type, bytes) on the composer."""
    given = [{"name": name, "type": mime, "base64": base64.b64encode(data).decode()} for name, mime, data in files]
    page.evaluate(DROP, [kind, given])


def ready(page: Page, number: int) -> Locator:
    """The composer's files, so many of them ready."""
    expect(page.locator(".file[data-state=ready]")).to_have_count(number)
    return page.locator(".file")


def look(page: Page, name: str, folder: Path | None = None) -> None:
    """A picture of the page, where somebody wants to look at it."""
    where = folder or Path("/tmp/files-shots")
    if where.is_dir():
        page.screenshot(path=where / f"{name}.png", animations="disabled")


def test_a_dropped_picture_is_seen_in_the_web_chat(shop: DeskSite, new_page: Callable[..., Page]) -> None:
    chat, handoff = customer(shop, new_page)
    page = opened(shop, handoff.conversation_id)
    give(page, "drop", ("IMG 1 intern.jpg", "image/jpeg", photo()), ("Etikett.pdf", "application/pdf", PDF))
    files = ready(page, 2)
    expect(files.first).to_contain_text("IMG 1 intern.jpg")
    expect(files.first.locator("img")).to_have_js_property("complete", True)
    page.get_by_label("Your answer").fill("Bitte diesen Knopf drücken.")
    expect(page.locator("form[data-composer]:not([data-looking])")).to_be_visible()
    page.get_by_text("As the customer will see it").click()
    expect(page.locator("[data-preview]")).to_contain_text("Dokument.pdf")
    look(page, "composer")
    assert violations(page) == []
    answer(page)
    expect(files).to_have_count(0)

    image = chat.page.locator(".row.agent img")
    expect(image).to_have_attribute("alt", "Bild.jpg")
    chat.page.wait_for_function(IS_SHOWN, arg=image.element_handle())
    assert chat.page.locator(".scroller").evaluate(BELOW) < LINE  # its place was kept: the end is in sight
    expect(chat.page.locator(".row.agent .bubble")).to_have_text("Bitte diesen Knopf drücken.")
    link = chat.page.locator(".row.agent a.document")
    expect(link).to_contain_text("Dokument.pdf")
    with chat.page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes() == PDF
    look(chat.page, "chat")
    shown = page.locator("#messages [data-author=agent] .bubble-media img")
    expect(shown).to_have_attribute("alt", re.compile("Bild.jpg"))
    page.wait_for_function(IS_SHOWN, arg=shown.element_handle())
    look(page, "thread")
    chat.page.reload()
    expect(chat.page.locator(".row.agent img")).to_be_visible()


def test_a_chosen_and_a_pasted_one_outlive_a_reload_and_one_can_be_removed(desk_site: DeskSite) -> None:
    one = desk_site.world.waiting("Hilfe").conversation_id
    page = opened(desk_site, one)
    page.locator("[data-file-input]").set_input_files(
        [{"name": "a.png", "mimeType": "image/png", "buffer": picture("PNG")}]
    )
    ready(page, 1)
    give(page, "paste", ("image.png", "image/png", picture("PNG", (64, 64))))
    ready(page, 2)
    expect(page.locator("[data-send]")).to_be_enabled()
    page.reload()
    page.wait_for_selector("[data-composer][data-ready]")
    files = ready(page, 2)
    files.filter(has_text="image.png").get_by_role("button", name="Remove image.png").click()
    expect(files).to_have_count(1)
    expect(page.get_by_role("button", name="Remove a.png")).to_be_focused()
    answer(page)
    assert texts(desk_site.world, one) == [""]
    (message,) = [row for row in desk_site.world.messages(one) if row.payload.get("files")]
    assert [file["name"] for file in message.payload["files"]] == ["Bild.png"]


def test_what_cannot_go_says_why_and_nothing_leaves_without_it(desk_site: DeskSite) -> None:
    one = desk_site.world.waiting("Hilfe").conversation_id
    page = opened(desk_site, one)
    give(page, "drop", ("a.jpg", "image/jpeg", HTML), ("b.pdf", "application/pdf", bytes(10_000_001)))
    expect(page.locator(".file[data-state=refused]")).to_have_count(2)
    expect(page.locator(".file").first).to_contain_text("Only pictures")
    expect(page.locator(".file").last).to_contain_text("Larger than 10 MB")
    look(page, "refused")
    page.get_by_label("Your answer").fill("Hallo, hier ist es.")
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.locator("[data-alert]")).to_contain_text("a file is not ready")
    assert texts(desk_site.world, one) == []
    for name in ("a.jpg", "b.pdf"):
        page.get_by_role("button", name=f"Remove {name}").click()
    give(page, "drop", *((f"{n}.pdf", "application/pdf", PDF + b"%" * n) for n in range(MOST_FILES + 1)))
    expect(page.locator(".file[data-state=refused]")).to_contain_text(f"No more than {MOST_FILES}")
    ready(page, MOST_FILES)


def test_without_a_connection_nothing_is_lost(desk_site: DeskSite) -> None:
    one = desk_site.world.waiting("Hilfe").conversation_id
    page = opened(desk_site, one)
    page.get_by_label("Your answer").fill("Bitte sehr, das Foto.")
    page.context.set_offline(True)
    give(page, "drop", ("a.png", "image/png", picture("PNG")))
    expect(page.locator(".file")).to_contain_text("goes up when the connection is back")
    expect(page.locator("#offline")).to_contain_text("No connection", timeout=15_000)
    expect(page.get_by_label("Your answer")).to_have_value("Bitte sehr, das Foto.")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden(timeout=30_000)
    ready(page, 1)
    answer(page)
    assert texts(desk_site.world, one) == ["Bitte sehr, das Foto."]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("phone", {"viewport": {"width": 390, "height": 844}, "has_touch": True}),
        ("dark", {"color_scheme": "dark"}),
        ("small", {"viewport": {"width": 320, "height": 640}}),
    ],
)
def test_on_every_screen(desk_site: DeskSite, name: str, options: dict[str, object]) -> None:
    one = desk_site.world.waiting("Hilfe").conversation_id
    desk_site.world.add_agent("anna", presence="away")
    page = desk_site.page("anna", f"/c/{one}", **options)
    page.wait_for_selector("[data-composer][data-ready]")
    give(
        page,
        "drop",
        ("Ein sehr langer Name von einem Foto.jpg", "image/jpeg", photo()),
        ("b.pdf", "application/pdf", PDF),
    )
    ready(page, 2)
    give(page, "drop", ("c.html", "text/html", HTML))
    expect(page.locator(".file[data-state=refused]")).to_have_count(1)
    look(page, name)
    assert violations(page) == []
    assert sideways(page) <= 0


def test_a_phone_on_line_shows_it(post: Post, new_page: Callable[..., Page]) -> None:  # noqa: F811
    conversation = post.customer("line")
    client = post.desk.client("anna", languages=["ja"])
    upload = client.post(f"/desk/c/{conversation}/files", files={"file": ("a.jpg", photo(), "image/jpeg")})
    data = {"text": "こちらです。", "language": "ja", "key": "k" * 32, "files": upload.json()["id"]}
    assert client.post(f"/desk/c/{conversation}/reply", data=data).status_code == 200
    post.carry()
    page = new_page(viewport={"width": 900, "height": 700})
    page.goto(post.line.url)
    bot = next(bot for bot in post.line.config.bots if bot.market == "JP")
    page.locator("select").first.select_option(bot.user_id)
    image = page.locator(".bubble img").last
    expect(image).to_be_visible()
    page.wait_for_function(IS_SHOWN, arg=image.element_handle())
    look(page, "line")
