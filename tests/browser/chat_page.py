"""The chat as a customer uses it, for tests with any bot behind it."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

REPLY_MS = 15_000
READ_ROWS = """
rows => rows.map(row => {
  const bubble = row.querySelector('.bubble');
  return {
    author: ['customer', 'bot', 'agent', 'system'].find(name => row.classList.contains(name)),
    text: bubble ? bubble.textContent : '',
    language: bubble ? bubble.lang : '',
    direction: bubble ? getComputedStyle(bubble).direction : '',
    status: row.querySelector('.meta')?.textContent ?? '',
    buttons: [...row.querySelectorAll('.choice')].map(button => button.textContent),
    source: row.querySelector('.source')?.textContent ?? '',
  };
})
"""


@dataclass(frozen=True)
class Bubble:
    """A message on the screen."""

    author: str  # customer, bot, agent, system
    text: str
    language: str
    direction: str  # as rendered: ltr, rtl
    status: str  # time and state as shown
    buttons: list[str]
    source: str


class ChatPage:
    """The widget on a page of the demo shop."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self._answers = 0  # replies that the test has looked at
        self.launcher = page.locator(".launcher")
        self.panel = page.get_by_role("dialog")
        self.input = page.locator("textarea")
        self.log = page.get_by_role("log")
        self.rows = page.locator(".row")
        self.notice = page.get_by_role("alert")
        self.banner = page.locator(".banner")
        self.typing = page.locator(".typing .dots")

    def visit(self, market: str, language: str = "") -> "ChatPage":
        """Go to the shop of a market."""
        query = f"?lang={language}" if language else ""
        self.page.goto(f"{self._url}/shop/{market}{query}")
        expect(self.launcher).to_be_visible()
        return self

    def open(self) -> "ChatPage":
        """Open the window; what is in it by then counts as seen."""
        self.launcher.click()
        expect(self.panel).to_be_visible()
        self._answers = self._replies().count()
        return self

    def send(self, text: str) -> None:
        """Write a message and send it with Enter."""
        self._answers = self._replies().count()
        self.input.fill(text)
        self.input.press("Enter")

    def press_button(self, title: str) -> None:
        """Press the newest open button with this title."""
        self._answers = self._replies().count()
        self.log.get_by_role("button", name=title, exact=True, disabled=False).last.click()

    def wait_reply(self, containing: str = "", timeout_ms: float = REPLY_MS) -> Bubble:
        """The next reply of the bot or a person; with `containing`, the next one that has it."""
        while True:
            reply = self._replies().nth(self._answers)
            expect(reply).to_be_visible(timeout=timeout_ms)
            self._answers += 1
            bubble = self._read(reply)
            if containing in bubble.text:
                return bubble

    def messages(self) -> list[Bubble]:
        """Every message on the screen, oldest first."""
        return [Bubble(**row) for row in self.rows.evaluate_all(READ_ROWS)]

    def texts(self, author: str = "") -> list[str]:
        """Texts on the screen; of one author when given."""
        return [bubble.text for bubble in self.messages() if author in ("", bubble.author)]

    def choose_language(self, code: str) -> None:
        """Pick a language in the menu."""
        self.page.locator("header .tool").first.click()
        self.page.locator("#languages").select_option(code)

    def start_over(self) -> None:
        """Ask for a new conversation and confirm."""
        self.page.locator("header .tool").first.click()
        self.page.locator(".entry").click()
        self.page.locator(".confirm .primary").click()

    def screenshot(self, path: Path) -> Path:
        """A picture of the page, once it stands still."""
        self.page.screenshot(path=path, animations="disabled")
        return path

    def _replies(self) -> Locator:
        return self.page.locator(".row.bot, .row.agent")

    def _read(self, row: Locator) -> Bubble:
        return Bubble(**row.evaluate(f"row => ({READ_ROWS})([row])[0]"))
